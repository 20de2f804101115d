/* Arithmetic of counting loops. */
#include "ir/trip_count.h"

static Value *constant_like(Builder *b, const Value *value, int64_t constant)
{
    return build_int(b, value->type, constant);
}

Value *build_trip_count(Builder *b, OpKind compare, Value *lower, Value *upper, int64_t step)
{
    const int64_t size = step > 0 ? step : -step;
    Value *distance = step > 0 && value_is_int(lower, 0) ? upper
                      : step > 0 ? build_binary(b, OP_SUB, upper, lower)
                                 : build_binary(b, OP_SUB, lower, upper);
    const bool inclusive = compare == OP_LE || compare == OP_GE;
    const int64_t extra = inclusive ? size : size - 1;
    if (extra)
        distance = build_binary(b, OP_ADD, distance, constant_like(b, lower, extra));
    if (size != 1)
        distance = build_binary(b, OP_DIV, distance, constant_like(b, lower, size));
    Value *runs = build_binary(b, compare, lower, upper);
    return build_select(b, runs, distance, constant_like(b, lower, 0));
}

Value *build_iteration(Builder *b, Value *counter, Value *lower, int64_t step)
{
    const int64_t size = step > 0 ? step : -step;
    Value *distance = step > 0 && value_is_int(lower, 0) ? counter
                      : step > 0 ? build_binary(b, OP_SUB, counter, lower)
                                 : build_binary(b, OP_SUB, lower, counter);
    return size == 1 ? distance : build_binary(b, OP_DIV, distance, constant_like(b, lower, size));
}
