/* The tangent transformation: every op followed by its derivative in one direction. */
#ifndef ADGEN_DIFF_TANGENT_H
#define ADGEN_DIFF_TANGENT_H

#include "diff/reversal.h"

typedef struct TangentFrame {
    Function *function;  /* defined, its body empty */
    Value **forward;     /* by parameter of the primal: the value in the function */
    Value **shadows;     /* by parameter: pointer to the tangents, or NULL */
    Value **tangents;    /* by parameter: tangent of a by-value one, or NULL (zero) */
    Value *result;         /* out: the returned value, or NULL */
    Value *result_tangent; /* out: its tangent, or NULL (zero) */
} TangentFrame;

/* `prepare` is called when the parameters' shapes stand, for the shadows that are locals. */
typedef void PrepareTangents(Builder *b, TangentFrame *frame, void *context);
bool tangent_walk(const Reversal *reversal, TangentFrame *frame, PrepareTangents *prepare,
                  void *context);

#endif
