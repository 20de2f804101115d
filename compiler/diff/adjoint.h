/* The adjoint transformation: forward sweep, then reverse sweep. */
#ifndef ADGEN_DIFF_ADJOINT_H
#define ADGEN_DIFF_ADJOINT_H

#include "diff/plan.h"

/* Where the adjoint meets the parameters of the function it is put into. */
typedef struct AdjointFrame {
    Function *gradient;  /* defined, its body empty */
    Value **forward;     /* by parameter of the primal: the value in the gradient */
    Value **shadows;     /* by parameter: shadow pointer, or NULL */
    Value *result_seed;  /* adjoint of the returned value, or NULL */
    Value **adjoints;    /* out, by parameter: adjoint of a by-value parameter, or NULL (zero) */
    Value *result;       /* out: the returned value, or NULL */
    const Op *boundary;  /* out: the last op of the forward sweep */
    const Value *tape;   /* out: the tape, or NULL */
    int64_t records;     /* out: the kinds of records on it are 1 to this */
} AdjointFrame;

/* Writes both sweeps to the end of the gradient's body, without a return. `prepare` is called with a
 * builder between the sweeps, or in front of them where pointers lead there: there the shadows that hold seeds are made and
 * entered. False after an error. */
typedef void PrepareShadows(Builder *b, AdjointFrame *frame, void *context);
bool adjoint_sweeps(const Reversal *reversal, AdjointFrame *frame, PrepareShadows *prepare,
                    void *context);

#endif
