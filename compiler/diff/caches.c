/* Caches: exported results, arrays, and the tape.
 *
 * A value outside of loops only has to leave the branches it is in: it becomes a result of the ifs. In
 * loops whose extents are known before the outermost of them starts, an array has one element per
 * iteration: a local table where the extents are small constants, one heap allocation otherwise. In all
 * other loops each iteration of a region leaves one record on the tape, pushed at its end and popped when
 * the reverse sweep enters it; so the records of inner loops lie on top of those of outer ones exactly
 * when they are needed. What is in a fused loop (diff/strategy.h) counts from its body: an array serves all
 * iterations, one after the other, and is made in front of the loop if it can be sized there. */
#include "diff/caches.h"

#include "analysis/affine.h"
#include "analysis/range.h"
#include "diff/pairs.h"
#include "diff/strategy.h"
#include "ir/trip_count.h"

enum { MAX_TABLE_ELEMENTS = 1024 };

typedef struct Insertion {
    const Reversal *reversal;
    Function *gradient;
    Value **forward;
    Caches *caches;
    const Op *replayed;
} Insertion;

/* ---- export ---- */

/* The branch of the forward sweep that this root is; NULL: it is no branch. */
static const Region *forward_branch(const Insertion *in, const Region *root)
{
    const Op *owner = root->owner;
    if (!owner || owner->kind != OP_IF)
        return NULL;
    return in->forward[owner->results[0]->id]->op->regions[root == owner->regions[0] ? 0 : 1];
}

/* Makes a value of the forward sweep a result of the ifs around it, up to its root. */
static Value *export_value(const Insertion *in, Value *value, const Region *root)
{
    return build_out_of_ifs(value, value_region(value), forward_branch(in, root), 0);
}

/* ---- arrays ---- */

static Value *forward_value(void *context, Value *primal)
{
    const Insertion *in = context;
    return in->forward[primal->id];
}

static const char *cache_name(const Insertion *in, const Cache *cache)
{
    const Value *value = cache->copy ? cache->copy->array : cache->primal;
    const char *name = value->name;
    if (!name && value->op && value->op->kind == OP_LOAD) {
        const Object object = pointer_object(op_operand(value->op, 0));
        name = object.value ? object.value->name : object.global ? object.global->name : NULL;
    }
    return name ? intern_format(in->gradient->module->strings, "%s_before", name) : "before";
}

static Op *forward_loop(const Insertion *in, const Op *loop)
{
    return in->forward[loop_counter(loop)->id]->region->owner;
}

enum { PEELED = 16 }; /* loops that compilers unroll altogether, and then look at each element */

static bool is_parameter(const Value *array)
{
    return !array->op;
}

/* Do compilers see that every element is written? Not what is written on one branch, in a loop that may not run, or in a
 * short loop that may end early: they are read only where they were written, but that takes following the condition. */
static bool is_seen_filled(const Cache *cache, int64_t count)
{
    if (cache->copy)
        return !is_parameter(cache->copy->array);
    if (cache->region->owner->kind == OP_IF || cache->only_if)
        return false;
    for (unsigned i = 0; i < cache->num_loops && count <= PEELED; i++) {
        const Op *loop = cache->loops[i];
        if (loop->kind == OP_WHILE || !value_is_const(op_operand(loop, 0)) ||
            !value_is_const(op_operand(loop, 1)) || (i && loop->parent->owner != cache->loops[i - 1]) ||
            (!i && loop->parent->owner))
            return false;
    }
    return true;
}

static const Type *cache_type(const Cache *cache)
{
    return cache->copy ? cache->copy->array->type->elem : cache->primal->type;
}

static void make_table(Insertion *in, Cache *cache)
{
    Builder b = builder_before(in->gradient->body->first);
    Value *extents[MAX_CACHE_LOOPS + 1];
    const Type *type_int = type_scalar(in->gradient->module->types, TYPE_INT);
    for (unsigned i = 0; i < cache->num_loops; i++)
        extents[i] = build_int(&b, type_int, cache->extents[i] ? cache->extents[i] : 1);
    unsigned rank = cache->num_loops;
    if (cache->copy)
        extents[rank++] = build_int(&b, type_int, cache->copy->count);
    cache->is_table = true;
    cache->place = build_alloca(&b, cache_type(cache), extents, rank, cache_name(in, cache));
    int64_t count = cache->copy ? cache->copy->count : 1;
    for (unsigned i = 0; i < cache->num_loops; i++)
        count *= cache->extents[i] ? cache->extents[i] : 1;
    if (!is_seen_filled(cache, count))
        build_fill_zero(&b, cache->place, build_int(&b, type_int, count));
}

