/* Calls of functions that have derivatives of their own.
 *
 * Problem. The sweeps call the user's vjp or jvp instead of looking inside. A vjp wants its arguments as they
 * were when the call was made, and may write the outputs again; but in the reverse sweep memory is what the forward
 * sweep left.
 *
 *     step(n, x, y);      forward:  step(n, x, y);
 *                         reverse:  y_then[i] = what y[i] was;  step_vjp(n, x, x_bar, y_then, y_bar);
 *
 * Algorithm. What a pointer argument leads to is passed as it is if the callee does not write it and nothing
 * does later. For all other arguments a loop in front of the call, in the primal, loads the elements: values like any
 * others, for which the availability plan decides how they come to the reverse sweep. There they are put into a buffer.
 * The number of elements is that of the callee's declaration (`const double x[n]`; the front end computes it and
 * appends it to the call), or that of the variable that is passed.
 *
 * In a tangent the jvp runs before the function, on copies of what the function will write. */
#include "diff/custom.h"

#include "analysis/roles.h"
#include "diff/globals.h"
#include "diff/plan.h"
#include "ir/builder.h"

enum { MAX_STACK_ELEMENTS = 1024 };

bool call_is_custom(const Op *op)
{
    return op->kind == OP_CALL && op->callee && op->callee->is_custom;
}

bool custom_is_active(const Reversal *reversal, const Op *op)
{
    if (op->num_results && value_is_active(reversal->activity, op->results[0]))
        return true;
    for (unsigned i = 0; i < op->callee->num_params; i++)
        if (argument_is_output(op, i) && memory_is_shadowed(reversal, op_operand(op, i)))
            return true;
    return false;
}

/* ---- how many elements ---- */

static Value *count_of_local(Builder *b, const Op *op)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    Value *count = build_int(b, type, 1);
    if (op->num_operands == 1)
        return op_operand(op, 0);
    for (unsigned i = 0; i < op->num_operands; i++)
        count = build_binary(b, OP_MUL, count, build_convert(b, op_operand(op, i), type));
    return count;
}

static Value *count_of_argument(Builder *b, const Op *call, unsigned i)
{
    const unsigned n = call->callee->num_params;
    Value *declared = call->num_operands == 2 * n ? op_operand(call, n + i) : NULL;
    if (declared && !value_is_int(declared, -1))
        return declared;
    const Value *pointer = op_operand(call, i);
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    const Op *op = pointer->op;
    const Global *global = object_global(pointer_object(pointer));
    if (op && op->kind == OP_ALLOCA)
        return count_of_local(b, op);
    if (global && (!op || op->kind == OP_GLOBAL))
        return build_int(b, type, global_count(global));
    return NULL;
}

static bool is_scalar_data(const Type *pointer)
{
    return type_is_arithmetic(pointer->elem);
}

/* ---- what is kept ---- */

static Kept keep(const Op *call, unsigned i, bool adjoint)
{
    Builder b = builder_before((Op *)call);
    b.flags = OP_FLAG_SHADOW;
    b.loc = call->loc;
    Value *pointer = op_operand(call, i);
    Kept kept = {.count = count_of_argument(&b, call, i)};
    kept.is_direct = !adjoint && !argument_is_written(call, i);
    if (!kept.count || !adjoint)
        return kept;
    Value *zero = build_zero(&b, kept.count->type), *one = build_int(&b, kept.count->type, 1);
    kept.loop = build_for(&b, OP_LT, zero, kept.count, one, NULL, 0, "i");
    Builder inner = builder_at_end(kept.loop->regions[0]);
    inner.flags = b.flags;
    inner.loc = b.loc;
    Value *index = kept.loop->regions[0]->args.items[0];
    kept.element = build_load(&inner, build_index(&inner, pointer, index));
    kept.element->name = call->callee->params[i].name;
    build_yield(&inner, NULL, 0);
    return kept;
}

typedef struct Collect {
    Arena *arena;
    Customs *customs;
} Collect;

static void note_call(Op *op, void *context)
{
    Collect *collect = context;
    if (!call_is_custom(op))
        return;
    CustomCall custom = {op, arena_new_array(collect->arena, Kept, op->callee->num_params)};
    vec_push(collect->arena, &collect->customs->list, custom);
}

