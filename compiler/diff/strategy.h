/* The strategy of each loop: how its forward and its reverse sweep go together. */
#ifndef ADGEN_DIFF_STRATEGY_H
#define ADGEN_DIFF_STRATEGY_H

#include "diff/slice.h"

typedef enum Strategy {
    STRATEGY_STORE,  /* two loops: what the reverse one needs is kept, per iteration */
    STRATEGY_REPLAY, /* two loops: each iteration of the reverse one first runs the forward body again, as far as needed */
    STRATEGY_FUSE,   /* one loop: each iteration runs forward and is reversed at once */
} Strategy;

/* Enters the strategies into the reversal. Requires: count_trips. */
void strategies_choose(Reversal *reversal);

Strategy strategy_of(const Reversal *reversal, const Op *loop);

/* What a replayed loop runs again; NULL: it is not replayed. */
const Slice *slice_of(const Reversal *reversal, const Op *loop);

/* Why the loop, which is not fused, is replayed, or not, in words. */
const char *strategy_reason(const Reversal *reversal, const Op *loop);

/* The region around this one in whose single execution both sweeps take place: the body of a fused or replayed loop, or of the
 * function. What it defines is in scope when it is reversed. */
const Region *root_of(const Reversal *reversal, const Region *region);
bool is_root(const Reversal *reversal, const Region *region);

/* The innermost replayed loop around the region, or NULL. */
const Op *replayed_around(const Reversal *reversal, const Region *region);

/* The region that tells how long the memory of the access must stay as it is to be read when the access is reversed: to the
 * end of this root, or of one around it, if what runs again does not write that memory again. */
const Region *memory_root(const Reversal *reversal, const Op *access);

/* The first fused loop of the region's own list, or NULL. */
const Op *first_fused_loop(const Reversal *reversal, const Region *region);

#endif