static Value *product(Builder *b, Value *a, Value *c)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    return build_binary(b, OP_MUL, build_convert(b, a, type), build_convert(b, c, type));
}

/* The sum, if it is positive; else 0. */
static Value *build_affine(Insertion *in, Builder *b, const Affine *sum)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    Value *total = NULL;
    for (unsigned i = 0; i < sum->count; i++) {
        if (sum->coefficients[i] == 0)
            continue;
        Value *term = build_convert(b, in->forward[sum->values[i]->id], type);
        if (sum->coefficients[i] != 1)
            term = build_binary(b, OP_MUL, term, build_int(b, type, sum->coefficients[i]));
        total = total ? build_binary(b, OP_ADD, total, term) : term;
    }
    Value *offset = build_int(b, type, sum->offset);
    total = total ? build_binary(b, OP_ADD, total, offset) : offset;
    Value *zero = build_zero(b, type);
    return build_select(b, build_binary(b, OP_GT, total, zero), total, zero);
}

static Value *extent_before(Insertion *in, Builder *b, const Op *loop, const Op *position)
{
    Affine most;
    if (loop->kind == OP_WHILE || loop_bounds_known_before(loop, position))
        return loop_extent(b, loop, forward_value, in);
    if (!affine_trip_bound(loop, position, &most))
        internal_error("caches", "an array that cannot be sized");
    return build_affine(in, b, &most);
}

/* The loop before which the array is made: the outermost one, or a fused or replayed loop around it; NULL: it is made where it
 * is filled. */
static const Op *array_position(const Insertion *in, const Cache *cache)
{
    const Op *position = cache->outermost;
    for (;;) {
        const Region *root = root_of(in->reversal, position ? position->parent : cache->region);
        if (!root->owner || root->owner->kind == OP_IF || !cache_is_sized_before(in->reversal, cache, root->owner))
            return position;
        position = root->owner;
        if (position == in->replayed)
            return position;
    }
}

/* The number of elements. */
static Value *copy_width(Builder *b, const ArrayCopy *copy, ValueOf *value_of, void *context)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    if (copy->count >= 0)
        return build_int(b, type, copy->count);
    Value *width = NULL;
    for (unsigned i = 0; i < copy->num_extents; i++) {
        Value *extent = copy->extents[i];
        extent = value_is_const(extent) ? build_int(b, type, extent->op->int_value) : value_of(context, extent);
        if (type_is_signed(b->function->module->types, extent->type) && !value_is_const(extent)) {
            Value *zero = build_zero(b, extent->type);
            extent = build_select(b, build_binary(b, OP_GT, extent, zero), extent, zero);
        }
        extent = build_convert(b, extent, type);
        width = width ? product(b, width, extent) : extent;
    }
    return width;
}

static void make_heap_array(Insertion *in, Cache *cache)
{
    const Op *position = array_position(in, cache);
    Op *before = position ? forward_loop(in, position) : in->forward[cache->copy->mark->results[0]->id]->op;
    Builder b = builder_before(before);
    Value *count = cache->copy ? copy_width(&b, cache->copy, forward_value, in) : NULL;
    for (unsigned i = cache->num_loops; i-- > 0;) {
        Value *extent = extent_before(in, &b, cache->loops[i], position);
        if (is_root(in->reversal, position->parent))
            cache->sizes[i] = extent;
        count = count ? product(&b, extent, count) : extent;
    }
    if (cache->only_if)
        count = build_select(&b, cache->only_if, build_convert(&b, count, type_scalar(b.function->module->types, TYPE_LONG)),
                             build_zero(&b, type_scalar(b.function->module->types, TYPE_LONG)));
    Value *array = build_alloc(&b, cache_type(cache), count, cache_name(in, cache));
    cache->place = array;
    const bool in_front = position && position == in->replayed;
    const HeapCache heap = {array, in_front ? NULL : root_of(in->reversal, position ? position->parent : cache->region),
                            in_front ? position : NULL};
    vec_push(in->reversal->arena, &in->caches->heap, heap);
}