const Customs *customs_insert(Arena *arena, Function *primal, bool adjoint)
{
    Customs *customs = arena_new(arena, Customs);
    Collect collect = {arena, customs};
    region_walk(primal->body, note_call, &collect);
    for (size_t k = 0; k < customs->list.count; k++) {
        const CustomCall *custom = &customs->list.items[k];
        for (unsigned i = 0; i < custom->call->callee->num_params; i++) {
            const Type *type = op_operand(custom->call, i)->type;
            if (type_is_pointer(type) && is_scalar_data(type))
                custom->kept[i] = keep(custom->call, i, adjoint);
            else
                custom->kept[i].is_direct = !adjoint;
        }
    }
    return customs;
}

void customs_decide(const Reversal *reversal)
{
    const Customs *customs = reversal->customs;
    for (size_t k = 0; k < customs->list.count; k++) {
        const CustomCall *custom = &customs->list.items[k];
        const Op *call = custom->call;
        for (unsigned i = 0; i < call->callee->num_params; i++) {
            const Value *pointer = op_operand(call, i);
            if (!type_is_pointer(pointer->type))
                continue;
            const bool survives = !is_scalar_data(pointer->type) ||
                                  (!argument_is_written(call, i) &&
                                   memory_is_unchanged(reversal->reloads, call, pointer));
            custom->kept[i].is_direct = survives && address_is_recomputable(reversal, pointer);
        }
    }
}

const CustomCall *custom_of(const Reversal *reversal, const Op *call)
{
    for (size_t k = 0; k < reversal->customs->list.count; k++)
        if (reversal->customs->list.items[k].call == call)
            return &reversal->customs->list.items[k];
    internal_error("custom", "a call that was not collected");
}

/* ---- what cannot be had ---- */

static bool refuse(const Reversal *reversal, const Op *op, MessageId message, const char *name)
{
    diag(reversal->primal->module->diags, message, op->loc, op->callee->name, name);
    return false;
}

/* Other data of the callee that carries derivatives has no companion in the signature of a vjp or jvp. */
static bool has_no_companion(const Reversal *reversal, const Op *op, unsigned i)
{
    const Value *arg = op_operand(op, i);
    if (argument_is_input(op, i) || argument_is_output(op, i) || op->callee->params[i].is_inactive)
        return false;
    if (type_is_pointer(arg->type))
        return memory_is_active(reversal->activity, arg);
    return type_carries_derivative(arg->type) && value_is_active(reversal->activity, arg);
}

static bool needs_count(const Reversal *reversal, const Op *op, unsigned i)
{
    const Value *arg = op_operand(op, i);
    if (!type_is_pointer(arg->type))
        return false;
    const bool has_companion = argument_is_input(op, i) || argument_is_output(op, i);
    return !custom_of(reversal, op)->kept[i].is_direct ||
           (has_companion && !memory_is_shadowed(reversal, arg));
}

static bool check_call(const Reversal *reversal, const Op *op, bool adjoint)
{
    if (!(adjoint ? op->callee->custom_vjp : op->callee->custom_jvp))
        return refuse(reversal, op, MSG_CUSTOM_MISSING, adjoint ? "vjp" : "jvp");
    for (unsigned i = 0; i < op->callee->num_params; i++) {
        const char *name = op->callee->params[i].name;
        if (has_no_companion(reversal, op, i))
            return refuse(reversal, op, MSG_CUSTOM_ACTIVE, name);
        if (needs_count(reversal, op, i) && !custom_of(reversal, op)->kept[i].count)
            return refuse(reversal, op, MSG_CUSTOM_EXTENT, name);
    }
    return true;
}

bool customs_check(const Reversal *reversal, bool adjoint)
{
    bool fits = true;
    for (size_t k = 0; k < reversal->customs->list.count; k++) {
        const Op *call = reversal->customs->list.items[k].call;
        if (custom_is_active(reversal, call))
            fits = check_call(reversal, call, adjoint) && fits;
    }
    return fits;
}

/* ---- buffers ---- */

Buffer buffer_new(Builder *b, const Type *elem, Value *count, const char *name)
{
    if (value_is_int(count, 1))
        return (Buffer){build_alloca(b, elem, NULL, 0, name), false};
    if (value_is_const(count) && count->op->int_value > 0 &&
        count->op->int_value <= MAX_STACK_ELEMENTS)
        return (Buffer){build_alloca(b, elem, &count, 1, name), false};
    return (Buffer){build_alloc(b, elem, count, name), true};
}

void buffer_free(Builder *b, Buffer buffer)
{
    if (buffer.on_heap)
        build_free(b, buffer.memory);
}

static void strip_call(Op *op, void *context)
{
    (void)context;
    while (call_is_custom(op) && op->num_operands > op->callee->num_params)
        op_remove_operand(op, op->num_operands - 1);
}

void customs_finish(Function *function)
{
    region_walk(function->body, strip_call, NULL);
}
