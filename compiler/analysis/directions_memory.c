/* Arrays of tangents, element by element, while the loops over directions run over parts of them. */
#include "analysis/directions_internal.h"

#include <string.h>

/* ---- needs ---- */

static void need(Run *run, LaneLoop *loop, LaneSet *needed, LaneSet set)
{
    if (!(set & ~*needed))
        return;
    *needed |= set;
    run->changed = true;
    loop->is_full = loop->is_full || run->widens;
}

void need_lanes(Run *run, const Execution *execution, LaneSet set)
{
    LaneLoop *loop = execution->loop;
    set &= lanes_below(loop->lanes);
    need(run, loop, &loop->always, set);
    for (unsigned i = 0; i < loop->depth; i++) {
        Level *level = &loop->levels[i];
        const int counter = execution->counters[i];
        if (level->is_useless)
            continue;
        if (counter < 0 || !level->occurs[counter])
            run->changed = true;
        level->is_useless = counter < 0;
        if (level->is_useless)
            continue;
        level->occurs[counter] = true;
        need(run, loop, &level->needed[counter], set);
    }
}

/* Whatever writes the array writes all of its directions. */
static void write_all(Run *run, const LaneArray *array)
{
    for (size_t i = 0; i < run->num_loops; i++) {
        LaneLoop *loop = &run->loops[i];
        for (const Op *op = loop->loop->regions[0]->first; op && !loop->is_full; op = op->next)
            if ((op->kind == OP_STORE || op->kind == OP_ACCUMULATE) &&
                run->known[op_operand(op, 0)->id].array == array)
                loop->is_full = run->changed = true;
    }
}

/* Something reads these directions of the element. */
static void demand(Run *run, const LaneArray *array, const Element *element, LaneSet set)
{
    const LaneSet missing = set & ~element->right;
    if (!missing)
        return;
    if (!element->writer)
        write_all(run, array);
    else
        need_lanes(run, element->writer, set);
    run->changed = true;
}

/* ---- places ---- */

/* The elements that an address may be of, and the directions. */
typedef struct Place {
    const LaneArray *array;
    Element *first;
    unsigned count;
    LaneSet lanes;
    bool follows; /* in the loop's own direction */
} Place;

static Place place_of(Run *run, const Value *address)
{
    const Known *known = &run->known[address->id];
    const LaneArray *array = known->array;
    const Number *n = &known->number;
    Place place = {array, run->elements + array->first, array->count, lanes_below(array->lanes), false};
    if (n->step % array->lanes != 0)
        return place;
    const int64_t lane = ((n->offset % array->lanes) + array->lanes) % array->lanes;
    const int64_t element = (n->offset - lane) / array->lanes;
    if (n->lane == 1 && lane == 0 && run->execution && run->execution->loop->lanes == array->lanes)
        place.follows = true;
    else if (n->lane == 0)
        place.lanes = (LaneSet)1 << lane;
    else
        return place;
    if (n->step == 0 && element >= 0 && element < array->count) {
        place.first += element;
        place.count = 1;
    }
    return place;
}

/* ---- accesses ---- */

void array_is_new(Run *run, const LaneArray *array)
{
    for (unsigned i = 0; i < array->count; i++)
        run->elements[array->first + i] = (Element){.right = lanes_below(array->lanes)};
}

void array_is_read(Run *run, const LaneArray *array)
{
    for (unsigned i = 0; i < array->count; i++)
        demand(run, array, &run->elements[array->first + i], lanes_below(array->lanes));
}

static LaneSet read_place(Run *run, const Place *place)
{
    LaneSet set = 0;
    for (unsigned i = 0; i < place->count; i++) {
        demand(run, place->array, &place->first[i], place->follows ? run->range : place->lanes);
        set |= place->first[i].nonzero;
    }
    run->steps += place->count;
    return place->follows ? set : lanes_below(MAX_LANES);
}

LaneSet read_lanes(Run *run, const Op *op)
{
    const Place place = place_of(run, op_operand(op, 0));
    return read_place(run, &place);
}

/* Not in the loop's own direction: as if it were anything. */
static void write_somewhere(const Place *place)
{
    for (unsigned i = 0; i < place->count; i++) {
        Element *e = &place->first[i];
        e->nonzero |= place->lanes;
        e->zero &= ~place->lanes;
        if (place->count == 1 && !(place->lanes & (place->lanes - 1)))
            e->right |= place->lanes;
    }
}

