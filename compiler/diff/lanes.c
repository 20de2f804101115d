/* Several directions at once: every tangent becomes an array of them; or several seeds: every adjoint does.
 *
 *     t = sin(x[i]);                               t = sin(x[i]);
 *     t_dot = x_dot[i] * cos(x[i]);      becomes   u = cos(x[i]);
 *     y_dot[i] = t_dot * a;                        for (d = 0; d < K; d++) {
 *                                                      t_dot = x_dot[i][d] * u;
 *                                                      y_dot[i][d] = t_dot * a;
 *                                                  }
 *
 * Algorithm. In a tangent's code nothing of the primal depends on tangents, and their memory is apart. So in
 * each stretch without control flow all that belongs to the primal comes first, once, and what belongs to
 * the tangents behind it, in a loop over the directions. A tangent that is used in another stretch, carried by a
 * loop or chosen by an if lives in a local array between them. (Vector mode: Griewank and Walther, Evaluating
 * Derivatives, 2nd ed., section 3.1.) Of an adjoint the same is true, in both of its sweeps.
 *
 * Where x_dot[i][d] is a struct, its members, and what they point to, are each direction's own: such addresses are computed in
 * the loop over the directions.
 *
 * A record of the tape holds the numbers of all lanes one by one; of many directions each has a record of its own. Calls of
 * linear algebra are made once per direction (diff/lane_calls.c).
 *
 * Requires: a tangent or adjoint step, not simplified. Does not handle: pointers to memory of all directions that are stored in structs, other
 * calls; in adjoints, pointers that are followed in memory. */
#include "diff/lanes.h"

#include "analysis/memory.h"
#include "diff/lane_calls.h"
#include "diff/parts.h"
#include "diff/short_loops.h"
#include "ir/builder.h"
#include "rules/calls.h"

enum { MAX_IN_RECORD = 16 }; /* directions */

typedef struct Lanes {
    const Request *request;
    Arena *arena;
    const Function *from;
    Function *to;
    unsigned count;
    const Part *part;  /* by value id of `from` */
    Value **map;       /* uniform values and shadow addresses; lanes: the number in the run `run` */
    unsigned *run;     /* by value id: the run in which map holds the lane's number; 0: none */
    Value **home;      /* by value id of lanes: their array, or NULL */
    Builder b;         /* where the primal goes */
    Op *loop;          /* the run that is open, or NULL */
    Builder lane;      /* in it */
    Value *direction;  /* its counter */
    unsigned runs;
    bool is_quiet, failed;
} Lanes;

static const Type *int_type(const Lanes *l)
{
    return type_scalar(l->from->module->types, TYPE_INT);
}

/* Each direction has one of its own: a tangent, or a pointer into a struct of tangents. */
static bool is_lanes(const Lanes *l, const Value *value)
{
    return l->part[value->id] == PART_NUMBER || l->part[value->id] == PART_OWN;
}

static bool is_shadow(const Lanes *l, const Value *value)
{
    return l->part[value->id] == PART_MEMORY;
}

static void refuse(Lanes *l)
{
    if (!l->failed && !l->is_quiet)
        diag(l->from->module->diags, MSG_LANES, l->request->loc, l->request->function->name);
    l->failed = true;
}

/* ---- runs ---- */

static void close_run(Lanes *l)
{
    if (!l->loop)
        return;
    build_yield(&l->lane, NULL, 0);
    l->loop = NULL;
    l->b.before = NULL;
}

static void open_run(Lanes *l)
{
    if (l->loop)
        return;
    Value *zero = build_int(&l->b, int_type(l), 0), *one = build_int(&l->b, int_type(l), 1);
    l->loop = build_for(&l->b, OP_LT, zero, build_int(&l->b, int_type(l), l->count), one, NULL, 0, "d");
    l->loop->flags |= OP_FLAG_TANGENT;
    l->lane = builder_at_end(l->loop->regions[0]);
    l->lane.loc = l->b.loc;
    l->lane.flags = l->b.flags | OP_FLAG_RELAXED;
    l->direction = l->loop->regions[0]->args.items[0];
    l->b.before = l->loop;
    l->runs++;
}

