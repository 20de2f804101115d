/* Sparse Jacobians and Hessians: where their entries are, and which of them are computed together.
 *
 *     AdPattern *pattern = f_jacobian_pattern(n, x, y);     once per size
 *     double *values = malloc(sizeof(double) * pattern->nonzeros);
 *     f_jacobian(n, x, y, pattern, values);                 at every point
 *     for (long i = 0; i < pattern->rows; i++)
 *         for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++)
 *             ... row i, column pattern->column_indices[k]: values[k] ...
 *     ad_pattern_free(pattern);
 *
 * Memory comes from the allocator that is installed (<adgen/runtime.h>). */
#ifndef ADGEN_SPARSE_H
#define ADGEN_SPARSE_H

#include <adgen/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- A pattern ---- */

/* Compressed rows; and a colouring: columns (or rows) of one color have no row (column) in common, so the sum of
 * their derivatives, one direction (or seed), holds the entries of all of them apart. */
typedef struct AdPattern {
    long rows, columns, nonzeros;
    long *row_starts;     /* rows + 1 */
    long *column_indices; /* nonzeros; ascending in each row */
    long colors;
    int by_row;           /* rows are coloured, and evaluated in reverse; else columns */
    long *color;          /* columns (rows): of each, from 0 */
    long *entry_color;    /* nonzeros: the direction in which an entry is found, */
    long *entry_place;    /* nonzeros: and at which output (by_row: input) */
    long decisions;       /* which branches were taken, and elements addressed, where it was made: a number made of them */
} AdPattern;

AD_PUBLIC void ad_pattern_free(AdPattern *pattern);

/* What generated code calls first: ends the process with a message if the pattern is one of another size. */
AD_PUBLIC void ad_pattern_check(const AdPattern *pattern, long rows, long columns);

/* The decisions so far and one more. Each step is one to one in either argument, so runs that differ in one decision never
 * agree; those that differ in more do by a chance of 2^-64. */
static inline long ad_decision(long decisions, long decision)
{
    unsigned long long mixed = ((unsigned long long)decisions ^ (unsigned long long)decision) * 0x9E3779B97F4A7C15u;
    mixed ^= mixed >> 29;
    return (long)mixed;
}

/* What generated code calls where other decisions are taken than where the pattern was made: `here` is the pattern of this
 * point, which is freed. Ends the process with a message if it has an entry that `pattern` lacks. */
AD_PUBLIC void ad_pattern_require(const AdPattern *pattern, AdPattern *here);

/* ---- Sets of indices: what the pattern functions compute with ---- */

/* A set is a number: 0 is the empty one. Sets are never changed, and live until their AdSets is freed. */
typedef struct AdSets AdSets;

AD_PUBLIC AdSets *ad_sets_new(void);
AD_PUBLIC void ad_sets_free(AdSets *sets);

/* The set of one index, which is not negative. */
AD_PUBLIC long ad_set_of(AdSets *sets, long index);

/* In constant time and memory: large unions are worked out by ad_pattern_new only. */
AD_PUBLIC long ad_set_join(AdSets *sets, long a, long b);

/* The union of `set` and those of `lines` lines of `width` sets, which begin `step` (of either sign) apart. */
AD_PUBLIC long ad_sets_join_all(AdSets *sets, long set, long lines, long width, long step, const long *from);

/* Adds `set` to each of them. */
AD_PUBLIC void ad_sets_add_to_all(AdSets *sets, long set, long lines, long width, long step, long *to);

/* The pattern whose row i has its entries in the columns of the set row_sets[i], all below `columns`, and a
 * colouring of its columns or of its rows, whichever makes evaluation cheaper. Frees the sets. */
AD_PUBLIC AdPattern *ad_pattern_new(AdSets *sets, const long *row_sets, long rows, long columns);

/* The same for a symmetric matrix: entries stand on both sides of the diagonal, and are found on one of them
 * (star colouring). */
AD_PUBLIC AdPattern *ad_pattern_new_symmetric(AdSets *sets, const long *row_sets, long rows);

#ifdef __cplusplus
}
#endif

#endif
