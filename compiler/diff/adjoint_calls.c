/* The reverse of calls: of functions with derivatives of their own, of linear algebra, and of recursion. */
#include "diff/adjoint_internal.h"

#include "diff/custom_calls.h"
#include "diff/pairs.h"
#include "diff/ruled_calls.h"
#include "diff/strategy.h"

static Value *shadow_for_call(void *context, Value *pointer)
{
    return shadow_of(context, pointer);
}

static void adjoint_from_call(void *context, Value *primal, Value *share)
{
    adjoint_add(context, primal, share);
}

/* buffer[i] = what the argument pointed to */
static void keep_into(void *context, Value *buffer, const Op *call, unsigned argument)
{
    Adjoint *a = context;
    const Kept *kept = &custom_of(a->reversal, call)->kept[argument];
    Builder *b = &a->frame->b;
    Value *count = primal_value(a, kept->count);
    Op *loop = build_for(b, OP_LT, build_zero(b, count->type), count,
                         build_int(b, count->type, 1), NULL, 0, "i");
    if (record_find(a->caches, loop_body(kept->loop)))
        loop->flags |= OP_FLAG_REVERSED;
    Frame *frame = frame_open(a, FRAME_LOOP, loop_body(kept->loop), loop, loop->regions[0]);
    Value *counter = loop->regions[0]->args.items[0];
    value_map_set(a->arena, &frame->values, loop_body(kept->loop)->args.items[0], counter);
    pop_record(a);
    Value *element = primal_value(a, kept->element);
    build_store(&frame->b, build_index(&frame->b, buffer, counter), element);
    build_yield(&frame->b, NULL, 0);
    frame_close(a);
}

Value *companion_for_call(Adjoint *a, const Op *op, unsigned i, Value **cell)
{
    Value *arg = op_operand(op, i);
    const char *name = op->callee->params[i].name;
    if (type_is_pointer(arg->type))
        return op->num_operands > op->callee->num_params
                   ? primal_value(a, op_operand(op, op->callee->num_params + i))
                   : shadow_of(a, arg);
    Builder *b = &a->frame->b;
    *cell = build_alloca(b, arg->type, NULL, 0, with_suffix(a, name, "_bar"));
    build_store(b, *cell, build_zero(b, arg->type));
    return *cell;
}

void take_from_cells(Adjoint *a, const Op *op, Value *const *cells)
{
    for (unsigned i = 0; i < op->callee->num_params; i++)
        if (cells[i])
            adjoint_add(a, op_operand(op, i), build_load(&a->frame->b, cells[i]));
}

static void reverse_recursion(Adjoint *a, const Op *op)
{
    const Slots *slots = &pair_of(op)->reverse_slots;
    const unsigned n = (unsigned)slots->list.count;
    Value **args = arena_new_array(a->arena, Value *, n + 1);
    Value **cells = arena_new_array(a->arena, Value *, op->callee->num_params);
    args[0] = a->caches->tape;
    for (unsigned i = 0; i < n && !a->failed; i++) {
        const Slot slot = slots->list.items[i];
        if (slot.kind == SLOT_ORIGINAL)
            args[i + 1] = primal_value(a, op_operand(op, slot.param));
        else if (slot.kind == SLOT_RESULT_BAR)
            args[i + 1] = or_zero(&a->frame->b, adjoint_take(a, op->results[0]), op->results[0]->type);
        else
            args[i + 1] = companion_for_call(a, op, slot.param, &cells[slot.param]);
    }
    if (a->failed)
        return;
    build_call(&a->frame->b, pair_of(op)->reverse, args, n + 1);
    take_from_cells(a, op, cells);
}

void reverse_call(Adjoint *a, const Op *op)
{
    if (strategy_of(a->reversal, op) == STRATEGY_FUSE) {
        reverse_fused(a, op);
        return;
    }
    if (call_is_recursive(op)) {
        reverse_recursion(a, op);
        return;
    }
    const CustomSweep sweep = {.reversal = a->reversal,
                               .b = &a->frame->b,
                               .context = a,
                               .value_of = value_of,
                               .shadow_of = shadow_for_call,
                               .keep_into = keep_into,
                               .add_adjoint = adjoint_from_call};
    Value *seed = NULL;
    if (type_is_floating(op->callee->result))
        seed = or_zero(&a->frame->b, adjoint_take(a, op->results[0]), op->callee->result);
    if (op->callee->rule)
        ruled_adjoint(&sweep, op, seed);
    else
        custom_call_vjp(&sweep, op, seed);
}
