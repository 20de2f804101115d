/* The reverse of ops that have a formula. */
#include "diff/adjoint_internal.h"

void reverse_convert(Adjoint *a, const Op *op)
{
    Value *d = adjoint_take(a, op->results[0]);
    if (!d || !partial_is_active(a->reversal, op, 0, 0))
        return;
    Builder b = relaxed(a->frame);
    adjoint_add(a, op_operand(op, 0), build_convert(&b, d, op_operand(op, 0)->type));
}

/* A choice within a partial (erf' is zero far out), not one between ways. */
static bool is_of_partial(const Value *condition)
{
    const Op *op = condition->op;
    return op && (op->flags & OP_FLAG_RELAXED) && op_is_compare(op->kind) && value_is_const(op_operand(op, 1));
}

/* Is the adjoint zero where what it belongs to was computed, but not used: on the other way through an `if`? Then a factor
 * that is infinite there, x / y with y = 0, must not meet it. What loops and arrays did not use is not seen. */
static bool is_zero_on_some_way(const Value *d, unsigned depth)
{
    const Op *op = d->op;
    if (!op || depth > 8)
        return false;
    switch (op->kind) {
    case OP_CONST:
        return type_is_floating(d->type) && op->float_value == 0;
    case OP_SELECT:
        if (is_of_partial(op_operand(op, 0)) && !(op->flags & OP_FLAG_GUARD))
            return false;
        return (!(op->flags & OP_FLAG_GUARD) && is_zero_on_some_way(op_operand(op, 1), depth + 1)) ||
               is_zero_on_some_way(op_operand(op, 2), depth + 1);
    case OP_IF:
        return is_zero_on_some_way(op_operand(region_terminator(op->regions[0]), d->index), depth + 1) ||
               is_zero_on_some_way(op_operand(region_terminator(op->regions[1]), d->index), depth + 1);
    case OP_ADD:
        return is_zero_on_some_way(op_operand(op, 0), depth + 1) && is_zero_on_some_way(op_operand(op, 1), depth + 1);
    case OP_MUL:
        return is_zero_on_some_way(op_operand(op, 0), depth + 1) || is_zero_on_some_way(op_operand(op, 1), depth + 1);
    case OP_DIV:
    case OP_NEG:
    case OP_CONVERT:
        return is_zero_on_some_way(op_operand(op, 0), depth + 1);
    default:
        return false;
    }
}

static bool is_linear(OpKind kind)
{
    return kind == OP_ADD || kind == OP_SUB || kind == OP_NEG || kind == OP_SELECT;
}

static Value *partial_share(Adjoint *a, const Op *op, unsigned result, unsigned wrt, Value *d)
{
    const Rules *rules = a->reversal->rules;
    Value *operands[8] = {0}, *results[2] = {0};
    const unsigned needs = rule_needs(rules, op->kind, result, wrt);
    for (unsigned i = 0; i < op->num_operands && i < 8; i++)
        if (needs & (1u << i))
            operands[i] = primal_value(a, op_operand(op, i));
    for (unsigned i = 0; i < op->num_results && i < 2; i++)
        if (needs & (1u << (RULE_NEEDS_RESULT + i)))
            results[i] = primal_value(a, op->results[i]);
    return rule_build(rules, &a->frame->b, op->kind, result, wrt, operands, results, d,
                      partial_needs_guard(a->reversal, op, result, wrt) ||
                          (!is_linear(op->kind) && is_zero_on_some_way(d, 0)));
}

void reverse_formula(Adjoint *a, const Op *op)
{
    for (unsigned r = 0; r < op->num_results; r++) {
        Value *d = adjoint_take(a, op->results[r]);
        for (unsigned i = 0; d && i < op->num_operands; i++)
            if (partial_is_active(a->reversal, op, r, i))
                adjoint_add(a, op_operand(op, i), partial_share(a, op, r, i, d));
    }
}
