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
#include "analysis/affine.h"
#include "analysis/memory.h"
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

/* Equal in one iteration of the loop only: the same form, with the counter in it. */
static bool index_tells_iterations_apart(const Op *loop, const Value *x, const Value *y)
{
    const Value *counter = loop->regions[0]->args.items[0];
    const Affine a = affine_of(x), b = affine_of(y);
    const Affine difference = affine_difference(&a, &b);
    if (!difference.known || difference.offset != 0 || affine_coefficient(&a, counter) == 0)
        return false;
    for (unsigned i = 0; i < difference.count; i++)
        if (difference.coefficients[i] != 0)
            return false;
    for (unsigned i = 0; i < a.count; i++)
        if (a.coefficients[i] != 0 && a.values[i] != counter && value_is_inside(loop, a.values[i]))
            return false;
    return true;
}

static bool elements_are_apart(const Op *loop, const Op *a, const Op *b)
{
    if (!a || !b || a->kind != OP_INDEX || b->kind != OP_INDEX || op_operand(a, 0) != op_operand(b, 0) ||
        a->num_operands != b->num_operands || value_is_inside(loop, op_operand(a, 0)))
        return false;
    for (unsigned i = 2; i < a->num_operands; i += 2)
        if (!values_are_same(op_operand(a, i), op_operand(b, i)))
            return false;
    for (unsigned i = 1; i < a->num_operands; i += 2)
        if (index_tells_iterations_apart(loop, op_operand(a, i), op_operand(b, i)))
            return true;
    return false;
}

static bool conflict(const Op *loop, const Op *a, const Op *b)
{
    if ((a->kind == OP_LOAD && b->kind == OP_LOAD) || (a->kind == OP_ACCUMULATE && b->kind == OP_ACCUMULATE))
        return false;
    const Value *p = op_operand(a, 0), *q = op_operand(b, 0);
    return objects_may_overlap(pointer_object(p), access_type(p), pointer_object(q), access_type(q)) &&
           !elements_are_apart(loop, p->op, q->op);
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
            if (conflict(loop, accesses.list.items[i], accesses.list.items[k]))
                return false;
    return true;
}

/* What is carried is added to, once, and not looked at. */
static bool is_sum(const Op *loop, unsigned i)
{
    const Value *arg = loop_carried_arg(loop, i);
    if (!type_is_floating(arg->type) || !value_has_one_use(arg))
        return false;
    const Op *user = arg->uses->user;
    return (user->kind == OP_ADD || (user->kind == OP_SUB && op_operand(user, 0) == arg)) &&
           (user->flags & OP_FLAG_RELAXED) && user->parent == loop->regions[0] &&
           loop_carried_next(loop, i) == user->results[0] && value_has_one_use(user->results[0]);
}

static bool can_run_forward(Op *loop)
{
    for (unsigned i = 0; i < loop_num_carried(loop); i++)
        if (!is_sum(loop, i))
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
