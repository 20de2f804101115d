/* One step: the adjoint or the tangent of a function. The modes are made of such steps. */
#ifndef ADGEN_DIFF_STEP_H
#define ADGEN_DIFF_STEP_H

#include "diff/derivative.h"
#include "diff/signature.h"

typedef struct Step {
    Function *function; /* as the differentiators leave it: not simplified */
    Slots slots;        /* what its parameters are */
    Signature signature;
    /* where it is an adjoint: */
    const Op *boundary;  /* the last op of the forward sweep */
    const Value *tape;   /* or NULL */
    int64_t records;     /* the kinds of records on the tape are 1 to this */
    bool keeps_shadows;  /* the forward sweep follows pointers in memory */
    bool is_reverse_over_forward; /* hvp of recursive functions: tangents are all over, also in caches */
} Step;

/* The derivative of a request of mode grad, vjp or jvp. False after errors. */
bool derivative_step(const Request *request, const Rules *rules, const DiffOptions *options, Step *step);

/* The name of the file that defines the function, and the line: "file.c:12". */
const char *place_of(const Function *function);

#endif
