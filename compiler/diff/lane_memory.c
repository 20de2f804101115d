/* Ops on numbers and memory, for several directions. */
#include "diff/lanes_internal.h"

/* ---- of each direction ---- */

void lane_op(Lanes *l, const Op *op)
{
    open_run(l);
    l->lane.loc = op->loc;
    if (op->kind == OP_LOAD) {
        Value *loaded = build_load(&l->lane, lane_address(l, op_operand(op, 0)));
        loaded->name = op->results[0]->name;
        note_lane(l, op->results[0], loaded);
        return;
    }
    if (op->kind == OP_STORE || op->kind == OP_ACCUMULATE) {
        Value *value = lane_value(l, op_operand(op, 1)), *address = lane_address(l, op_operand(op, 0));
        if (op->kind == OP_STORE)
            build_store(&l->lane, address, value);
        else
            build_accumulate(&l->lane, address, value);
        return;
    }
    if (op->kind == OP_FIELD) {
        Value *record = lane_address(l, op_operand(op, 0));
        note_lane(l, op->results[0], build_field(&l->lane, record, (unsigned)op->int_value));
        return;
    }
    for (unsigned i = 0; i < op->num_operands; i++)
        lane_value(l, op_operand(op, i));
    build_clone(&l->lane, op, l->map);
    l->lane.region->last->flags |= OP_FLAG_RELAXED;
    for (unsigned i = 0; i < op->num_results; i++)
        l->run[op->results[i]->id] = l->runs;
}

/* Address of the first lane of an element, then of one lane of another. */
static Value *range_element(Lanes *l, Builder *b, const Value *pointer, Value *address, Value *i)
{
    if (is_lanes(l, pointer))
        return build_index(b, address, i);
    Value *extent = build_int(b, int_type(l), l->count);
    return build_index_n(b, address, (Value *[]){i, l->direction}, &extent, 2);
}

/* Between a direction's own memory and memory of all directions. */
static void lane_copy(Lanes *l, const Op *op)
{
    const Value *to = op_operand(op, 0), *from = op_operand(op, 1);
    Value *to_address = is_lanes(l, to) ? lane_value(l, op_operand(op, 0)) : l->map[to->id];
    Value *from_address = is_lanes(l, from) ? lane_value(l, op_operand(op, 1)) : l->map[from->id];
    Value *count = l->map[op_operand(op, 2)->id];
    if (is_lanes(l, to) && is_lanes(l, from)) {
        build_copy(&l->lane, to_address, from_address, count);
        l->lane.region->last->flags |= op->flags & OP_FLAG_OVERLAP;
        return;
    }
    Op *loop = build_for(&l->lane, OP_LT, build_int(&l->lane, count->type, 0), count, build_int(&l->lane, count->type, 1), NULL, 0, "i");
    Builder b = builder_at_end(loop->regions[0]);
    b.loc = op->loc;
    b.flags = l->lane.flags;
    Value *i = loop->regions[0]->args.items[0];
    build_store(&b, range_element(l, &b, to, to_address, i), build_load(&b, range_element(l, &b, from, from_address, i)));
    build_yield(&b, NULL, 0);
}

void lane_range(Lanes *l, const Op *op)
{
    open_run(l);
    l->lane.loc = op->loc;
    if (op->kind == OP_COPY) {
        lane_copy(l, op);
        return;
    }
    if (op->kind != OP_ZERO) { /* free: of memory of all directions, perhaps */
        lanes_refuse(l);
        return;
    }
    for (unsigned i = 0; i < op->num_operands; i++)
        lane_value(l, op_operand(op, i));
    build_clone(&l->lane, op, l->map);
}

/* ---- of all directions ---- */

/* Does nothing stand between the allocation and this first use? */
static bool is_just_allocated(const Op *zero)
{
    const Op *op = zero->prev;
    while (op && op->kind == OP_CONST)
        op = op->prev;
    return op && op->num_results == 1 && op->results[0] == op_operand(zero, 0) &&
           (op->kind == OP_ALLOCA || op->kind == OP_ALLOC || op->kind == OP_MALLOC);
}

void shadow_op(Lanes *l, const Op *op)
{
    Builder *b = &l->b;
    Value **values = arena_new_array(l->arena, Value *, op->num_operands + 1);
    switch (op->kind) {
    case OP_SHAPE:
        return; /* declared otherwise */
    case OP_ALLOCA:
        for (unsigned i = 0; i < op->num_operands; i++)
            values[i] = l->map[op_operand(op, i)->id];
        values[op->num_operands] = build_int(b, int_type(l), l->count);
        l->map[op->results[0]->id] =
            build_alloca(b, op->results[0]->type->elem, values, op->num_operands + 1, op->name);
        return;
    case OP_ALLOC:
        l->map[op->results[0]->id] =
            build_alloc(b, op->results[0]->type->elem, times_lanes(l, l->map[op_operand(op, 0)->id]), op->name);
        return;
    case OP_MALLOC:
        l->map[op->results[0]->id] =
            build_malloc(b, op->results[0]->type->elem, times_lanes(l, l->map[op_operand(op, 0)->id]),
                         (int)op->int_value, op->name);
        return;
    case OP_INDEX:
        l->map[op->results[0]->id] = element_start(l, b, op);
        return;
    case OP_ZERO:
        if (!is_just_allocated(op))
            close_run(l); /* else it goes in front, with the memory */
        build_fill_zero(b, l->map[op_operand(op, 0)->id], times_lanes(l, l->map[op_operand(op, 1)->id]));
        return;
    case OP_COPY:
        close_run(l);
        build_copy(b, l->map[op_operand(op, 0)->id], l->map[op_operand(op, 1)->id],
                   times_lanes(l, l->map[op_operand(op, 2)->id]));
        b->region->last->flags |= op->flags & OP_FLAG_OVERLAP;
        return;
    default: /* pointers that are loaded, stored, chosen; free */
        close_run(l);
        build_clone(b, op, l->map);
        return;
    }
}
