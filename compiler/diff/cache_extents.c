/* How many elements a cache has: from the bounds of the loops around it. */
#include "diff/caches.h"

#include "analysis/affine.h"
#include "analysis/range.h"
#include "diff/strategy.h"
#include "ir/trip_count.h"

enum { MAX_TABLE_ELEMENTS = 1024 };

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

static bool find_loops(const Reversal *reversal, Cache *cache)
{
    const Op *found[MAX_CACHE_LOOPS];
    const Region *region = cache->region;
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
    return true;
}

bool cache_of_value(const Reversal *reversal, Value *primal, Cache *cache)
{
    *cache = (Cache){.primal = primal, .region = value_region(primal)};
    if (!find_loops(reversal, cache))
        return false;
    drop_loops(reversal, cache);
    return true;
}

bool cache_of_copy(const Reversal *reversal, const ArrayCopy *copy, Cache *cache)
{
    *cache = (Cache){.copy = copy, .region = copy->region};
    return find_loops(reversal, cache);
}

bool loop_bounds_known_before(const Op *loop, const Op *outermost)
{
    for (unsigned k = 0; k < 2; k++)
        if (value_is_inside(outermost, op_operand(loop, k)) && !value_is_const(op_operand(loop, k)))
            return false;
    return true;
}

bool cache_is_sized_before(const Reversal *reversal, const Cache *cache, const Op *outermost)
{
    if (cache->copy && !array_copy_is_sized_before(cache->copy, outermost))
        return false;
    for (unsigned i = 0; i < cache->num_loops; i++) {
        const Op *loop = cache->loops[i];
        Affine most;
        if (loop->kind == OP_WHILE) {
            if (while_bound(loop) < 0 || while_bound(loop) > MAX_TABLE_ELEMENTS)
                return false;
        } else if (!loop_bounds_known_before(loop, outermost)) {
            if (!is_root(reversal, outermost->parent) || !affine_trip_bound(loop, outermost, &most))
                return false;
        }
    }
    return true;
}

bool cache_is_small_table(Cache *cache)
{
    int64_t total = cache->copy ? cache->copy->count : 1;
    if (total < 0 || total > MAX_TABLE_ELEMENTS)
        return false;
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

/* An array would have to be allocated in each call where the reverse sweep is a function of its own: a record per iteration
 * goes on the tape of all calls. */
static bool outlives_call(const Reversal *reversal, const Cache *cache)
{
    return reversal->is_pair && !root_of(reversal, cache->region)->owner;
}

bool cache_is_array(const Reversal *reversal, Cache *cache)
{
    return cache->outermost && !outlives_call(reversal, cache) &&
           (cache_is_small_table(cache) || cache_is_sized_before(reversal, cache, cache->outermost));
}

bool cache_is_heap_array(const Reversal *reversal, Value *primal)
{
    Cache cache;
    return cache_of_value(reversal, primal, &cache) && cache_is_array(reversal, &cache) && !cache_is_small_table(&cache);
}
