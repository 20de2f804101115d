/* The strategy of each loop, branch and recursive call.
 *
 * Problem. With a forward and a reverse loop everything that the reverse one needs is kept for all iterations, or
 * computed twice. Where the adjoints of the loop's results are known before it runs, and its iterations have nothing
 * to do with each other but for sums, each iteration can be reversed as soon as it has run (diff/fusion.h):
 *
 *     for (i...) loss += f(w, x[i]);            for (i...) {
 *     return loss / n;                              loss += f(w, x[i]);
 *                                                   w_bar += f'(w, x[i]) * (1 / n);     nothing is stored
 *                                               }
 *
 * Where they are known only behind it (return sqrt(loss)), the reverse loop can still run each iteration again and reverse it
 * at once (diff/slice.h), if that pays (diff/replay.h).
 *
 * Likewise a call of a recursive function that does value and adjoint in one descent, if the adjoint of its result is known before it
 * is made. The branches of an if become roots where that lets something inside be fused: a recursive function starts with one.
 *
 * Algorithm. Outer loops first: what is fused or replayed is a root, in which loops may be fused. Then replayed loops get
 * their slices once more, from the inside out: those inside compute again on their own.
 *
 * Requires: activity, reloads, count_trips. */
#include "diff/strategy.h"

#include "diff/fusion.h"
#include "diff/pairs.h"
#include "diff/replay.h"

struct Strategies {
    Strategy *of;        /* by the id of the loop's counter, or of the op's first result, like what follows */
    const Slice **slice; /* replayed */
    const char **reason; /* replayed, or not, in words; or NULL */
};

static unsigned key_of(const Op *op)
{
    return op_is_loop(op->kind) ? loop_counter(op)->id : op->results[0]->id;
}

Strategy strategy_of(const Reversal *reversal, const Op *op)
{
    const bool has_one = op_is_loop(op->kind) || ((op->kind == OP_IF || op->kind == OP_CALL) && op->num_results);
    return reversal->strategies && has_one ? reversal->strategies->of[key_of(op)] : STRATEGY_STORE;
}

const Slice *slice_of(const Reversal *reversal, const Op *loop)
{
    return strategy_of(reversal, loop) == STRATEGY_REPLAY ? reversal->strategies->slice[key_of(loop)] : NULL;
}

const char *strategy_reason(const Reversal *reversal, const Op *loop)
{
    const char *reason = reversal->strategies->reason[key_of(loop)];
    return reason ? reason : "it was switched off";
}

bool is_root(const Reversal *reversal, const Region *region)
{
    return !region->owner || strategy_of(reversal, region->owner) != STRATEGY_STORE;
}

const Region *root_of(const Reversal *reversal, const Region *region)
{
    while (!is_root(reversal, region))
        region = region->owner->parent;
    return region;
}

const Op *replayed_around(const Reversal *reversal, const Region *region)
{
    for (; region->owner; region = region->owner->parent)
        if (strategy_of(reversal, region->owner) == STRATEGY_REPLAY)
            return region->owner;
    return NULL;
}

const Region *memory_root(const Reversal *reversal, const Op *access)
{
    const Region *found = root_of(reversal, access->parent);
    for (const Region *root = found; root->owner; root = root_of(reversal, root->owner->parent)) {
        const Slice *slice = slice_of(reversal, root->owner);
        if (slice && !slice_rewrites(slice, pointer_object(op_operand(access, 0))))
            found = root_of(reversal, root->owner->parent);
    }
    return found;
}

const Op *next_fused(const Reversal *reversal, const Op *op)
{
    while (op && strategy_of(reversal, op) != STRATEGY_FUSE)
        op = op->next;
    return op;
}

/* ---- choosing ---- */

