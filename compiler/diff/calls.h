/* Calls of functions without a body. */
#ifndef ADGEN_DIFF_CALLS_H
#define ADGEN_DIFF_CALLS_H

#include "analysis/activity.h"

/* Can the op be run as it is, since no derivative goes through it? Else an error, and false. Of calls, and of
 * functions whose address is taken. */
bool call_is_harmless(const Activity *activity, const Op *op);

/* May the call write what its argument points to? */
bool call_may_write_argument(const Op *call, unsigned i);

#endif
