/* Effects of functions that a matrix evaluates many times. */
#ifndef ADGEN_DIFF_ONCE_H
#define ADGEN_DIFF_ONCE_H

#include "ir/ir.h"

/* A copy with one parameter more, `first_round`, which prints only where that is not 0; the function itself where it prints
 * nothing. */
Function *once_guarded(Function *function);

/* Does the call happen in the first round only? */
bool once_is_guarded(const Op *call);

#endif
