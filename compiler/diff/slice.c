/* The slice of a loop: see slice.h.
 *
 * Algorithm. Backward from what the reverse of the body asks for, through operands, conditions and bounds, and from loads of
 * scratch memory to all that is written there. It can be run again alone if
 *   - it takes nothing that the loop carries: that would have come from the iteration before;
 *   - what it reads stays as it is from the forward loop to the end of the forward sweep (analysis/reload.h), or is
 *     private to the iteration (analysis/coverage.h), which then writes it again: its old contents matter to nobody in the
 *     reverse sweep, since what any other op could read there again would not have been unchanged;
 *   - nothing in the body makes or frees memory, or is a call with a derivative of its own.
 *
 * Requires: activity, reloads, count_trips. */
#include "diff/slice.h"

#include "analysis/coverage.h"
#include "diff/fusion.h"
#include "diff/needs.h"
#include "diff/plan.h"
#include "diff/strategy.h"

typedef struct Slicing {
    const Reversal *reversal;
    Slice *slice;
    Region *body;
    VEC(Value *) worklist;
} Slicing;

static void refuse(Slicing *s, const char *why)
{
    if (!s->slice->obstacle)
        s->slice->obstacle = why;
}

static void need(Slicing *s, Value *value)
{
    Slice *slice = s->slice;
    if (slice->needed[value->id])
        return;
    slice->needed[value->id] = true;
    if (region_contains(s->body, value_region(value))) {
        vec_push(s->reversal->arena, &s->worklist, value);
        return;
    }
    vec_push(s->reversal->arena, &slice->outer, value);
    if (type_is_pointer(value->type) && !address_is_recomputable(s->reversal, value))
        refuse(s, "it uses a local array of a loop or branch around it");
}

/* ---- control ---- */

static void need_control(Slicing *s, const Op *op)
{
    switch (op->kind) {
    case OP_IF:
        need(s, op_operand(op, 0));
        return;
    case OP_FOR:
        for (unsigned i = 0; i < 3; i++)
            need(s, op_operand(op, i));
        need(s, op->regions[0]->args.items[0]);
        return;
    case OP_WHILE:
        need(s, op_operand(region_terminator(op->regions[0]), 0));
        need(s, loop_counter(op));
        return;
    default:
        return;
    }
}

/* What decides whether the op is executed. */
static void need_around(Slicing *s, const Op *op)
{
    for (const Region *region = op->parent; region != s->body; region = region->owner->parent)
        need_control(s, region->owner);
}

static void need_carried(Slicing *s, const Op *loop, unsigned i)
{
    need(s, loop_carried_arg(loop, i));
    if (loop->kind == OP_WHILE)
        need(s, loop->regions[0]->args.items[i]);
    need(s, loop->results[i]);
    need(s, loop_carried_init(loop, i));
    need(s, loop_carried_next(loop, i));
    need_control(s, loop);
    need_around(s, loop);
}

/* ---- memory ---- */

static void read(Slicing *s, Op *access);

static void need_write(Op *op, void *context)
{
    Slicing *s = context;
    const bool writes = op->kind == OP_STORE || op->kind == OP_ZERO || op->kind == OP_COPY || op->kind == OP_ACCUMULATE;
    if (!writes || !slice_rewrites(s->slice, pointer_object(op_operand(op, 0))))
        return;
    for (unsigned i = 0; i < op->num_operands; i++)
        need(s, op_operand(op, i));
    need_around(s, op);
    if (op->kind == OP_COPY)
        read(s, op);
}

/* May it be written again? In a fused loop around, the forward sweep goes on when this loop has run again: then nobody may see
 * that it has, unless the object ends with the iteration. */
static bool may_write_again(const Slicing *s, Object object)
{
    const Op *loop = s->slice->loop;
    if (!object_is_private(object, s->body))
        return false;
    for (const Region *region = loop->parent; region->owner; region = region->owner->parent)
        if (strategy_of(s->reversal, region->owner) == STRATEGY_FUSE &&
            !region_contains(region, object.value->op->parent))
            return scratch_is_unseen(s->reversal, loop, object);
    return true;
}

/* A load, or what a copy copies. */
static void read(Slicing *s, Op *access)
{
    const Reversal *reversal = s->reversal;
    const Value *pointer = op_operand(access, access->kind == OP_COPY);
    const Object object = pointer_object(pointer);
    for (size_t i = 0; i < s->slice->reads.count; i++)
        if (s->slice->reads.items[i] == access)
            return;
    vec_push(reversal->arena, &s->slice->reads, access);
    if (slice_rewrites(s->slice, object))
        return;
    const Region *outside = root_of(reversal, s->slice->loop->parent);
    const bool unchanged = access->kind == OP_COPY ? memory_is_unchanged(reversal->reloads, access, pointer)
                                                   : load_is_repeatable(reversal->reloads, access, outside);
    if (unchanged)
        return;
    if (!may_write_again(s, object)) {
        refuse(s, "what it reads is overwritten later");
        return;
    }
    vec_push(reversal->arena, &s->slice->scratch, object);
    region_walk(s->body, need_write, s);
}

