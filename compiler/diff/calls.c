/* Calls of functions without a body: which ones may stay as they are.
 *
 * Such a function may look at active values, as printf does. It must not return any, nor write any: into active
 * memory, or active values into other memory. What a pointer to void leads to is what it was made of. A function of
 * the user's may also know the global variables; one of a system header does not. */
#include "diff/calls.h"

#include <string.h>

#include "analysis/roles.h"

static bool pointer_to_const(const Function *callee, unsigned i)
{
    return callee && i < callee->num_params && callee->params[i].points_to_const;
}

bool call_may_write_argument(const Op *call, unsigned i)
{
    if (call_has_roles(call))
        return argument_is_written(call, i);
    return type_is_pointer(op_operand(call, i)->type) && !pointer_to_const(call->callee, i);
}

static bool is_active_argument(const Activity *activity, const Value *arg)
{
    if (!type_is_pointer(arg->type))
        return type_is_differentiable(arg->type) && activity->varied[arg->id];
    return memory_is_varied(activity, arg) || memory_is_varied(activity, pointer_before_conversions(arg));
}

static bool is_system_function(const Function *callee)
{
    return callee && callee->header && callee->header[0] == '<';
}

static bool any_active_global(const Activity *activity)
{
    for (size_t i = 0; i < activity->objects.count; i++) {
        const ObjectFacts *facts = &activity->objects.items[i];
        if (facts->object.kind != OBJECT_PARAM || !facts->varied)
            continue;
        const Function *function = facts->object.value->region->function;
        const Global *global = function->params[facts->object.value->index].global;
        if (global && !global->is_static)
            return true;
    }
    return false;
}

static bool has_harmless_arguments(const Activity *activity, const Op *op)
{
    bool active = false, writes_data = false;
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *arg = op_operand(op, i);
        const bool is_active = is_active_argument(activity, arg);
        if (is_active && call_may_write_argument(op, i))
            return false;
        active = active || is_active;
        writes_data = writes_data || (call_may_write_argument(op, i) &&
                                      type_carries_derivative(pointer_before_conversions(arg)->type->elem));
    }
    return !active || (!writes_data && (!op->num_results || type_is_integer(op->results[0]->type)));
}

static bool refuse(const Op *op, MessageId message, const char *name)
{
    diag(op->function->module->diags, message, op->loc, name);
    return false;
}

bool call_is_harmless(const Activity *activity, const Op *op)
{
    const Function *callee = op->callee;
    if (op->kind == OP_FUNCTION && callee->is_static && !callee->header && op->results[0]->uses)
        return refuse(op, MSG_STATIC_ADDRESS, callee->name);
    if (op->kind != OP_CALL || (callee && (callee->is_inactive || callee->is_recursive)) || call_has_roles(op))
        return true;
    if (has_harmless_arguments(activity, op)) {
        const bool is_blind = !callee || is_system_function(callee) || !any_active_global(activity);
        return is_blind || refuse(op, MSG_CALL_GLOBALS, callee->name);
    }
    if (!callee)
        return refuse(op, MSG_CALL_POINTER, NULL);
    const bool sorts = strcmp(callee->name, "qsort") == 0;
    return refuse(op, sorts ? MSG_CALL_SORT : MSG_CALL_UNKNOWN, callee->name);
}
