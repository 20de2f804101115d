/* The slice of a loop: what its iteration must compute again so that it can be reversed on its own.
 *
 *     for (i...) {                                   for (i = n - 1...) {
 *         z = dot(x[i], w);                              z = dot(x[i], w);          the slice
 *         e = exp(z);                                    e = exp(z);
 *         y[i] = e;                                      w_bar += ...
 *         s += log(1 + e);                           }
 *     }
 *
 * It has what the reverse of the body asks for, what that is made of, and what writes the scratch memory that is read for it:
 * not the outputs, the sums, nor anything that is only printed. */
#ifndef ADGEN_DIFF_SLICE_H
#define ADGEN_DIFF_SLICE_H

#include "diff/reversal.h"

struct Slice {
    const Op *loop;
    const char *obstacle; /* NULL: every iteration can be run again alone, in the reverse sweep; else why not, in words */
    bool *needed;         /* by value id */
    VEC(Value *) outer;   /* what it takes from outside of the loop */
    VEC(Op *) reads;      /* its loads, and copies */
    VEC(Object) scratch;  /* memory private to an iteration, which is written again */
};

/* Asked of a loop that is reversed; loops around it have their strategies. */
Slice *slice_compute(const Reversal *reversal, Op *loop);

/* Is the op, of the loop's body, executed again, or anything in it? */
bool slice_has(const Reversal *reversal, const Slice *slice, const Op *op);

/* Does it write the object again? */
bool slice_rewrites(const Slice *slice, Object object);

/* Appends a copy of the slice. map, by primal value id: has the loop's counter and what is outside; receives the rest. */
void slice_clone(const Reversal *reversal, const Slice *slice, Builder *b, Value **map);

#endif
