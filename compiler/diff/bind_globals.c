/* From arguments back to global variables.
 *
 *     f_hvp(x, x_dot, x_bar_dot, g, g_dot, g_bar_dot)   becomes   f_hvp(x, x_dot, x_bar_dot), with &g, &g_dot, &g_bar_dot
 *
 * Where a derivative is put together from several steps, or has several directions, its steps get global variables and their
 * companions by address, like everything else that has a part. In the end they are looked up again. */
#include "diff/bind_globals.h"

#include "diff/globals.h"

void step_drop_parameter(Step *step, unsigned index)
{
    Function *function = step->function;
    Arena *arena = function->module->arena;
    Param *params = arena_new_array(arena, Param, function->num_params);
    Slots slots = {0};
    unsigned n = 0;
    for (unsigned i = 0; i < function->num_params; i++)
        if (i != index) {
            params[n++] = function->params[i];
            vec_push(arena, &slots.list, step->slots.list.items[i]);
        }
    function->params = params;
    function->num_params = n;
    step->slots = slots;
    region_remove_arg(function->body, index);
}

/* What the argument stands for; NULL after an error. */
static Global *variable_of(const Request *request, const Step *step, Slot slot, unsigned lanes)
{
    Global *global = step->signature.primal->params[slot.param].global;
    switch (slot.kind) {
    case SLOT_BAR:
        return global_companion(request->function, global, "bar", 1, request->loc);
    case SLOT_DOT:
        return global_companion(request->function, global, "dot", lanes, request->loc);
    case SLOT_BAR_DOT:
        return global_companion(request->function, global, "bar_dot", lanes, request->loc);
    default:
        return global;
    }
}

static bool is_global(const Step *step, Slot slot)
{
    return slot.kind != SLOT_RESULT_BAR && slot.kind != SLOT_RESULT_DOT &&
           step->signature.primal->params[slot.param].global;
}

/* Shapes are of parameters. */
static void erase_shapes(const Value *arg)
{
    for (const Use *use = arg->uses; use;) {
        const Use *next = use->next;
        if (use->user->kind == OP_SHAPE)
            op_erase(use->user);
        use = next;
    }
}

bool globals_bind(const Request *request, unsigned lanes, Step *step)
{
    Region *body = step->function->body;
    for (unsigned i = step->function->num_params; i-- > 0;) {
        const Slot slot = step->slots.list.items[i];
        if (!is_global(step, slot))
            continue;
        Global *variable = variable_of(request, step, slot, lanes);
        if (!variable)
            return false;
        Value *arg = body->args.items[i];
        erase_shapes(arg);
        Builder b = builder_before(body->first);
        value_replace_uses(arg, build_global(&b, variable));
        step_drop_parameter(step, i);
    }
    return true;
}
