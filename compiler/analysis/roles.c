/* Default independents and dependents. */
#include "analysis/roles.h"

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

static bool is_plain(const Type *type)
{
    return type_is_floating(type_is_pointer(type) ? type->elem : type);
}

bool argument_is_input(const Op *call, unsigned i)
{
    const Type *type = op_operand(call, i)->type;
    return i < call->callee->num_params && is_plain(type) &&
           is_default_independent(call->callee, i, type);
}

bool argument_is_output(const Op *call, unsigned i)
{
    const Type *type = op_operand(call, i)->type;
    return i < call->callee->num_params && !type_is_floating(call->callee->result) &&
           is_plain(type) && is_default_dependent(call->callee, i, type);
}

bool argument_is_written(const Op *call, unsigned i)
{
    return i < call->callee->num_params && type_is_pointer(op_operand(call, i)->type) &&
           !call->callee->params[i].points_to_const;
}
