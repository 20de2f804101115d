/* Loops of steps: a round for every column or row, or for a block of them.
 *
 *     for (first = 0; first < n; first += K) {
 *         x_dot = the unit vectors number first, ..., first + K - 1
 *         f_jvp(x, x_dot, y, y_dot)
 *         those columns of the matrix = y_dot
 *     }
 *
 * The step is inlined: what does not depend on the direction is then hoisted out of the loop. With colors a direction
 * is the sum of the unit vectors of one color. */
#include "diff/matrix.h"

#include <string.h>

#include "diff/lanes.h"
#include "diff/leaves.h"

enum {
    MAX_AT_ONCE = 32,     /* directions, where all columns of a dense matrix are one block */
    FEW_AT_ONCE = 16,     /* the same, where each of them has its own of large local arrays */
    LARGE_LOCALS = 1024,  /* elements */
    BLOCK = 8,            /* directions of a block, or seeds */
    SMALL_BLOCK = 4,      /* seeds of a block, where there may be fewer rows */
    SPARSE_BLOCK = 4,
    MAX_WRITTEN_OUT = 8,  /* rounds without a loop */
    MAX_STORED_ONE_BY_ONE = 4
};

typedef struct Loop {
    Matrix *m;
    const Step *step;
    bool by_column;       /* rounds per independent, else per dependent */
    unsigned width;       /* directions, or seeds, of the step */
    const Colors *colors; /* NULL: dense */
    Value *count;         /* of columns, rows or colors */
    Value *trips;         /* at least one round, for what the function does besides */
    Value *first;         /* the number of the round's first direction */
    Value *lanes;         /* how many of them the round has; NULL: `width` */
    Value **records;      /* by slot: the structs that its numbers are in, or NULL */
    Builder b;            /* in the loop */
    Value *result;        /* what the function returned, in this round */
    Value *trace;         /* divergence: so far, in this round */
} Loop;

static const Type *long_type(const Loop *l)
{
    return type_scalar(l->m->primal->module->types, TYPE_LONG);
}

static Value *add(Builder *b, Value *a, Value *c)
{
    if (value_is_int(a, 0) || value_is_int(c, 0))
        return value_is_int(a, 0) ? c : a;
    return value_is_const(a) && value_is_const(c) ? build_int(b, a->type, a->op->int_value + c->op->int_value)
                                                  : build_binary(b, OP_ADD, a, c);
}

static Value *times(Builder *b, Value *a, Value *c)
{
    return value_is_const(a) && value_is_const(c) ? build_int(b, a->type, a->op->int_value * c->op->int_value)
                                                  : build_binary(b, OP_MUL, a, c);
}

static Value *constant(const Loop *l, Builder *b, int64_t value)
{
    return build_int(b, long_type(l), value);
}

/* A loop over 0 <= counter < count at `b`; `*inner` is its body. */
static Value *count_up(const Loop *l, Builder *b, Value *count, const char *name, Builder *inner)
{
    Op *loop = build_for(b, OP_LT, constant(l, b, 0), count, constant(l, b, 1), NULL, 0, name);
    *inner = builder_at_end(loop->regions[0]);
    inner->loc = b->loc;
    return loop->regions[0]->args.items[0];
}

/* What follows at the builder returned happens if the condition holds. Both branches still need their end. */
static Builder when(Builder *b, Value *condition)
{
    Op *test = build_if(b, condition, NULL, 0);
    Builder other = builder_at_end(test->regions[1]), inner = builder_at_end(test->regions[0]);
    build_yield(&other, NULL, 0);
    inner.loc = b->loc;
    return inner;
}

static Value *is_between(const Loop *l, Builder *b, Value *value, Value *count)
{
    return build_binary(b, OP_LAND, build_binary(b, OP_GE, value, constant(l, b, 0)),
                        build_binary(b, OP_LT, value, count));
}

/* Number `lane` of element `place`. */
static Value *lane_address(const Loop *l, Builder *b, Value *buffer, Value *place, Value *lane)
{
    if (l->width == 1)
        return build_index(b, buffer, place);
    Value *extent = constant(l, b, l->width);
    return build_index_n(b, buffer, (Value *[]){place, lane}, &extent, 2);
}

