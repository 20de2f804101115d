/* Ranges of values, as far as they follow from the ops that made them. */
#ifndef ADGEN_ANALYSIS_RANGE_H
#define ADGEN_ANALYSIS_RANGE_H

#include "ir/ir.h"

/* low <= value <= high for every value that is not NaN. */
typedef struct Range {
    double low, high;
} Range;

Range value_range(const Value *value);

/* low <= value <= high of an integer, from constants and the counters of loops with constant bounds;
 * false: not known. */
typedef struct IntRange {
    int64_t low, high;
} IntRange;

bool integer_range(const Value *value, IntRange *range);

#endif
