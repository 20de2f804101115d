/* Values of the iterations of a block: see block_lanes.h. */
#include "transform/block_lanes.h"

/* ---- loops over the iterations of a block ---- */

void lanes_open(Blocks *x, Builder *b, const Op *for_op, Value **initial, unsigned n)
{
    const Value *counter = x->source->regions[0]->args.items[0];
    b->loc = for_op->loc;
    b->flags = for_op->flags & OP_FLAG_ADJOINT;
    x->open = build_for(b, OP_LT, x->first, x->end, build_int(b, counter->type, 1), initial, n, counter->name);
    x->inside = builder_at_end(x->open->regions[0]);
    x->inside.loc = for_op->loc;
    x->inside.flags = b->flags;
}

void lanes_close(Blocks *x, Value **next, unsigned n)
{
    if (x->open)
        build_yield(&x->inside, next, n);
    x->open = NULL;
}

void lanes_need(Blocks *x, Builder *b, const Op *for_op)
{
    if (!x->open)
        lanes_open(x, b, for_op, NULL, 0);
}

static Value *lane_number(Blocks *x, Builder *b, const Op *loop)
{
    return build_binary(b, OP_SUB, loop->regions[0]->args.items[0], x->first);
}

/* ---- arrays ---- */

Value *lanes_array(Blocks *x, const Type *elem, const char *name)
{
    Builder b = builder_before(x->top);
    b.loc = x->source->loc;
    Value *extent = build_int(&b, type_scalar(b.function->module->types, TYPE_INT), x->length);
    return build_alloca(&b, elem, &extent, 1, name);
}

Value *lanes_element(Blocks *x, Builder *b, Value *array, const Op *loop)
{
    return build_index(b, array, lane_number(x, b, loop));
}

/* At the end of the loop that computed it. */
static void keep(Blocks *x, const Value *value)
{
    Lane *lane = &x->lanes[value->id];
    lane->array = lanes_array(x, value->type, value->name ? value->name : "part");
    lane->value->name = NULL; /* it is the array's */
    Op *end = lane->loop == x->open ? NULL : region_terminator(lane->loop->regions[0]);
    Builder b = end ? builder_before(end) : x->inside;
    b.loc = value->op->loc;
    b.flags = value->op->flags & OP_FLAG_ADJOINT;
    build_store(&b, lanes_element(x, &b, lane->array, lane->loop), lane->value);
}

void lanes_widen(Blocks *x, const Op *alloca)
{
    Value *extents[LOCKSTEP_MAX_OPERANDS + 1];
    Builder b = builder_before(x->top);
    b.loc = alloca->loc;
    for (unsigned i = 0; i < alloca->num_operands; i++)
        extents[i] = build_int(&b, op_operand(alloca, i)->type, op_operand(alloca, i)->op->int_value);
    extents[alloca->num_operands] = build_int(&b, type_scalar(b.function->module->types, TYPE_INT), x->length);
    x->lanes[alloca->results[0]->id].array =
        build_alloca(&b, alloca->results[0]->type->elem, extents, alloca->num_operands + 1, alloca->name);
}

static Value *private_address(Blocks *x, const Value *address)
{
    const Op *op = address->op, *alloca = op->kind == OP_ALLOCA ? op : op_operand(op, 0)->op;
    Builder *b = &x->inside;
    Value *array = x->lanes[alloca->results[0]->id].array, *lane = lane_number(x, b, x->open);
    Value *length = build_int(b, type_scalar(b->function->module->types, TYPE_INT), x->length);
    const unsigned rank = alloca->num_operands;
    Value *indices[LOCKSTEP_MAX_OPERANDS + 1], *extents[LOCKSTEP_MAX_OPERANDS + 1];
    if (op->kind == OP_INDEX && op->num_operands == 2 && rank > 1) { /* the number of an element */
        Value *number = build_convert(b, lanes_obtain(x, op_operand(op, 1)), lane->type);
        return build_index(b, array, build_binary(b, OP_ADD, build_binary(b, OP_MUL, number, build_convert(b, length, lane->type)), lane));
    }
    for (unsigned i = 0; i < rank; i++) {
        if (i > 0)
            extents[i - 1] = op_operand(alloca, i);
        indices[i] = op->kind == OP_INDEX ? lanes_obtain(x, op_operand(op, 2 * i + 1)) : build_int(b, op_operand(alloca, i)->type, 0);
    }
    if (rank)
        extents[rank - 1] = length;
    indices[rank] = lane;
    return build_index_n(b, array, indices, extents, rank + 1);
}