/* The array in which the numbers of all lanes wait; in scope everywhere. */
static Value *home_of(Lanes *l, const Value *value)
{
    if (!l->home[value->id]) {
        Builder top = l->to->body->first ? builder_before(l->to->body->first) : builder_at_end(l->to->body);
        Value *extent = build_int(&top, int_type(l), l->count);
        l->home[value->id] = build_alloca(&top, value->type, &extent, 1, value->name);
        Value *known = l->run[value->id] ? l->map[value->id] : NULL;
        if (known) { /* it was made in an earlier run: kept there */
            Builder b = {.function = l->to, .region = known->op->parent, .before = known->op->next};
            b.flags = known->op->flags;
            Value *counter = known->op->parent->args.items[0];
            build_store(&b, build_index(&b, l->home[value->id], counter), known);
        }
    }
    return l->home[value->id];
}

typedef struct Elements {
    const Lanes *lanes;
    const Type *elem;
    bool found;
} Elements;

static void find_elements(Op *op, void *context)
{
    Elements *elements = context;
    const Value *base = op->kind == OP_INDEX ? op_operand(op, 0) : NULL;
    if (base && base->type->elem == elements->elem && is_lanes(elements->lanes, base) &&
        !(base->op && base->op->kind == OP_FIELD))
        elements->found = true;
}

static Value *lane_address(Lanes *l, Value *pointer);

/* A pointer to structs of all directions, where each is to have one of its own: to its struct there. The next one is not
 * the next struct in memory, so nothing may be counted from it. */
static Value *own_pointer(Lanes *l, Value *pointer)
{
    Elements elements = {.lanes = l, .elem = pointer->type->elem};
    region_walk(l->from->body, find_elements, &elements);
    if (elements.found || pointer->type->elem->kind != TYPE_RECORD)
        refuse(l);
    return lane_address(l, pointer);
}

/* The number of this lane, in the open run. */
static Value *lane_value(Lanes *l, Value *value)
{
    if (is_shadow(l, value))
        return own_pointer(l, value);
    if (!is_lanes(l, value))
        return l->map[value->id];
    if (l->run[value->id] == l->runs && l->map[value->id])
        return l->map[value->id];
    Value *home = home_of(l, value);
    Value *loaded = build_load(&l->lane, build_index(&l->lane, home, l->direction));
    loaded->name = value->name;
    l->map[value->id] = loaded;
    l->run[value->id] = l->runs;
    return loaded;
}

/* ---- addresses: an element has as many numbers as there are lanes ---- */

static bool starts_at_param(const Value *pointer)
{
    while (pointer->op && (pointer->op->kind == OP_INDEX || pointer->op->kind == OP_FIELD))
        pointer = op_operand(pointer->op, 0);
    return !pointer->op;
}

/* &p[i]...[lane]. The companion of a matrix is one row per element. */
static Value *element_lane(Lanes *l, Builder *b, const Op *index, Value *lane)
{
    const unsigned rank = index->num_operands / 2;
    Value **indices = arena_new_array(l->arena, Value *, rank + 1);
    Value **extents = arena_new_array(l->arena, Value *, rank);
    Value *base = l->map[op_operand(index, 0)->id];
    unsigned n = 0;
    for (unsigned i = 0; i < rank; i++) {
        Value *number = l->map[op_operand(index, 2 * i + 1)->id];
        if (i && starts_at_param(index->results[0])) {
            Value *extent = build_convert(b, l->map[op_operand(index, 2 * i)->id], indices[0]->type);
            Value *row = build_binary(b, OP_MUL, indices[0], extent);
            indices[0] = build_binary(b, OP_ADD, row, build_convert(b, number, row->type));
            continue;
        }
        if (i)
            extents[n - 1] = l->map[op_operand(index, 2 * i)->id];
        indices[n++] = number;
    }
    extents[n - 1] = build_int(b, int_type(l), l->count);
    indices[n++] = lane;
    return build_index_n(b, base, indices, extents, n);
}