/* ---- slots and their stretches ---- */

static Stretch *stretch_of(const Loop *l, const Slot *slot)
{
    Matrix *m = l->m;
    switch (slot->kind) {
    case SLOT_RESULT_BAR:
    case SLOT_RESULT_DOT:
        return &m->outputs[m->primal->num_params];
    case SLOT_BAR_DOT:
        return &m->inputs[slot->param];
    case SLOT_BAR: /* what is both: its seed is a dependent's */
        if (!l->by_column && m->outputs[slot->param].present)
            return &m->outputs[slot->param];
        return &m->inputs[slot->param];
    default:
        return m->inputs[slot->param].present ? &m->inputs[slot->param] : &m->outputs[slot->param];
    }
}

static bool is_seed(const Loop *l, const Slot *slot)
{
    const unsigned n = l->m->primal->num_params;
    if (l->by_column)
        return slot->kind == SLOT_DOT && l->m->inputs[slot->param].present;
    return slot->kind == SLOT_RESULT_BAR ||
           (slot->kind == SLOT_BAR && l->m->outputs[slot->param].present && slot->param < n);
}

/* A seed that the step is given by value. */
static bool is_by_value(const Loop *l, const Slot *slot)
{
    return l->width == 1 && is_seed(l, slot) && stretch_of(l, slot)->by_value;
}

static bool is_result_slot(const Loop *l, const Slot *slot)
{
    const Matrix *m = l->m;
    switch (slot->kind) {
    case SLOT_DOT:
        return m->request->mode != MODE_HESSIAN && m->outputs[slot->param].present;
    case SLOT_BAR:
        return m->inputs[slot->param].present;
    case SLOT_RESULT_DOT:
    case SLOT_BAR_DOT:
        return true;
    default:
        return false;
    }
}

static const Stretch *result_stretch(const Loop *l, const Slot *slot)
{
    const Matrix *m = l->m;
    if (slot->kind == SLOT_RESULT_DOT)
        return &m->outputs[m->primal->num_params];
    return slot->kind == SLOT_DOT ? &m->outputs[slot->param] : &m->inputs[slot->param];
}

/* ---- buffers ---- */

static const char *companion_name(const Matrix *m, const Slot *slot)
{
    const bool is_result = slot->kind == SLOT_RESULT_BAR || slot->kind == SLOT_RESULT_DOT;
    const char *suffix = slot->kind == SLOT_BAR || slot->kind == SLOT_RESULT_BAR ? "bar"
                         : slot->kind == SLOT_BAR_DOT                            ? "bar_dot"
                                                                                 : "dot";
    return intern_format(m->primal->module->strings, "%s_%s",
                         is_result ? "result" : m->primal->params[slot->param].name, suffix);
}

/* Is all of the matrix one block? Then the tangents of outputs are its rows. */
static bool is_one_block(const Loop *l)
{
    return !l->colors && l->width > 1 && value_is_int(l->count, l->width);
}

static bool lies_in_matrix(const Loop *l, const Slot *slot)
{
    const Matrix *m = l->m;
    if (!is_one_block(l) || !l->by_column || m->request->mode != MODE_JACOBIAN || is_seed(l, slot) || !is_result_slot(l, slot))
        return false;
    return result_stretch(l, slot)->type == m->elem && !result_stretch(l, slot)->record;
}

/* One number, or as many as the stretch has, in each direction. */
static Value *buffer_for(Loop *l, const Slot *slot)
{
    Matrix *m = l->m;
    Stretch *stretch = stretch_of(l, slot);
    const char *name = companion_name(m, slot);
    if (lies_in_matrix(l, slot))
        return build_index(&m->b, m->matrix, times(&m->b, stretch->offset, l->count));
    if (stretch->by_value && l->width == 1)
        return build_alloca(&m->b, stretch->type, NULL, 0, name);
    const bool only = l->width == 1 && !l->colors && is_seed(l, slot) &&
                      values_are_same(stretch->count, l->count); /* room for one even if there is none */
    return matrix_new_buffer(&m->b, stretch->type,
                             times(&m->b, only ? l->trips : stretch->count, matrix_number(m, l->width)), name);
}

