/* The modes: which steps make them. */
#include "diff/bind_globals.h"
#include "diff/composed.h"
#include "diff/lanes.h"
#include "diff/step.h"

Function *derivative_generate(const Request *request, const Rules *rules, const DiffOptions *options)
{
    Step step;
    Request passing = *request;
    bool done;
    passing.passes_globals = true;
    switch (request->mode) {
    case MODE_JACOBIAN:
    case MODE_HESSIAN:
    case MODE_DIVERGENCE:
        if (request->sparse)
            return sparse_generate(request, rules, options);
        return matrix_generate(request, rules, options);
    case MODE_HVP:
        done = hvp_step(request, rules, options, &step);
        break;
    default:
        if (request->directions <= 1)
            return derivative_step(request, rules, options, &step) ? step.function : NULL;
        done = derivative_step(&passing, rules, options, &step);
        break;
    }
    const unsigned lanes = request->directions > 1 ? request->directions : 1;
    if (done && lanes > 1)
        done = lanes_expand(request, lanes, &step);
    return done && globals_bind(request, lanes, &step) ? step.function : NULL;
}
