/* Frames of the reverse sweep, and the adjoints that they know so far. */
#include "diff/adjoint_internal.h"

#include "diff/strategy.h"

Frame *frame_open(Adjoint *a, FrameKind kind, const Region *primal, Op *op, Region *region)
{
    Frame *frame = arena_new(a->arena, Frame);
    *frame = (Frame){.outer = a->frame, .kind = kind, .primal = primal, .op = op};
    if (is_root(a->reversal, primal))
        frame->first_fused = next_fused(a->reversal, primal->first);
    frame->b = builder_at_end(region);
    frame->b.flags = OP_FLAG_ADJOINT;
    if (frame->outer) {
        frame->outer->b.before = op; /* what the outer frame still makes goes in front */
        frame->b.loc = frame->outer->b.loc;
    }
    a->frame = frame;
    return frame;
}

void frame_close(Adjoint *a)
{
    Frame *frame = a->frame;
    value_map_release(&frame->values);
    value_map_release(&frame->shadows);
    value_map_release(&frame->adjoints);
    a->frame = frame->outer;
    if (a->frame)
        a->frame->b.before = a->frame->end;
}

Frame *frame_of_region(const Adjoint *a, const Region *region)
{
    Frame *frame = a->frame;
    while (frame && frame->primal != region)
        frame = frame->outer;
    return frame;
}

Builder relaxed(const Frame *frame)
{
    Builder b = frame->b;
    b.flags |= OP_FLAG_RELAXED;
    return b;
}

Frame *frame_enter(Adjoint *a, Frame *frame)
{
    Frame *here = a->frame;
    a->frame = frame;
    return here;
}

Op *forward_of(const Adjoint *a, const Op *op)
{
    return op_is_loop(op->kind) ? a->forward[loop_counter(op)->id]->region->owner : a->forward[op->results[0]->id]->op;
}

/* ---- adjoints ---- */

const char *with_suffix(const Adjoint *a, const char *name, const char *suffix)
{
    return name ? intern_format(a->reversal->primal->module->strings, "%s%s", name, suffix) : NULL;
}

static bool owns(const Frame *frame, const Value *value)
{
    return frame->kind == FRAME_BODY || region_contains(frame->primal, value_region(value));
}

/* An outer value's adjoint is gathered in a carried value of the loop, from zero. */
static Value *gather(Adjoint *a, Frame *frame, Value *value)
{
    Builder before = builder_before(frame->op);
    before.flags = OP_FLAG_ADJOINT;
    const char *name = with_suffix(a, value->name, "_sum");
    op_add_operand(frame->op, build_zero(&before, value->type));
    op_add_result(frame->op, value->type, name);
    Value *arg = region_add_arg(frame->op->regions[0], value->type, name);
    vec_push(a->arena, &frame->gathered, value);
    return arg;
}

Value *adjoint_so_far(Adjoint *a, Frame *frame, Value *value)
{
    const ValueEntry *entry = value_map_find(frame->adjoints, value);
    if (entry)
        return entry->value;
    const bool starts_from_zero = frame->kind == FRAME_BRANCH && frame->end; /* what comes to it is a result of the fused if */
    if (owns(frame, value) || starts_from_zero)
        return NULL;
    Value *so_far = frame->kind == FRAME_LOOP ? gather(a, frame, value)
                                              : adjoint_so_far(a, frame->outer, value);
    if (frame->kind == FRAME_LOOP)
        value_map_set(a->arena, &frame->adjoints, value, so_far);
    return so_far;
}

void adjoint_set(Adjoint *a, Value *value, Value *adjoint)
{
    if (adjoint && !adjoint->name && !value_is_const(adjoint))
        adjoint->name = with_suffix(a, value->name, "_bar");
    value_map_set(a->arena, &a->frame->adjoints, value, adjoint);
}

void adjoint_add(Adjoint *a, Value *value, Value *share)
{
    if (!share || !value_is_active(a->reversal->activity, value) ||
        (value_is_const(share) && share->op->float_value == 0))
        return;
    Value *so_far = adjoint_so_far(a, a->frame, value);
    Builder b = relaxed(a->frame);
    adjoint_set(a, value, so_far ? build_binary(&b, OP_ADD, so_far, share) : share);
}

Value *adjoint_take(Adjoint *a, const Value *value)
{
    return value_map_get(a->frame->adjoints, value);
}

Value *or_zero(Builder *b, Value *adjoint, const Type *type)
{
    return adjoint ? adjoint : build_zero(b, type);
}

