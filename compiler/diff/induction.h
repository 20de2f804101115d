/* Integers that a loop carries and that grow by the same step in every iteration. */
#ifndef ADGEN_DIFF_INDUCTION_H
#define ADGEN_DIFF_INDUCTION_H

#include "diff/caches.h"

typedef struct Induction {
    const Op *loop;
    Value *first; /* in the first iteration */
    Value *step;  /* the same in all of them, but perhaps formed inside */
    bool is_down; /* it is subtracted */
} Induction;

/* Is the value carried so? */
bool induction_of(const Value *value, Induction *found);

/* first + iteration * step, of what `value_of` finds. */
Value *induction_build(Builder *b, const Induction *induction, const Type *type, ValueOf *value_of, void *context);

#endif
