/* Which loops, branches and recursive calls may be fused.
 *
 * A loop is fused if
 *   - it stands in a root: the body of the function, or of a fused loop, or a branch of a fused if, so that behind it stands
 *     what its adjoints come from;
 *   - every active carried value is a sum (its adjoint does not change);
 *   - the adjoints of these sums are formed, behind the loop, from what is known before it: `return loss / n`, or
 *     `*result = loss / n` if nothing is done with that memory any more;
 *   - what its ops leave in memory with derivatives is private to the iteration (analysis/coverage.h), and nothing
 *     behind the loop reads it: so the adjoints of outer memory are only added to, which commutes;
 *   - nothing behind the loop, in the root, overwrites what it reads with derivatives: the reverse of that would have
 *     to come first. Stores of results, of which this cannot be said where parameters may overlap, are reversed before
 *     the loop.
 *
 * The same is asked of a call of a recursive function, which has one result and otherwise only reads what has derivatives; and
 * of an if, whose results need not be sums.
 *
 * Requires: activity, reloads. Does not handle: `while`, heap memory that comes and goes inside. */
#include "diff/fusion.h"

#include "analysis/coverage.h"
#include "diff/custom.h"
#include "diff/pairs.h"
#include "diff/strategy.h"
#include "diff/sums.h"

enum { MAX_CHAIN = 64 };

/* ---- adjoints known before the loop ---- */

/* It stands before the loop, or can: then it is moved there. */
static bool is_known_before(const Op *loop, const Value *value, unsigned depth)
{
    const Op *op = value->op;
    if (value_is_const(value) || !op || !region_contains(loop->parent, op->parent))
        return true;
    if (op->parent != loop->parent || depth > MAX_CHAIN)
        return false;
    if (op_precedes(op, loop))
        return true;
    if (op == loop || !op_is_speculatable(op))
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!is_known_before(loop, op_operand(op, i), depth + 1))
            return false;
    return true;
}

static bool partial_is_early(const Reversal *reversal, const Op *loop, const Op *op, unsigned result, unsigned wrt)
{
    if (op->kind == OP_CONVERT)
        return true;
    const unsigned needs = rule_needs(reversal->rules, op->kind, result, wrt);
    for (unsigned i = 0; i < op->num_operands; i++)
        if ((needs & (1u << i)) && !is_known_before(loop, op_operand(op, i), 0))
            return false;
    for (unsigned i = 0; i < op->num_results; i++)
        if (needs & (1u << (RULE_NEEDS_RESULT + i)))
            return false;
    return true;
}

