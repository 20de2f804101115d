/* Shadows of pointers: where in the companions, or in locals like those of the primal, their adjoints are. */
#include "diff/adjoint_internal.h"

#include "diff/strategy.h"

static void refuse_pointer(Adjoint *a, const Value *pointer)
{
    const SourceLoc loc = pointer->op ? pointer->op->loc : a->frame->b.loc;
    diag(a->reversal->primal->module->diags, MSG_POINTER_UNKNOWN, loc);
    a->failed = true;
}

/* The shadow of a local: a local of the same shape, zero where the reverse of its scope starts: before the first
 * fused op behind it. */
static Value *shadow_local(Adjoint *a, Frame *frame, Value *pointer)
{
    const Op *op = pointer->op;
    const Op *fused = next_fused(a->reversal, op->next);
    Op *before = frame->b.before;
    if (fused)
        frame->b.before = forward_of(a, fused);
    Value **extents = arena_new_array(a->arena, Value *, op->num_operands);
    Value *count = NULL;
    for (unsigned i = 0; i < op->num_operands; i++) {
        extents[i] = primal_value(a, op_operand(op, i));
        Value *extent = extents[i];
        if (count && count->type != extent->type) {
            const Type *type = type_scalar(a->reversal->primal->module->types, TYPE_LONG);
            count = build_convert(&frame->b, count, type);
            extent = build_convert(&frame->b, extent, type);
        }
        count = count ? build_binary(&frame->b, OP_MUL, count, extent) : extent;
    }
    const char *name = with_suffix(a, op->name, "_bar");
    Value *shadow = build_alloca(&frame->b, pointer->type->elem, extents, op->num_operands, name);
    if (!count && pointer->type->elem->kind == TYPE_RECORD)
        count = build_int(&frame->b, type_scalar(a->reversal->primal->module->types, TYPE_INT), 1);
    if (count)
        build_fill_zero(&frame->b, shadow, count);
    else
        build_store(&frame->b, shadow, build_zero(&frame->b, pointer->type->elem));
    frame->b.before = before;
    return shadow;
}

/* The struct parameter that lives in this local and is never written: then its companion is the shadow. */
static const Value *param_at_home(const Value *local)
{
    const Value *param = NULL;
    for (const Use *use = local->uses; use; use = use->next) {
        const Op *op = use->user;
        if (op->kind == OP_STORE && !op_operand(op, 1)->op && !op->parent->owner &&
            op_operand(op, 1)->type->kind == TYPE_RECORD && use == &op->operands[0] && !param)
            param = op_operand(op, 1);
        else if (op->kind != OP_LOAD && pointer_is_written(local, use))
            return NULL;
    }
    return param;
}

static Value *make_shadow(Adjoint *a, Frame *frame, Value *pointer)
{
    const Op *op = pointer->op;
    switch (op ? op->kind : OP_COUNT) {
    case OP_ALLOCA: {
        const Value *param = param_at_home(pointer);
        return param ? a->outside->shadows[param->index] : shadow_local(a, frame, pointer);
    }
    case OP_INDEX:
        return index_like(a, frame, op, shadow_of(a, op_operand(op, 0)));
    case OP_FIELD: {
        Value *record = shadow_of(a, op_operand(op, 0));
        return record ? build_field(&frame->b, record, (unsigned)op->int_value) : NULL;
    }
    case OP_CONVERT: {
        Value *other = type_is_pointer(op_operand(op, 0)->type) ? shadow_of(a, op_operand(op, 0)) : NULL;
        return other ? build_convert(&frame->b, other, pointer->type) : NULL;
    }
    case OP_SELECT: {
        Value *condition = primal_value(a, op_operand(op, 0));
        Value *first = shadow_of(a, op_operand(op, 1)), *second = shadow_of(a, op_operand(op, 2));
        return first && second ? build_select(&frame->b, condition, first, second) : NULL;
    }
    default:
        refuse_pointer(a, pointer);
        return NULL;
    }
}

Value *shadow_of(Adjoint *a, Value *pointer)
{
    if (!pointer->op && pointer->region->owner == NULL) {
        Value *shadow = a->outside->shadows[pointer->index];
        if (!shadow)
            refuse_pointer(a, pointer);
        return shadow;
    }
    Value *explicit = shadow_known(a->reversal->shadows, pointer);
    if (explicit)
        return primal_value(a, explicit);
    Frame *frame = frame_of_region(a, value_region(pointer));
    if (!frame) {
        refuse_pointer(a, pointer);
        return NULL;
    }
    Value *known = value_map_get(frame->shadows, pointer);
    if (!known && !a->failed) {
        Frame *here = frame_enter(a, frame);
        known = make_shadow(a, frame, pointer);
        a->frame = here;
        if (known)
            value_map_set(a->arena, &frame->shadows, pointer, known);
    }
    return known;
}
