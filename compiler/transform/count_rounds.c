/* A counter that stands still in the round that leaves the loop advances in it, too.
 *
 * Problem. `break` is a flag, and what follows it happens only where the flag is not set: so does i++, and the
 * counter is no longer one. The reverse sweep would have to keep it for every round.
 *
 *     while carry (%i0 = 0, %left0 = false) {       while carry (...) {
 *         yield !%left0 && %i0 < %n                     ...
 *     } do {                                        } do {
 *         ... %left1 = ...                  ->          ...
 *         %i1 = !%left1 ? %i0 + 1 : %i0                 %i1 = add %i0, 1
 *         yield %i1, %left1                             yield %i1, %left1
 *     }                                             }
 *                                                   %i = %left ? %i - 1 : %i
 *
 * Algorithm. A flag decides alone that the loop ends if it is a part of the condition's conjunction. A carried
 * integer that moves by a constant unless the flag is set moves always; behind the loop the last step is undone.
 *
 * Requires: mem2reg. Keeps: SSA, every value that is used. Does not handle: counters that move in several places. */
#include "transform/raise_internal.h"

/* ---- flags ---- */

typedef struct Flag {
    unsigned carried;
    bool ends; /* the value that ends the loop */
} Flag;

/* The flag without its negations; *value becomes what it is where the value is as given. */
static const Value *without_not(const Value *flag, bool *value)
{
    for (; flag->op && flag->op->kind == OP_LNOT; flag = op_operand(flag->op, 0))
        *value = !*value;
    return flag;
}

static bool is_conjunction(const Op *op)
{
    return op->kind == OP_IF && value_is_int(op_operand(region_terminator(op->regions[1]), 0), 0) &&
           op->num_results == 1;
}

/* Is the carried flag a part of the condition? */
static bool is_part(const Op *loop, const Value *condition, unsigned carried, bool *ends)
{
    bool value = true;
    const Value *plain = without_not(condition, &value);
    if (plain == loop->regions[0]->args.items[carried]) {
        *ends = !value;
        return true;
    }
    const Op *op = condition->op;
    if (op && op->kind == OP_LAND)
        return is_part(loop, op_operand(op, 0), carried, ends) || is_part(loop, op_operand(op, 1), carried, ends);
    if (op && is_conjunction(op))
        return is_part(loop, op_operand(op, 0), carried, ends) ||
               is_part(loop, op_operand(region_terminator(op->regions[0]), 0), carried, ends);
    return false;
}

static bool is_flag(const Op *loop, unsigned carried, Flag *flag)
{
    flag->carried = carried;
    return loop_carried_arg(loop, carried)->type->kind == TYPE_BOOL &&
           is_part(loop, op_operand(region_terminator(loop->regions[0]), 0), carried, &flag->ends);
}

/* ---- counters ---- */

/* What a choice yields on its sides: [0] where the condition is true. */
static bool sides_of(const Value *value, const Value *sides[2])
{
    const Op *op = value->op;
    if (!op || (op->kind != OP_SELECT && op->kind != OP_IF))
        return false;
    for (unsigned s = 0; s < 2; s++)
        sides[s] = op->kind == OP_SELECT ? op_operand(op, 1 + s)
                                         : op_operand(region_terminator(op->regions[s]), value->index);
    return true;
}

/* Is the flag set, in the round, exactly where the choice takes that side? */
static bool set_on_side(const Op *loop, const Flag *flag, const Op *choice, unsigned side)
{
    const Value *next = loop_carried_next(loop, flag->carried), *sides[2];
    bool tested = side == 0, set = flag->ends;
    const Value *condition = without_not(op_operand(choice, 0), &tested);
    if (without_not(next, &set) == condition)
        return tested == set;
    if (next->op != choice || !sides_of(next, sides))
        return false;
    const bool stays = sides[1 - side] == loop_carried_arg(loop, flag->carried) ||
                       value_is_int(sides[1 - side], !flag->ends);
    return stays && value_is_int(sides[side], flag->ends);
}

static void advance_always(Op *loop, unsigned carried, const Flag *flag, int64_t step)
{
    Value *arg = loop_carried_arg(loop, carried), *result = loop->results[carried];
    Builder b = builder_before(region_terminator(loop_body(loop)));
    b.loc = loop_carried_next(loop, carried)->op->loc;
    Value *next = build_binary(&b, OP_ADD, arg, build_int(&b, arg->type, step));
    next->name = arg->name;
    op_set_operand(region_terminator(loop_body(loop)), carried, next);
    if (!value_has_uses(result))
        return;
    b = builder_before(loop->next);
    b.loc = loop->loc;
    Value *undone = build_binary(&b, OP_SUB, result, build_int(&b, result->type, step));
    Value *set = loop->results[flag->carried];
    Value *end = flag->ends ? build_select(&b, set, undone, result) : build_select(&b, set, result, undone);
    end->name = result->name;
    for (Use *use = result->uses, *following; use; use = following) {
        following = use->next;
        if (use->user != undone->op && use->user != end->op)
            op_set_operand(use->user, (unsigned)(use - use->user->operands), end);
    }
}

static void try_counter(Op *loop, unsigned carried, const Flag *flag)
{
    const Value *arg = loop_carried_arg(loop, carried), *next = loop_carried_next(loop, carried), *sides[2];
    int64_t step;
    if (!type_is_integer(arg->type) || arg->type->kind < TYPE_INT || !sides_of(next, sides))
        return;
    /* a flag that is set from the start says nothing of the last round: there is none */
    if (value_has_uses(loop->results[carried]) &&
        !value_is_int(loop_carried_init(loop, flag->carried), !flag->ends))
        return;
    for (unsigned side = 0; side < 2; side++)
        if (sides[side] == arg && moves_by_constant(arg, sides[1 - side], &step) &&
            set_on_side(loop, flag, next->op, side)) {
            advance_always(loop, carried, flag, step);
            return;
        }
}

void count_rounds(Op *loop)
{
    for (unsigned k = 0; k < loop_num_carried(loop); k++) {
        Flag flag;
        if (!is_flag(loop, k, &flag))
            continue;
        for (unsigned i = 0; i < loop_num_carried(loop); i++)
            try_counter(loop, i, &flag);
    }
}
