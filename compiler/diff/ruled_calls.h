/* The calls that are the derivatives of a call with a rule, in the generated function. */
#ifndef ADGEN_DIFF_RULED_CALLS_H
#define ADGEN_DIFF_RULED_CALLS_H

#include "diff/custom_calls.h"

/* The sweep's `keep_into` is not used. result_bar: NULL for a function that returns no number. */
void ruled_adjoint(const CustomSweep *sweep, const Op *op, Value *result_bar);

/* The part of the tangent in front of the call, or (`after`) behind it. What it adds to the tangent of the result,
 * NULL: nothing. */
Value *ruled_tangent(const CustomSweep *sweep, const Op *op, bool after);

#endif
