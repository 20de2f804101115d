/* Ranges of floating values, as far as they follow from the ops that made them. */
#ifndef ADGEN_ANALYSIS_RANGE_H
#define ADGEN_ANALYSIS_RANGE_H

#include "ir/ir.h"

/* low <= value <= high for every value that is not NaN. */
typedef struct Range {
    double low, high;
} Range;

Range value_range(const Value *value);

#endif
