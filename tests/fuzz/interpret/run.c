/* Control flow, memory and calls of the interpreted program. */
#include <string.h>

#include "interpret.h"

enum { MAX_CALLS = 2000 };

typedef struct Activation {
    Interpreter *in;
    Dual *values; /* by id */
    Dual result;
} Activation;

static Dual get(const Activation *a, const Op *op, unsigned operand) { return a->values[op_operand(op, operand)->id]; }

static void set(Activation *a, const Op *op, Dual value) { a->values[op->results[0]->id] = value; }

static void run_region(Activation *a, const Region *region);

/* ---- control ---- */

static void pass(Activation *a, const Op *from, unsigned first, Value *const *to, unsigned count)
{
    Dual moved[64];
    if (count > 64)
        interpreter_stop(a->in, "many carried values");
    for (unsigned i = 0; i < count; i++)
        moved[i] = get(a, from, first + i);
    for (unsigned i = 0; i < count; i++)
        a->values[to[i]->id] = moved[i];
}

static void run_if(Activation *a, const Op *op)
{
    const Region *taken = op->regions[get(a, op, 0).i ? 0 : 1];
    run_region(a, taken);
    pass(a, taken->last, 0, op->results, op->num_results);
}

static void run_while(Activation *a, const Op *op)
{
    const unsigned n = op->num_operands;
    const Region *condition = op->regions[0], *body = op->regions[1];
    pass(a, op, 0, condition->args.items, n);
    for (;;) {
        run_region(a, condition);
        const bool goes_on = get(a, condition->last, 0).i != 0;
        for (unsigned i = 0; i < n; i++)
            a->values[goes_on ? body->args.items[i]->id : op->results[i]->id] = a->values[condition->args.items[i]->id];
        if (!goes_on)
            return;
        run_region(a, body);
        pass(a, body->last, 0, condition->args.items, n);
    }
}

static bool compare(OpKind kind, int64_t x, int64_t y)
{
    return kind == OP_LT ? x < y : kind == OP_LE ? x <= y : kind == OP_GT ? x > y : kind == OP_GE ? x >= y : x != y;
}

static void run_for(Activation *a, const Op *op)
{
    const unsigned n = op->num_operands - 3;
    const int64_t lower = get(a, op, 0).i, upper = get(a, op, 1).i, step = get(a, op, 2).i;
    const Region *body = op->regions[0];
    int64_t trips = 0;
    for (int64_t i = lower; compare(op->compare, i, upper); i += step)
        trips++;
    pass(a, op, 3, body->args.items + 1, n);
    for (int64_t t = 0; t < trips; t++) {
        const int64_t turn = op->flags & OP_FLAG_REVERSED ? trips - 1 - t : t;
        a->values[body->args.items[0]->id] = (Dual){.i = lower + turn * step};
        run_region(a, body);
        pass(a, body->last, 0, body->args.items + 1, n);
    }
    for (unsigned i = 0; i < n; i++)
        a->values[op->results[i]->id] = a->values[body->args.items[1 + i]->id];
}

/* ---- memory ---- */

static Dual shifted(Dual pointer, int64_t bytes)
{
    if (pointer.p)
        pointer.p += bytes;
    if (pointer.shadow)
        pointer.shadow += bytes;
    return pointer;
}

static Dual run_alloca(Activation *a, const Op *op)
{
    size_t count = 1;
    for (unsigned i = 0; i < op->num_operands; i++)
        count *= (size_t)get(a, op, i).i;
    return memory_new(a->in, count * bytes_of_type(a->in, op->results[0]->type->elem));
}

/* p, i0 {, extent, i}... */
static Dual run_index(Activation *a, const Op *op)
{
    int64_t index = get(a, op, 1).i;
    for (unsigned i = 2; i + 1 < op->num_operands; i += 2)
        index = index * get(a, op, i).i + get(a, op, i + 1).i;
    return shifted(get(a, op, 0), index * (int64_t)bytes_of_type(a->in, op->results[0]->type->elem));
}

static Dual run_field(Activation *a, const Op *op)
{
    const Record *record = op_operand(op, 0)->type->elem->record;
    return shifted(get(a, op, 0), (int64_t)offset_of_field(a->in, record, (unsigned)op->int_value));
}

static void run_copy(Activation *a, const Op *op)
{
    const Dual to = get(a, op, 0), from = get(a, op, 1);
    const size_t bytes = (size_t)get(a, op, 2).i * bytes_of_type(a->in, op_operand(op, 0)->type->elem);
    if (bytes == 0)
        return;
    memmove(to.p, from.p, bytes);
    memmove(to.shadow, from.shadow, bytes);
}

static void run_zero(Activation *a, const Op *op)
{
    const Dual at = get(a, op, 0);
    const size_t bytes = (size_t)get(a, op, 1).i * bytes_of_type(a->in, op_operand(op, 0)->type->elem);
    if (bytes == 0)
        return;
    memset(at.p, 0, bytes);
    memset(at.shadow, 0, bytes);
}

