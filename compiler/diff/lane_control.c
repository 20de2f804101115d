/* Control flow, for several directions, for all of which it must be the same. What a loop carries or an if chooses of each
 * direction waits in its home. */
#include "diff/lanes_internal.h"

/* The lanes of several values at once, then where they go: none is overwritten before it is read. */
static void move_home(Lanes *l, const Op *owner, Value *const *values, const bool *moves, unsigned n)
{
    Value **numbers = arena_new_array(l->arena, Value *, n);
    bool any = false;
    for (unsigned i = 0; i < n; i++)
        any = any || moves[i];
    if (!any)
        return;
    for (unsigned i = 0; i < n; i++)
        if (moves[i])
            home_of(l, owner->results[i]);
    open_run(l);
    for (unsigned i = 0; i < n; i++)
        if (moves[i])
            numbers[i] = lane_value(l, values[i]);
    for (unsigned i = 0; i < n; i++)
        if (moves[i])
            build_store(&l->lane, build_index(&l->lane, l->home[owner->results[i]->id], l->direction),
                        numbers[i]);
}

static const bool *lanes_among_results(Lanes *l, const Op *op)
{
    bool *moves = arena_new_array(l->arena, bool, op->num_results);
    for (unsigned i = 0; i < op->num_results; i++)
        moves[i] = is_lanes(l, op->results[i]);
    return moves;
}

static void yield_uniform(Lanes *l, const Op *yield, const bool *moves)
{
    VEC(Value *) values = {0};
    for (unsigned i = 0; i < yield->num_operands; i++)
        if (!moves || !moves[i])
            vec_push(l->arena, &values, l->map[op_operand(yield, i)->id]);
    build_yield(&l->b, values.items, (unsigned)values.count);
}

static void take_uniform_results(Lanes *l, const Op *op, const Op *copy, const bool *moves)
{
    unsigned next = 0;
    for (unsigned i = 0; i < op->num_results; i++)
        if (!moves[i]) {
            copy->results[next]->name = op->results[i]->name;
            l->map[op->results[i]->id] = copy->results[next++];
        }
}

static Value **operands_of(Lanes *l, const Op *op)
{
    Value **values = arena_new_array(l->arena, Value *, op->num_operands);
    for (unsigned i = 0; i < op->num_operands; i++)
        values[i] = op_operand(op, i);
    return values;
}

static void walk_if(Lanes *l, const Op *op)
{
    const bool *moves = lanes_among_results(l, op);
    VEC(const Type *) types = {0};
    for (unsigned i = 0; i < op->num_results; i++)
        if (!moves[i])
            vec_push(l->arena, &types, op->results[i]->type);
    Op *copy = build_if(&l->b, l->map[op_operand(op, 0)->id], types.items, (unsigned)types.count);
    for (unsigned r = 0; r < 2; r++) {
        const Builder outer = builder_enter(&l->b, copy->regions[r]);
        const Op *yield = region_terminator(op->regions[r]);
        walk_region(l, op->regions[r]);
        move_home(l, op, operands_of(l, yield), moves, op->num_results);
        close_run(l);
        yield_uniform(l, yield, moves);
        l->b = outer;
    }
    take_uniform_results(l, op, copy, moves);
}

/* What the region's arguments are in the copy of the loop; those of each direction are at home. */
static void map_arguments(Lanes *l, const Op *op, unsigned r, const Op *copy, const bool *moves)
{
    const unsigned first = op->kind == OP_FOR ? 1 : 0;
    unsigned next = 0;
    for (unsigned i = 0; i < first + loop_num_carried(op); i++) {
        const Value *arg = op->regions[r]->args.items[i];
        if (i >= first && moves[i - first]) {
            l->home[arg->id] = l->home[op->results[i - first]->id];
            l->run[arg->id] = 0;
            continue;
        }
        copy->regions[r]->args.items[next]->name = arg->name;
        l->map[arg->id] = copy->regions[r]->args.items[next++];
    }
}

static void walk_loop(Lanes *l, const Op *op)
{
    const unsigned n = loop_num_carried(op);
    const bool *moves = lanes_among_results(l, op);
    VEC(Value *) inits = {0};
    Value **lanes = arena_new_array(l->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        lanes[i] = loop_carried_init(op, i);
        if (!moves[i])
            vec_push(l->arena, &inits, l->map[lanes[i]->id]);
    }
    move_home(l, op, lanes, moves, n);
    close_run(l);
    Op *copy;
    if (op->kind == OP_FOR)
        copy = build_for(&l->b, op->compare, l->map[op_operand(op, 0)->id], l->map[op_operand(op, 1)->id],
                         l->map[op_operand(op, 2)->id], inits.items, (unsigned)inits.count,
                         op->regions[0]->args.items[0]->name);
    else
        copy = build_while(&l->b, inits.items, (unsigned)inits.count);
    copy->flags |= op->flags & OP_FLAG_REVERSED;
    for (unsigned r = 0; r < op->num_regions; r++) {
        const Builder outer = builder_enter(&l->b, copy->regions[r]);
        map_arguments(l, op, r, copy, moves);
        const Op *yield = region_terminator(op->regions[r]);
        const bool is_body = op->regions[r] == loop_body(op);
        walk_region(l, op->regions[r]);
        if (is_body)
            move_home(l, op, operands_of(l, yield), moves, n);
        close_run(l);
        yield_uniform(l, yield, is_body ? moves : NULL);
        l->b = outer;
    }
    take_uniform_results(l, op, copy, moves);
}

/* The way that control takes must be the same for all lanes. */
static bool way_is_uniform(const Lanes *l, const Op *op)
{
    if (op->kind == OP_WHILE)
        return !is_lanes(l, op_operand(region_terminator(op->regions[0]), 0));
    const unsigned n = op->kind == OP_IF ? 1 : op->num_operands - loop_num_carried(op);
    for (unsigned i = 0; i < n; i++)
        if (is_lanes(l, op_operand(op, i)))
            return false;
    return true;
}

void walk_control(Lanes *l, const Op *op)
{
    if (!way_is_uniform(l, op))
        lanes_refuse(l);
    else if (op->kind == OP_IF)
        walk_if(l, op);
    else
        walk_loop(l, op);
}
