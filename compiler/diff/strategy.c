/* The strategy of each loop.
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
 * Requires: activity, reloads. */
#include "diff/strategy.h"

#include "diff/fusion.h"

struct Strategies {
    Strategy *of; /* by the id of the loop's counter */
};

Strategy strategy_of(const Reversal *reversal, const Op *loop)
{
    if (!reversal->strategies || loop->kind != OP_FOR)
        return STRATEGY_STORE;
    return reversal->strategies->of[loop_body(loop)->args.items[0]->id];
}

bool is_root(const Reversal *reversal, const Region *region)
{
    return !region->owner || strategy_of(reversal, region->owner) == STRATEGY_FUSE;
}

const Region *root_of(const Reversal *reversal, const Region *region)
{
    while (!is_root(reversal, region))
        region = region->owner->parent;
    return region;
}

const Op *first_fused_loop(const Reversal *reversal, const Region *region)
{
    for (const Op *op = region->first; op && reversal->strategies; op = op->next)
        if (op->kind == OP_FOR && strategy_of(reversal, op) == STRATEGY_FUSE)
            return op;
    return NULL;
}

/* ---- choosing ---- */

/* Loops behind first: what they pass on must be known. */
static void choose_in_root(const Reversal *reversal, Strategies *strategies, const Region *root)
{
    for (Op *op = root->last; op; op = op->prev) {
        if (!loop_can_be_fused(reversal, op))
            continue;
        strategies->of[loop_body(op)->args.items[0]->id] = STRATEGY_FUSE;
        choose_in_root(reversal, strategies, loop_body(op));
    }
}

void strategies_choose(Reversal *reversal)
{
    Strategies *strategies = arena_new(reversal->arena, Strategies);
    strategies->of = arena_new_array(reversal->arena, Strategy, reversal->primal->num_values);
    reversal->strategies = strategies;
    if (!reversal->is_pair && !reversal->options->no_fuse)
        choose_in_root(reversal, strategies, reversal->primal->body);
}
