/* Steps whose global variables are arguments. */
#ifndef ADGEN_DIFF_BIND_GLOBALS_H
#define ADGEN_DIFF_BIND_GLOBALS_H

#include "diff/step.h"

/* Takes parameter number `index`, which has no uses, out of the step's function. */
void step_drop_parameter(Step *step, unsigned index);

/* In a step whose request has `passes_globals`, the arguments that stand for global variables, and for their companions,
 * become these: what the generated function is to use. `lanes` is the number of directions. False after an error. */
bool globals_bind(const Request *request, unsigned lanes, Step *step);

#endif
