/* Prices: how often things run. */
#include "diff/prices.h"

enum { UNKNOWN_TRIPS = 100, MAX_WEIGHT = 1000000000 }; /* the latter far below FLOW_INFINITE, and numbers that doubles add exactly */

double loop_trips(const Op *loop)
{
    if (loop->kind != OP_FOR || !value_is_const(op_operand(loop, 0)) || !value_is_const(op_operand(loop, 1)))
        return UNKNOWN_TRIPS;
    const double distance = (double)(op_operand(loop, 1)->op->int_value - op_operand(loop, 0)->op->int_value);
    return distance > 1 ? distance : distance < -1 ? -distance : 1;
}

double region_weight(const Region *region)
{
    double weight = 1;
    for (; region->owner; region = region->owner->parent)
        weight *= op_is_loop(region->owner->kind) ? loop_trips(region->owner) : 1;
    return weight < MAX_WEIGHT ? weight : MAX_WEIGHT;
}
