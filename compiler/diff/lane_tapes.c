/* Records of the tape, for several directions: with the numbers of all, one by one; of many directions, each has one of its
 * own. */
#include "diff/lanes_internal.h"

enum { MAX_IN_RECORD = 16 }; /* directions */

typedef struct Records {
    const Lanes *lanes;
    int64_t kind;
    unsigned place;
    bool found;
} Records;

static void find_lanes(Op *op, void *context)
{
    Records *records = context;
    if (op->kind == OP_TAPE_POP && op->int_value == records->kind && is_lanes(records->lanes, op->results[records->place]))
        records->found = true;
}

/* Is value number `place` of these records a tangent, whatever is pushed here? */
static bool record_has_lanes(const Lanes *l, const Op *push, unsigned place)
{
    Records records = {l, push->int_value, place, is_lanes(l, op_operand(push, place + 1))};
    region_walk(l->from->body, find_lanes, &records);
    return records.found;
}

static Value *home_address(Lanes *l, const Value *value, unsigned lane)
{
    return build_index(&l->b, home_of(l, value), build_int(&l->b, int_type(l), lane));
}

/* Of many directions, each has a record of its own, of another kind: behind that of what is the same for all. */
static bool has_own_records(const Lanes *l)
{
    return l->count > MAX_IN_RECORD;
}

static void find_last_kind(Op *op, void *context)
{
    int64_t *last = context;
    if ((op->kind == OP_TAPE_PUSH || op->kind == OP_TAPE_POP) && op->int_value > *last)
        *last = op->int_value;
}

static int64_t own_kind(const Lanes *l, int64_t kind)
{
    int64_t last = 0;
    region_walk(l->from->body, find_last_kind, &last);
    return last + kind;
}

static void push_own_records(Lanes *l, const Op *op)
{
    VEC(Value *) values = {0};
    for (unsigned i = 1; i < op->num_operands; i++)
        if (is_lanes(l, op_operand(op, i)))
            home_of(l, op_operand(op, i));
    open_run(l);
    for (unsigned i = 1; i < op->num_operands; i++)
        if (record_has_lanes(l, op, i - 1))
            vec_push(l->arena, &values, lane_value(l, op_operand(op, i)));
    if (values.count) {
        build_tape_push(&l->lane, l->map[op_operand(op, 0)->id], values.items, (unsigned)values.count);
        l->lane.region->last->int_value = own_kind(l, op->int_value);
    }
    close_run(l);
}

/* Are the pointers on the tape freed when it is drained? All directions of an allocation are one block. */
static bool is_of_blocks(const Value *tape)
{
    for (const Use *use = tape->uses; use; use = use->next)
        if (use->user->kind == OP_TAPE_DRAIN)
            return true;
    return false;
}

static void push_block(Lanes *l, const Op *op)
{
    const Value *block = op_operand(op, 1);
    Value *start = is_lanes(l, block) ? build_load(&l->b, home_address(l, block, 0)) : l->map[block->id];
    build_tape_push(&l->b, l->map[op_operand(op, 0)->id], &start, 1);
    l->b.region->last->int_value = op->int_value;
}

static void push_lanes(Lanes *l, const Op *op)
{
    VEC(Value *) values = {0};
    for (unsigned i = 1; i < op->num_operands; i++) {
        const Value *value = op_operand(op, i);
        const bool lanes = record_has_lanes(l, op, i - 1);
        for (unsigned lane = 0; lane < (!lanes ? 1 : has_own_records(l) ? 0 : l->count); lane++)
            vec_push(l->arena, &values,
                     is_lanes(l, value) ? build_load(&l->b, home_address(l, value, lane)) : l->map[value->id]);
    }
    if (values.count) {
        build_tape_push(&l->b, l->map[op_operand(op, 0)->id], values.items, (unsigned)values.count);
        l->b.region->last->int_value = op->int_value; /* no run is open */
    }
    if (has_own_records(l))
        push_own_records(l, op);
}

/* In the opposite order. */
static void pop_own_records(Lanes *l, const Op *op)
{
    VEC(const Type *) types = {0};
    for (unsigned i = 0; i < op->num_results; i++)
        if (is_lanes(l, op->results[i])) {
            home_of(l, op->results[i]);
            vec_push(l->arena, &types, op->results[i]->type);
        }
    if (!types.count)
        return;
    open_run(l);
    l->loop->flags |= OP_FLAG_REVERSED;
    Op *pop = build_tape_pop(&l->lane, l->map[op_operand(op, 0)->id], types.items, (unsigned)types.count);
    pop->int_value = own_kind(l, op->int_value);
    for (unsigned i = 0, next = 0; i < op->num_results; i++)
        if (is_lanes(l, op->results[i])) {
            pop->results[next]->name = op->results[i]->name;
            build_store(&l->lane, build_index(&l->lane, home_of(l, op->results[i]), l->direction), pop->results[next++]);
        }
    close_run(l);
}

static void pop_lanes(Lanes *l, const Op *op)
{
    VEC(const Type *) types = {0};
    if (has_own_records(l))
        pop_own_records(l, op);
    for (unsigned i = 0; i < op->num_results; i++)
        for (unsigned lane = 0; lane < (!is_lanes(l, op->results[i]) ? 1 : has_own_records(l) ? 0 : l->count); lane++)
            vec_push(l->arena, &types, op->results[i]->type);
    if (!types.count)
        return;
    Op *pop = build_tape_pop(&l->b, l->map[op_operand(op, 0)->id], types.items, (unsigned)types.count);
    pop->int_value = op->int_value;
    for (unsigned i = 0, next = 0; i < op->num_results; i++) {
        const Value *value = op->results[i];
        if (!is_lanes(l, value)) {
            pop->results[next]->name = value->name;
            l->map[value->id] = pop->results[next++];
            continue;
        }
        for (unsigned lane = 0; lane < l->count && !has_own_records(l); lane++, next++) {
            pop->results[next]->name = value->name;
            build_store(&l->b, home_address(l, value, lane), pop->results[next]);
        }
    }
}

void tape_op(Lanes *l, const Op *op)
{
    close_run(l);
    if (op->kind != OP_TAPE_PUSH)
        pop_lanes(l, op);
    else if (is_of_blocks(op_operand(op, 0)))
        push_block(l, op);
    else
        push_lanes(l, op);
}