static Value *times_lanes(Lanes *l, Value *count)
{
    Builder *b = &l->b;
    return value_is_const(count) ? build_int(b, count->type, count->op->int_value * l->count)
                                 : build_binary(b, OP_MUL, count, build_int(b, count->type, l->count));
}

/* The number of elements in front of the one that is addressed. */
static Value *elements_before(Lanes *l, Builder *b, const Op *index)
{
    Value *count = l->map[op_operand(index, 1)->id];
    for (unsigned i = 3; i < index->num_operands; i += 2) {
        Value *extent = build_convert(b, l->map[op_operand(index, i - 1)->id], count->type);
        Value *number = build_convert(b, l->map[op_operand(index, i)->id], count->type);
        count = build_binary(b, OP_ADD, build_binary(b, OP_MUL, count, extent), number);
    }
    return count;
}

/* An address that others are counted from may lie behind the last element, where there is no row any more: counted in
 * numbers. */
static Value *element_start(Lanes *l, Builder *b, const Op *index)
{
    Value *zero = build_int(b, int_type(l), 0);
    bool is_base = false;
    for (const Use *use = index->results[0]->uses; use; use = use->next)
        is_base = is_base || use->user->kind == OP_INDEX;
    if (!is_base)
        return element_lane(l, b, index, zero);
    return build_index(b, l->map[op_operand(index, 0)->id], times_lanes(l, elements_before(l, b, index)));
}

static Value *lane_address(Lanes *l, Value *pointer)
{
    Builder *b = &l->lane;
    if (is_lanes(l, pointer))
        return lane_value(l, pointer);
    Value *address = l->map[pointer->id];
    if (pointer->op && pointer->op->kind == OP_INDEX)
        return element_lane(l, b, pointer->op, l->direction);
    if (pointer->op && pointer->op->kind == OP_ALLOCA && address->op->kind == OP_ALLOCA) {
        const unsigned rank = address->op->num_operands; /* the first element, or the only one */
        Value **indices = arena_new_array(l->arena, Value *, rank);
        Value **extents = arena_new_array(l->arena, Value *, rank);
        for (unsigned i = 0; i + 1 < rank; i++) {
            indices[i] = build_int(b, int_type(l), 0);
            extents[i] = op_operand(address->op, i + 1);
        }
        indices[rank - 1] = l->direction;
        return build_index_n(b, address, indices, extents, rank);
    }
    if (!pointer->op && pointer->region->owner == NULL && l->to->params[pointer->index].rank == 2) {
        Value *first = build_int(b, int_type(l), 0), *extent = build_int(b, int_type(l), l->count);
        return build_index_n(b, address, (Value *[]){first, l->direction}, &extent, 2);
    }
    return build_index(b, address, l->direction);
}

/* ---- ops ---- */

static void note_lane(Lanes *l, const Value *value, Value *number)
{
    l->map[value->id] = number;
    l->run[value->id] = l->runs;
}

static void lane_op(Lanes *l, const Op *op)
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

/* Memory that is each direction's own, as a whole. */
static void lane_range(Lanes *l, const Op *op)
{
    open_run(l);
    l->lane.loc = op->loc;
    if (op->kind == OP_COPY) {
        lane_copy(l, op);
        return;
    }
    if (op->kind != OP_ZERO) { /* free: of memory of all directions, perhaps */
        refuse(l);
        return;
    }
    for (unsigned i = 0; i < op->num_operands; i++)
        lane_value(l, op_operand(op, i));
    build_clone(&l->lane, op, l->map);
}

/* Does nothing stand between the allocation and this first use? */
static bool is_just_allocated(const Op *zero)
{
    const Op *op = zero->prev;
    while (op && op->kind == OP_CONST)
        op = op->prev;
    return op && op->num_results == 1 && op->results[0] == op_operand(zero, 0) &&
           (op->kind == OP_ALLOCA || op->kind == OP_ALLOC || op->kind == OP_MALLOC);
}