/* The op stores to an element what it holds and something more; NULL: it does not. */
static const Value *added(const Op *op)
{
    const Value *value = op_operand(op, 1);
    if (op->kind == OP_ACCUMULATE)
        return value;
    const Op *sum = value->op;
    if (!sum || sum->parent != op->parent || (sum->kind != OP_ADD && sum->kind != OP_SUB))
        return NULL;
    for (unsigned i = 0; i < 2; i++) {
        const Op *load = op_operand(sum, i)->op;
        if (load && load->kind == OP_LOAD && load->parent == op->parent && op_operand(load, 0) == op_operand(op, 0) &&
            (i == 0 || sum->kind == OP_ADD))
            return op_operand(sum, 1 - i);
    }
    return NULL;
}

static void overwrite(const Run *run, Element *e, LaneSet value, bool is_zero)
{
    e->nonzero = value;
    e->right = run->range | e->zero;
    e->zero = is_zero ? e->zero | run->range : e->zero & ~run->range;
    e->writer = run->execution;
}

static void may_overwrite(const Run *run, Element *e, LaneSet value, bool is_zero)
{
    e->nonzero |= value;
    e->right &= run->range | e->zero;
    e->zero &= is_zero ? e->zero : ~run->range;
    e->writer = NULL;
}

void write_lanes(Run *run, const Op *op)
{
    const Place place = place_of(run, op_operand(op, 0));
    run->steps += place.count;
    if (!place.follows) {
        if (run->execution && !run->execution->loop->is_full)
            run->execution->loop->is_full = run->changed = true;
        if (op->kind == OP_ACCUMULATE)
            read_place(run, &place);
        write_somewhere(&place);
        return;
    }
    const Value *more = added(op);
    const LaneSet all = lanes_below(place.array->lanes), value = run->known[op_operand(op, 1)->id].set & all;
    if (op->kind == OP_ACCUMULATE)
        read_place(run, &place);
    need_lanes(run, run->execution, more ? run->known[more->id].set & all : value);
    for (unsigned i = 0; i < place.count; i++) {
        Element *e = &place.first[i];
        if (more) {
            e->nonzero |= value;
            e->zero &= ~run->range;
        } else if (place.count == 1) {
            overwrite(run, e, value, value_is_float(op_operand(op, 1), 0));
        } else {
            may_overwrite(run, e, value, value_is_float(op_operand(op, 1), 0));
        }
    }
}

/* Zeros: what is not known to be filled stays as it is, which is as if it were not. */
void fill_lanes(Run *run, const Op *op)
{
    const Known *known = &run->known[op_operand(op, 0)->id];
    const LaneArray *array = known->array;
    const Number count = run->known[op_operand(op, 1)->id].number;
    if (!number_is_exact(&known->number) || !number_is_exact(&count) || known->number.offset < 0)
        return;
    const int64_t from = (known->number.offset + array->lanes - 1) / array->lanes;
    const int64_t end = (known->number.offset + count.offset) / array->lanes;
    for (int64_t i = from; i < end && i < array->count; i++)
        run->elements[array->first + i] = (Element){.right = lanes_below(array->lanes), .zero = lanes_below(array->lanes)};
}

/* ---- where control flow meets ---- */

Element *elements_copy(Run *run)
{
    Element *copy = arena_new_array(run->scratch, Element, run->num_elements);
    memcpy(copy, run->elements, run->num_elements * sizeof *copy);
    run->steps += run->num_elements;
    return copy;
}

static bool is_same_writer(const Execution *a, const Execution *b)
{
    return a == b || (a && b && a->loop == b->loop && memcmp(a->counters, b->counters, sizeof a->counters) == 0);
}

bool elements_join(Run *run, Element *into, const Element *from, bool widen)
{
    bool changed = false;
    for (unsigned i = 0; i < run->num_elements; i++) {
        const Element old = into[i];
        Element *e = &into[i];
        e->nonzero |= from[i].nonzero;
        e->right &= from[i].right;
        e->zero &= from[i].zero;
        e->writer = is_same_writer(e->writer, from[i].writer) ? e->writer : NULL;
        if (e->nonzero == old.nonzero && e->right == old.right && e->zero == old.zero && e->writer == old.writer)
            continue;
        changed = true;
        if (widen)
            *e = (Element){.nonzero = lanes_below(MAX_LANES)};
    }
    run->steps += run->num_elements;
    return changed;
}
