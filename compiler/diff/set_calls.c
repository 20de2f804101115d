/* Calls with a rule in dependency sweeps: all that a call writes depends on all that it reads.
 *
 *     gemv(.., m, n, 1, A_dot, lda, x, 1, 1, y_dot, 1)   becomes   set = ad_sets_join_all(sets, 0, m, n, lda, A_set);
 *                                                                  ad_sets_add_to_all(sets, set, m, 1, 1, y_set);
 *
 * That is more than what it depends on, element by element, and never less. */
#include "diff/set_calls.h"

#include "diff/runtime_calls.h"

/* The elements of an argument: lines with a step between them. */
typedef struct Extent2 {
    Value *lines, *width, *step;
} Extent2;

static Value *as_long(Builder *b, Value *value)
{
    return build_convert(b, value, type_scalar(b->function->module->types, TYPE_LONG));
}

static Extent2 elements_of(Builder *b, ValueSource numbers, const Op *op, unsigned param)
{
    const CallRule *rule = op->callee->rule;
    const RuleParam *data = &rule->params[param];
    const bool has_step = param + 1 < rule->num_params && rule->params[param + 1].kind == ARG_STEP;
    Value *one = build_int(b, type_scalar(b->function->module->types, TYPE_LONG), 1);
    Value *step = has_step ? as_long(b, numbers.value_of(numbers.context, op_operand(op, param + 1 + rule->layout))) : one;
    if (data->rank == 1 && has_step)
        return (Extent2){as_long(b, ruled_extent(b, numbers, op, data->extents[0])), one, step};
    if (data->rank == 2 && has_step)
        return (Extent2){as_long(b, ruled_lines(b, numbers, op, param)), as_long(b, ruled_width(b, numbers, op, param)), step};
    Value *count = as_long(b, ruled_extent(b, numbers, op, data->extents[0]));
    for (unsigned k = 1; k < data->rank; k++)
        count = build_binary(b, OP_MUL, count, as_long(b, ruled_extent(b, numbers, op, data->extents[k])));
    return (Extent2){one, count, one};
}

static bool is_written(const RuleParam *param)
{
    return param->written || param->is_cleared || param->may_be_written;
}

Value *set_call_ruled(Builder *b, Value *sets, ValueSource numbers, const Op *op, Value *const *pointers, Value *set)
{
    const CallRule *rule = op->callee->rule;
    for (unsigned i = 0; i < rule->num_params; i++) {
        if (!pointers[i + rule->layout])
            continue;
        const Extent2 e = elements_of(b, numbers, op, i);
        set = runtime_call(b, RUNTIME_SETS_JOIN_ALL,
                           (Value *[]){sets, set, e.lines, e.width, e.step, pointers[i + rule->layout]}, 6);
    }
    for (unsigned i = 0; i < rule->num_params; i++) {
        if (!pointers[i + rule->layout] || !is_written(&rule->params[i]))
            continue;
        const Extent2 e = elements_of(b, numbers, op, i);
        runtime_call(b, RUNTIME_SETS_ADD_TO_ALL,
                     (Value *[]){sets, set, e.lines, e.width, e.step, pointers[i + rule->layout]}, 6);
    }
    return set;
}
