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
} Insertion;

/* ---- loops ---- */

static bool has_constant_false(const Op *op)
{
    return value_is_int(op_operand(region_terminator(op->regions[1]), 0), 0);
}

/* A comparison that a running iteration has passed: counter < constant. */
static int64_t bound_of_comparison(const Op *loop, const Op *test)
{
    const Value *arg = op_operand(test, 0), *limit = op_operand(test, 1);
    if ((test->kind != OP_LT && test->kind != OP_LE) || arg->region != loop->regions[0] ||
        !value_is_const(limit) || !type_is_integer(arg->type))
        return -1;
    const Value *init = loop_carried_init(loop, arg->index);
    const Op *next = loop_carried_next(loop, arg->index)->op;
    if (!value_is_const(init) || !next || next->kind != OP_ADD ||
        op_operand(next, 0) != loop_body(loop)->args.items[arg->index] ||
        !value_is_const(op_operand(next, 1)))
        return -1;
    const int64_t step = op_operand(next, 1)->op->int_value;
    if (step <= 0 || next->parent != loop_body(loop))
        return -1;
    const int64_t end = limit->op->int_value + (test->kind == OP_LE);
    const int64_t distance = end - init->op->int_value;
    return distance <= 0 ? 0 : (distance + step - 1) / step;
}

static int64_t smaller_bound(int64_t a, int64_t b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* The condition is a conjunction: each of its parts bounds the loop. */
static int64_t bound_of_condition(const Op *loop, const Value *condition, unsigned depth)
{
    const Op *op = condition->op;
    if (!op || depth > 32)
        return -1;
    if (op->kind == OP_LAND)
        return smaller_bound(bound_of_condition(loop, op_operand(op, 0), depth + 1),
                             bound_of_condition(loop, op_operand(op, 1), depth + 1));
    if (op->kind == OP_IF && has_constant_false(op))
        return smaller_bound(
            bound_of_condition(loop, op_operand(op, 0), depth + 1),
            bound_of_condition(loop, op_operand(region_terminator(op->regions[0]), condition->index),
                               depth + 1));
    return op->num_operands == 2 ? bound_of_comparison(loop, op) : -1;
}

int64_t while_bound(const Op *loop)
{
    return bound_of_condition(loop, op_operand(region_terminator(loop->regions[0]), 0), 0);
}

static int64_t step_of(const Op *loop)
{
    return op_operand(loop, 2)->op->int_value;
}

/* A bound of a loop; a constant is made anew, since it may stand inside an outer loop. */
static Value *bound(Builder *b, const Op *loop, unsigned operand, ValueOf *value_of, void *context)
{
    Value *value = op_operand(loop, operand);
    return value_is_const(value) ? build_int(b, value->type, value->op->int_value)
                                 : value_of(context, value);
}

Value *loop_iteration(Builder *b, const Op *loop, ValueOf *value_of, void *context)
{
    if (loop->kind == OP_WHILE)
        return value_of(context, loop_carried_arg(loop, while_counter(loop)));
    return build_iteration(b, value_of(context, loop->regions[0]->args.items[0]),
                           bound(b, loop, 0, value_of, context), step_of(loop));
}

Value *loop_extent(Builder *b, const Op *loop, ValueOf *value_of, void *context)
{
    if (loop->kind == OP_WHILE)
        return build_int(b, type_scalar(b->function->module->types, TYPE_LONG), while_bound(loop));
    return build_trip_count(b, loop->compare, bound(b, loop, 0, value_of, context),
                            bound(b, loop, 1, value_of, context), step_of(loop));
}

/* The largest number of iterations that the constant ranges of the bounds allow; -1: not known. In a
 * triangular loop it is that of the longest row. */
static int64_t constant_extent(const Op *loop)
{
    if (loop->kind == OP_WHILE)
        return while_bound(loop);
    IntRange lower, upper;
    if (!integer_range(op_operand(loop, 0), &lower) || !integer_range(op_operand(loop, 1), &upper))
        return -1;
    const int64_t step = step_of(loop), size = step > 0 ? step : -step;
    const bool inclusive = loop->compare == OP_LE || loop->compare == OP_GE;
    const int64_t span = step > 0 ? upper.high - lower.low : lower.high - upper.low;
    const int64_t distance = span + (inclusive ? size : size - 1);
    return distance <= 0 ? 0 : distance / size;
}

/* In all iterations of the loop, the rest being equal, it is the same number. */
static bool is_same_in(const Reversal *reversal, const Value *value, const Op *loop)
{
    return value->op && value->op->kind == OP_LOAD && load_is_invariant(reversal->reloads, value->op, loop);
}

/* One element for all iterations of a loop that does not matter; of the last loop there is always one for each. */
static void drop_loops(const Reversal *reversal, Cache *cache)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < cache->num_loops; i++)
        if ((i == cache->num_loops - 1 && kept == 0) || !is_same_in(reversal, cache->primal, cache->loops[i]))
            cache->loops[kept++] = cache->loops[i];
    cache->num_loops = kept;
}