bool slice_rewrites(const Slice *slice, Object object)
{
    for (size_t i = 0; i < slice->scratch.count; i++)
        if (objects_equal(slice->scratch.items[i], object))
            return true;
    return false;
}

/* ---- values ---- */

static bool is_plain_call(const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (type_is_pointer(op_operand(op, i)->type))
            return false;
    return op->kind == OP_CALL && op_is_removable(op);
}

static void need_op(Slicing *s, Op *op)
{
    if (op_table[op->kind].effect != EFFECT_PURE && op->kind != OP_LOAD && op->kind != OP_ALLOCA && !is_plain_call(op)) {
        refuse(s, "it calls what cannot be called again");
        return;
    }
    for (unsigned i = 0; i < op->num_operands; i++)
        need(s, op_operand(op, i));
    if (op->kind == OP_LOAD)
        read(s, op);
}

static void follow_argument(Slicing *s, const Value *arg)
{
    const Op *owner = arg->region->owner;
    if (arg->region == s->body) {
        if (arg != loop_counter(owner))
            refuse(s, "an iteration needs what the one before it leaves");
    } else if (owner->kind == OP_FOR && arg->index == 0) {
        need_control(s, owner);
        need_around(s, owner);
    } else {
        need_carried(s, owner, arg->index - (owner->kind == OP_FOR));
    }
}

static void follow(Slicing *s, const Value *value)
{
    Op *op = value->op;
    if (!op) {
        follow_argument(s, value);
        return;
    }
    need_around(s, op);
    if (op->kind == OP_IF) {
        need_control(s, op);
        for (unsigned r = 0; r < 2; r++)
            need(s, op_operand(region_terminator(op->regions[r]), value->index));
    } else if (op_is_loop(op->kind)) {
        need_carried(s, op, value->index);
    } else {
        need_op(s, op);
    }
}

/* ---- loops inside that are replayed themselves ---- */

/* What only their own slices compute is not asked for here. */
static void need_for_reverse(void *context, Value *value)
{
    Slicing *s = context;
    const Op *inner = replayed_around(s->reversal, value_region(value));
    if (inner && inner != s->slice->loop && region_contains(s->body, inner->parent))
        return;
    need(s, value);
}

static void read_for_inner(Op *op, void *context)
{
    Slicing *s = context;
    const Slice *inner = op_is_loop(op->kind) ? slice_of(s->reversal, op) : NULL;
    for (size_t i = 0; inner && i < inner->reads.count; i++)
        read(s, inner->reads.items[i]);
}

/* ---- the whole ---- */

static void check_op(Op *op, void *context)
{
    Slicing *s = context;
    switch (op->kind) {
    case OP_MALLOC:
    case OP_RELEASE:
    case OP_RESIZE:
    case OP_ALLOC:
    case OP_FREE:
    case OP_TAPE:
    case OP_TAPE_PUSH:
    case OP_TAPE_POP:
    case OP_TAPE_RELEASE:
    case OP_TAPE_DRAIN:
        refuse(s, "it allocates memory, or frees it");
        return;
    case OP_CALL:
        if (op_is_reversed(s->reversal, op))
            refuse(s, "it calls a function with derivatives of its own");
        return;
    case OP_STORE:
    case OP_COPY:
    case OP_ZERO:
    case OP_ACCUMULATE:
        if (op->flags & OP_FLAG_SHADOW)
            refuse(s, "it stores pointers");
        return;
    default:
        return;
    }
}

Slice *slice_compute(const Reversal *reversal, Op *loop)
{
    Slice *slice = arena_new(reversal->arena, Slice);
    *slice = (Slice){.loop = loop, .needed = arena_new_array(reversal->arena, bool, reversal->primal->num_values)};
    Slicing s = {.reversal = reversal, .slice = slice, .body = loop_body(loop)};
    if (reversal->is_pair)
        refuse(&s, "the function is recursive");
    region_walk(s.body, check_op, &s);
    if (slice->obstacle)
        return slice;
    needs_of_region(reversal, s.body, need_for_reverse, &s);
    region_walk(s.body, read_for_inner, &s);
    while (s.worklist.count && !slice->obstacle)
        follow(&s, s.worklist.items[--s.worklist.count]);
    return slice;
}

static bool any_needed(const Slice *slice, Value *const *values, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (slice->needed[values[i]->id])
            return true;
    return false;
}

bool slice_has(const Reversal *reversal, const Slice *slice, const Op *op)
{
    if (op->kind == OP_UNDEF) /* marks of copies, too (diff/array_copies.h) */
        return true;
    if (any_needed(slice, op->results, op->num_results))
        return true;
    if (op->num_regions == 0)
        return op->num_results == 0 && op->num_operands && op_table[op->kind].effect == EFFECT_WRITE &&
               op->kind != OP_CALL && slice_rewrites(slice, pointer_object(op_operand(op, 0)));
    if (op_is_loop(op->kind) && (slice->needed[loop_counter(op)->id] || strategy_of(reversal, op) == STRATEGY_FUSE))
        return true;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (inner->kind != OP_UNDEF && slice_has(reversal, slice, inner))
                return true;
    return false;
}