/* The structs that the step works on, whose numbers are in the buffer. */
static Value *records_for(Loop *l, const Slot *slot)
{
    const Stretch *stretch = stretch_of(l, slot);
    if (!stretch->record)
        return NULL;
    return matrix_new_buffer(&l->m->b, stretch->record, times(&l->m->b, stretch->records, matrix_number(l->m, l->width)),
                             intern_format(l->m->primal->module->strings, "%s_struct", companion_name(l->m, slot)));
}

/* ---- seeds ---- */

/* The number that by-value seeds and sparse ones are: 1 if the condition holds, else 0. */
static Value *one_if(Builder *b, const Type *type, Value *condition)
{
    return build_select(b, condition, build_float(b, type, 1), build_float(b, type, 0));
}

/* The color of column (or row) number `place` of the stretch. */
static Value *color_of(const Loop *l, Builder *b, const Stretch *stretch, Value *place)
{
    return build_load(b, build_index(b, l->colors->color, add(b, stretch->offset, place)));
}

static void seed_by_color(Loop *l, const Stretch *stretch, Value *buffer)
{
    Builder each, lane;
    Value *place = count_up(l, &l->b, stretch->count, "j", &each);
    Value *color = color_of(l, &each, stretch, place);
    if (l->width == 1) {
        build_store(&each, build_index(&each, buffer, place),
                    one_if(&each, stretch->type, build_binary(&each, OP_EQ, color, l->first)));
    } else {
        color = build_binary(&each, OP_SUB, color, l->first);
        Value *d = count_up(l, &each, constant(l, &each, l->width), "d", &lane);
        build_store(&lane, lane_address(l, &lane, buffer, place, d),
                    one_if(&lane, stretch->type, build_binary(&lane, OP_EQ, color, d)));
        build_yield(&lane, NULL, 0);
    }
    build_yield(&each, NULL, 0);
}

/* A one where direction number `lane` of the round is one of the stretch's. */
static void mark_lane(Loop *l, Builder *b, const Stretch *stretch, Value *buffer, Value *lane)
{
    const bool only = value_is_int(stretch->offset, 0) && values_are_same(stretch->count, l->count);
    Value *direction = add(b, l->first, lane);
    if (only) { /* of no rows or columns there is room for one */
        build_store(b, lane_address(l, b, buffer, direction, lane), build_float(b, stretch->type, 1));
        return;
    }
    Value *place = build_binary(b, OP_SUB, direction, stretch->offset);
    Builder inside = when(b, is_between(l, b, place, stretch->count));
    build_store(&inside, lane_address(l, &inside, buffer, place, lane), build_float(&inside, stretch->type, 1));
    build_yield(&inside, NULL, 0);
}

/* All directions in one round: the diagonal. */
static void mark_diagonal(Loop *l, const Stretch *stretch, Value *buffer)
{
    const bool one = value_is_int(stretch->count, 1);
    Builder each = l->b;
    Value *place = one ? constant(l, &each, 0) : count_up(l, &l->b, stretch->count, "j", &each);
    build_store(&each, lane_address(l, &each, buffer, place, add(&each, stretch->offset, place)),
                build_float(&each, stretch->type, 1));
    if (!one)
        build_yield(&each, NULL, 0);
}

static void seed(Loop *l, const Stretch *stretch, Value *buffer)
{
    if (l->colors) {
        seed_by_color(l, stretch, buffer);
    } else if (is_one_block(l)) {
        mark_diagonal(l, stretch, buffer);
    } else if (l->width == 1) {
        mark_lane(l, &l->b, stretch, buffer, constant(l, &l->b, 0));
    } else {
        Builder lane;
        Value *d = count_up(l, &l->b, l->lanes, "d", &lane);
        mark_lane(l, &lane, stretch, buffer, d);
        build_yield(&lane, NULL, 0);
    }
}

