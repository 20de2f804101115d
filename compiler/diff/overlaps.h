/* Overlaps: C allows parameters to share memory, so a store to one may overwrite what was read of another. Mostly they do
 * not, which is found out when the function runs:
 *
 *     const _Bool overlap = ad_overlap(x, n, y, m);
 *
 * What the reverse sweep needs of x is kept only if they do, and read again if not. */
#ifndef ADGEN_DIFF_OVERLAPS_H
#define ADGEN_DIFF_OVERLAPS_H

#include "diff/reversal.h"

typedef struct Overlap {
    const Value *array;  /* a parameter of the primal */
    unsigned num_others;
    const Value **others; /* parameters: these may overwrite it */
    Value *test;         /* of the generated function, once it is built: does one of them overlap it? */
} Overlap;

typedef VEC(Overlap *) Overlaps;

/* The overlap that alone keeps the load from being repeated; NULL: there are other reasons, or extents are not known.
 * New ones are added to the list. */
Overlap *overlap_for(const Reversal *reversal, Overlaps *overlaps, const Op *load);

/* Builds the test, once: in the function's own list in front of the op of the forward sweep. */
Value *overlap_test(const Reversal *reversal, Overlap *overlap, Op *op, Value **forward);

#endif