/* Is each recursive call inside fused (it cannot wait for a reverse sweep elsewhere), and, for an if, anything at all? */
static bool inside_is_fused(const Reversal *reversal, const Op *op, bool *any)
{
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next) {
            const bool fused = strategy_of(reversal, inner) == STRATEGY_FUSE;
            *any = *any || fused;
            if ((call_is_recursive(inner) && op_is_reversed(reversal, inner) && !fused) ||
                !inside_is_fused(reversal, inner, any))
                return false;
        }
    return true;
}

static void forget_inside(Strategies *strategies, const Op *op)
{
    if (op_is_loop(op->kind) || op->num_results)
        strategies->of[key_of(op)] = STRATEGY_STORE;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            forget_inside(strategies, inner);
}

/* What stands behind first: what it passes on must be known. */
static void fuse_in_root(const Reversal *reversal, Strategies *strategies, const Region *root)
{
    for (Op *op = root->last; op && !reversal->options->no_fuse; op = op->prev) {
        bool any = op->kind != OP_IF;
        if (!op_can_be_fused(reversal, op))
            continue;
        strategies->of[key_of(op)] = STRATEGY_FUSE;
        for (unsigned r = 0; r < op->num_regions; r++)
            fuse_in_root(reversal, strategies, op->regions[r]);
        if (!inside_is_fused(reversal, op, &any) || !any)
            forget_inside(strategies, op);
    }
}

static void replay_in(const Reversal *reversal, Strategies *strategies, const Plan *stored, const Region *region);

static void replay_loop(const Reversal *reversal, Strategies *strategies, const Plan *stored, Op *loop)
{
    if (strategy_of(reversal, loop) != STRATEGY_STORE || !op_is_reversed(reversal, loop))
        return;
    const Replay replay = replay_choose(reversal, stored, loop);
    strategies->reason[key_of(loop)] = replay.reason;
    if (!replay.slice)
        return;
    strategies->of[key_of(loop)] = STRATEGY_REPLAY;
    strategies->slice[key_of(loop)] = replay.slice;
    fuse_in_root(reversal, strategies, loop_body(loop));
}

static void replay_in(const Reversal *reversal, Strategies *strategies, const Plan *stored, const Region *region)
{
    for (Op *op = region->last; op; op = op->prev) {
        if (op_is_loop(op->kind))
            replay_loop(reversal, strategies, stored, op);
        for (unsigned r = 0; r < op->num_regions; r++)
            replay_in(reversal, strategies, stored, op->regions[r]);
    }
}

static const Slice *settled(const Reversal *reversal, Op *loop)
{
    const Slice *slice = slice_compute(reversal, loop);
    if (slice->obstacle)
        internal_error("strategies", "a loop that was to be run again cannot be: %s", slice->obstacle);
    return slice;
}

/* From the inside out. */
static void settle_slices(const Reversal *reversal, Strategies *strategies, const Region *region)
{
    for (Op *op = region->last; op; op = op->prev) {
        for (unsigned r = 0; r < op->num_regions; r++)
            settle_slices(reversal, strategies, op->regions[r]);
        if (op_is_loop(op->kind) && strategy_of(reversal, op) == STRATEGY_REPLAY)
            strategies->slice[key_of(op)] = settled(reversal, op);
    }
}

bool strategies_choose(Reversal *reversal)
{
    Strategies *strategies = arena_new(reversal->arena, Strategies);
    const unsigned n = reversal->primal->num_values;
    strategies->of = arena_new_array(reversal->arena, Strategy, n);
    strategies->slice = arena_new_array(reversal->arena, const Slice *, n);
    strategies->reason = arena_new_array(reversal->arena, const char *, n);
    reversal->strategies = strategies;
    Region *body = reversal->primal->body;
    if (reversal->is_pair)
        return true;
    fuse_in_root(reversal, strategies, body);
    if (!pairs_settle(reversal))
        return false;
    if (reversal->options->no_replay)
        return true;
    replay_in(reversal, strategies, reversal->options->always_replay ? NULL : plan_compute(reversal), body);
    settle_slices(reversal, strategies, body);
    return true;
}