/* Shadow memory and addresses in it: the same for all lanes, but for its size. */
static void shadow_op(Lanes *l, const Op *op)
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

/* ---- the tape ---- */

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

/* Pushed pointers to tangents are the same for all lanes. */
static void tape_op(Lanes *l, const Op *op)
{
    close_run(l);
    if (op->kind != OP_TAPE_PUSH)
        pop_lanes(l, op);
    else if (is_of_blocks(op_operand(op, 0)))
        push_block(l, op);
    else
        push_lanes(l, op);
}

/* ---- calls with a rule ---- */

static bool call_is_shadow(void *context, const Value *pointer)
{
    return is_shadow(context, pointer);
}

static Value *call_uniform(void *context, Value *value)
{
    const Lanes *l = context;
    return l->map[value->id];
}

static Value *call_number(void *context, Value *value)
{
    return lane_value(context, value);
}

static Value *call_address(void *context, Value *pointer, Value *offset)
{
    Lanes *l = context;
    Builder *b = &l->lane;
    if (!offset)
        return lane_address(l, pointer);
    Value *count = build_int(b, offset->type, l->count);
    if (!pointer->op && pointer->region->owner == NULL && l->to->params[pointer->index].rank == 2)
        return build_index_n(b, l->map[pointer->id], (Value *[]){offset, l->direction}, &count, 2);
    return build_index(b, lane_address(l, pointer), build_binary(b, OP_MUL, offset, count));
}

/* In a run of its own: memory of the primal that it reads may be written next. */
static void ruled_lanes(Lanes *l, const Op *op)
{
    const LaneSource source = {.context = l,
                               .lanes = l->count,
                               .lane = &l->lane,
                               .is_shadow = call_is_shadow,
                               .uniform = call_uniform,
                               .number = call_number,
                               .address = call_address};
    close_run(l);
    LaneCall *call = lane_call_open(&l->b, source, op);
    open_run(l);
    l->lane.loc = op->loc;
    Value *result = lane_call_make(call);
    if (result && is_lanes(l, op->results[0])) {
        result->name = op->results[0]->name;
        note_lane(l, op->results[0], result);
    }
    close_run(l);
    lane_call_close(&l->b, call);
}

/* ---- control ---- */

static void walk_region(Lanes *l, const Region *region);

static bool touches_tangents(const Lanes *l, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next) {
        for (unsigned i = 0; i < op->num_operands; i++)
            if (l->part[op_operand(op, i)->id] != PART_PRIMAL)
                return true;
        for (unsigned r = 0; r < op->num_regions; r++)
            if (touches_tangents(l, op->regions[r]))
                return true;
    }
    return false;
}

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

static Builder enter(Lanes *l, Region *region)
{
    const Builder outer = l->b;
    l->b = builder_at_end(region);
    l->b.loc = outer.loc;
    l->b.flags = outer.flags;
    return outer;
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
        const Builder outer = enter(l, copy->regions[r]);
        const Op *yield = region_terminator(op->regions[r]);
        walk_region(l, op->regions[r]);
        move_home(l, op, operands_of(l, yield), moves, op->num_results);
        close_run(l);
        yield_uniform(l, yield, moves);
        l->b = outer;
    }
    take_uniform_results(l, op, copy, moves);
}