/* The loops around the value, up to its root, outermost first; false if there are too many for an array. */
static bool loops_around(const Reversal *reversal, Cache *cache)
{
    const Op *found[MAX_CACHE_LOOPS];
    const Region *region = value_region(cache->primal);
    cache->num_loops = 0;
    for (; !is_root(reversal, region); region = region->owner->parent) {
        if (!op_is_loop(region->owner->kind))
            continue;
        if (cache->num_loops == MAX_CACHE_LOOPS)
            return false;
        found[cache->num_loops++] = region->owner;
    }
    for (unsigned i = 0; i < cache->num_loops; i++)
        cache->loops[i] = found[cache->num_loops - 1 - i];
    cache->outermost = cache->num_loops ? cache->loops[0] : NULL;
    drop_loops(reversal, cache);
    return true;
}

static bool bounds_known_before(const Op *loop, const Op *outermost)
{
    for (unsigned k = 0; k < 2; k++)
        if (value_is_inside(outermost, op_operand(loop, k)) && !value_is_const(op_operand(loop, k)))
            return false;
    return true;
}

/* Can a heap array be sized before `outermost`, the outermost loop or one around it? In a triangular loop by the longest
 * row. */
static bool extents_known_before(const Reversal *reversal, const Cache *cache, const Op *outermost)
{
    for (unsigned i = 0; i < cache->num_loops; i++) {
        const Op *loop = cache->loops[i];
        Affine most;
        if (loop->kind == OP_WHILE) {
            if (while_bound(loop) < 0 || while_bound(loop) > MAX_TABLE_ELEMENTS)
                return false;
        } else if (!bounds_known_before(loop, outermost)) {
            if (!is_root(reversal, outermost->parent) || !affine_trip_bound(loop, outermost, &most))
                return false;
        }
    }
    return true;
}

static bool is_small_table(Cache *cache)
{
    int64_t total = 1;
    for (unsigned i = 0; i < cache->num_loops; i++) {
        cache->extents[i] = constant_extent(cache->loops[i]);
        if (cache->extents[i] < 0 || cache->extents[i] > MAX_TABLE_ELEMENTS)
            return false;
        total *= cache->extents[i] ? cache->extents[i] : 1;
        if (total > MAX_TABLE_ELEMENTS)
            return false;
    }
    return true;
}

/* ---- export ---- */

/* Makes a value of the forward sweep a result of the ifs around it, up to its root. */
static Value *export_value(Value *value)
{
    return build_out_of_ifs(value, value_region(value), 0);
}

/* ---- arrays ---- */

static Value *forward_value(void *context, Value *primal)
{
    const Insertion *in = context;
    return in->forward[primal->id];
}

static const char *cache_name(const Insertion *in, const Value *value)
{
    const char *name = value->name;
    if (!name && value->op && value->op->kind == OP_LOAD) {
        const Object object = pointer_object(op_operand(value->op, 0));
        name = object.value ? object.value->name : object.global ? object.global->name : NULL;
    }
    return name ? intern_format(in->gradient->module->strings, "%s_before", name) : "before";
}

static Op *forward_loop(const Insertion *in, const Op *loop)
{
    return in->forward[loop_body(loop)->args.items[0]->id]->region->owner;
}

enum { PEELED = 16 }; /* loops that compilers unroll altogether, and then look at each element */

/* Do compilers see that every element is written? Not what is written on one branch, in a loop that may not run, or in a
 * short loop that may end early: they are read only where they were written, but that takes following the condition. */
