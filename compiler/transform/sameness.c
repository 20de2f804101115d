/* Equal values that the differentiators tell apart (diff/winners.h) are one, as soon as all derivatives are there. */
#include "transform/passes.h"

static void forget(Op *op, void *context)
{
    (void)context;
    if (op->kind != OP_SAME)
        return;
    value_replace_uses(op->results[0], op_operand(op, 0));
    op_erase(op);
}

void forget_sameness(Function *function)
{
    region_walk(function->body, forget, NULL);
}