/* ---- values ---- */

Value *lanes_uniform(const Blocks *x, Value *value)
{
    return value_is_inside(x->source, value) ? x->map[value->id] : value;
}

void lanes_clone_uniform(Blocks *x, Builder *b, const Op *op)
{
    build_clone(b, op, x->map);
}

/* The entries of what differs between iterations are in the map for this one op only. */
void lanes_clone(Blocks *x, const Op *op)
{
    Value *operands[LOCKSTEP_MAX_OPERANDS];
    for (unsigned i = 0; i < op->num_operands; i++)
        operands[i] = lanes_obtain(x, op_operand(op, i));
    for (unsigned i = 0; i < op->num_operands; i++)
        if (lockstep_varies(&x->lockstep, op_operand(op, i)))
            x->map[op_operand(op, i)->id] = operands[i];
    const Op *copy = build_clone(&x->inside, op, x->map);
    for (unsigned i = 0; i < op->num_operands; i++)
        if (lockstep_varies(&x->lockstep, op_operand(op, i)))
            x->map[op_operand(op, i)->id] = NULL;
    for (unsigned i = 0; i < op->num_results; i++) {
        x->map[op->results[i]->id] = NULL;
        x->lanes[op->results[i]->id].value = copy->results[i];
        x->lanes[op->results[i]->id].loop = x->open;
    }
}

static bool is_rounded_down(const Op *op)
{
    return op->kind == OP_CONVERT && type_is_integer(op->results[0]->type) && op->results[0]->type->kind >= TYPE_INT &&
           type_is_signed(op->function->module->types, op->results[0]->type) && op_operand(op, 0)->op &&
           op_operand(op, 0)->op->kind == OP_FLOOR;
}

/* (int)floor(a) as (int)a - (a < (int)a): gcc uses no vector instructions for floor, as it might raise an exception. */
static void round_down(Blocks *x, const Op *op)
{
    Builder *b = &x->inside;
    Value *a = lanes_obtain(x, op_operand(op_operand(op, 0)->op, 0));
    b->loc = op->loc;
    b->flags = op->flags;
    Value *towards_zero = build_convert(b, a, op->results[0]->type);
    Value *is_below = build_binary(b, OP_LT, a, build_convert(b, towards_zero, a->type));
    Value *down = build_binary(b, OP_SUB, towards_zero, build_convert(b, is_below, towards_zero->type));
    x->lanes[op->results[0]->id].value = down;
    x->lanes[op->results[0]->id].loop = x->open;
}

/* Both sides are computed. */
static void choose(Blocks *x, const Value *value)
{
    const Op *op = value->op;
    Value *condition = lanes_obtain(x, op_operand(op, 0)), *sides[2];
    for (unsigned r = 0; r < 2; r++)
        sides[r] = lanes_obtain(x, op_operand(region_terminator(op->regions[r]), value->index));
    x->inside.loc = op->loc;
    x->inside.flags = op->flags;
    x->lanes[value->id].value = build_select(&x->inside, condition, sides[0], sides[1]);
    x->lanes[value->id].loop = x->open;
}

