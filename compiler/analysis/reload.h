/* Can a load be repeated in the reverse sweep: is what it read unchanged until the end of the forward
 * sweep? */
#ifndef ADGEN_ANALYSIS_RELOAD_H
#define ADGEN_ANALYSIS_RELOAD_H

#include "analysis/memory.h"

typedef struct Reloads Reloads;

/* Collects the writes of the function. With `others_write` others write too before the reverse sweep, to all memory
 * that they know. */
const Reloads *reloads_compute(Arena *arena, const Function *function, bool others_write);

/* True if no write that can run after `load`, a load or a store (later in its iteration, in later iterations of the
 * loops around it, or behind them) may touch what it read or wrote, and the memory still exists: until the end of this
 * execution of `root`, a region around the load. */
bool load_is_repeatable(const Reloads *reloads, const Op *load, const Region *root);

/* A write that may touch it, the first found from number *next on, which moves behind it; NULL: none. */
const Op *load_overwritten_by(const Reloads *reloads, const Op *load, const Region *root, size_t *next);

/* Does the memory still exist then, and does nobody else write to it? */
bool load_is_kept(const Reloads *reloads, const Op *load, const Region *root);

/* Does the load read the same in every iteration of the loop around it: one address, for each iteration of the loops
 * inside, at which nothing is written in the loop? */
bool load_is_invariant(const Reloads *reloads, const Op *load, const Op *loop);

/* Does the memory that the store wrote stay as it is until the execution of `op`, which contains it, ends? */
bool store_is_last_in(const Reloads *reloads, const Op *store, const Op *op);

/* May `op` run after `first`, in this execution of `root`, which contains both? */
bool op_may_run_after(const Op *first, const Op *op, const Region *root);

/* May `other`, an op whose first operand is an address, meet an element that `access` (a load, or a write of elements) is at, when
 * it runs after it in this execution of `root`? Both are of one array. */
bool access_is_met_later(const Op *access, const Op *other, const Region *root);

/* May the write touch the memory at `address`, in whatever iteration? */
bool write_may_touch(const Op *write, const Value *address);

/* May anything in `op` write there, in whatever iteration of the loops inside? */
bool op_may_touch(const Op *op, const Value *address);

/* Does all that the pointer leads into stay as it is from the op `at` on? */
bool memory_is_unchanged(const Reloads *reloads, const Op *at, const Value *pointer);

#endif
