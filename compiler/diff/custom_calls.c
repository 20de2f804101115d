/* The calls of the user's own derivatives: the arguments of the original, behind each its companion. */
#include "diff/custom_calls.h"

#include "analysis/roles.h"
#include "ir/builder.h"

typedef struct Call {
    const CustomSweep *sweep;
    const Op *op;
    bool adjoint;
    VEC(Value *) args;
    VEC(Buffer) buffers;
    Value **cells; /* by argument: where the adjoint of a by-value one comes to */
} Call;

static Arena *arena_of(const Call *c)
{
    return c->sweep->reversal->arena;
}

static Value *count_of(const Call *c, unsigned i)
{
    const CustomSweep *s = c->sweep;
    Value *count = custom_of(s->reversal, c->op)->kept[i].count;
    return s->value_of(s->context, count);
}

static const char *name_of(const Call *c, unsigned i, const char *suffix)
{
    return intern_format(c->op->function->module->strings, "%s_%s", c->op->callee->params[i].name, suffix);
}

static Value *new_buffer(Call *c, unsigned i, const char *suffix, bool clear)
{
    Builder *b = c->sweep->b;
    const Type *elem = op_operand(c->op, i)->type->elem;
    Value *count = count_of(c, i);
    const Buffer buffer = buffer_new(b, elem, count, name_of(c, i, suffix));
    vec_push(arena_of(c), &c->buffers, buffer);
    if (clear && value_is_int(count, 1))
        build_store(b, buffer.memory, build_zero(b, elem));
    else if (clear)
        build_fill_zero(b, buffer.memory, count);
    return buffer.memory;
}

static void add_arg(Call *c, Value *value)
{
    vec_push(arena_of(c), &c->args, value);
}

static Value *original_pointer(Call *c, unsigned i)
{
    const CustomSweep *s = c->sweep;
    const Kept *kept = &custom_of(s->reversal, c->op)->kept[i];
    if (kept->is_direct)
        return s->value_of(s->context, op_operand(c->op, i));
    Value *buffer = new_buffer(c, i, "then", false);
    s->keep_into(s->context, buffer, c->op, i);
    return buffer;
}

static void add_pointer(Call *c, unsigned i)
{
    const CustomSweep *s = c->sweep;
    Value *pointer = op_operand(c->op, i);
    if (!argument_is_input(c->op, i) && !argument_is_output(c->op, i))
        return;
    add_arg(c, memory_is_shadowed(s->reversal, pointer)
                   ? s->shadow_of(s->context, pointer)
                   : new_buffer(c, i, c->adjoint ? "bar" : "dot", true));
}

static void add_scalar(Call *c, unsigned i)
{
    const CustomSweep *s = c->sweep;
    Value *arg = op_operand(c->op, i);
    if (!argument_is_input(c->op, i))
        return;
    if (!c->adjoint) {
        Value *dot = s->tangent_of(s->context, arg);
        add_arg(c, dot ? dot : build_zero(s->b, arg->type));
        return;
    }
    c->cells[i] = build_alloca(s->b, arg->type, NULL, 0, name_of(c, i, "bar"));
    build_store(s->b, c->cells[i], build_zero(s->b, arg->type));
    add_arg(c, c->cells[i]);
}

/* Records of the tape lie in the order of the arguments: the last one is on top. */
static void add_arguments(Call *c)
{
    const CustomSweep *s = c->sweep;
    const unsigned n = c->op->callee->num_params;
    Value **originals = arena_new_array(arena_of(c), Value *, n);
    c->cells = arena_new_array(arena_of(c), Value *, n);
    for (unsigned i = n; i-- > 0;)
        originals[i] = type_is_pointer(op_operand(c->op, i)->type)
                           ? original_pointer(c, i)
                           : s->value_of(s->context, op_operand(c->op, i));
    for (unsigned i = 0; i < n; i++) {
        add_arg(c, originals[i]);
        if (type_is_pointer(op_operand(c->op, i)->type))
            add_pointer(c, i);
        else
            add_scalar(c, i);
    }
}

static void free_buffers(Call *c)
{
    for (size_t i = 0; i < c->buffers.count; i++)
        buffer_free(c->sweep->b, c->buffers.items[i]);
}

void custom_call_vjp(const CustomSweep *sweep, const Op *op, Value *result_bar)
{
    Call c = {.sweep = sweep, .op = op, .adjoint = true};
    add_arguments(&c);
    if (result_bar)
        add_arg(&c, result_bar);
    build_call(sweep->b, op->callee->custom_vjp, c.args.items, (unsigned)c.args.count);
    for (unsigned i = 0; i < op->callee->num_params; i++)
        if (c.cells[i])
            sweep->add_adjoint(sweep->context, op_operand(op, i),
                               build_load(sweep->b, c.cells[i]));
    free_buffers(&c);
}

Value *custom_call_jvp(const CustomSweep *sweep, const Op *op)
{
    Call c = {.sweep = sweep, .op = op};
    add_arguments(&c);
    Value *cell = NULL;
    if (type_is_floating(op->callee->result)) {
        cell = build_alloca(sweep->b, op->callee->result, NULL, 0, "result_dot");
        add_arg(&c, cell);
    }
    build_call(sweep->b, op->callee->custom_jvp, c.args.items, (unsigned)c.args.count);
    Value *dot = cell ? build_load(sweep->b, cell) : NULL;
    free_buffers(&c);
    return dot;
}
