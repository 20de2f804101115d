/* Array copies: copies of whole arrays, which the forward sweep makes before they are overwritten.
 *
 *     for (s = 0; s < steps; s++) {            a copy of u for each s, made here, serves
 *         for (i = 1; i < n - 1; i++)
 *             next[i] = f(u[i - 1], u[i], u[i + 1]);          all of these
 *         for (i = 1; i < n - 1; i++)
 *             u[i] = next[i];
 *     }
 *
 * A load is served if its array is not written from the copy to the end of the op, of the region with the copy, that the load
 * is in. A value that is stored there is served likewise, by a copy behind that op. */
#ifndef ADGEN_DIFF_ARRAY_COPIES_H
#define ADGEN_DIFF_ARRAY_COPIES_H

#include "diff/reversal.h"

typedef struct ArrayCopy {
    const Value *array;   /* of the primal: a local, an allocation, or a parameter of known extents */
    const Region *region; /* of the primal, a loop's body or a root: each execution makes a copy ... */
    const Op *before;     /* ... in front of this op of the region */
    unsigned num_extents; /* their product is the number of elements */
    Value **extents;
    int64_t count;        /* that number, where it is constant; else -1 */
    double size;          /* about that number */
    bool is_taken;        /* the plan wants it */
    Op *mark;             /* stands in its place while the primal, or a slice of it, is cloned */
} ArrayCopy;

typedef VEC(ArrayCopy *) ArrayCopies;

/* The copy by which the load `access`, or the value that the store `access` stores, can be had in the reverse sweep;
 * NULL: there is none. New ones are added to the list. */
ArrayCopy *array_copy_for(const Reversal *reversal, ArrayCopies *copies, Op *access);

/* Marks the places of those that are taken, and takes the marks away again. */
void array_copies_mark(ArrayCopies copies);
void array_copies_unmark(ArrayCopies copies);

/* Is each element of the local array written before the first copy: by a loop over all of them, or as a whole? */
bool array_copy_is_filled(const ArrayCopy *copy);

/* The extents of an array, their number, or NULL if they are not known: a local, an allocation, a parameter that has a shape. */
Value **array_extents(Arena *arena, const Value *array, unsigned *count);

/* Can the number of elements be computed in front of the loop? */
bool array_copy_is_sized_before(const ArrayCopy *copy, const Op *loop);

#endif
