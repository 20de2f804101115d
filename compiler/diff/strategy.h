/* The strategy of each loop: how its forward and its reverse sweep go together. */
#ifndef ADGEN_DIFF_STRATEGY_H
#define ADGEN_DIFF_STRATEGY_H

#include "diff/reversal.h"

typedef enum Strategy {
    STRATEGY_STORE, /* two loops: what the reverse one needs is kept, per iteration */
    STRATEGY_FUSE,  /* one loop: each iteration runs forward and is reversed at once */
} Strategy;

/* Enters the strategies into the reversal. */
void strategies_choose(Reversal *reversal);

Strategy strategy_of(const Reversal *reversal, const Op *loop);

/* The region around this one in whose single execution both sweeps take place: the body of a fused loop, or of the
 * function. What it defines is in scope when it is reversed. */
const Region *root_of(const Reversal *reversal, const Region *region);
bool is_root(const Reversal *reversal, const Region *region);

/* The first fused loop of the region's own list, or NULL. */
const Op *first_fused_loop(const Reversal *reversal, const Region *region);

#endif
