/* The calls of the user's own derivatives in the generated function. */
#ifndef ADGEN_DIFF_CUSTOM_CALLS_H
#define ADGEN_DIFF_CUSTOM_CALLS_H

#include "diff/custom.h"

/* How a sweep comes to values, and to shadows of pointers; `keep_into` fills a buffer with what the argument
 * pointed to when the call was made. */
typedef struct CustomSweep {
    const Reversal *reversal;
    Builder *b;
    void *context;
    Value *(*value_of)(void *context, Value *primal);
    Value *(*shadow_of)(void *context, Value *pointer);
    void (*keep_into)(void *context, Value *buffer, const Op *call, unsigned argument);
    Value *(*tangent_of)(void *context, Value *primal);             /* forward */
    void (*add_adjoint)(void *context, Value *primal, Value *share); /* reverse */
} CustomSweep;

void custom_call_vjp(const CustomSweep *sweep, const Op *op, Value *result_bar);
/* The tangent of the result; NULL: it has none. */
Value *custom_call_jvp(const CustomSweep *sweep, const Op *op);

#endif
