/* Minima and maxima that a loop finds: only what won has a derivative. */
#ifndef ADGEN_DIFF_WINNERS_H
#define ADGEN_DIFF_WINNERS_H

#include "ir/ir.h"

/* Rewrites a primal, so that the derivative of a value which a loop chooses goes to the iteration that chose it last. */
void find_winners(Function *primal);

#endif