Value *cache_address(Builder *b, const Cache *cache, ValueOf *value_of, void *context)
{
    Value *indices[MAX_CACHE_LOOPS + 1] = {NULL}, *extents[MAX_CACHE_LOOPS];
    for (unsigned i = 0; i < cache->num_loops; i++)
        indices[i] = loop_iteration(b, cache->loops[i], value_of, context);
    if (cache->is_table) {
        const Type *type_int = type_scalar(b->function->module->types, TYPE_INT);
        for (unsigned i = 1; i < cache->num_loops; i++)
            extents[i - 1] = build_int(b, type_int, cache->extents[i] ? cache->extents[i] : 1);
        if (!cache->copy)
            return build_index_n(b, cache->place, indices, extents, cache->num_loops);
        if (cache->num_loops) {
            extents[cache->num_loops - 1] = build_int(b, type_int, cache->copy->count);
            indices[cache->num_loops] = build_int(b, type_int, 0);
            return build_index_n(b, cache->place, indices, extents, cache->num_loops + 1);
        }
    }
    Value *index = indices[0];
    if (!index)
        return cache->place;
    for (unsigned i = 1; i < cache->num_loops; i++) {
        Value *size = cache->sizes[i] ? cache->sizes[i] : loop_extent(b, cache->loops[i], value_of, context);
        index = product(b, index, size);
        Value *next = indices[i];
        if (next->type != index->type) {
            const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
            index = build_convert(b, index, type);
            next = build_convert(b, next, type);
        }
        index = build_binary(b, OP_ADD, index, next);
    }
    if (cache->copy)
        index = product(b, index, copy_width(b, cache->copy, value_of, context));
    return build_index(b, cache->place, index);
}

static Builder after_definition(Value *value)
{
    if (value->op && value->op->next) {
        Builder b = builder_before(value->op->next);
        b.loc = value->op->loc;
        return b;
    }
    return builder_before(value->region->first);
}

static void make_array(Insertion *in, Cache *cache)
{
    cache->kind = CACHE_ARRAY;
    if (cache_is_small_table(cache))
        make_table(in, cache);
    else
        make_heap_array(in, cache);
}

/* What is kept only sometimes. */
static Op *open_test(const Cache *cache, Builder *b)
{
    Op *test = cache->only_if ? build_if(b, cache->only_if, NULL, 0) : NULL;
    if (test)
        *b = builder_at_end(test->regions[0]);
    return test;
}

static void close_test(Op *test, Builder *b)
{
    if (!test)
        return;
    build_yield(b, NULL, 0);
    *b = builder_at_end(test->regions[1]);
    build_yield(b, NULL, 0);
}

static void insert_array(Insertion *in, Cache *cache)
{
    make_array(in, cache);
    Value *value = in->forward[cache->primal->id];
    Builder b = after_definition(value);
    Op *test = open_test(cache, &b);
    build_store(&b, cache_address(&b, cache, forward_value, in), value);
    close_test(test, &b);
}

/* ---- the tape ---- */

static TapeRecord *record_of(Insertion *in, const Region *region)
{
    Caches *caches = in->caches;
    for (size_t i = 0; i < caches->records.count; i++)
        if (caches->records.items[i].region == region)
            return &caches->records.items[i];
    const TapeRecord record = {.region = region};
    vec_push(in->reversal->arena, &caches->records, record);
    return &caches->records.items[caches->records.count - 1];
}

static void find_paired_call(Op *op, void *context)
{
    bool *found = context;
    const Pair *pair = call_is_recursive(op) ? pair_of(op) : NULL;
    *found = *found || (pair && pair->kind == PAIR_SWEEPS);
}

static void make_tape(Insertion *in)
{
    Builder b = builder_before(in->gradient->body->first);
    in->caches->tape = build_tape(&b, "tape");
}

static void insert_record(Insertion *in, size_t number)
{
    const TapeRecord *record = &in->caches->records.items[number];
    const size_t n = record->values.count;
    Value **values = arena_new_array(in->reversal->arena, Value *, n);
    for (size_t k = 0; k < n; k++)
        values[k] = in->forward[record->values.items[k]->id];
    Op *end = region_terminator(value_region(values[0]));
    Builder b = builder_before(end);
    build_tape_push(&b, in->caches->tape, values, (unsigned)n);
    end->prev->int_value = (int64_t)number + 1;
}

/* Those from number `first` on. */
static void insert_records(Insertion *in, size_t first)
{
    Caches *caches = in->caches;
    bool needed = caches->records.count > first;
    if (!in->replayed)
        region_walk(in->reversal->primal->body, find_paired_call, &needed);
    if (needed && !caches->tape)
        make_tape(in);
    for (size_t i = first; i < caches->records.count; i++)
        insert_record(in, i);
}

/* ---- all of them ---- */

static void insert_cache(Insertion *in, const Plan *plan, Value *primal)
{
    Cache cache;
    const bool few = cache_of_value(in->reversal, primal, &cache);
    if (plan->how[primal->id] == AVAILABLE_UNLESS_OVERLAPPING)
        cache.only_if = overlap_test(in->reversal, plan->overlap[primal->id], in->forward[primal->id]->op, in->forward);
    if (few && !cache.outermost) {
        cache.kind = CACHE_EXPORT;
        cache.place = export_value(in, in->forward[primal->id], root_of(in->reversal, value_region(primal)));
    } else if (few && cache_is_array(in->reversal, &cache)) {
        insert_array(in, &cache);
    } else {
        cache.kind = CACHE_TAPE;
        TapeRecord *record = record_of(in, value_region(primal));
        vec_push(in->reversal->arena, &record->values, primal);
    }
    vec_push(in->reversal->arena, &in->caches->list, cache);
}

