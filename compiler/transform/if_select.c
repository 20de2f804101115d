/* An if that only chooses between integers or truth values is a select, or && or ||.
 *
 *     if (i == 0) left = n - 1; else left = i - 1;         left = i == 0 ? n - 1 : i - 1;
 *     if (first) better = 1; else better = d < least;      better = first || d < least;
 *
 * Such a value can be computed again, folded into what uses it, and compared with others; an if cannot. What computes
 * the two is cheap and has no effect, so both are evaluated. Floating values are left alone: on the branch that is not
 * taken their partials might be infinite. */
#include "transform/simplify_internal.h"

enum { MAX_OPS = 4 };

static bool is_whole(const Value *value)
{
    return type_is_integer(value->type) || value->type->kind == TYPE_BOOL;
}

static bool is_cheap(const Region *region)
{
    unsigned ops = 0;
    for (const Op *op = region->first; op->next; op = op->next) {
        if (op->num_results != 1 || !op_is_speculatable(op) || op->num_regions ||
            (!is_whole(op->results[0]) && op->kind != OP_CONST))
            return false;
        if (op->kind != OP_CONST && ++ops > MAX_OPS)
            return false;
    }
    return true;
}

static void move_out(Op *op, const Region *region)
{
    while (region->first != region->last) {
        Op *inner = region->first;
        op_detach(inner);
        op_insert_before(inner, op);
    }
}

static Value *choose(Builder *b, Value *condition, Value *x, Value *y)
{
    if (x->type->kind != TYPE_BOOL)
        return build_select(b, condition, x, y);
    if (value_is_const(x))
        return x->op->int_value ? build_binary(b, OP_LOR, condition, y)
                                : build_binary(b, OP_LAND, build_unary(b, OP_LNOT, condition), y);
    if (value_is_const(y))
        return y->op->int_value ? build_binary(b, OP_LOR, build_unary(b, OP_LNOT, condition), x)
                                : build_binary(b, OP_LAND, condition, x);
    return build_select(b, condition, x, y);
}

bool if_to_select(Op *op)
{
    if (op->num_results == 0)
        return false;
    for (unsigned i = 0; i < op->num_results; i++)
        if (!is_whole(op->results[i]))
            return false;
    if (!is_cheap(op->regions[0]) || !is_cheap(op->regions[1]))
        return false;
    Builder b = builder_before(op);
    b.loc = op->loc;
    b.flags = op->flags & OP_FLAG_ADJOINT;
    for (unsigned r = 0; r < 2; r++)
        move_out(op, op->regions[r]);
    for (unsigned i = 0; i < op->num_results; i++) {
        Value *value = choose(&b, op_operand(op, 0), op_operand(op->regions[0]->last, i),
                              op_operand(op->regions[1]->last, i));
        if (!value->name && !value_is_const(value))
            value->name = op->results[i]->name;
        value_replace_uses(op->results[i], value);
    }
    op_erase(op);
    return true;
}