/* Every round begins with zeros, and ones where the directions or seeds have them. */
static void prepare_numbers(Loop *l, const Slot *slot, Value *buffer)
{
    Stretch *stretch = stretch_of(l, slot);
    if (is_seed(l, slot) && l->colors) {
        seed(l, stretch, buffer);
        return;
    }
    if (stretch->by_value && l->width == 1)
        build_store(&l->b, buffer, build_zero(&l->b, stretch->type));
    else
        build_fill_zero(&l->b, buffer, times(&l->b, stretch->count, constant(l, &l->b, l->width)));
    if (is_seed(l, slot))
        seed(l, stretch, buffer);
}

static void prepare_round(Loop *l, const Slot *slot, Value *buffer, Value *records)
{
    prepare_numbers(l, slot, buffer);
    if (records)
        leaves_unpack(&l->b, records, buffer, stretch_of(l, slot)->records, l->width);
}

/* The value that the step, whose parameter is of that type, is given for a slot. */
static Value *argument(Loop *l, const Slot *slot, const Type *type, Value *buffer, Value *records)
{
    if (slot->kind == SLOT_ORIGINAL && l->m->primal->params[slot->param].is_first_round)
        return build_convert(&l->b, build_binary(&l->b, OP_EQ, l->first, constant(l, &l->b, 0)), type);
    if (slot->kind == SLOT_ORIGINAL)
        return l->m->originals[slot->param];
    if (records)
        return type_is_pointer(type) ? records : build_load(&l->b, records);
    if (!is_by_value(l, slot))
        return buffer;
    const Stretch *stretch = stretch_of(l, slot);
    Builder *b = &l->b;
    Value *hit = l->colors ? build_binary(b, OP_EQ, color_of(l, b, stretch, constant(l, b, 0)), l->first)
                           : build_binary(b, OP_EQ, l->first, stretch->offset);
    return one_if(b, stretch->type, hit);
}

/* ---- where the results go ---- */

static void put(Matrix *m, Builder *b, Value *row, Value *column, Value *value)
{
    Value *place = build_binary(b, OP_ADD, times(b, row, m->num_inputs), column);
    build_store(b, build_index(b, m->matrix, place), build_convert(b, value, m->elem));
}

/* The number that direction `direction` has at `place`. */
static void put_number(Loop *l, Builder *b, Value *direction, Value *place, Value *value)
{
    Matrix *m = l->m;
    if (m->request->mode == MODE_HESSIAN) { /* one triangle, mirrored */
        Builder lower = when(b, build_binary(b, OP_GE, place, direction));
        put(m, &lower, place, direction, value);
        put(m, &lower, direction, place, value);
        build_yield(&lower, NULL, 0);
    } else if (l->by_column) {
        put(m, b, place, direction, value);
    } else {
        put(m, b, direction, place, value);
    }
}

/* All directions of element `place`. */
static void put_element(Loop *l, Builder *b, const Stretch *stretch, Value *buffer, Value *place)
{
    Value *at = add(b, stretch->offset, place);
    if (l->width == 1) {
        Value *address = stretch->by_value ? buffer : build_index(b, buffer, place);
        put_number(l, b, l->first, at, build_load(b, address));
        return;
    }
    Builder lane;
    Value *d = count_up(l, b, l->lanes ? l->lanes : constant(l, b, l->width), "d", &lane);
    put_number(l, &lane, add(&lane, l->first, d), at,
               build_load(&lane, lane_address(l, &lane, buffer, place, d)));
    build_yield(&lane, NULL, 0);
}

/* What the round found for a stretch goes into its columns or row. */
static void take_results(Loop *l, const Stretch *stretch, Value *buffer)
{
    Builder *b = &l->b;
    const int64_t count =
        value_is_const(stretch->count) ? stretch->count->op->int_value : MAX_STORED_ONE_BY_ONE + 1;
    for (int64_t k = 0; k < count && count <= MAX_STORED_ONE_BY_ONE; k++)
        put_element(l, b, stretch, buffer, constant(l, b, k));
    if (count <= MAX_STORED_ONE_BY_ONE)
        return;
    Builder inner;
    Value *place = count_up(l, b, stretch->count, "k", &inner);
    put_element(l, &inner, stretch, buffer, place);
    build_yield(&inner, NULL, 0);
}

