/* &&, || and ?:.
 *
 * What must not always run becomes an `if` with a result, unless running it could not be noticed:
 * then it is a `land`, `lor` or `select`. */
#include "frontend/lower.h"

static Value *lower_into(Lowering *l, Region *region, CXCursor cursor, const Type *type)
{
    const Builder outer = l->b;
    l->b = builder_at_end(region);
    l->b.loc = outer.loc;
    Value *value = lower_expression(l, cursor);
    if (value)
        value = lower_conversion(l, value, type);
    l->b = outer;
    return value;
}

/* Can the right side of && and || as well run always? */
static bool region_is_speculatable(const Region *region)
{
    enum { MAX_COST = 40 };
    int cost = 0;
    for (const Op *op = region->first; op; op = op->next) {
        if (!op_is_speculatable(op))
            return false;
        cost += op_table[op->kind].cost;
    }
    return cost <= MAX_COST;
}

static bool is_linear(OpKind kind)
{
    return kind == OP_CONST || kind == OP_ADD || kind == OP_SUB || kind == OP_NEG ||
           kind == OP_CONVERT;
}

/* Can a side of ?: as well run always? Floating operations that are not linear cannot: the side that
 * is not chosen has the adjoint 0, and its partial may be infinite. */
static bool region_is_selectable(const Region *region)
{
    enum { MAX_COST = 3 };
    int cost = 0;
    for (const Op *op = region->first; op; op = op->next) {
        if (!op_is_speculatable(op) || op->num_results != 1 ||
            (type_is_floating(op_result(op, 0)->type) && !is_linear(op->kind)))
            return false;
        cost += op_table[op->kind].cost;
    }
    return cost <= MAX_COST;
}

static void splice(Region *from, Op *before)
{
    while (from->first) {
        Op *op = from->first;
        op_detach(op);
        op_insert_before(op, before);
    }
}

static void yield_from(Region *region, Value *value, SourceLoc loc)
{
    Builder b = builder_at_end(region);
    b.loc = loc;
    build_yield(&b, &value, 1);
}

Value *lower_logic(Lowering *l, CXCursor cursor, bool is_and)
{
    Value *left = lower_condition(l, child(l, cursor, 0));
    const Type *type_bool = type_scalar(l->types, TYPE_BOOL);
    l->b.loc = frontend_loc(l->frontend, cursor);
    Op *op = build_if(&l->b, left, &type_bool, 1);
    Region *taken = op->regions[is_and ? 0 : 1], *other = op->regions[is_and ? 1 : 0];
    Value *right = lower_into(l, taken, child(l, cursor, 1), type_bool);
    if (region_is_speculatable(taken)) {
        splice(taken, op);
        op_erase(op);
        return truth(l, build_binary(&l->b, is_and ? OP_LAND : OP_LOR, left, right));
    }
    yield_from(taken, right, l->b.loc);
    Builder b = builder_at_end(other);
    yield_from(other, build_bool(&b, !is_and), l->b.loc);
    return truth(l, op_result(op, 0));
}

Value *lower_choice(Lowering *l, CXCursor cursor)
{
    Value *condition = lower_condition(l, child(l, cursor, 0));
    const Type *type = type_of(l, cursor);
    const bool is_void = type->kind == TYPE_VOID;
    l->b.loc = frontend_loc(l->frontend, cursor);
    Op *op = build_if(&l->b, condition, &type, is_void ? 0 : 1);
    Value *sides[2];
    for (unsigned r = 0; r < 2; r++)
        sides[r] = lower_into(l, op->regions[r], child(l, cursor, r + 1), type);
    if (!is_void && region_is_selectable(op->regions[0]) && region_is_selectable(op->regions[1])) {
        splice(op->regions[0], op);
        splice(op->regions[1], op);
        op_erase(op);
        return build_select(&l->b, condition, sides[0], sides[1]);
    }
    for (unsigned r = 0; r < 2; r++) {
        Builder b = builder_at_end(op->regions[r]);
        b.loc = l->b.loc;
        build_yield(&b, &sides[r], is_void ? 0 : 1);
    }
    return is_void ? NULL : op_result(op, 0);
}
