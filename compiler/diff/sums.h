/* Sums: carried values that a loop only adds to. */
#ifndef ADGEN_DIFF_SUMS_H
#define ADGEN_DIFF_SUMS_H

#include "diff/reversal.h"

/* Carried value number i is only added to: its adjoint is the same behind, in and before the loop. */
bool carried_is_sum(const Reversal *reversal, const Op *loop, unsigned i);

#endif
