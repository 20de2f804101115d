/* Splits a function with both sweeps into one for each. */
#ifndef ADGEN_DIFF_SPLIT_H
#define ADGEN_DIFF_SPLIT_H

#include "diff/step.h"

/* The step's function is the adjoint of a recursive one. Its forward sweep becomes the body of `forward`, its reverse
 * sweep that of `reverse`; both are declared, with parameters of the same names. What crosses from one to the
 * other goes by a record on the tape. False after errors. */
bool split_sweeps(const Step *step, Function *forward, Function *reverse);

/* A copy of the body of `source` becomes that of `target`, which is declared with the same parameters. */
void fill_function(Function *target, const Function *source);

#endif