Value *lanes_obtain(Blocks *x, Value *value)
{
    if (!lockstep_varies(&x->lockstep, value))
        return lanes_uniform(x, value);
    if (value == x->source->regions[0]->args.items[0])
        return x->open->regions[0]->args.items[0];
    if (type_is_pointer(value->type) && lockstep_stride(&x->lockstep, value) == STRIDE_PRIVATE)
        return private_address(x, value);
    Lane *lane = &x->lanes[value->id];
    if (lane->value && lane->loop == x->open)
        return lane->value;
    const bool cheap = lockstep_is_cheap(&x->lockstep, value);
    if (!cheap && lane->value && !lane->array)
        keep(x, value);
    if (lane->array) {
        lane->value = build_load(&x->inside, lanes_element(x, &x->inside, lane->array, x->open));
        lane->loop = x->open;
    } else if (value->op->kind == OP_IF) {
        choose(x, value);
    } else if (is_rounded_down(value->op)) {
        round_down(x, value->op);
    } else {
        lanes_clone(x, value->op);
    }
    return lane->value;
}

void lanes_prepare(Blocks *x, Builder *b, Value *value)
{
    if (!lockstep_varies(&x->lockstep, value) || !value->op || x->lanes[value->id].array || x->lanes[value->id].value)
        return;
    if (lockstep_is_cheap(&x->lockstep, value)) {
        for (unsigned i = 0; i < value->op->num_operands; i++)
            lanes_prepare(x, b, op_operand(value->op, i));
    } else if (value->op->kind != OP_ALLOCA) {
        lanes_need(x, b, value->op);
        lanes_obtain(x, value);
    }
}

void lanes_prepare_addend(Blocks *x, Builder *b, Value *value)
{
    if (lockstep_varies(&x->lockstep, value) && value->op && value->op->kind == OP_MUL)
        for (unsigned i = 0; i < 2; i++)
            lanes_prepare(x, b, op_operand(value->op, i));
    else
        lanes_prepare(x, b, value);
}

static bool is_stretch_of_memory(const Blocks *x, const Value *value)
{
    return value->op && value->op->kind == OP_LOAD && lockstep_is_cheap(&x->lockstep, value) &&
           lockstep_stride(&x->lockstep, op_operand(value->op, 0)) == STRIDE_ONE;
}

/* What an address of the first iteration of the block is made of: the same in front of the loops. */
static Value *at_first(Blocks *x, Builder *b, Value *value)
{
    if (!lockstep_varies(&x->lockstep, value))
        return lanes_uniform(x, value);
    if (value == x->source->regions[0]->args.items[0])
        return x->first;
    Value *operands[LOCKSTEP_MAX_OPERANDS];
    for (unsigned i = 0; i < value->op->num_operands; i++)
        operands[i] = at_first(x, b, op_operand(value->op, i));
    Op *copy = build_clone(b, value->op, x->map);
    for (unsigned i = 0; i < value->op->num_operands; i++)
        op_set_operand(copy, i, operands[i]);
    x->map[value->id] = NULL;
    return copy->results[0];
}

Value *lanes_stretch(Blocks *x, Builder *b, Value *value)
{
    if (is_stretch_of_memory(x, value))
        return at_first(x, b, op_operand(value->op, 0));
    Lane *lane = &x->lanes[value->id];
    if (!lane->array && lane->value && lane->loop && !lockstep_is_cheap(&x->lockstep, value))
        keep(x, value);
    return lane->array;
}

static bool is_ready(const Blocks *x, const Value *value, unsigned depth)
{
    enum { MAX_DEPTH = 16 };
    const Op *op = value->op;
    if (!lockstep_varies(&x->lockstep, value))
        return !value_is_inside(x->source, value) || x->map[value->id];
    if (value == x->source->regions[0]->args.items[0] || x->lanes[value->id].value || x->lanes[value->id].array)
        return true;
    if (!op || depth == MAX_DEPTH || op->kind == OP_FOR || (op->kind == OP_LOAD && !lockstep_is_cheap(&x->lockstep, value)))
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!is_ready(x, op_operand(op, i), depth + 1))
            return false;
    for (unsigned r = 0; r < op->num_regions; r++)
        if (!is_ready(x, op_operand(region_terminator(op->regions[r]), value->index), depth + 1))
            return false;
    return true;
}

bool lanes_can_obtain(const Blocks *x, const Value *value)
{
    return is_ready(x, value, 0);
}