static Dual run_malloc(Activation *a, const Op *op)
{
    const Type *elem = op->results[0]->type->elem;
    return memory_new(a->in, (size_t)get(a, op, 0).i * (elem->kind == TYPE_VOID ? 1 : bytes_of_type(a->in, elem)));
}

static Dual run_extract(Activation *a, const Op *op)
{
    const Record *record = op_operand(op, 0)->type->record;
    const Dual at = shifted(get(a, op, 0), (int64_t)offset_of_field(a->in, record, (unsigned)op->int_value));
    return memory_load(a->in, op->results[0]->type, at);
}

static Dual run_insert(Activation *a, const Op *op)
{
    const Type *type = op->results[0]->type;
    const Dual copy = memory_load(a->in, type, get(a, op, 0));
    const Dual at = shifted(copy, (int64_t)offset_of_field(a->in, type->record, (unsigned)op->int_value));
    memory_store(a->in, op_operand(op, 1)->type, at, get(a, op, 1));
    return copy;
}

/* ---- ops ---- */

static Dual run_op_call(Activation *a, const Op *op)
{
    const unsigned first = op->callee ? 0 : 1;
    const Function *callee = op->callee ? op->callee : get(a, op, 0).function;
    Dual args[64] = {{0}};
    if (!callee || !callee->body || op->num_operands > 64)
        interpreter_stop(a->in, "call of a function without a body");
    for (unsigned i = first; i < op->num_operands; i++)
        args[i - first] = get(a, op, i);
    return interpret_call(a->in, callee, args);
}

static Dual run_memory(Activation *a, const Op *op)
{
    Interpreter *in = a->in;
    switch (op->kind) {
    case OP_ALLOCA: return run_alloca(a, op);
    case OP_INDEX: return run_index(a, op);
    case OP_FIELD: return run_field(a, op);
    case OP_MALLOC: return run_malloc(a, op);
    case OP_EXTRACT: return run_extract(a, op);
    case OP_INSERT: return run_insert(a, op);
    case OP_GLOBAL: return memory_of_global(in, op->global);
    case OP_FUNCTION: return (Dual){.function = op->callee, .p = (char *)(uintptr_t)op->callee};
    case OP_LOAD: return memory_load(in, op->results[0]->type, get(a, op, 0));
    case OP_STORE: memory_store(in, op_operand(op, 1)->type, get(a, op, 0), get(a, op, 1)); break;
    case OP_COPY: run_copy(a, op); break;
    case OP_ZERO: run_zero(a, op); break;
    case OP_RESIZE: memory_move(in, get(a, op, 0), get(a, op, 1)); break;
    case OP_CALL: return run_op_call(a, op);
    default: interpreter_stop(in, op_table[op->kind].text);
    }
    return (Dual){0};
}

static void run_plain(Activation *a, const Op *op)
{
    Dual operands[4] = {{0}}, second = {0};
    for (unsigned i = 0; i < op->num_operands && i < 4; i++)
        operands[i] = get(a, op, i);
    set(a, op, arithmetic(a->in, op, operands, &second));
    if (op->num_results > 1)
        a->values[op->results[1]->id] = second;
}

static void run_op(Activation *a, const Op *op)
{
    if (++a->in->steps > a->in->max_steps)
        interpreter_stop(a->in, "too long a run");
    switch (op->kind) {
    case OP_IF: run_if(a, op); return;
    case OP_FOR: run_for(a, op); return;
    case OP_WHILE: run_while(a, op); return;
    case OP_YIELD: case OP_SHAPE: case OP_RELEASE: return;
    case OP_RETURN: a->result = op->num_operands ? get(a, op, 0) : (Dual){0}; return;
    case OP_ALLOCA: case OP_INDEX: case OP_FIELD: case OP_MALLOC: case OP_EXTRACT: case OP_INSERT: case OP_GLOBAL: case OP_FUNCTION:
    case OP_LOAD: case OP_STORE: case OP_COPY: case OP_ZERO: case OP_RESIZE: case OP_CALL: {
        const Dual result = run_memory(a, op);
        if (op->num_results)
            set(a, op, result);
        return;
    }
    default:
        if (!op->num_results)
            interpreter_stop(a->in, op_table[op->kind].text);
        run_plain(a, op);
    }
}

static void run_region(Activation *a, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        run_op(a, op);
}

Dual interpret_call(Interpreter *in, const Function *function, const Dual *args)
{
    if (++in->depth > MAX_CALLS)
        interpreter_stop(in, "calls nested this deeply");
    Activation a = {.in = in, .values = arena_new_array(&in->arena, Dual, function->num_values)};
    for (unsigned i = 0; i < function->num_params; i++)
        a.values[function->body->args.items[i]->id] = args[i];
    run_region(&a, function->body);
    in->depth--;
    return a.result;
}
