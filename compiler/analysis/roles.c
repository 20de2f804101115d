/* Default independents and dependents. */
#include "analysis/roles.h"

#include "rules/calls.h"

static bool carries(const Type *type)
{
    return type_carries_derivative(type_is_pointer(type) ? type->elem : type);
}

bool is_default_independent(const Function *function, unsigned i, const Type *type)
{
    const Param *param = &function->params[i];
    return (!type_is_pointer(type) || param->points_to_const) && !param->is_inactive &&
           !param->global && carries(type);
}

bool is_default_dependent(const Function *function, unsigned i, const Type *type)
{
    const Param *param = &function->params[i];
    return type_is_pointer(type) && !param->points_to_const && !param->is_inactive &&
           !param->global && carries(type);
}

/* ---- calls of functions with derivatives of their own ---- */

bool call_has_roles(const Op *op)
{
    return op->kind == OP_CALL && op->callee && (op->callee->is_custom || op->callee->rule);
}

unsigned call_num_arguments(const Op *call)
{
    return call->callee->is_custom ? call->callee->num_params : call->num_operands;
}

static bool is_plain(const Type *type)
{
    return type_is_floating(type_is_pointer(type) ? type->elem : type);
}

bool argument_is_input(const Op *call, unsigned i)
{
    if (call_is_ruled(call)) {
        const RuleParam *param = rule_param(call->callee->rule, i);
        return param && (param->kind == ARG_REAL || (param->kind == ARG_DATA && !param->written)) &&
               !param->is_constant;
    }
    const Type *type = op_operand(call, i)->type;
    return i < call->callee->num_params && is_plain(type) &&
           is_default_independent(call->callee, i, type);
}

bool argument_is_output(const Op *call, unsigned i)
{
    if (call_is_ruled(call))
        return argument_is_written(call, i) && rule_argument_kind(call->callee->rule, i) == ARG_DATA;
    const Type *type = op_operand(call, i)->type;
    return i < call->callee->num_params && !type_is_floating(call->callee->result) &&
           is_plain(type) && is_default_dependent(call->callee, i, type);
}

bool argument_is_written(const Op *call, unsigned i)
{
    if (call_is_ruled(call)) {
        const RuleParam *param = rule_param(call->callee->rule, i);
        return param && param->written;
    }
    return i < call->callee->num_params && type_is_pointer(op_operand(call, i)->type) &&
           !call->callee->params[i].points_to_const;
}
