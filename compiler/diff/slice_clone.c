/* Copies of slices: ops that are needed, with those results and carried values that are. */
#include "diff/slice.h"

#include "diff/strategy.h"
#include "ir/builder.h"

typedef struct Cloning {
    const Reversal *reversal;
    const Slice *slice;
    Value **map;
} Cloning;

static void clone_ops(const Cloning *c, Builder *b, const Region *from);

static bool is_needed(const Cloning *c, const Value *value)
{
    return c->slice->needed[value->id];
}

static void take_over(const Cloning *c, const Value *from, Value *to)
{
    to->name = from->name;
    c->map[from->id] = to;
}

/* Closes the region with the mapped values that `wanted` are needed for. */
static void yield_needed(const Cloning *c, Builder *b, const Region *from, Value *const *wanted, unsigned n)
{
    Value **values = arena_new_array(c->reversal->arena, Value *, n);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        if (is_needed(c, wanted[i]))
            values[count++] = c->map[op_operand(region_terminator(from), i)->id];
    build_yield(b, values, count);
}

static void take_results(const Cloning *c, const Op *from, Op *to)
{
    for (unsigned i = 0, k = 0; i < from->num_results; i++)
        if (is_needed(c, from->results[i]))
            take_over(c, from->results[i], to->results[k++]);
}

static Builder inside(const Builder *b, Region *region)
{
    Builder inner = builder_at_end(region);
    inner.flags = b->flags;
    return inner;
}

static void clone_if(const Cloning *c, Builder *b, const Op *op)
{
    const Type **types = arena_new_array(c->reversal->arena, const Type *, op->num_results);
    unsigned count = 0;
    for (unsigned i = 0; i < op->num_results; i++)
        if (is_needed(c, op->results[i]))
            types[count++] = op->results[i]->type;
    Op *copy = build_if(b, c->map[op_operand(op, 0)->id], types, count);
    for (unsigned r = 0; r < 2; r++) {
        Builder inner = inside(b, copy->regions[r]);
        clone_ops(c, &inner, op->regions[r]);
        yield_needed(c, &inner, op->regions[r], op->results, op->num_results);
    }
    take_results(c, op, copy);
}

/* The initial values of what is carried and needed. */
static Value **initial(const Cloning *c, const Op *loop, unsigned *count)
{
    const unsigned n = loop_num_carried(loop);
    Value **values = arena_new_array(c->reversal->arena, Value *, n);
    *count = 0;
    for (unsigned i = 0; i < n; i++)
        if (is_needed(c, loop->results[i]))
            values[(*count)++] = c->map[loop_carried_init(loop, i)->id];
    return values;
}

static void take_arguments(const Cloning *c, const Op *loop, const Region *from, Region *to)
{
    const unsigned first = loop->kind == OP_FOR ? 1 : 0;
    for (unsigned i = 0, k = first; i < loop_num_carried(loop); i++)
        if (is_needed(c, loop->results[i]))
            take_over(c, from->args.items[first + i], to->args.items[k++]);
}

static void clone_for(const Cloning *c, Builder *b, const Op *op)
{
    Value *bounds[3];
    for (unsigned i = 0; i < 3; i++)
        bounds[i] = c->map[op_operand(op, i)->id];
    unsigned count;
    Value **values = initial(c, op, &count);
    const Value *counter = loop_counter(op);
    Op *copy = build_for(b, op->compare, bounds[0], bounds[1], bounds[2], values, count, counter->name);
    copy->flags |= op->flags;
    c->map[counter->id] = copy->regions[0]->args.items[0];
    take_arguments(c, op, op->regions[0], copy->regions[0]);
    Builder inner = inside(b, copy->regions[0]);
    clone_ops(c, &inner, op->regions[0]);
    yield_needed(c, &inner, op->regions[0], op->results, op->num_results);
    take_results(c, op, copy);
}

static void clone_while(const Cloning *c, Builder *b, const Op *op)
{
    unsigned count;
    Value **values = initial(c, op, &count);
    Op *copy = build_while(b, values, count);
    copy->flags |= op->flags;
    for (unsigned r = 0; r < 2; r++) {
        take_arguments(c, op, op->regions[r], copy->regions[r]);
        Builder inner = inside(b, copy->regions[r]);
        clone_ops(c, &inner, op->regions[r]);
        if (r == 1) {
            yield_needed(c, &inner, op->regions[1], op->results, op->num_results);
        } else {
            Value *condition = c->map[op_operand(region_terminator(op->regions[0]), 0)->id];
            build_yield(&inner, &condition, 1);
        }
    }
    take_results(c, op, copy);
}

static void clone_ops(const Cloning *c, Builder *b, const Region *from)
{
    for (const Op *op = from->first; op; op = op->next) {
        if (!slice_has(c->reversal, c->slice, op))
            continue;
        b->loc = op->loc;
        if (op->kind == OP_IF)
            clone_if(c, b, op);
        else if (op->kind == OP_FOR)
            clone_for(c, b, op);
        else if (op->kind == OP_WHILE)
            clone_while(c, b, op);
        else
            build_clone(b, op, c->map);
    }
}

void slice_clone(const Reversal *reversal, const Slice *slice, Builder *b, Value **map)
{
    const Cloning c = {reversal, slice, map};
    clone_ops(&c, b, loop_body(slice->loop));
}
