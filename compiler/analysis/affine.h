/* Affine forms of integers: what indices and the bounds of loops are, and bounds of them. */
#ifndef ADGEN_ANALYSIS_AFFINE_H
#define ADGEN_ANALYSIS_AFFINE_H

#include "ir/ir.h"

enum { MAX_TERMS = 16 };

/* offset + sum of coefficient * value; the values are counters or anything else that is not a sum. */
typedef struct Affine {
    bool known;
    int64_t offset;
    unsigned count;
    const Value *values[MAX_TERMS];
    int64_t coefficients[MAX_TERMS];
} Affine;

Affine affine_of(const Value *value);
bool affine_is_number(const Affine *sum);
int64_t affine_coefficient(const Affine *sum, const Value *value);
void affine_add(Affine *sum, const Value *value, int64_t coefficient);
void affine_add_multiple(Affine *sum, const Affine *of, int64_t factor);
/* a - b */
Affine affine_difference(const Affine *a, const Affine *b);

/* A bound (from above: `upper`, or from below) in terms of what is defined outside of `op`, but for the value `except`,
 * which stays; NULL: none. False: none was found. */
bool affine_bound_outside(Affine *sum, const Op *op, const Value *except, bool upper);

/* Is it at least `limit`, whatever the iterations of the loops around? */
bool affine_is_at_least(const Affine *sum, int64_t limit);

/* How often the loop runs, at most: what is defined in `outermost`, a loop around it or itself, replaced by its
 * bounds. Only for steps of one. */
bool affine_trip_bound(const Op *loop, const Op *outermost, Affine *bound);

#endif
