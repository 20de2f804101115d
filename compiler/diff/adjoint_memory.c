/* The reverse of memory: what was read gives its adjoint to where it was read, what was written takes its adjoint from
 * where it was written, which becomes zero. */
#include "diff/adjoint_internal.h"

#include "diff/fusion.h"
#include "diff/leaves.h"

/* A whole struct is loaded to be returned (its adjoint: the seed), or passed where nothing is active. */
static void reverse_result_load(Adjoint *a, const Op *op)
{
    const Op *end = region_terminator(a->reversal->primal->body);
    Value *seed = a->outside->result_seed;
    if (!seed || !end->num_operands || op_operand(end, 0) != op->results[0])
        return;
    Builder b = relaxed(a->frame);
    Value *shadow = shadow_of(a, op_operand(op, 0));
    Value *home = build_alloca(&b, seed->type, NULL, 0, "result_bar");
    build_store(&b, home, seed);
    if (shadow)
        leaves_accumulate(&b, shadow, home);
}

void reverse_load(Adjoint *a, const Op *op)
{
    if (op->results[0]->type->kind == TYPE_RECORD) {
        reverse_result_load(a, op);
        return;
    }
    Value *d = adjoint_take(a, op->results[0]);
    Value *shadow = d ? shadow_of(a, op_operand(op, 0)) : NULL;
    if (!shadow)
        return;
    Builder b = relaxed(a->frame);
    build_accumulate(&b, shadow, d);
}

/* A whole struct is stored only when it comes from a parameter (its companion: `from`), or a call. */
static void reverse_record_store(Builder *b, Value *shadow, Value *from)
{
    if (shadow == from)
        return;
    if (from)
        leaves_accumulate(b, from, shadow);
    leaves_zero(b, shadow);
}

static bool is_behind(const Value *value, const Op *loop)
{
    return value && value->op && value->op->parent == loop->parent && op_precedes(loop, value->op);
}

/* At the frame's builder, which may stand in front of `loop`, or NULL: what was found behind the loop is added to there. */
static void reverse_store_here(Adjoint *a, const Op *op, const Op *loop)
{
    Value *stored = op_operand(op, 1), *shadow = shadow_of(a, op_operand(op, 0));
    if (!shadow)
        return;
    Builder b = relaxed(a->frame);
    if (stored->type->kind == TYPE_RECORD) {
        reverse_record_store(&b, shadow, stored->op ? NULL : a->outside->shadows[stored->index]);
    } else if (value_is_active(a->reversal->activity, stored)) {
        Value *d = build_load(&b, shadow);
        d->name = with_suffix(a, stored->name ? stored->name : "r", "_bar");
        build_store(&b, shadow, build_zero(&b, stored->type));
        if (loop && is_behind(adjoint_so_far(a, a->frame, stored), loop))
            a->frame->b.before = a->frame->end;
        adjoint_add(a, stored, d);
    } else {
        build_store(&b, shadow, build_zero(&b, stored->type));
    }
}

void reverse_store(Adjoint *a, const Op *op)
{
    Frame *frame = a->frame;
    if (!frame->first_fused || !store_is_early(a->reversal, op)) {
        reverse_store_here(a, op, NULL);
        return;
    }
    ValueMap shadows = frame->shadows; /* made behind the loops: not for this */
    frame->b.before = forward_of(a, frame->first_fused);
    frame->shadows = known_before(a, frame, frame->b.before, shadows);
    reverse_store_here(a, op, frame->b.before);
    frame->b.before = frame->end;
    join_maps(a, &shadows, frame->shadows);
    frame->shadows = shadows;
}

void reverse_accumulate(Adjoint *a, const Op *op)
{
    Value *shadow = shadow_of(a, op_operand(op, 0));
    if (!shadow || !value_is_active(a->reversal->activity, op_operand(op, 1)))
        return;
    adjoint_add(a, op_operand(op, 1), build_load(&a->frame->b, shadow));
}

void reverse_zero(Adjoint *a, const Op *op)
{
    Value *shadow = shadow_of(a, op_operand(op, 0));
    Builder b = relaxed(a->frame);
    if (shadow)
        ranges_zero(&b, shadow, primal_value(a, op_operand(op, 1)));
}

static bool copy_may_overlap(const Op *op)
{
    const Value *to = op_operand(op, 0), *from = op_operand(op, 1);
    return (op->flags & OP_FLAG_OVERLAP) &&
           objects_may_overlap(pointer_object(to), to->type->elem, pointer_object(from),
                               from->type->elem);
}

/* What was copied to `to` came from `from`; the old contents of `to` are lost. The adjoints are moved
 * out first where the ranges may overlap. */
void reverse_copy(Adjoint *a, const Op *op)
{
    Builder *b = &a->frame->b;
    Value *to = shadow_of(a, op_operand(op, 0)), *count = primal_value(a, op_operand(op, 2));
    const bool active = memory_is_active(a->reversal->activity, op_operand(op, 1));
    Value *from = active && to ? shadow_of(a, op_operand(op, 1)) : NULL;
    if (!to)
        return;
    Builder relaxed_b = relaxed(a->frame);
    if (!from) {
        ranges_zero(&relaxed_b, to, count);
    } else if (copy_may_overlap(op)) {
        const bool one = value_is_int(count, 1);
        Value *moved = one ? build_alloca(b, to->type->elem, NULL, 0, "moved")
                           : build_alloc(b, to->type->elem, count, "moved");
        build_copy(b, moved, to, count);
        ranges_zero(&relaxed_b, to, count);
        ranges_accumulate(&relaxed_b, from, moved, count);
        if (!one)
            build_free(b, moved);
    } else {
        ranges_accumulate(&relaxed_b, from, to, count);
        ranges_zero(&relaxed_b, to, count);
    }
}