/* Could it be fused, whatever its strategy will be? */
static bool is_candidate(const Op *op)
{
    if (op->kind == OP_FOR || call_is_recursive(op))
        return true;
    for (unsigned r = 0; op->kind == OP_IF && r < 2; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (is_candidate(inner))
                return true;
    return false;
}

static const Op *first_candidate(const Region *region)
{
    const Op *op = region->first;
    while (op && !is_candidate(op))
        op = op->next;
    return op;
}

static bool stands_before(const Op *loop, const Value *value)
{
    return value_is_const(value) || !value->op || !region_contains(loop->parent, value->op->parent) ||
           (value->op->parent == loop->parent && op_precedes(value->op, loop));
}

/* Can the shadow be had before the loop? */
static bool address_is_early(const Reversal *reversal, const Op *loop, const Value *pointer, unsigned depth)
{
    const Op *op = pointer->op;
    const Value *explicit = shadow_known(reversal->shadows, pointer);
    if (explicit)
        return stands_before(loop, explicit);
    if (depth > MAX_CHAIN)
        return false;
    if (!op)
        return !pointer->region->owner;
    switch (op->kind) {
    case OP_INDEX:
        for (unsigned i = 1; i < op->num_operands; i++)
            if (!stands_before(loop, op_operand(op, i)))
                return false;
        return address_is_early(reversal, loop, op_operand(op, 0), depth + 1);
    case OP_FIELD:
    case OP_CONVERT:
        return address_is_early(reversal, loop, op_operand(op, 0), depth + 1);
    case OP_ALLOCA:
        return stands_before(loop, pointer);
    case OP_GLOBAL:
        return true;
    default:
        return false;
    }
}

static bool touches_with_derivatives(const Reversal *reversal, const Op *op, const Value *pointer)
{
    if (op->num_regions == 0)
        return op_is_reversed(reversal, op) && (op_may_read(op, pointer) || op_may_write(op, pointer));
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (touches_with_derivatives(reversal, inner, pointer))
                return true;
    return false;
}

bool store_is_early(const Reversal *reversal, const Op *store)
{
    const Op *loop = first_candidate(store->parent);
    if (store->kind != OP_STORE || !is_root(reversal, store->parent) || !loop || !op_precedes(loop, store) ||
        !type_is_floating(op_operand(store, 1)->type) ||
        !address_is_early(reversal, loop, op_operand(store, 0), 0))
        return false;
    for (const Op *op = store->next; op; op = op->next)
        if (touches_with_derivatives(reversal, op, op_operand(store, 0)))
            return false;
    return true;
}

static bool adjoint_is_early(const Reversal *reversal, const Op *loop, const Value *value, unsigned depth);

static bool use_is_early(const Reversal *reversal, const Op *loop, const Use *use, unsigned depth)
{
    const Op *op = use->user;
    const unsigned operand = (unsigned)(use - op->operands);
    if (op->kind == OP_RETURN)
        return op->parent == loop->parent;
    if (op->kind == OP_YIELD) /* of the fused loop around: a sum there */
        return op->parent == loop->parent;
    if (!op_is_reversed(reversal, op))
        return true;
    if (op->parent != loop->parent || op->kind == OP_CALL)
        return false;
    if (op->kind == OP_STORE)
        return store_is_early(reversal, op);
    if (op->kind == OP_FOR && strategy_of(reversal, op) == STRATEGY_FUSE && operand >= 3)
        return adjoint_is_early(reversal, loop, op->results[operand - 3], depth + 1);
    if (op->num_regions || op->num_results == 0)
        return false;
    for (unsigned r = 0; r < op->num_results; r++) {
        if (!partial_is_active(reversal, op, r, operand))
            continue;
        if (!partial_is_early(reversal, loop, op, r, operand) ||
            !adjoint_is_early(reversal, loop, op->results[r], depth + 1))
            return false;
    }
    return true;
}

static bool adjoint_is_early(const Reversal *reversal, const Op *loop, const Value *value, unsigned depth)
{
    if (depth > MAX_CHAIN)
        return false;
    for (const Use *use = value->uses; use; use = use->next)
        if (!use_is_early(reversal, loop, use, depth))
            return false;
    return true;
}

static bool sums_are_early(const Reversal *reversal, const Op *loop)
{
    bool any = false;
    for (unsigned i = 0; i < loop_num_carried(loop); i++) {
        if (!value_is_active(reversal->activity, loop->results[i]) &&
            !value_is_active(reversal->activity, loop_carried_arg(loop, i)))
            continue;
        if (!carried_is_sum(reversal, loop, i) || !adjoint_is_early(reversal, loop, loop->results[i], 0))
            return false;
        any = true;
    }
    return any;
}

/* ---- memory ---- */

typedef struct MemoryCheck {
    const Reversal *reversal;
    const Op *loop;       /* or the branch, or the call */
    const Region *region; /* what runs at once: its body, or one of its branches; a call: NULL */
    Object object;        /* of one check */
    const Value *pointer; /* of one check */
    bool failed;
} MemoryCheck;

static bool runs_again(const Region *region)
{
    for (; region->owner; region = region->owner->parent)
        if (op_is_loop(region->owner->kind))
            return true;
    return false;
}

/* A read of the private object outside of the loop sees nothing of what the loop wrote. */
static void check_outer_read(Op *op, void *context)
{
    MemoryCheck *check = context;
    if (check->failed || region_contains(check->region, op->parent) || !object_is_read(op, check->object))
        return;
    const Op *loop = check->loop;
    const Region *common = loop->parent;
    while (!region_contains(common, op->parent))
        common = common->owner->parent;
    const bool behind = !op_precedes(op_ancestor_in(common, op), op_ancestor_in(common, (Op *)loop));
    if (behind || runs_again(common))
        check->failed = !read_is_covered(op, common, behind ? op_ancestor_in(common, (Op *)loop) : NULL);
}

static bool is_unseen(MemoryCheck check, Object object)
{
    check.object = object;
    region_walk(check.reversal->primal->body, check_outer_read, &check);
    return !check.failed;
}

bool scratch_is_unseen(const Reversal *reversal, const Op *loop, Object object)
{
    return is_unseen((MemoryCheck){.reversal = reversal, .loop = loop, .region = loop_body(loop)}, object);
}

static bool is_private_scratch(const MemoryCheck *check, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    if (!check->region)
        return false;
    /* a new one every time, whoever is handed it */
    const bool is_new = object.kind == OBJECT_LOCAL && region_contains(check->region, object.value->op->parent);
    return is_new || (object_is_private(object, check->region) && is_unseen(*check, object));
}

static void check_write_behind(Op *op, void *context)
{
    MemoryCheck *check = context;
    if (op->num_regions || check->failed || !op_writes_memory(op) || !op_is_reversed(check->reversal, op) ||
        call_is_fusable(check->reversal, op)) /* which only adds, too */
        return;
    check->failed = !check->pointer || write_may_touch(op, check->pointer);
}

/* Nothing behind the loop takes the adjoint of what is read there; NULL: of anything. */
static bool is_only_added_to(const MemoryCheck *check, const Value *pointer)
{
    MemoryCheck behind = *check;
    behind.pointer = pointer;
    for (Op *op = check->loop->next; op && !behind.failed; op = op->next) {
        if (store_is_early(check->reversal, op))
            continue;
        check_write_behind(op, &behind);
        for (unsigned r = 0; r < op->num_regions; r++)
            region_walk(op->regions[r], check_write_behind, &behind);
    }
    return !behind.failed;
}

/* The call adds to the companions of what it reads, and of what it comes to from there; what is the iteration's own is reversed
 * in it, too. */
static bool call_commutes(const MemoryCheck *check, const Op *call)
{
    if (!call_is_fusable(check->reversal, call))
        return false;
    if (recursive_follows_pointers(call->callee))
        return is_only_added_to(check, NULL);
    for (unsigned i = 0; i < call->callee->num_params; i++) {
        const Value *arg = op_operand(call, i);
        if (type_is_pointer(arg->type) && recursive_argument_is_active(check->reversal, call, i) &&
            !is_only_added_to(check, arg) && !is_private_scratch(check, arg))
            return false;
    }
    return true;
}

static void check_op(Op *op, void *context)
{
    MemoryCheck *check = context;
    if (check->failed || op->num_regions)
        return;
    switch (op->kind) {
    case OP_MALLOC:
    case OP_RELEASE:
    case OP_ALLOC:
    case OP_FREE:
    case OP_TAPE:
    case OP_TAPE_PUSH:
    case OP_TAPE_POP:
    case OP_TAPE_RELEASE:
    case OP_TAPE_DRAIN:
        check->failed = true;
        return;
    case OP_CALL:
        check->failed = op_is_reversed(check->reversal, op) && !call_commutes(check, op);
        return;
    case OP_STORE:
    case OP_ZERO:
    case OP_COPY:
    case OP_ACCUMULATE:
        if (op->flags & OP_FLAG_SHADOW)
            check->failed = true;
        else if (op_is_reversed(check->reversal, op))
            check->failed = !is_private_scratch(check, op_operand(op, 0)) ||
                            (op->kind == OP_COPY && !is_only_added_to(check, op_operand(op, 1)));
        return;
    case OP_LOAD:
        if (op_is_reversed(check->reversal, op))
            check->failed = !is_only_added_to(check, op_operand(op, 0)) &&
                            !is_private_scratch(check, op_operand(op, 0));
        return;
    default:
        return;
    }
}

/* Of a loop, an if or a call. */
static bool memory_commutes(const Reversal *reversal, Op *op)
{
    MemoryCheck check = {.reversal = reversal, .loop = op};
    if (op->kind == OP_CALL)
        return call_commutes(&check, op);
    for (unsigned r = 0; r < op->num_regions; r++) {
        check.region = op->regions[r];
        region_walk(op->regions[r], check_op, &check);
    }
    return !check.failed;
}

/* ---- both ---- */

/* Of an if or a call: whatever they are, not only sums. */
static bool results_are_early(const Reversal *reversal, const Op *op)
{
    bool any = false;
    for (unsigned i = 0; i < op->num_results; i++) {
        if (!value_is_active(reversal->activity, op->results[i]))
            continue;
        if (!adjoint_is_early(reversal, op, op->results[i], 0))
            return false;
        any = true;
    }
    return any;
}

bool op_can_be_fused(const Reversal *reversal, Op *op)
{
    if (!is_candidate(op) || !op_is_reversed(reversal, op))
        return false;
    if (op->kind == OP_FOR)
        return sums_are_early(reversal, op) && memory_commutes(reversal, op);
    return !replayed_around(reversal, op->parent) && results_are_early(reversal, op) && memory_commutes(reversal, op);
}

const char *fusion_obstacle(const Reversal *reversal, const Op *loop)
{
    if (loop->kind != OP_FOR)
        return "how often it runs is not known before";
    if (reversal->is_pair)
        return "the function is recursive";
    if (!is_root(reversal, loop->parent))
        return "it stands in a loop or branch that is not fused itself";
    if (!memory_commutes(reversal, (Op *)loop))
        return "its iterations hand something on in memory";
    return sums_are_early(reversal, loop) ? "it was switched off"
                                          : "what it carries is more than sums whose adjoints are known before it";
}
