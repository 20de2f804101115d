/* Which form each call of a recursive function takes: fused, or a pair (diff/pairs.h).
 *
 * Whether a function can be fused shows when its adjoint is made: it is begun in the belief that it can, its own calls included, and
 * thrown away where it turns out that it cannot, with all that was made in the same belief. Then the call gets a pair. */
#include <string.h>

#include "diff/pairs.h"
#include "diff/strategy.h"

static bool pair_fits(const Pair *pair, const Pair *wanted, unsigned num_params)
{
    return pair->kind == wanted->kind && pair->of_return == wanted->of_return &&
           memcmp(pair->active, wanted->active, num_params * sizeof(bool)) == 0;
}

/* The one of this kind that the call needs: known already, or new, and still to be made (*is_new). */
static Pair *find_pair(const Reversal *reversal, const Op *call, PairKind kind, bool *is_new)
{
    Function *callee = call->callee;
    Arena *arena = callee->module->arena;
    Pair *pair = arena_new(arena, Pair);
    *pair = (Pair){.kind = kind, .active = arena_new_array(arena, bool, callee->num_params)};
    for (unsigned i = 0; i < callee->num_params; i++)
        pair->active[i] = recursive_argument_is_active(reversal, call, i);
    pair->of_return = call->num_results && value_is_active(reversal->activity, call->results[0]);
    pair->keeps_shadows = recursive_follows_pointers(callee);
    for (Pair *known = callee->pairs; known; known = known->next)
        if (pair_fits(known, pair, callee->num_params)) {
            *is_new = false;
            return known;
        }
    *is_new = true;
    pair->number = callee->pairs ? callee->pairs->number + 1 : 1;
    pair->next = callee->pairs;
    callee->pairs = pair;
    return pair;
}

/* False after errors. */
static bool choose_pair(const Reversal *reversal, Op *call, PairKind kind)
{
    bool is_new;
    Pair *pair = find_pair(reversal, call, kind, &is_new);
    call->int_value = pair->number;
    if (!is_new && pair->state == PAIR_FAILED)
        pair_check_call(reversal, call); /* which may be wrong here, too */
    else if (is_new && (!pair_check_call(reversal, call) || !pair_check_globals(call, true) || !pair_make(reversal, call->callee, pair)))
        pair->state = PAIR_FAILED;
    return pair->state != PAIR_FAILED;
}

/* ---- fused ---- */

/* One result; all else that has derivatives is only read. */
static bool may_be_fused(const Reversal *reversal, const Op *call)
{
    if (reversal->is_pair || reversal->options->no_fuse || !call->num_results ||
        !type_is_floating(call->results[0]->type) || !value_is_active(reversal->activity, call->results[0]))
        return false;
    for (unsigned i = 0; i < call->callee->num_params; i++) {
        const Type *type = op_operand(call, i)->type;
        if (recursive_argument_is_active(reversal, call, i) &&
            (type->kind == TYPE_RECORD || (type_is_pointer(type) && recursive_is_output(call->callee, i))))
            return false;
    }
    return true;
}

static bool calls(const Function *caller, const Function *function)
{
    const Reached reached = recursive_reached(caller);
    for (size_t i = 0; i < reached.list.count; i++)
        if (reached.list.items[i] == function)
            return true;
    return false;
}

/* And so cannot what was fused in the belief that it could be. */
static void give_up_fusing(Pair *pair, const Function *function)
{
    const Reached reached = recursive_reached(function);
    pair->state = PAIR_CANNOT_BE_FUSED;
    for (size_t i = 0; i < reached.list.count; i++)
        for (Pair *other = reached.list.items[i]->pairs; other; other = other->next)
            if (other->kind == PAIR_FUSED && other->state == PAIR_IS_MADE && calls(reached.list.items[i], function))
                other->state = PAIR_CANNOT_BE_FUSED;
}

/* Is there a function that does both, or, in this very function, will there be one? False after errors, too. */
static bool choose_fused(const Reversal *reversal, Op *call, bool *failed)
{
    bool is_new;
    Pair *pair = find_pair(reversal, call, PAIR_FUSED, &is_new);
    const unsigned errors = reversal->primal->module->diags->errors;
    if (is_new) {
        pair->state = PAIR_IS_BEING_FUSED;
        if (pair_check_call(reversal, call) && pair_check_globals(call, true) && pair_make(reversal, call->callee, pair))
            pair->state = PAIR_IS_MADE;
        else
            give_up_fusing(pair, call->callee);
    }
    if (reversal->primal->module->diags->errors > errors)
        pair->state = PAIR_FAILED;
    else if (pair->state == PAIR_FAILED)
        pair_check_call(reversal, call); /* which may be wrong here, too */
    *failed = pair->state == PAIR_FAILED;
    call->int_value = pair->number;
    return pair->state == PAIR_IS_MADE || pair->state == PAIR_IS_BEING_FUSED;
}

typedef struct Choosing {
    const Reversal *reversal;
    PairKind kind;
    bool failed;
} Choosing;

static void choose(Op *op, void *context)
{
    Choosing *choosing = context;
    const Reversal *reversal = choosing->reversal;
    if (!call_is_recursive(op) || choosing->failed)
        return;
    op->int_value = 0;
    if (!recursive_is_active(reversal, op))
        choosing->failed = !pair_check_globals(op, false);
    else if (choosing->kind != PAIR_SWEEPS || !may_be_fused(reversal, op) ||
             !choose_fused(reversal, op, &choosing->failed))
        choosing->failed = choosing->failed || reversal->must_fuse || !choose_pair(reversal, op, choosing->kind);
}

bool pairs_choose(const Reversal *reversal, Mode mode)
{
    Choosing choosing = {reversal, mode == MODE_JVP ? PAIR_TANGENT : PAIR_SWEEPS, false};
    region_walk(reversal->primal->body, choose, &choosing);
    return !choosing.failed;
}

bool call_is_fusable(const Reversal *reversal, const Op *call)
{
    const Pair *pair = call_is_recursive(call) && op_is_reversed(reversal, call) ? pair_of(call) : NULL;
    return pair && pair->kind == PAIR_FUSED;
}

static void settle(Op *op, void *context)
{
    Choosing *settling = context;
    const Reversal *reversal = settling->reversal;
    if (settling->failed || !call_is_recursive(op) || !op_is_reversed(reversal, op) ||
        strategy_of(reversal, op) == STRATEGY_FUSE)
        return;
    settling->failed = reversal->must_fuse || !choose_pair(reversal, op, PAIR_SWEEPS);
}

bool pairs_settle(const Reversal *reversal)
{
    Choosing settling = {.reversal = reversal};
    region_walk(reversal->primal->body, settle, &settling);
    return !settling.failed;
}
