/* What may be fused: which loops can be reversed iteration by iteration while they run, which branches and calls at once. */
#ifndef ADGEN_DIFF_FUSION_H
#define ADGEN_DIFF_FUSION_H

#include "diff/reversal.h"

/* Asked of an op in the list of a root; those behind it have their strategies. */
bool op_can_be_fused(const Reversal *reversal, Op *op);

/* Why not, in words. */
const char *fusion_obstacle(const Reversal *reversal, const Op *loop);

/* Does nothing outside of the loop read what it leaves in the object, which is private to its iterations? */
bool scratch_is_unseen(const Reversal *reversal, const Op *loop, Object object);

/* A store behind fused ops of its region's own list that is reversed in front of them: nothing behind it has to do
 * with that memory. */
bool store_is_early(const Reversal *reversal, const Op *store);

#endif