static bool is_seen_filled(const Cache *cache, int64_t count)
{
    if (value_region(cache->primal)->owner->kind == OP_IF)
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

static void make_table(Insertion *in, Cache *cache)
{
    Builder b = builder_before(in->gradient->body->first);
    Value *extents[MAX_CACHE_LOOPS];
    const Type *type_int = type_scalar(in->gradient->module->types, TYPE_INT);
    for (unsigned i = 0; i < cache->num_loops; i++)
        extents[i] = build_int(&b, type_int, cache->extents[i] ? cache->extents[i] : 1);
    cache->is_table = true;
    cache->place = build_alloca(&b, cache->primal->type, extents, cache->num_loops,
                                cache_name(in, cache->primal));
    int64_t count = 1;
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
    if (loop->kind == OP_WHILE || bounds_known_before(loop, position))
        return loop_extent(b, loop, forward_value, in);
    if (!affine_trip_bound(loop, position, &most))
        internal_error("caches", "an array that cannot be sized");
    return build_affine(in, b, &most);
}

/* The loop before which the array is made: the outermost one, or a fused loop around it. */
static const Op *array_position(const Insertion *in, const Cache *cache)
{
    const Op *position = cache->outermost;
    for (;;) {
        const Region *root = root_of(in->reversal, position->parent);
        if (!root->owner || !extents_known_before(in->reversal, cache, root->owner))
            return position;
        position = root->owner;
    }
}

static void make_heap_array(Insertion *in, Cache *cache)
{
    const Op *position = array_position(in, cache);
    Builder b = builder_before(forward_loop(in, position));
    Value *count = NULL;
    for (unsigned i = 0; i < cache->num_loops; i++) {
        Value *extent = extent_before(in, &b, cache->loops[i], position);
        if (is_root(in->reversal, position->parent))
            cache->sizes[i] = extent;
        count = count ? product(&b, count, extent) : extent;
    }
    Value *array = build_alloc(&b, cache->primal->type, count, cache_name(in, cache->primal));
    cache->place = array;
    const HeapCache heap = {array, root_of(in->reversal, position->parent)};
    vec_push(in->reversal->arena, &in->caches->heap, heap);
}

Value *cache_address(Builder *b, const Cache *cache, ValueOf *value_of, void *context)
{
    Value *indices[MAX_CACHE_LOOPS] = {NULL}, *extents[MAX_CACHE_LOOPS];
    for (unsigned i = 0; i < cache->num_loops; i++)
        indices[i] = loop_iteration(b, cache->loops[i], value_of, context);
    if (cache->is_table) {
        const Type *type_int = type_scalar(b->function->module->types, TYPE_INT);
        for (unsigned i = 1; i < cache->num_loops; i++)
            extents[i - 1] = build_int(b, type_int, cache->extents[i] ? cache->extents[i] : 1);
        return build_index_n(b, cache->place, indices, extents, cache->num_loops);
    }
    Value *index = indices[0];
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

static void insert_array(Insertion *in, Cache *cache)
{
    if (is_small_table(cache))
        make_table(in, cache);
    else
        make_heap_array(in, cache);
    Value *value = in->forward[cache->primal->id];
    Builder b = after_definition(value);
    build_store(&b, cache_address(&b, cache, forward_value, in), value);
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
    *found = *found || (call_is_recursive(op) && pair_of(op));
}

static void insert_records(Insertion *in)
{
    Caches *caches = in->caches;
    bool calls = false;
    region_walk(in->reversal->primal->body, find_paired_call, &calls);
    if (caches->records.count == 0 && !calls)
        return;
    Builder b = builder_before(in->gradient->body->first);
    caches->tape = build_tape(&b, "tape");
    for (size_t i = 0; i < caches->records.count; i++) {
        const TapeRecord *record = &caches->records.items[i];
        const size_t n = record->values.count;
        Value **values = arena_new_array(in->reversal->arena, Value *, n);
        for (size_t k = 0; k < n; k++)
            values[k] = in->forward[record->values.items[k]->id];
        Op *end = region_terminator(value_region(values[0]));
        b = builder_before(end);
        build_tape_push(&b, caches->tape, values, (unsigned)n);
        end->prev->int_value = (int64_t)i + 1;
    }
}

/* ---- all of them ---- */

static void insert_cache(Insertion *in, Value *primal)
{
    Cache cache = {.primal = primal};
    const bool few = loops_around(in->reversal, &cache);
    if (few && !cache.outermost) {
        cache.kind = CACHE_EXPORT;
        cache.place = export_value(in->forward[primal->id]);
    } else if (few && (is_small_table(&cache) || extents_known_before(in->reversal, &cache, cache.outermost))) {
        cache.kind = CACHE_ARRAY;
        insert_array(in, &cache);
    } else {
        cache.kind = CACHE_TAPE;
        TapeRecord *record = record_of(in, value_region(primal));
        vec_push(in->reversal->arena, &record->values, primal);
    }
    vec_push(in->reversal->arena, &in->caches->list, cache);
}

Caches *caches_insert(const Reversal *reversal, const Plan *plan, Function *gradient,
                      Value **forward)
{
    Caches *caches = arena_new(reversal->arena, Caches);
    Insertion in = {reversal, gradient, forward, caches};
    for (size_t i = 0; i < plan->cached.count; i++)
        insert_cache(&in, plan->cached.items[i]);
    insert_records(&in);
    for (size_t i = 0; i < caches->heap.count; i++) {
        Value *array = caches->heap.items[i].array, *exported = export_value(array);
        caches->heap.items[i].array = exported;
        for (size_t k = 0; k < caches->list.count; k++)
            if (caches->list.items[k].place == array)
                caches->list.items[k].place = exported;
    }
    return caches;
}

const Cache *cache_find(const Caches *caches, const Value *value)
{
    for (size_t i = 0; i < caches->list.count; i++)
        if (caches->list.items[i].primal == value)
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