/* A local array is copied as a whole, even if only part of it has been written: the rest is zero then, and not anything. */
static void fill_local(const Insertion *in, const ArrayCopy *copy)
{
    Value *array = in->forward[copy->array->id];
    const Op *next = array->op ? array->op->next : NULL;
    while (next && next->kind == OP_CONST)
        next = next->next;
    const bool is_zero = next && next->kind == OP_ZERO && op_operand(next, 0) == array; /* for another copy of it */
    if (copy->array->op == NULL || copy->array->op->kind != OP_ALLOCA || copy->count < 0 || is_zero || array_copy_is_filled(copy))
        return;
    Builder b = builder_before(array->op->next);
    b.loc = array->op->loc;
    build_fill_zero(&b, array, build_int(&b, type_scalar(b.function->module->types, TYPE_LONG), copy->count));
}

/* A parameter may be a null pointer where the function does not look at it: in loops that do not run, say. */
static void insert_array_copy(Insertion *in, const ArrayCopy *copy)
{
    Cache cache;
    cache_of_copy(in->reversal, copy, &cache);
    make_array(in, &cache);
    fill_local(in, copy);
    Op *mark = in->forward[copy->mark->results[0]->id]->op;
    Builder b = builder_before(mark);
    b.loc = mark->loc;
    Value *array = in->forward[copy->array->id];
    cache.only_if = is_parameter(copy->array) ? build_binary(&b, OP_NE, array, build_zero(&b, array->type)) : NULL;
    Op *test = open_test(&cache, &b);
    build_copy(&b, cache_address(&b, &cache, forward_value, in), array,
               copy_width(&b, copy, forward_value, in));
    close_test(test, &b);
    op_erase(mark);
    vec_push(in->reversal->arena, &in->caches->list, cache);
}

/* Out of the ifs around it, to where it is freed. */
static void export_heap_array(Insertion *in, HeapCache *heap)
{
    Value *array = heap->array;
    if (heap->replayed)
        return;
    heap->array = export_value(in, array, heap->root);
    for (size_t i = 0; i < in->caches->list.count; i++)
        if (in->caches->list.items[i].place == array)
            in->caches->list.items[i].place = heap->array;
}

static bool is_for(const Insertion *in, const Region *region)
{
    return replayed_around(in->reversal, region) == in->replayed;
}

Caches *caches_new(const Reversal *reversal)
{
    return arena_new(reversal->arena, Caches);
}

void caches_insert(Caches *caches, const Reversal *reversal, const Plan *plan, Function *gradient, Value **forward,
                   const Op *replayed)
{
    Insertion in = {reversal, gradient, forward, caches, replayed};
    const size_t first_record = caches->records.count, first_heap = caches->heap.count;
    for (size_t i = 0; i < plan->copies.count; i++)
        if (plan->copies.items[i]->is_taken && is_for(&in, plan->copies.items[i]->region))
            insert_array_copy(&in, plan->copies.items[i]);
    for (size_t i = 0; i < plan->cached.count; i++)
        if (is_for(&in, value_region(plan->cached.items[i])))
            insert_cache(&in, plan, plan->cached.items[i]);
    insert_records(&in, first_record);
    for (size_t i = first_heap; i < caches->heap.count; i++)
        export_heap_array(&in, &caches->heap.items[i]);
}

const Cache *cache_find(const Caches *caches, const Value *value)
{
    for (size_t i = 0; i < caches->list.count; i++)
        if (caches->list.items[i].primal == value)
            return &caches->list.items[i];
    return NULL;
}

const Cache *cache_find_copy(const Caches *caches, const ArrayCopy *copy)
{
    for (size_t i = 0; i < caches->list.count; i++)
        if (caches->list.items[i].copy == copy)
            return &caches->list.items[i];
    return NULL;
}

const TapeRecord *record_find(const Caches *caches, const Region *region)
{
    for (size_t i = 0; i < caches->records.count; i++)
        if (caches->records.items[i].region == region)
            return &caches->records.items[i];
    return NULL;
}

bool op_has_records(const Caches *caches, const Op *op)
{
    for (size_t i = 0; i < caches->records.count; i++)
        for (unsigned r = 0; r < op->num_regions; r++)
            if (region_contains(op->regions[r], caches->records.items[i].region))
                return true;
    return false;
}
