/* The op table, from ops.def. */
#include "ir/ir.h"

#include <string.h>

const OpInfo op_table[OP_COUNT] = {
#define OP(kind, text, operands, results, rule, effect, cost, style, spelling)                     \
    [OP_##kind] = {text, operands, results, RULE_##rule, EFFECT_##effect, cost, STYLE_##style,     \
                   spelling},
#include "ir/ops.def"
#undef OP
};

OpKind op_named(const char *text, size_t length)
{
    unsigned kind = 0;
    while (kind < OP_COUNT && (strlen(op_table[kind].text) != length ||
                               memcmp(op_table[kind].text, text, length) != 0))
        kind++;
    return (OpKind)kind;
}
