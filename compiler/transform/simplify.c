/* Simplification, before differentiation (so that less is differentiated) and after (so that less runs).
 *
 * Algorithm. Sweeps over the function, each op folded or replaced by something simpler, then common
 * subexpressions, merging of ifs and accumulations, dead code; until nothing changes.
 *
 * Requires: SSA. Keeps: every primal value bit for bit: identities of real numbers that rounding breaks
 * are used on ops marked OP_FLAG_RELAXED only. */
#include <math.h>

#include "transform/dead_code.h"
#include "transform/passes.h"
#include "transform/simplify_internal.h"

enum { MAX_SWEEPS = 20 };

static void replace(Op *op, Value *value)
{
    Value *old = op->results[0];
    if (old->name && !value->name && !value_is_const(value))
        value->name = old->name;
    value_replace_uses(old, value);
}

static bool simplify_op(Op *op)
{
    if (op->num_results != 1 || op_table[op->kind].effect != EFFECT_PURE ||
        op->kind == OP_CONST || !op->results[0]->uses)
        return false;
    Builder b = builder_before(op);
    b.flags = op->flags & (OP_FLAG_ADJOINT | OP_FLAG_RELAXED);
    Value *value = fold_op(&b, op);
    if (!value)
        value = algebra_op(&b, op);
    if (!value || value == op->results[0])
        return false;
    replace(op, value);
    op_erase(op);
    return true;
}

static bool same_constant(const Value *a, const Value *b)
{
    if (!value_is_const(a) || !value_is_const(b) || a->type != b->type)
        return false;
    if (!type_is_floating(a->type))
        return a->op->int_value == b->op->int_value;
    return a->op->float_value == b->op->float_value &&
           signbit(a->op->float_value) == signbit(b->op->float_value);
}

/* `value` takes the place of carried value number i, inside the loop and behind it. Its slot, which then
 * only feeds itself, is left to dead code. */
static bool replace_carried(Op *loop, unsigned i, unsigned by, Value *init)
{
    bool changed = loop->results[i]->uses != NULL;
    const unsigned first = loop->kind == OP_FOR ? 1 : 0;
    for (unsigned r = 0; r < loop->num_regions; r++) {
        Value **args = loop->regions[r]->args.items + first;
        changed = changed || args[i]->uses != NULL;
        value_replace_uses(args[i], init ? init : args[by]);
    }
    value_replace_uses(loop->results[i], init ? init : loop->results[by]);
    return changed;
}

/* A carried value that never changes is its initial value; two that start and go on alike are one. */
static bool simplify_carried(Op *loop)
{
    bool changed = false;
    for (unsigned i = 0; i < loop_num_carried(loop); i++) {
        Value *init = loop_carried_init(loop, i), *next = loop_carried_next(loop, i);
        if (next == loop_carried_arg(loop, i) || next == init || same_constant(next, init)) {
            changed |= replace_carried(loop, i, i, init);
            continue;
        }
        for (unsigned j = 0; j < i; j++) {
            const Value *other = loop_carried_init(loop, j);
            if (next == loop_carried_next(loop, j) && (init == other || same_constant(init, other))) {
                changed |= replace_carried(loop, i, j, NULL);
                break;
            }
        }
    }
    return changed;
}

bool take_constant_branch(Op *op)
{
    const Value *condition = op_operand(op, 0);
    if (!value_is_const(condition))
        return false;
    Region *taken = op->regions[condition->op->int_value ? 0 : 1];
    Op *yield = region_terminator(taken);
    for (unsigned i = 0; i < op->num_results; i++)
        value_replace_uses(op->results[i], op_operand(yield, i));
    op_erase(yield);
    while (taken->first) {
        Op *inner = taken->first;
        op_detach(inner);
        op_insert_before(inner, op);
    }
    op_erase(op);
    return true;
}

/* c ? true : false, or c ? false : true; NULL for anything else. */
static Value *as_condition(Op *op, const Value *a, const Value *b)
{
    if (a->type->kind != TYPE_BOOL || !value_is_const(a) || !value_is_const(b) ||
        !a->op->int_value == !b->op->int_value)
        return NULL;
    Builder before = builder_before(op);
    before.loc = op->loc;
    before.flags = op->flags & OP_FLAG_ADJOINT;
    return a->op->int_value ? op_operand(op, 0)
                            : build_unary(&before, OP_LNOT, op_operand(op, 0));
}

/* Results that are the same value on both sides, or the condition itself. */
static bool simplify_results(Op *op)
{
    bool changed = false;
    for (unsigned i = 0; i < op->num_results; i++) {
        Value *a = op_operand(region_terminator(op->regions[0]), i);
        const Value *b = op_operand(region_terminator(op->regions[1]), i);
        if (!op->results[i]->uses)
            continue;
        Value *value = a == b ? a : as_condition(op, a, b);
        if (!value)
            continue;
        value_replace_uses(op->results[i], value);
        changed = true;
    }
    return changed;
}

/* A `for` whose constant bounds allow no round leaves the initial values. */
static bool remove_empty_for(Op *loop)
{
    const Value *lower = op_operand(loop, 0), *upper = op_operand(loop, 1);
    if (!value_is_const(lower) || !value_is_const(upper) || lower->op->int_value < 0 ||
        upper->op->int_value < 0 ||
        fold_compare(loop->compare, (long double)lower->op->int_value,
                     (long double)upper->op->int_value))
        return false;
    for (unsigned i = 0; i < loop->num_results; i++)
        value_replace_uses(loop->results[i], loop_carried_init(loop, i));
    op_erase(loop);
    return true;
}

static bool sweep(Region *region)
{
    bool changed = false;
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned r = 0; r < op->num_regions; r++)
            changed |= sweep(op->regions[r]);
        if (op->kind == OP_IF) {
            changed |= simplify_results(op);
            Op *first = op->prev;
            if (take_constant_branch(op) || if_to_select(op)) {
                changed = true;
                next = first ? first->next : region->first;
            }
        } else if (op_is_loop(op->kind)) {
            changed |= simplify_carried(op) || (op->kind == OP_FOR && remove_empty_for(op));
        } else {
            changed |= simplify_op(op);
        }
    }
    return changed;
}

void simplify(Function *function)
{
    bool changed = true;
    for (unsigned i = 0; changed && i < MAX_SWEEPS; i++) {
        changed = sweep(function->body);
        changed |= eliminate_common(function);
        changed |= merge_ifs(function);
        changed |= sink_loops(function);
        changed |= merge_accumulations(function);
        remove_dead_code(function);
    }
}
