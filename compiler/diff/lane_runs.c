/* Runs: stretches of code that are in one loop over the directions, the numbers that live in them or wait between them, and
 * the addresses of each direction's. */
#include "diff/lanes_internal.h"

const Type *int_type(const Lanes *l)
{
    return type_scalar(l->from->module->types, TYPE_INT);
}

bool is_lanes(const Lanes *l, const Value *value)
{
    return l->part[value->id] == PART_NUMBER || l->part[value->id] == PART_OWN;
}

bool is_shadow(const Lanes *l, const Value *value)
{
    return l->part[value->id] == PART_MEMORY;
}

void lanes_refuse(Lanes *l)
{
    if (!l->failed && !l->is_quiet)
        diag(l->from->module->diags, MSG_LANES, l->request->loc, l->request->function->name);
    l->failed = true;
}

/* ---- runs ---- */

void close_run(Lanes *l)
{
    if (!l->loop)
        return;
    build_yield(&l->lane, NULL, 0);
    l->loop = NULL;
    l->b.before = NULL;
}

void open_run(Lanes *l)
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

Value *home_of(Lanes *l, const Value *value)
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

/* A pointer to structs of all directions, where each is to have one of its own: to its struct there. The next one is not
 * the next struct in memory, so nothing may be counted from it. */
static Value *own_pointer(Lanes *l, Value *pointer)
{
    Elements elements = {.lanes = l, .elem = pointer->type->elem};
    region_walk(l->from->body, find_elements, &elements);
    if (elements.found || pointer->type->elem->kind != TYPE_RECORD)
        lanes_refuse(l);
    return lane_address(l, pointer);
}

Value *lane_value(Lanes *l, Value *value)
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

void note_lane(Lanes *l, const Value *value, Value *number)
{
    l->map[value->id] = number;
    l->run[value->id] = l->runs;
}

/* ---- addresses: an element has as many numbers as there are lanes ---- */

Value *times_lanes(Lanes *l, Value *count)
{
    Builder *b = &l->b;
    return value_is_const(count) ? build_int(b, count->type, count->op->int_value * l->count)
                                 : build_binary(b, OP_MUL, count, build_int(b, count->type, l->count));
}

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
Value *element_start(Lanes *l, Builder *b, const Op *index)
{
    Value *zero = build_int(b, int_type(l), 0);
    bool is_base = false;
    for (const Use *use = index->results[0]->uses; use; use = use->next)
        is_base = is_base || use->user->kind == OP_INDEX;
    if (!is_base)
        return element_lane(l, b, index, zero);
    return build_index(b, l->map[op_operand(index, 0)->id], times_lanes(l, elements_before(l, b, index)));
}

Value *lane_address(Lanes *l, Value *pointer)
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
