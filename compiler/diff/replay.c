/* Whether a loop is replayed.
 *
 * Problem. A stored loop keeps numbers for each iteration: that takes time, and memory that grows with the loop. One that is
 * replayed computes them again.
 *
 * Algorithm. Where nothing that is kept grows with the loop there is nothing to gain. Else it is replayed
 *   - if the ops of the slice cost less than what they replace: keeping values, and computing or reading others again. What
 *     is kept inside of inner loops is kept there still, for one iteration, in memory that stays in the processor's cache;
 *   - or if it is a loop over data: what is kept would grow with the loop, but nothing that has an adjoint does. For
 *
 *         for (i < n) for (j < d) { z = x[i][j] * w[j]; ... }
 *
 *     w has d elements, and the gradient should not take n numbers for that. The time of the loop at most doubles: loops
 *     inside, which run again with it, are not replayed for that reason once more.
 *
 * Requires: the plan with the loop stored. */
#include "diff/replay.h"

#include "analysis/affine.h"
#include "diff/caches.h"
#include "diff/prices.h"
#include "diff/strategy.h"

typedef struct Weighing {
    const Reversal *reversal;
    const Plan *plan;
    const Op *loop;
    const Slice *slice;
    double saved, spent;
    bool grows;     /* something that is kept */
    bool grows_out; /* ... beyond what has adjoints */
} Weighing;

/* ---- what grows ---- */

/* Is each iteration of each of these loops at an element of its own? Not asked of loops around the one that is weighed. */
static bool has_own_elements(const Weighing *w, const Value *address, const Cache *cache)
{
    for (unsigned i = 0; i < cache->num_loops; i++) {
        bool found = cache->loops[i] != w->loop && !region_contains(loop_body(w->loop), cache->loops[i]->parent);
        for (const Op *op = address->op; op && op->kind == OP_INDEX && !found; op = op_operand(op, 0)->op)
            for (unsigned k = 1; k < op->num_operands; k += 2) {
                const Affine index = affine_of(op_operand(op, k));
                found = found || affine_coefficient(&index, loop_counter(cache->loops[i])) != 0;
            }
        if (!found)
            return false;
    }
    return true;
}

typedef struct ElementSearch {
    const Weighing *w;
    const Cache *cache;
    bool found;
} ElementSearch;

static void check_access(Op *op, void *context)
{
    ElementSearch *search = context;
    const bool accesses = op->kind == OP_LOAD || op->kind == OP_STORE || op->kind == OP_ACCUMULATE;
    if (accesses && op_is_reversed(search->w->reversal, op))
        search->found = search->found || has_own_elements(search->w, op_operand(op, 0), search->cache);
}

/* Does memory with derivatives grow like the cache? */
static bool adjoints_grow(const Weighing *w, const Cache *cache)
{
    ElementSearch search = {w, cache, false};
    region_walk(loop_body(w->loop), check_access, &search);
    return search.found;
}

static void weigh_growth(Weighing *w, Cache *cache, bool few)
{
    bool with_loop = !few;
    for (unsigned i = 0; i < cache->num_loops; i++)
        with_loop = with_loop || cache->loops[i] == w->loop;
    if (!with_loop || (few && cache_is_small_table(cache)))
        return;
    w->grows = true;
    if (!few || !adjoints_grow(w, cache))
        w->grows_out = true;
}

/* ---- what costs ---- */

/* Once per iteration, not in a loop inside. */
static bool is_once(const Weighing *w, const Region *region)
{
    for (; region->owner != w->loop; region = region->owner->parent)
        if (op_is_loop(region->owner->kind))
            return false;
    return true;
}

static void weigh_value(Weighing *w, Value *value)
{
    const Region *region = value_region(value);
    const double weight = region_weight(region);
    const bool once = is_once(w, region);
    Cache cache;
    switch (w->plan->how[value->id]) {
    case AVAILABLE_CACHED:
    case AVAILABLE_UNLESS_OVERLAPPING:
        weigh_growth(w, &cache, cache_of_value(w->reversal, value, &cache));
        w->saved += weight * (once ? CACHE_COST : CACHE_COST - EXPORT_COST);
        return;
    case AVAILABLE_RECOMPUTED:
        if (once && value->op && !type_is_pointer(value->type))
            w->saved += weight * op_table[value->op->kind].cost;
        return;
    case AVAILABLE_RELOADED:
    case AVAILABLE_COPIED:
        w->saved += once ? weight * op_table[OP_LOAD].cost : 0;
        return;
    case AVAILABLE_NOT:
    case AVAILABLE_IN_SCOPE:
    case AVAILABLE_COUNTER:
        return;
    }
}

static void weigh_op(Op *op, void *context)
{
    Weighing *w = context;
    for (unsigned i = 0; i < op->num_results; i++)
        weigh_value(w, op->results[i]);
    for (unsigned r = 0; r < op->num_regions; r++)
        for (size_t i = 0; i < op->regions[r]->args.count; i++)
            weigh_value(w, op->regions[r]->args.items[i]);
}

static void weigh_slice(Op *op, void *context)
{
    Weighing *w = context;
    const bool is_free = op->num_results == 1 && type_is_pointer(op->results[0]->type) && op->kind != OP_LOAD;
    if (!is_free && slice_has(w->reversal, w->slice, op))
        w->spent += region_weight(op->parent) * op_table[op->kind].cost;
}

static void weigh_copies(Weighing *w)
{
    for (size_t i = 0; i < w->plan->copies.count; i++) {
        const ArrayCopy *copy = w->plan->copies.items[i];
        Cache cache;
        if (!copy->is_taken || !region_contains(loop_body(w->loop), copy->region))
            continue;
        weigh_growth(w, &cache, cache_of_copy(w->reversal, copy, &cache));
        if (is_once(w, copy->region))
            w->saved += COPY_COST * copy->size * region_weight(copy->region);
    }
}

Replay replay_choose(const Reversal *reversal, const Plan *stored, Op *loop)
{
    Weighing w = {.reversal = reversal, .plan = stored, .loop = loop};
    Region *body = loop_body(loop);
    for (size_t i = 0; stored && i < body->args.count; i++)
        weigh_value(&w, body->args.items[i]);
    if (stored) {
        region_walk(body, weigh_op, &w);
        weigh_copies(&w);
        if (!w.grows)
            return (Replay){NULL, "it keeps nothing that grows with it"};
    }
    w.slice = slice_compute(reversal, loop);
    if (w.slice->obstacle)
        return (Replay){NULL, w.slice->obstacle};
    region_walk(body, weigh_slice, &w);
    if (!stored)
        return (Replay){w.slice, "it may be"};
    if (w.spent <= w.saved)
        return (Replay){w.slice, "that costs less than keeping what its reverse needs"};
    if (w.grows_out && replayed_around(reversal, loop->parent))
        return (Replay){NULL, "it runs again already, with a loop around it"};
    if (w.grows_out)
        return (Replay){w.slice, "what it would keep grows with it, while nothing that has an adjoint does"};
    return (Replay){NULL, "keeping what it needs costs less than computing that again"};
}
