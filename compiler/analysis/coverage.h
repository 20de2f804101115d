/* Coverage: is what is read of an array written before, in the same execution of a region?
 *
 * Then the array is private to that execution: as scratch it carries nothing from one iteration to the next. */
#ifndef ADGEN_ANALYSIS_COVERAGE_H
#define ADGEN_ANALYSIS_COVERAGE_H

#include "analysis/memory.h"

/* A local or heap array whose address goes nowhere: all accesses name it. */
bool object_is_confined(Object object);

/* Does the op read the confined object? Calls with rules may read whatever they are handed. */
bool object_is_read(const Op *op, Object object);

/* The matrix that a function made by adgen fills: the only parameter of which it is known that it overlaps no other one. */
bool value_is_matrix(const Function *function, const Value *value);

/* Has whatever `read` (such an op; of a call it is not known) may see of the confined object been written before, inside
 * `region`, since its execution began? Behind `since`, if that is not NULL: an op of `region`'s own list. */
bool read_is_covered(const Op *read, const Region *region, const Op *since);

/* Is that so for every read of the object in the region? */
bool object_is_private(Object object, const Region *region);

#endif