/* The entries whose color is one of the round's, and whose place is in the stretch. */
static void take_entries(Loop *l, const Stretch *stretch, Value *buffer)
{
    Matrix *m = l->m;
    Builder each;
    Value *k = count_up(l, &l->b, l->colors->nonzeros, "k", &each);
    Value *color = build_load(&each, build_index(&each, l->colors->entry_color, k));
    Value *lane = l->width == 1 ? NULL : build_binary(&each, OP_SUB, color, l->first);
    Value *place = build_load(&each, build_index(&each, l->colors->entry_place, k));
    Value *hit = l->width == 1 ? build_binary(&each, OP_EQ, color, l->first)
                               : is_between(l, &each, lane, constant(l, &each, l->width));
    const Value *all = l->by_column && m->request->mode == MODE_JACOBIAN ? m->num_outputs : m->num_inputs;
    if (!values_are_same(stretch->count, all)) {
        place = build_binary(&each, OP_SUB, place, stretch->offset);
        hit = build_binary(&each, OP_LAND, hit, is_between(l, &each, place, stretch->count));
    }
    Builder inside = when(&each, hit);
    Value *address = stretch->by_value && l->width == 1 ? buffer : lane_address(l, &inside, buffer, place, lane);
    Value *value = build_convert(&inside, build_load(&inside, address), m->elem);
    build_store(&inside, build_index(&inside, m->matrix, k), value);
    build_yield(&inside, NULL, 0);
    build_yield(&each, NULL, 0);
}

/* Component number `round` of the outputs. */
static void add_to_trace(Loop *l, const Stretch *stretch, Value *buffer)
{
    Builder *b = &l->b;
    const Type *type = l->m->elem;
    Builder relaxed = *b;
    relaxed.flags |= OP_FLAG_RELAXED;
    const bool whole = !stretch->by_value && values_are_same(stretch->count, l->count);
    if (whole && value_is_const(l->count) && l->count->op->int_value > 0) {
        Value *found = build_load(b, build_index(b, buffer, l->first));
        l->trace = build_binary(&relaxed, OP_ADD, l->trace, build_convert(b, found, type));
        return;
    }
    Value *place = whole ? l->first : build_binary(b, OP_SUB, l->first, stretch->offset);
    Value *inside = whole ? build_binary(b, OP_LT, place, stretch->count) /* there is a round, though there may be no column */
                          : is_between(l, b, place, stretch->count);
    Op *test = build_if(b, inside, &type, 1);
    Builder there = builder_at_end(test->regions[0]), other = builder_at_end(test->regions[1]);
    Value *address = stretch->by_value ? buffer : build_index(&there, buffer, place);
    Value *found = build_convert(&there, build_load(&there, address), type);
    build_yield(&there, &found, 1);
    Value *zero = build_zero(&other, type);
    build_yield(&other, &zero, 1);
    relaxed = *b;
    relaxed.flags |= OP_FLAG_RELAXED;
    l->trace = build_binary(&relaxed, OP_ADD, l->trace, test->results[0]);
}

/* ---- the loop ---- */

/* Rounds of `width` directions; at least one. */
static Value *trips_of(const Loop *l)
{
    Builder *b = &l->m->b;
    if (value_is_const(l->count)) {
        const int64_t trips = (l->count->op->int_value + l->width - 1) / l->width;
        return constant(l, b, trips > 0 ? trips : 1);
    }
    Value *one = constant(l, b, 1), *trips = l->count;
    if (l->width > 1)
        trips = build_binary(b, OP_DIV, add(b, trips, constant(l, b, l->width - 1)), constant(l, b, l->width));
    return build_select(b, build_binary(b, OP_GT, trips, one), trips, one);
}

static void take_round(Loop *l, Value **buffers)
{
    const Slots *slots = &l->step->slots;
    for (size_t i = 0; i < slots->list.count; i++) {
        const Slot *slot = &slots->list.items[i];
        if (!buffers[i] || !is_result_slot(l, slot) || lies_in_matrix(l, slot))
            continue;
        if (l->records[i])
            leaves_pack(&l->b, buffers[i], l->records[i], result_stretch(l, slot)->records, l->width);
        if (l->colors)
            take_entries(l, result_stretch(l, slot), buffers[i]);
        else if (l->m->request->mode == MODE_DIVERGENCE)
            add_to_trace(l, result_stretch(l, slot), buffers[i]);
        else
            take_results(l, result_stretch(l, slot), buffers[i]);
    }
}

