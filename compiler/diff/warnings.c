/* Warnings about what is differentiated: where a derivative may not be what it looks like.
 *
 *   -Wactive-equality       x == y: the derivative does not see that they are equal only there
 *   -Wactive-truncation     (int)x: its derivative is zero
 *   -Wkink                  |x|, max(x, y), x < y, floor(x): the value or the derivative jumps somewhere
 *   -Wuninitialized-active  a variable is certainly read before it is written
 *
 * They look at what depends on an independent, whether or not a dependent depends on it. */
#include "diff/warnings.h"

static void say(const Op *op, MessageId message)
{
    diag(op->function->module->diags, message, op->loc);
}

static bool any_varied(const Activity *activity, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        if (type_is_floating(operand->type) && activity->varied[operand->id])
            return true;
    }
    return false;
}

/* ---- kinks ---- */

static void warn_of_kink(const Op *op)
{
    const char *what = op_table[op->kind].spelling;
    if (op_is_compare(op->kind))
        say(op, MSG_KINK_BRANCH);
    else if (rule_has_kink(op->kind))
        diag(op->function->module->diags, MSG_KINK, op->loc, what);
}

/* ---- what was never written ---- */

static bool is_undefined(const Value *value)
{
    return value->op && value->op->kind == OP_UNDEF;
}

/* Undefined, or so in the first round of a loop. */
static bool may_be_undefined(const Value *value)
{
    const Op *loop = value->op ? NULL : value->region->owner;
    if (!loop || !op_is_loop(loop->kind) || value->region != loop_body(loop))
        return is_undefined(value);
    const unsigned first = loop->kind == OP_FOR ? 1 : 0;
    return value->index >= first && is_undefined(loop_carried_init(loop, value->index - first));
}

static bool computes(const Op *op)
{
    return op_table[op->kind].style != STYLE_SPECIAL || op->kind == OP_STORE || op->kind == OP_CONVERT ||
           op->kind == OP_ACCUMULATE;
}

static void warn_of_undefined(const Op *op)
{
    if (!computes(op))
        return;
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        if (type_is_floating(operand->type) && may_be_undefined(operand)) {
            say(op, MSG_UNINITIALIZED_ACTIVE);
            return;
        }
    }
}

/* Is something active made of it? */
static bool leads_to_active(const Activity *activity, const Op *op)
{
    if (op->kind == OP_STORE || op->kind == OP_ACCUMULATE)
        return memory_is_varied(activity, op_operand(op, 0));
    return op->num_results && type_is_floating(op->results[0]->type) &&
           (activity->varied[op->results[0]->id] || activity->useful[op->results[0]->id]);
}

void warn_of_op(const Activity *activity, const Op *op)
{
    if (leads_to_active(activity, op))
        warn_of_undefined(op);
    if (!any_varied(activity, op))
        return;
    if (op->kind == OP_EQ || op->kind == OP_NE)
        say(op, MSG_ACTIVE_EQUALITY);
    else if (op->kind == OP_CONVERT && type_is_integer(op->results[0]->type))
        say(op, MSG_ACTIVE_TRUNCATION);
    else
        warn_of_kink(op);
}
