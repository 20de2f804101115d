/* The modes: which steps make them. */
#include "diff/composed.h"
#include "diff/step.h"

Function *derivative_generate(const Request *request, const Rules *rules, const DiffOptions *options)
{
    Diagnostics *diags = request->function->module->diags;
    Step step;
    if (request->directions > 1) {
        diag(diags, MSG_MODE_UNAVAILABLE, request->loc, "directions");
        return NULL;
    }
    switch (request->mode) {
    case MODE_HVP:
        return hvp_step(request, rules, options, &step) ? step.function : NULL;
    case MODE_GRAD:
    case MODE_VJP:
    case MODE_JVP:
        return derivative_step(request, rules, options, &step) ? step.function : NULL;
    case MODE_JACOBIAN:
    case MODE_HESSIAN:
    case MODE_DIVERGENCE:
        return matrix_generate(request, rules, options);
    case MODE_COUNT:
        break;
    }
    return NULL;
}