/* The last block may be a part of one only. */
static Value *lanes_of_round(const Loop *l, Builder *b)
{
    if (l->width == 1 || l->colors)
        return NULL;
    Value *width = constant(l, b, l->width);
    if (value_is_const(l->count) && l->count->op->int_value % l->width == 0)
        return width;
    Value *rest = build_binary(b, OP_SUB, l->count, l->first);
    Value *lanes = build_select(b, build_binary(b, OP_LT, rest, width), rest, width);
    lanes->name = intern(l->m->primal->module->strings, l->by_column ? "directions" : "rows");
    return lanes;
}

/* One round: the step in one direction, or in a block of them. */
static void build_round(Loop *l, Value **buffers)
{
    Matrix *m = l->m;
    const Slots *slots = &l->step->slots;
    const unsigned n = (unsigned)slots->list.count;
    Value **args = arena_new_array(m->arena, Value *, n);
    matrix_restore_originals(m, &l->b);
    if (m->decisions)
        build_store(&l->b, m->decisions, m->first_decisions);
    l->lanes = lanes_of_round(l, &l->b);
    for (unsigned i = 0; i < n; i++)
        if (buffers[i])
            prepare_round(l, &slots->list.items[i], buffers[i], l->records[i]);
    for (unsigned i = 0; i < n; i++)
        args[i] = argument(l, &slots->list.items[i], l->step->function->body->args.items[i]->type, buffers[i],
                           l->records[i]);
    l->result = build_call(&l->b, l->step->function, args, n);
    if (value_is_const(l->count) || !m->matrix || l->width > 1 || l->colors) {
        take_round(l, buffers);
        return;
    }
    const Builder outside = l->b; /* of no rows or columns nothing is stored */
    l->b = when(&l->b, build_binary(&l->b, OP_GT, l->count, constant(l, &l->b, 0)));
    take_round(l, buffers);
    build_yield(&l->b, NULL, 0);
    l->b = outside;
}

/* Are the directions told apart by numbers only? Then they are written out one after the other. */
static bool is_written_out(const Matrix *m, bool by_column, Value *count)
{
    if (!value_is_const(count) || count->op->int_value > MAX_WRITTEN_OUT)
        return false;
    for (unsigned i = 0; i <= m->primal->num_params && count->op->int_value > 1; i++) {
        const bool is_input = by_column && i < m->primal->num_params;
        const Stretch *stretch = by_column ? &m->inputs[is_input ? i : 0] : &m->outputs[i];
        if ((is_input || !by_column) && stretch->present && !stretch->by_value)
            return false;
    }
    return true;
}

static void write_out(Loop *l, Value **buffers)
{
    Matrix *m = l->m;
    l->trace = m->matrix ? NULL : build_zero(&m->b, m->elem);
    for (int64_t round = 0; round < l->trips->op->int_value; round++) {
        l->b = m->b;
        l->first = constant(l, &l->b, round);
        build_round(l, buffers);
    }
}

static const char *counter_name(const Loop *l)
{
    return l->colors ? "pass" : l->width > 1 ? "block" : l->by_column ? "column" : "row";
}

