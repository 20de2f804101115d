/* From a tangent step to a dependency sweep: which inputs each output depends on. */
#ifndef ADGEN_DIFF_SET_SWEEP_H
#define ADGEN_DIFF_SET_SWEEP_H

#include "diff/step.h"

/* Makes of a tangent step (jvp or hvp, one direction) one in which every tangent is a set of indices (a number
 * that <adgen/sparse.h> gives, 0: empty). Behind its parameters stands one more, the AdSets. It returns nothing. False
 * after an error. */
bool set_sweep(const Request *request, Step *step);

#endif
