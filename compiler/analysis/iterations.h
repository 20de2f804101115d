/* What different iterations of a loop do to memory. */
#ifndef ADGEN_ANALYSIS_ITERATIONS_H
#define ADGEN_ANALYSIS_ITERATIONS_H

#include "ir/ir.h"

/* What a part of a loop's body does to memory: loads, stores and accumulations. */
typedef struct Accesses {
    Arena *arena;
    VEC(const Op *) list;
    bool failed; /* it has other effects, too */
} Accesses;

/* For region_walk; the context is the Accesses. */
void note_access(Op *op, void *accesses);

/* Is no element at both addresses, in whatever iterations of the loop: in some dimension one index is always below the other? */
bool addresses_never_meet(const Op *loop, const Value *a, const Value *b);

/* Is no element at both addresses in two different iterations of the loop: they never meet, or in some dimension of the two both
 * indices are the same affine form of the counter? */
bool addresses_are_apart(const Op *loop, const Value *a, const Value *b);

/* Of two accesses (loads, stores, accumulations): may the order in which two different iterations do them matter? */
bool accesses_conflict(const Op *loop, const Op *a, const Op *b);

/* Of a `for`: upward in steps of one, from what is never negative? From a constant? */
bool counts_upward(const Op *loop);
bool counts_plainly(const Op *loop);

/* Is what the loop carries a sum: added to, once, in the loop's own list, and not looked at? */
bool carried_is_plain_sum(const Op *loop, unsigned i);

/* Can its iterations be done in any order? Accumulations commute, and so do sums of adjoints that the loop carries. Anything else that is
 * written must be touched in one iteration only: in some dimension of the two indices both are the same affine form of the counter. */
bool iterations_commute(Op *loop);

#endif
