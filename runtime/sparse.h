/* What the files of the sparse patterns share. */
#ifndef AD_SPARSE_INTERNAL_H
#define AD_SPARSE_INTERNAL_H

#include "adgen/sparse.h"
#include "internal.h"

/* Compressed rows. */
typedef struct Rows {
    long count;
    long *starts;  /* count + 1 */
    long *indices; /* starts[count] */
} Rows;

/* The members of each set, in no order, each once. */
Rows sets_members(const AdSets *sets, const long *row_sets, long rows, long columns);

/* A color for each vertex such that no two of one color occur in one row of `groups`; `of` tells in which rows a
 * vertex occurs. Returns the number of colors. */
long color_apart(const Rows *of, const Rows *groups, long *color);

/* A star colouring of the graph of a symmetric pattern: neighbours differ, and on every path of four there are
 * at least three colors. Returns the number of colors. */
long color_stars(const Rows *graph, long *color);

#endif
