/* Derivatives that are made of several steps. */
#ifndef ADGEN_DIFF_COMPOSED_H
#define ADGEN_DIFF_COMPOSED_H

#include "diff/step.h"

/* Hessian times vector: the tangent of the adjoint. The slots are those of the generated function, with
 * SLOT_BAR_DOT for the results. */
bool hvp_step(const Request *request, const Rules *rules, const DiffOptions *options, Step *step);

/* Is no global variable an independent or dependent? An error where one is. */
bool no_global_roles(const Signature *signature);

/* The function for mode jacobian, hessian or divergence; NULL after errors. */
Function *matrix_generate(const Request *request, const Rules *rules, const DiffOptions *options);

/* The functions for a sparse jacobian or hessian: the one of the two that the request is for; NULL after errors. */
Function *sparse_generate(const Request *request, const Rules *rules, const DiffOptions *options);

#endif
