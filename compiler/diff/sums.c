/* Sums: from a carried value on, nothing but additions until it is handed on under the same number; through ifs, in every
 * branch, and through inner loops that only add to it as well.
 *
 *     for (i...) { if (x[i] > 0) s += x[i];  for (j...) s -= y[i][j]; }
 *
 * Requires: activity (uses without derivatives do not matter). */
#include "diff/sums.h"

enum { MAX_CHAIN = 64 };

enum { NOWHERE = -1 };

static int destination(const Reversal *reversal, const Value *value, const Region *region, unsigned depth);

/* Where an if passes the value on, in every branch, to one result: that result. */
static const Value *through_if(const Reversal *reversal, const Value *value, const Op *op, unsigned depth)
{
    const int then = destination(reversal, value, op->regions[0], depth + 1);
    if (then == NOWHERE || then != destination(reversal, value, op->regions[1], depth + 1))
        return NULL;
    return op->results[then];
}

/* Carried through an inner loop that only adds to it. */
static const Value *through_loop(const Reversal *reversal, const Use *use, unsigned depth)
{
    const Op *loop = use->user;
    const unsigned operand = (unsigned)(use - loop->operands), first = loop_first_init(loop);
    if (operand < first)
        return NULL;
    const unsigned i = operand - first;
    const bool sum = destination(reversal, loop_carried_arg(loop, i), loop_body(loop), depth + 1) == (int)i;
    return sum ? loop->results[i] : NULL;
}

static const Value *through_op(const Reversal *reversal, const Use *use, unsigned depth)
{
    const Op *op = use->user;
    if (op->kind == OP_ADD || (op->kind == OP_SUB && use == &op->operands[0]))
        return op->results[0];
    return op_is_loop(op->kind) ? through_loop(reversal, use, depth) : NULL;
}

/* The only op of the region's own list that uses the value with derivatives, or contains such uses; NULL if there
 * are several. *direct: the use, if it is one of the op itself. */
static const Op *only_user(const Reversal *reversal, const Value *value, const Region *region, const Use **direct)
{
    const Op *found = NULL;
    *direct = NULL;
    for (const Use *use = value->uses; use; use = use->next) {
        Op *user = use->user;
        if (!region_contains(region, user->parent))
            continue;
        if (user->kind != OP_YIELD && user->kind != OP_RETURN && !op_is_reversed(reversal, user))
            continue;
        const Op *at = op_ancestor_in(region, user);
        if ((found && at != found) || *direct)
            return NULL;
        found = at;
        if (user == at)
            *direct = use;
    }
    return found;
}

/* The number under which the region's terminator hands the value on, with nothing but additions in between. */
static int destination(const Reversal *reversal, const Value *value, const Region *region, unsigned depth)
{
    for (unsigned steps = 0; value && depth < MAX_CHAIN && steps < 4 * MAX_CHAIN; steps++) {
        const Use *direct;
        const Op *user = only_user(reversal, value, region, &direct);
        if (!user)
            return NOWHERE;
        if (direct && user->kind == OP_YIELD)
            return (int)(direct - user->operands);
        value = direct ? through_op(reversal, direct, depth)
                       : user->kind == OP_IF ? through_if(reversal, value, user, depth) : NULL;
    }
    return NOWHERE;
}

bool carried_is_sum(const Reversal *reversal, const Op *loop, unsigned i)
{
    return destination(reversal, loop_carried_arg(loop, i), loop_body(loop), 0) == (int)i;
}
