/* Calls with a rule in dependency sweeps. */
#ifndef ADGEN_DIFF_SET_CALLS_H
#define ADGEN_DIFF_SET_CALLS_H

#include "diff/ruled.h"

/* What the tangents that a call reads depend on, together with `set`, everything that it writes depends on. `pointers`: by
 * operand, where the sets are that it points to; NULL: no tangents. Returns the set. */
Value *set_call_ruled(Builder *b, Value *sets, ValueSource numbers, const Op *op, Value *const *pointers, Value *set);

#endif
