/* Loops of the reverse sweep whose iterations do not depend on each other run forward.
 *
 *     for (j = d - 1; j >= 0; j--) w_bar[j] += z_bar * x[j];        for (j = 0; j < d; j++) ...
 *
 * It reads better, and memory is walked through as the hardware expects.
 *
 * Requires: SSA. */
#include "analysis/iterations.h"
#include "transform/passes.h"

static void visit_region(Region *region)
{
    for (Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            visit_region(op->regions[r]);
        if (op->kind == OP_FOR && (op->flags & OP_FLAG_REVERSED) && (op->flags & OP_FLAG_ADJOINT) && iterations_commute(op))
            op->flags &= ~(unsigned)OP_FLAG_REVERSED;
    }
}

void run_forward(Function *function)
{
    visit_region(function->body);
}