static void loop_over(Loop *l, Value **buffers)
{
    Matrix *m = l->m;
    const Type *carried = m->matrix ? m->primal->result : m->elem;
    const bool carries = carried->kind != TYPE_VOID;
    /* the value of the last round; that there is one, C compilers see of constant counts only */
    const bool unset = m->matrix && (value_is_const(l->trips) || !type_is_scalar(carried));
    Value *initial = !carries ? NULL : unset ? build_undef(&m->b, carried) : build_zero(&m->b, carried);
    Op *loop = build_for(&m->b, OP_LT, matrix_number(m, 0), l->trips, matrix_number(m, 1), &initial, carries,
                         counter_name(l));
    l->b = builder_at_end(loop->regions[0]);
    l->first = loop->regions[0]->args.items[0];
    if (l->width > 1)
        l->first = times(&l->b, l->first, constant(l, &l->b, l->width));
    if (carries) {
        loop->results[0]->name = loop->regions[0]->args.items[1]->name =
            intern(m->primal->module->strings, m->matrix ? "value" : "trace");
        l->trace = loop->regions[0]->args.items[1];
    }
    build_round(l, buffers);
    Value *next = m->matrix ? l->result : l->trace;
    build_yield(&l->b, &next, carries);
    l->result = l->trace = carries ? loop->results[0] : NULL;
}

Value *matrix_loop(Matrix *m, const Step *step, bool by_column, unsigned directions, const Colors *colors)
{
    Loop l = {.m = m, .step = step, .by_column = by_column, .width = directions, .colors = colors};
    const Slots *slots = &step->slots;
    const unsigned n = (unsigned)slots->list.count;
    Value **buffers = arena_new_array(m->arena, Value *, n);
    l.count = colors ? colors->count : by_column ? m->num_inputs : m->num_outputs;
    l.trips = trips_of(&l);
    const bool keeps = !colors && !value_is_int(l.trips, 1); /* of colors that is done already */
    if (keeps)
        matrix_keep_originals(m);
    l.records = arena_new_array(m->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        const Slot *slot = &slots->list.items[i];
        if (slot->kind == SLOT_ORIGINAL || is_by_value(&l, slot))
            continue;
        buffers[i] = buffer_for(&l, slot);
        l.records[i] = records_for(&l, slot);
    }
    if (is_one_block(&l) || (!colors && directions == 1 && is_written_out(m, by_column, l.trips)))
        write_out(&l, buffers);
    else
        loop_over(&l, buffers);
    for (unsigned i = 0; i < n; i++) {
        matrix_free_buffer(&m->b, l.records[i]);
        if (!lies_in_matrix(&l, &slots->list.items[i]))
            matrix_free_buffer(&m->b, buffers[i]);
    }
    if (keeps)
        matrix_free_originals(m);
    return m->matrix ? l.result : l.trace;
}

/* ---- several directions at once ---- */

static void count_local(Op *op, void *context)
{
    int64_t *count = context, elements = 1;
    for (unsigned i = 0; op->kind == OP_ALLOCA && i < op->num_operands; i++)
        elements *= value_is_const(op_operand(op, i)) ? op_operand(op, i)->op->int_value : LARGE_LOCALS;
    if (op->kind == OP_ALLOCA && *count <= LARGE_LOCALS)
        *count += elements;
}

static int64_t most_at_once(const Matrix *m)
{
    int64_t locals = 0;
    region_walk(m->primal->body, count_local, &locals);
    return locals > LARGE_LOCALS ? FEW_AT_ONCE : MAX_AT_ONCE;
}

/* Unless the columns are told apart by numbers only: their loop is written out. */
static unsigned columns_worth(const Matrix *m)
{
    if (m->request->mode == MODE_DIVERGENCE)
        return 1;
    if (m->request->sparse)
        return SPARSE_BLOCK;
    if (!value_is_const(m->num_inputs))
        return BLOCK;
    const int64_t columns = m->num_inputs->op->int_value;
    if (columns < 2 || is_written_out(m, true, m->num_inputs))
        return 1;
    return columns <= most_at_once(m) ? (unsigned)columns : BLOCK;
}

static unsigned rows_worth(const Matrix *m)
{
    if (m->request->sparse)
        return SPARSE_BLOCK;
    if (!value_is_const(m->num_outputs))
        return SMALL_BLOCK;
    const int64_t rows = m->num_outputs->op->int_value;
    return rows <= BLOCK ? (unsigned)rows : BLOCK;
}

unsigned matrix_widen(Matrix *m, Step *step, bool by_column, const DiffOptions *options)
{
    const unsigned directions = options->no_lanes ? 1 : by_column ? columns_worth(m) : rows_worth(m);
    return directions > 1 && lanes_try(m->request, directions, step) ? directions : 1;
}