static void walk_loop(Lanes *l, const Op *op)
{
    const unsigned n = loop_num_carried(op), first = op->kind == OP_FOR ? 1 : 0;
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
        const Builder outer = enter(l, copy->regions[r]);
        unsigned next = 0;
        for (unsigned i = 0; i < first + n; i++) {
            const Value *arg = op->regions[r]->args.items[i];
            if (i >= first && moves[i - first]) {
                l->home[arg->id] = l->home[op->results[i - first]->id];
                l->run[arg->id] = 0;
                continue;
            }
            copy->regions[r]->args.items[next]->name = arg->name;
            l->map[arg->id] = copy->regions[r]->args.items[next++];
        }
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

static void walk_control(Lanes *l, const Op *op)
{
    if (!way_is_uniform(l, op))
        refuse(l);
    else if (op->kind == OP_IF)
        walk_if(l, op);
    else
        walk_loop(l, op);
}

static bool has_lane_operand(const Lanes *l, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (is_lanes(l, op_operand(op, i)))
            return true;
    return false;
}

static bool has_shadow_operand(const Lanes *l, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (is_shadow(l, op_operand(op, i)))
            return true;
    return false;
}

/* A number, or a pointer of each direction, is put where it belongs. */
static bool is_lane_store(const Lanes *l, const Op *op)
{
    if (op->kind != OP_STORE && op->kind != OP_ACCUMULATE)
        return false;
    const Value *address = op_operand(op, 0);
    return is_lanes(l, address) || (is_shadow(l, address) && !type_is_pointer(op_operand(op, 1)->type));
}

static void walk_op(Lanes *l, const Op *op)
{
    l->b.loc = op->loc;
    const bool is_tape = op->kind == OP_TAPE_PUSH || op->kind == OP_TAPE_POP;
    const bool result_lanes = op->num_results && is_lanes(l, op->results[0]);
    if (op->num_regions && (touches_tangents(l, op->regions[op->num_regions - 1]) ||
                            touches_tangents(l, op->regions[0]) || has_lane_operand(l, op))) {
        close_run(l);
        walk_control(l, op);
    } else if (is_tape) {
        tape_op(l, op);
    } else if (op->kind == OP_CALL && (has_lane_operand(l, op) || has_shadow_operand(l, op) || result_lanes)) {
        if (call_is_ruled(op))
            ruled_lanes(l, op);
        else
            refuse(l);
    } else if (result_lanes || is_lane_store(l, op)) {
        lane_op(l, op);
    } else if (has_lane_operand(l, op) && op->kind != OP_SHAPE) {
        lane_range(l, op);
    } else if (has_shadow_operand(l, op) || (op->num_results && is_shadow(l, op->results[0]))) {
        shadow_op(l, op);
    } else {
        build_clone(&l->b, op, l->map); /* of the primal: once, in front of the run */
    }
}

static void walk_region(Lanes *l, const Region *region)
{
    for (const Op *op = region->first; op && !l->failed; op = op->next)
        if (op->kind != OP_YIELD && op->kind != OP_RETURN)
            walk_op(l, op);
}

/* ---- the signature ---- */

/* A struct that the header does not know the members of: there are no rows of it. */
static bool is_incomplete(const Type *type)
{
    return type->kind == TYPE_RECORD && !type->record->header;
}

static const Decl *lanes_decl(Lanes *l, const Param *param, const Type *elem, bool by_value)
{
    const Decl *base = param->decl;
    while (base->inner)
        base = base->inner;
    Decl *row = arena_new(l->arena, Decl), *pointer = arena_new(l->arena, Decl);
    *row = (Decl){.kind = DECL_ARRAY, .extent = arena_format(l->arena, "%u", l->count), .inner = base};
    *pointer = (Decl){.kind = DECL_POINTER,
                      .inner = is_incomplete(elem) ? base : row,
                      .is_restrict = param->is_restrict};
    return by_value ? row : pointer;
}

/* Is the companion one number (per lane): of a by-value parameter, or the result? */
static bool is_one_number(const Step *step, unsigned i)
{
    const Slot slot = step->slots.list.items[i];
    if (slot.kind == SLOT_RESULT_BAR)
        return true;
    if (slot.kind == SLOT_RESULT_DOT || slot.kind == SLOT_RESULT_BAR || slot.kind == SLOT_DOT)
        return slot.kind != SLOT_DOT || !type_is_pointer(step->function->body->args.items[i]->type);
    for (size_t k = 0; k < step->slots.list.count; k++)
        if (step->slots.list.items[k].kind == SLOT_ORIGINAL && step->slots.list.items[k].param == slot.param)
            return !type_is_pointer(step->function->body->args.items[k]->type);
    return false;
}

static bool has_lanes(const Step *step, unsigned i)
{
    return step->slots.list.items[i].kind != SLOT_ORIGINAL;
}

static void declare(Lanes *l, const Step *step)
{
    const Function *from = l->from;
    const unsigned n = from->num_params;
    const Type **types = arena_new_array(l->arena, const Type *, n);
    l->to = arena_new(l->arena, Function);
    *l->to = *from;
    l->to->num_values = 0;
    l->to->params = arena_new_array(l->arena, Param, n);
    for (unsigned i = 0; i < n; i++) {
        l->to->params[i] = from->params[i];
        types[i] = from->body->args.items[i]->type;
        if (!has_lanes(step, i))
            continue;
        const bool one = is_one_number(step, i), pointer = type_is_pointer(types[i]);
        Param *param = &l->to->params[i];
        if (pointer && type_is_pointer(types[i]->elem))
            refuse(l);
        if (!pointer) {
            Decl *base = arena_new(l->arena, Decl); /* a direction: it is read only */
            *base = *param->decl;
            base->is_const = true;
            param->decl = base;
            param->points_to_const = true;
            types[i] = type_pointer(from->module->types, types[i]);
        }
        param->decl = lanes_decl(l, param, types[i]->elem, one);
        param->rank = one || is_incomplete(types[i]->elem) ? 1 : 2;
        param->is_companion = true;
    }
    function_define(l->to, types);
}

static void map_params(Lanes *l, const Step *step)
{
    for (unsigned i = 0; i < l->from->num_params; i++) {
        const Value *arg = l->from->body->args.items[i];
        Value *to = l->to->body->args.items[i];
        if (!has_lanes(step, i)) {
            l->map[arg->id] = to;
            continue;
        }
        Value *extent = build_int(&l->b, int_type(l), l->count);
        Value *any = build_undef(&l->b, int_type(l));
        if (is_one_number(step, i))
            build_shape(&l->b, to, &extent, 1);
        else if (is_incomplete(to->type->elem))
            build_shape(&l->b, to, &any, 1);
        else
            build_shape(&l->b, to, (Value *[]){any, extent}, 2);
        if (type_is_pointer(arg->type))
            l->map[arg->id] = to;
        else
            l->home[arg->id] = to;
    }
}

static bool expand(const Request *request, unsigned count, Step *step, bool is_quiet)
{
    Arena *arena = step->function->module->arena;
    const Part *part = parts_of_step(arena, step, true);
    if (part && short_loops_write_out(step->function, part))
        part = parts_of_step(arena, step, true);
    const unsigned n = step->function->num_values;
    Lanes l = {.request = request,
               .arena = arena,
               .from = step->function,
               .count = count,
               .is_quiet = is_quiet,
               .part = part,
               .map = arena_new_array(arena, Value *, n),
               .run = arena_new_array(arena, unsigned, n),
               .home = arena_new_array(arena, Value *, n)};
    if (step->is_reverse_over_forward || !l.part)
        refuse(&l);
    else
        declare(&l, step);
    if (l.failed)
        return false;
    l.b = builder_at_end(l.to->body);
    map_params(&l, step);
    walk_region(&l, l.from->body);
    close_run(&l);
    if (l.failed)
        return false;
    const Op *end = region_terminator(l.from->body);
    build_return(&l.b, end->num_operands ? l.map[op_operand(end, 0)->id] : NULL);
    l.to->doc = arena_format(arena, "%s\n\n%u directions at once: the innermost index of each of these is that of the direction.",
                             step->function->doc, count);
    step->function = l.to;
    return true;
}

bool lanes_expand(const Request *request, unsigned lanes, Step *step)
{
    return expand(request, lanes, step, false);
}

bool lanes_try(const Request *request, unsigned lanes, Step *step)
{
    return expand(request, lanes, step, true);
}
