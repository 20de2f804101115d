/* The strategy of each loop, branch and recursive call: how its forward and its reverse sweep go together. */
#ifndef ADGEN_DIFF_STRATEGY_H
#define ADGEN_DIFF_STRATEGY_H

#include "diff/slice.h"

typedef enum Strategy {
    STRATEGY_STORE,  /* two loops: what the reverse one needs is kept, per iteration */
    STRATEGY_REPLAY, /* two loops: each iteration of the reverse one first runs the forward body again, as far as needed */
    STRATEGY_FUSE,   /* one loop: each iteration runs forward and is reversed at once; likewise the branches of an if, and one
                      * call of a recursive function instead of two */
} Strategy;

/* Enters the strategies into the reversal; recursive calls get the functions that go with them. False after errors, or if
 * what must be fused cannot be. Requires: count_trips, pairs_choose. */
bool strategies_choose(Reversal *reversal);

/* Ifs and calls: fused, or not. */
Strategy strategy_of(const Reversal *reversal, const Op *op);

/* What a replayed loop runs again; NULL: it is not replayed. */
const Slice *slice_of(const Reversal *reversal, const Op *loop);

/* Why the loop, which is not fused, is replayed, or not, in words. */
const char *strategy_reason(const Reversal *reversal, const Op *loop);

/* The region around this one in whose single execution both sweeps take place: the body of a fused or replayed loop, a branch
 * of a fused if, or the function's body. What it defines is in scope when it is reversed. */
const Region *root_of(const Reversal *reversal, const Region *region);
bool is_root(const Reversal *reversal, const Region *region);

/* The innermost replayed loop around the region, or NULL. */
const Op *replayed_around(const Reversal *reversal, const Region *region);

/* The region that tells how long the memory of the access must stay as it is to be read when the access is reversed: to the
 * end of this root, or of one around it, if what runs again does not write that memory again. */
const Region *memory_root(const Reversal *reversal, const Op *access);

/* The first fused op from this one (or NULL) on, or NULL. */
const Op *next_fused(const Reversal *reversal, const Op *op);

#endif
