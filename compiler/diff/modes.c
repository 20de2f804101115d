/* The modes: which steps make them. */
#include "diff/bind_globals.h"
#include "diff/composed.h"
#include "diff/lanes.h"
#include "diff/step.h"

#include <string.h>

/* A struct of the source itself that has no tag: another file, as the header is, cannot name it. */
static bool is_nameless(const Type *type)
{
    while (type_is_pointer(type))
        type = type->elem;
    if (type->kind != TYPE_RECORD || type->record->header)
        return false;
    const char *tag = type->record->tag;
    return (strncmp(tag, "struct ", 7) != 0 && strncmp(tag, "union ", 6) != 0) || strstr(tag, " unnamed");
}

static bool can_be_declared(const Request *request)
{
    const Function *function = request->function;
    const char *what = is_nameless(function->result) ? function->name : NULL;
    for (unsigned i = 0; i < function->num_params && !what; i++)
        if (is_nameless(function->body->args.items[i]->type))
            what = function->params[i].name;
    if (what)
        diag(function->module->diags, MSG_NAMELESS_STRUCT, request->loc, what);
    return !what;
}

Function *derivative_generate(const Request *request, const Rules *rules, const DiffOptions *options)
{
    Step step;
    Request passing = *request;
    bool done;
    passing.passes_globals = true;
    if (!can_be_declared(request))
        return NULL;
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
        if (request->directions <= 1) {
            if (!derivative_step(request, rules, options, &step))
                return NULL;
            signature_restrict_companion(&step.signature, &step.slots, step.function);
            return step.function;
        }
        done = derivative_step(&passing, rules, options, &step);
        break;
    }
    const unsigned lanes = request->directions > 1 ? request->directions : 1;
    if (done && lanes > 1)
        done = lanes_expand(request, lanes, &step);
    return done && globals_bind(request, lanes, &step) ? step.function : NULL;
}
