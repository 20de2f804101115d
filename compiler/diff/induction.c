/* Integers that a loop carries and that grow by the same step in every iteration.
 *
 *     for (int i = 0; i < n; i += 2 * half)           i = trip * (2 * half)
 *
 * The step is known at run time only, so the loop is a `while`: its trips are counted, but what it carries would have to be
 * kept for every one of them.
 *
 * Requires: count_trips. */
#include "diff/induction.h"

enum { MAX_DEPTH = 16 };

/* Is it the same number in all iterations of the loop? */
static bool is_invariant(const Op *loop, const Value *value, unsigned depth)
{
    const Op *op = value->op;
    if (!value_is_inside(loop, value) || value_is_const(value))
        return true;
    if (!op || op->num_regions || depth == MAX_DEPTH || op_table[op->kind].effect != EFFECT_PURE)
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!is_invariant(loop, op_operand(op, i), depth + 1))
            return false;
    return true;
}

bool induction_of(const Value *value, Induction *found)
{
    const Region *region = value->op ? NULL : value->region;
    const Op *loop = region ? region->owner : NULL;
    if (!loop || !op_is_loop(loop->kind) || region != loop_body(loop) || !type_is_integer(value->type) ||
        loop_counter(loop) == value)
        return false;
    const unsigned i = value->index - (loop->kind == OP_FOR ? 1 : 0);
    const Op *next = loop_carried_next(loop, i)->op;
    if (!next || (next->kind != OP_ADD && next->kind != OP_SUB) || next->results[0]->type != value->type)
        return false;
    const bool left = op_operand(next, 0) == value;
    if (!left && (next->kind == OP_SUB || op_operand(next, 1) != value))
        return false;
    *found = (Induction){.loop = loop,
                         .first = loop_carried_init(loop, i),
                         .step = op_operand(next, left ? 1 : 0),
                         .is_down = next->kind == OP_SUB};
    return is_invariant(loop, found->step, 0);
}

/* In a type in which the distance cannot overflow where the sum does not. */
static const Type *distance_type(const Types *types, const Type *type)
{
    const bool is_wide = type->kind == TYPE_ULONG || type->kind == TYPE_LLONG || type->kind == TYPE_ULLONG;
    return is_wide ? type : type_scalar(types, TYPE_LONG);
}

Value *induction_build(Builder *b, const Induction *induction, const Type *type, ValueOf *value_of, void *context)
{
    const Type *wide = distance_type(b->function->module->types, type);
    Value *trip = build_convert(b, loop_iteration(b, induction->loop, value_of, context), wide);
    Value *distance = build_binary(b, OP_MUL, trip, build_convert(b, value_of(context, induction->step), wide));
    Value *first = build_convert(b, value_of(context, induction->first), wide);
    return build_convert(b, build_binary(b, induction->is_down ? OP_SUB : OP_ADD, first, distance), type);
}
