/* Arithmetic of counting loops: trip counts and iteration numbers as values. */
#ifndef ADGEN_IR_TRIP_COUNT_H
#define ADGEN_IR_TRIP_COUNT_H

#include "ir/builder.h"

/* The number of iterations of a loop that counts from `lower` by the constant `step` while `compare`
 * holds with `upper`; of the counter's type, 0 if it does not run. */
Value *build_trip_count(Builder *b, OpKind compare, Value *lower, Value *upper, int64_t step);

/* The number of iterations before the one in which the counter has this value. */
Value *build_iteration(Builder *b, Value *counter, Value *lower, int64_t step);

#endif
