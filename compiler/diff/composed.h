/* Derivatives that are made of several steps. */
#ifndef ADGEN_DIFF_COMPOSED_H
#define ADGEN_DIFF_COMPOSED_H

#include "diff/step.h"

/* Hessian times vector: the tangent of the adjoint. The slots are those of the generated function, with
 * SLOT_BAR_DOT for the results;
 * globals that have a part are arguments. */
bool hvp_step(const Request *request, const Rules *rules, const DiffOptions *options, Step *step);

/* The function for mode jacobian, hessian or divergence; NULL after errors. */
Function *matrix_generate(const Request *request, const Rules *rules, const DiffOptions *options);

/* The functions for a sparse jacobian or hessian: the one of the two that the request is for; NULL after errors. */
Function *sparse_generate(const Request *request, const Rules *rules, const DiffOptions *options);

#endif
