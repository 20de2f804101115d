/* Iterations of a loop: see iterations.h. */
#include "analysis/iterations.h"

#include "analysis/affine.h"
#include "analysis/memory.h"

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

static bool is_always_below(const Op *loop, const Value *x, const Value *y)
{
    Affine low = affine_of(y), high = affine_of(x);
    if (!affine_bound_outside(&low, loop, NULL, false) || !affine_bound_outside(&high, loop, NULL, true))
        return false;
    const Affine distance = affine_difference(&low, &high);
    return affine_is_at_least(&distance, 1);
}

/* Elements of one array, given by as many indices with the same extents. */
static bool are_comparable(const Op *loop, const Op *a, const Op *b)
{
    if (!a || !b || a->kind != OP_INDEX || b->kind != OP_INDEX || op_operand(a, 0) != op_operand(b, 0) ||
        a->num_operands != b->num_operands || value_is_inside(loop, op_operand(a, 0)))
        return false;
    for (unsigned i = 2; i < a->num_operands; i += 2)
        if (!values_are_same(op_operand(a, i), op_operand(b, i)))
            return false;
    return true;
}

bool addresses_never_meet(const Op *loop, const Value *p, const Value *q)
{
    const Op *a = p->op, *b = q->op;
    if (!are_comparable(loop, a, b))
        return false;
    for (unsigned i = 1; i < a->num_operands; i += 2)
        if (is_always_below(loop, op_operand(a, i), op_operand(b, i)) || is_always_below(loop, op_operand(b, i), op_operand(a, i)))
            return true;
    return false;
}

bool addresses_are_apart(const Op *loop, const Value *p, const Value *q)
{
    const Op *a = p->op, *b = q->op;
    if (!are_comparable(loop, a, b))
        return false;
    for (unsigned i = 1; i < a->num_operands; i += 2)
        if (index_tells_iterations_apart(loop, op_operand(a, i), op_operand(b, i)))
            return true;
    return addresses_never_meet(loop, p, q);
}

bool accesses_conflict(const Op *loop, const Op *a, const Op *b)
{
    if ((a->kind == OP_LOAD && b->kind == OP_LOAD) || (a->kind == OP_ACCUMULATE && b->kind == OP_ACCUMULATE))
        return false;
    const Value *p = op_operand(a, 0), *q = op_operand(b, 0);
    return objects_may_overlap(pointer_object(p), access_type(p), pointer_object(q), access_type(q)) &&
           !addresses_are_apart(loop, p, q);
}

bool counts_upward(const Op *loop)
{
    const Value *lower = op_operand(loop, 0);
    const Affine from = affine_of(lower);
    return !(loop->flags & OP_FLAG_REVERSED) && affine_is_at_least(&from, 0) && value_is_int(op_operand(loop, 2), 1) &&
           (loop->compare == OP_LT || loop->compare == OP_LE) && lower->type->kind >= TYPE_INT;
}

bool counts_plainly(const Op *loop)
{
    return counts_upward(loop) && value_is_const(op_operand(loop, 0));
}

bool carried_is_plain_sum(const Op *loop, unsigned i)
{
    const Value *arg = loop_carried_arg(loop, i);
    if (!type_is_floating(arg->type) || !value_has_one_use(arg))
        return false;
    const Op *user = arg->uses->user;
    return (user->kind == OP_ADD || (user->kind == OP_SUB && op_operand(user, 0) == arg)) &&
           user->parent == loop->regions[0] && loop_carried_next(loop, i) == user->results[0] &&
           value_has_one_use(user->results[0]);
}

void note_access(Op *op, void *context)
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
    region_walk(loop->regions[0], note_access, &accesses);
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

bool iterations_commute(Op *loop)
{
    for (unsigned i = 0; i < loop_num_carried(loop); i++)
        if (!is_relaxed_sum(loop, i))
            return false;
    return memory_is_apart(loop);
}
