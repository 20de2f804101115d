/* Calls with a rule whose operands are too small, as far as the sizes are constants: an error of the program's. */
#include "diff/ruled.h"

static bool constant_int(const Value *value, int64_t *number)
{
    if (!value_is_const(value) || !type_is_integer(value->type))
        return false;
    *number = value->op->int_value;
    return true;
}

/* ---- what the call takes ---- */

static bool constant_size(const Op *op, RuleExtent extent, int64_t *size)
{
    const CallRule *rule = op->callee->rule;
    int64_t other, flag;
    if (!constant_int(op_operand(op, (unsigned)extent.size + rule->layout), size))
        return false;
    if (extent.kind == EXTENT_PLAIN)
        return true;
    if (!constant_int(op_operand(op, (unsigned)extent.other + rule->layout), &other))
        return false;
    if (extent.kind == EXTENT_VALID) {
        *size = *size >= other ? *size - other + 1 : 0;
        return true;
    }
    if (extent.kind == EXTENT_MIN) {
        *size = other < *size ? other : *size;
        return true;
    }
    if (!constant_int(op_operand(op, (unsigned)extent.flag + rule->layout), &flag))
        return false;
    const Flag which = flag_of_value(rule->params[extent.flag].kind, flag, rule->family);
    *size = which == FLAG_NO_TRANS || which == FLAG_LEFT ? *size : other;
    return true;
}

/* How many elements from the first to the last, and the step between them or between lines. */
static bool taken(const Op *op, unsigned param, int64_t *count, int64_t *step)
{
    const CallRule *rule = op->callee->rule;
    const RuleParam *data = &rule->params[param];
    const bool has_step = param + 1 < rule->num_params && rule->params[param + 1].kind == ARG_STEP;
    int64_t sizes[MAX_RULE_EXTENTS] = {0, 1}, layout = FLAG_ROW_MAJOR;
    *step = 1;
    *count = 1;
    for (unsigned k = 0; k < data->rank; k++) {
        if (!constant_size(op, data->extents[k], &sizes[k]))
            return false;
        *count *= sizes[k];
    }
    if (!has_step)
        return true;
    if (rule->layout && !constant_int(op_operand(op, 0), &layout))
        return false;
    const int64_t width = data->rank == 1 ? 1 : sizes[layout == FLAG_ROW_MAJOR ? 1 : 0];
    const int64_t lines = data->rank == 1 ? sizes[0] : sizes[layout == FLAG_ROW_MAJOR ? 0 : 1];
    if (!constant_int(op_operand(op, param + 1 + rule->layout), step))
        return false;
    *count = lines > 0 && width > 0 ? (lines - 1) * (*step < 0 ? -*step : *step) + width : 0;
    return true;
}

/* ---- what is there ---- */

typedef struct Shape {
    int64_t count; /* from where the pointer points to */
    int64_t inner; /* the innermost of several extents, or 0 */
} Shape;

static bool shape_of_extents(const Op *op, unsigned first, Shape *shape)
{
    *shape = (Shape){.count = 1};
    for (unsigned i = first; i < op->num_operands; i++) {
        int64_t extent;
        if (!constant_int(op_operand(op, i), &extent))
            return false;
        shape->count *= extent;
        shape->inner = i > first ? extent : 0;
    }
    return true;
}

static bool shape_of_param(const Value *param, Shape *shape)
{
    for (const Use *use = param->uses; use; use = use->next)
        if (use->user->kind == OP_SHAPE && use == &use->user->operands[0] && use->user->num_operands > 1)
            return shape_of_extents(use->user, 1, shape);
    return false;
}

static bool shape_of_pointer(const Value *pointer, Shape *shape)
{
    const Op *op = pointer->op;
    if (!op)
        return !pointer->region->owner && shape_of_param(pointer, shape);
    if (op->kind == OP_ALLOCA)
        return shape_of_extents(op, 0, shape);
    if (op->kind != OP_INDEX || !shape_of_pointer(op_operand(op, 0), shape))
        return false;
    int64_t offset = 0;
    for (unsigned i = 1; i < op->num_operands; i += 2) {
        int64_t index, extent = 1;
        if (!constant_int(op_operand(op, i), &index) || (i > 1 && !constant_int(op_operand(op, i - 1), &extent)))
            return false;
        offset = offset * extent + index;
    }
    shape->count -= offset;
    return true;
}

bool ruled_fits(const Op *op)
{
    const CallRule *rule = op->callee->rule;
    Diagnostics *diags = op->function->module->diags;
    for (unsigned i = 0; i < rule->num_params; i++) {
        int64_t count, step;
        Shape shape;
        const Value *pointer = op_operand(op, i + rule->layout);
        if (!type_is_pointer(pointer->type) || !taken(op, i, &count, &step) || !shape_of_pointer(pointer, &shape))
            continue;
        if (count > shape.count) {
            diag(diags, MSG_RULE_TOO_SMALL, op->loc, rule->params[i].name, op->callee->name, (long)count,
                 (long)shape.count);
            return false;
        }
        if (rule->params[i].rank == 2 && i + 1 < rule->num_params && rule->params[i + 1].kind == ARG_STEP &&
            shape.inner && step != shape.inner) {
            diag(diags, MSG_RULE_SHAPE, op->loc, rule->params[i + 1].name, op->callee->name, (long)step,
                 (long)shape.inner);
            return false;
        }
    }
    return true;
}
