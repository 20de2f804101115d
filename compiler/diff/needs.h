/* What the reverse sweep asks for of the primal. */
#ifndef ADGEN_DIFF_NEEDS_H
#define ADGEN_DIFF_NEEDS_H

#include "diff/reversal.h"

/* Calls `ask` for the primal values that the reverse of the region's ops, and of those nested there, asks for; from its end to
 * its beginning, more than once perhaps. */
typedef void AskValue(void *context, Value *value);
void needs_of_region(const Reversal *reversal, Region *region, AskValue *ask, void *context);

#endif
