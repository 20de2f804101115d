/* Several directions at once. */
#ifndef ADGEN_DIFF_LANES_H
#define ADGEN_DIFF_LANES_H

#include "diff/step.h"

/* Makes of a tangent step one that has `lanes` tangents for every one that it has: companions of arrays are
 * arrays of as many more numbers, innermost, those of numbers arrays. False after an error. */
bool lanes_expand(const Request *request, unsigned lanes, Step *step);

/* The same, but says nothing where it cannot be done: the step stays as it is. */
bool lanes_try(const Request *request, unsigned lanes, Step *step);

#endif
