/* Loops of the reverse sweep whose iterations do not depend on each other run forward.
 *
 *     for (j = d - 1; j >= 0; j--) w_bar[j] += z_bar * x[j];        for (j = 0; j < d; j++) ...
 *
 * It reads better, and memory is walked through as the hardware expects.
 *
 * Algorithm. Accumulations commute, and so do the sums that a loop carries. Anything else that is written must be
 * touched in one iteration only: in some dimension of the two indices both are the same affine form of the counter.
 *
 * Requires: SSA. */
#include "analysis/iterations.h"
#include "ir/builder.h"
#include "transform/passes.h"

typedef struct Accesses {
    Arena *arena;
    VEC(const Op *) list;
    bool failed;
} Accesses;

static void collect(Op *op, void *context)
{
    Accesses *accesses = context;
    switch (op->kind) {
    case OP_LOAD:
    case OP_STORE:
    case OP_ACCUMULATE:
        vec_push(accesses->arena, &accesses->list, op);
        return;
    case OP_FOR:
    case OP_IF:
    case OP_WHILE:
    case OP_YIELD:
        return;
    default:
        accesses->failed = accesses->failed || op_table[op->kind].effect != EFFECT_PURE;
    }
}

static bool memory_is_apart(Op *loop)
{
    enum { MAX_ACCESSES = 64 };
    Accesses accesses = {.arena = loop->function->module->arena};
    region_walk(loop->regions[0], collect, &accesses);
    if (accesses.failed || accesses.list.count > MAX_ACCESSES)
        return false;
    for (size_t i = 0; i < accesses.list.count; i++)
        for (size_t k = i; k < accesses.list.count; k++)
            if (accesses_conflict(loop, accesses.list.items[i], accesses.list.items[k]))
                return false;
    return true;
}

/* Of adjoints, whose order is free. */
static bool is_relaxed_sum(const Op *loop, unsigned i)
{
    return carried_is_plain_sum(loop, i) && (loop_carried_next(loop, i)->op->flags & OP_FLAG_RELAXED);
}

static bool can_run_forward(Op *loop)
{
    for (unsigned i = 0; i < loop_num_carried(loop); i++)
        if (!is_relaxed_sum(loop, i))
            return false;
    return memory_is_apart(loop);
}

static void visit_region(Region *region)
{
    for (Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            visit_region(op->regions[r]);
        if (op->kind == OP_FOR && (op->flags & OP_FLAG_REVERSED) && (op->flags & OP_FLAG_ADJOINT) && can_run_forward(op))
            op->flags &= ~(unsigned)OP_FLAG_REVERSED;
    }
}

void run_forward(Function *function)
{
    visit_region(function->body);
}
