/* The op table, from ops.def. */
#include "ir/ir.h"

const OpInfo op_table[OP_COUNT] = {
#define OP(kind, text, operands, results, rule, effect, cost, style, spelling)                     \
    [OP_##kind] = {text, operands, results, RULE_##rule, EFFECT_##effect, cost, STYLE_##style,     \
                   spelling},
#include "ir/ops.def"
#undef OP
};
