/* Values of the primal, as the plan says that the reverse sweep has them: in scope, computed or read again, from a copy of
 * an array, a cache or a record of the tape. */
#include "diff/adjoint_internal.h"

#include "diff/induction.h"

static Value *recompute(Adjoint *a, Frame *frame, const Value *value)
{
    const Op *op = value->op;
    Value **operands = arena_new_array(a->arena, Value *, op->num_operands);
    for (unsigned i = 0; i < op->num_operands; i++)
        operands[i] = primal_value(a, op_operand(op, i));
    Op *copy = op_new(frame->b.function, op->kind, op->num_operands, op->num_results, 0);
    copy->int_value = op->int_value;
    copy->global = op->global;
    copy->callee = op->callee;
    copy->text = op->text;
    copy->flags = op->flags | OP_FLAG_ADJOINT;
    copy->loc = frame->b.loc;
    for (unsigned i = 0; i < op->num_operands; i++)
        op_set_operand(copy, i, operands[i]);
    for (unsigned i = 0; i < op->num_results; i++) {
        copy->results[i]->type = op->results[i]->type;
        copy->results[i]->name = op->results[i]->name;
        value_map_set(a->arena, &frame->values, op->results[i], copy->results[i]);
    }
    if (frame->b.before)
        op_insert_before(copy, frame->b.before);
    else
        op_append(frame->b.region, copy);
    return copy->results[value->index];
}

/* A carried integer that grows by the same step in every iteration. */
static Value *from_counter(Adjoint *a, Frame *frame, const Value *value)
{
    Induction induction;
    if (!induction_of(value, &induction))
        internal_error("adjoint", "a carried value is to be computed again that does not grow by a fixed step");
    Value *again = induction_build(&frame->b, &induction, value->type, value_of, a);
    again->name = again->name ? again->name : value->name;
    return again;
}

static Value *load_named(Frame *frame, Value *address, const Value *primal)
{
    Value *loaded = build_load(&frame->b, address);
    loaded->name = primal->name;
    return loaded;
}

static Value *from_cache(Adjoint *a, Frame *frame, Value *value)
{
    const Cache *cache = cache_find(a->caches, value);
    if (cache->kind == CACHE_EXPORT)
        return cache->place;
    if (cache->kind == CACHE_TAPE)
        internal_error("adjoint", "a taped value is asked for before its record was popped");
    return load_named(frame, cache_address(&frame->b, cache, value_of, a), value);
}

Value *index_like(Adjoint *a, Frame *frame, const Op *op, Value *base)
{
    Value **numbers = arena_new_array(a->arena, Value *, op->num_operands - 1);
    for (unsigned i = 1; i < op->num_operands; i++)
        numbers[i - 1] = primal_value(a, op_operand(op, i));
    return base ? build_index_like(&frame->b, op, base, numbers) : NULL;
}

/* The place in the copy of an array that `pointer` is in the array. */
static Value *address_in_copy(Adjoint *a, Frame *frame, const Value *pointer, Value *copy)
{
    const Op *op = pointer->op;
    return op && op->kind == OP_INDEX ? index_like(a, frame, op, address_in_copy(a, frame, op_operand(op, 0), copy)) : copy;
}

/* The forward sweep kept it only if parameters overlap. */
static Value *from_memory_or_cache(Adjoint *a, Frame *frame, Value *value)
{
    const Cache *cache = cache_find(a->caches, value);
    Value *kept = cache_address(&frame->b, cache, value_of, a);
    Value *address = primal_value(a, a->plan->address[value->id]);
    Op *choice = build_if(&frame->b, cache->only_if, &value->type, 1);
    Value *from[2] = {kept, address};
    for (unsigned i = 0; i < 2; i++) {
        Builder b = builder_at_end(choice->regions[i]);
        b.flags = frame->b.flags;
        Value *loaded = build_load(&b, from[i]);
        build_yield(&b, &loaded, 1);
    }
    choice->results[0]->name = value->name;
    return choice->results[0];
}

static Value *find_primal_value(Adjoint *a, Frame *frame, Value *value)
{
    switch (a->plan->how[value->id]) {
    case AVAILABLE_IN_SCOPE:
        return a->forward[value->id];
    case AVAILABLE_CACHED:
        return from_cache(a, frame, value);
    case AVAILABLE_RELOADED:
        return load_named(frame, primal_value(a, a->plan->address[value->id]), value);
    case AVAILABLE_UNLESS_OVERLAPPING:
        return from_memory_or_cache(a, frame, value);
    case AVAILABLE_COPIED: {
        const Cache *copy = cache_find_copy(a->caches, a->plan->copy[value->id]);
        Value *start = cache_address(&frame->b, copy, value_of, a);
        return load_named(frame, address_in_copy(a, frame, a->plan->address[value->id], start), value);
    }
    case AVAILABLE_RECOMPUTED:
        return value->op ? recompute(a, frame, value) : from_counter(a, frame, value);
    case AVAILABLE_COUNTER:
    case AVAILABLE_NOT:
        break;
    }
    internal_error("adjoint", "a value is asked for that the plan does not provide (%s)",
                   value->op ? op_table[value->op->kind].text : "argument");
}

Value *primal_value(Adjoint *a, Value *value)
{
    const Region *region = value_region(value);
    if (value_is_const(value)) {
        Builder *b = &a->frame->b;
        return type_is_floating(value->type) ? build_float(b, value->type, value->op->float_value)
                                             : build_int(b, value->type, value->op->int_value);
    }
    const Availability how = a->plan->how[value->id];
    if (region->owner == NULL && how != AVAILABLE_RECOMPUTED && how != AVAILABLE_RELOADED)
        return a->forward[value->id];
    Frame *frame = frame_of_region(a, region);
    if (!frame)
        internal_error("adjoint", "a value of a region that is not reversed is asked for");
    Value *known = value_map_get(frame->values, value);
    if (known)
        return known;
    Frame *here = frame_enter(a, frame);
    known = find_primal_value(a, frame, value);
    a->frame = here;
    value_map_set(a->arena, &frame->values, value, known);
    return known;
}

Value *value_of(void *context, Value *primal)
{
    return primal_value(context, primal);
}

/* ---- caches ---- */

void pop_record(Adjoint *a)
{
    const TapeRecord *record = record_find(a->caches, a->frame->primal);
    if (!record)
        return;
    const unsigned n = (unsigned)record->values.count;
    const Type **types = arena_new_array(a->arena, const Type *, n);
    for (unsigned i = 0; i < n; i++)
        types[i] = record->values.items[i]->type;
    Op *pop = build_tape_pop(&a->frame->b, a->caches->tape, types, n);
    pop->int_value = (int64_t)(record - a->caches->records.items) + 1;
    for (unsigned i = 0; i < n; i++) {
        pop->results[i]->name = record->values.items[i]->name;
        value_map_set(a->arena, &a->frame->values, record->values.items[i], pop->results[i]);
    }
}

void free_caches(Adjoint *a, const Region *root, const Op *replayed)
{
    for (size_t i = 0; i < a->caches->heap.count; i++)
        if (a->caches->heap.items[i].root == root && a->caches->heap.items[i].replayed == replayed)
            build_free(&a->frame->b, a->caches->heap.items[i].array);
}
