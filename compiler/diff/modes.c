/* The modes: which steps make them. */
#include "diff/composed.h"
#include "diff/lanes.h"
#include "diff/step.h"

Function *derivative_generate(const Request *request, const Rules *rules, const DiffOptions *options)
{
    Step step;
    bool done;
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
        done = derivative_step(request, rules, options, &step);
        break;
    }
    if (done && request->directions > 1)
        done = lanes_expand(request, request->directions, &step);
    return done ? step.function : NULL;
}
