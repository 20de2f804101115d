/* Splits a function with both sweeps into one for each.
 *
 * Problem. The adjoint of a recursive function cannot run its reverse sweep when its forward sweep is done: its
 * caller's comes in between. What the reverse sweep uses of the forward one has to wait somewhere.
 *
 *     double f_forward(AdTape *tape, double x, int n)        void f_reverse(AdTape *tape, int n, double *x_bar, ...)
 *         ... y = f_forward(tape, x * x, n - 1); ...             x, y popped
 *         x, y pushed                                            ... f_reverse(tape, n - 1, &t, ...) ...
 *
 * Algorithm. Whatever the reverse ops use of the forward ones, or of parameters that the reverse function has
 * not, is a field of the one record that a call leaves; constants and addresses are made again. The record is pushed
 * last: those of the calls inside lie below it, in the order in which they were made. Local memory that the reverse
 * sweep still uses, or whose address is kept in memory, comes from the heap.
 *
 * Requires: the step as the adjoint leaves it. Keeps: the order of effects. */
#include "diff/split.h"

#include <string.h>

#include "analysis/memory.h"
#include "ir/builder.h"

typedef struct Split {
    Arena *arena;
    const Step *step;
    Function *forward, *reverse;
    const Value *tape;  /* of the step's function; NULL: it has none */
    Value **in_forward, **in_reverse; /* by value id of the step's function */
    bool *is_forward;   /* by value id: a result of the forward sweep's own ops */
    bool *needed;       /* by value id: used by the reverse sweep */
    bool *on_heap;      /* by value id: a local that goes to the heap */
    VEC(Value *) fields;
    VEC(Value *) heap;
    bool failed;
} Split;

static Function *function_of(const Split *s)
{
    return s->step->function;
}

/* ---- what crosses ---- */

static bool is_made_again(const Value *value)
{
    const Op *op = value->op;
    if (!op)
        return false;
    switch (op->kind) {
    case OP_CONST:
    case OP_NULLPTR:
    case OP_UNDEF:
    case OP_STRING:
    case OP_GLOBAL:
    case OP_FUNCTION:
    case OP_INDEX:
    case OP_FIELD:
        return true;
    case OP_CONVERT:
        return type_is_pointer(value->type);
    default:
        return false;
    }
}

static void need(Split *s, Value *value)
{
    const bool param = !value->op && value->region == function_of(s)->body;
    if ((!param && !s->is_forward[value->id]) || s->needed[value->id])
        return;
    s->needed[value->id] = true;
    if (!is_made_again(value))
        return;
    for (unsigned i = 0; i < value->op->num_operands; i++)
        need(s, op_operand(value->op, i));
}

static void need_operands(Op *op, void *context)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        need(context, op_operand(op, i));
}

static bool is_own_tape(const Split *s, const Op *op)
{
    return s->tape && ((op->kind == OP_TAPE && op->results[0] == s->tape) ||
                       (op->kind == OP_TAPE_RELEASE && op_operand(op, 0) == s->tape));
}

/* Behind the forward sweep; what the reverse function does by itself is left out. */
static bool is_reverse_op(const Split *s, const Op *op)
{
    return op->kind != OP_RETURN && op->kind != OP_SHAPE && !is_own_tape(s, op);
}

static void mark_forward(Split *s)
{
    for (const Op *op = function_of(s)->body->first; op; op = op->next) {
        for (unsigned i = 0; i < op->num_results; i++)
            s->is_forward[op->results[i]->id] = true;
        if (op == s->step->boundary)
            break;
    }
}

static void find_needed(Split *s)
{
    for (Op *op = s->step->boundary->next; op; op = op->next) {
        if (!is_reverse_op(s, op))
            continue;
        need_operands(op, s);
        for (unsigned r = 0; r < op->num_regions; r++)
            region_walk(op->regions[r], need_operands, s);
    }
}

/* ---- local memory ---- */

/* Is the address kept where it outlives the call? */
static bool address_is_kept(const Split *s, const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next) {
        const Op *op = use->user;
        switch (op->kind) {
        case OP_STORE:
            if (use != &op->operands[0])
                return true;
            break;
        case OP_INDEX:
        case OP_FIELD:
        case OP_CONVERT:
        case OP_SELECT:
            if (type_is_pointer(op->results[0]->type) && address_is_kept(s, op->results[0]))
                return true;
            break;
        case OP_CALL:
            if (s->step->keeps_shadows && op->callee && op->callee->is_derived)
                return true; /* it may keep it */
            break;
        case OP_TAPE_PUSH:
        case OP_YIELD:
        case OP_RETURN:
        case OP_WHILE:
        case OP_FOR:
            return true;
        default:
            break;
        }
    }
    return false;
}

static void check_nested(Op *op, void *context)
{
    Split *s = context;
    const bool nested = op->parent->owner != NULL;
    if (op->kind == OP_TAPE && !is_own_tape(s, op)) {
        diag(op->function->module->diags, MSG_RECURSION_FREE, function_of(s)->loc, s->step->signature.primal->name);
        s->failed = true;
    }
    if (op->kind == OP_ALLOCA && nested && (op->flags & OP_FLAG_SHADOW) && address_is_kept(s, op->results[0])) {
        diag(op->function->module->diags, MSG_POINTER_UNKNOWN, op->loc);
        s->failed = true;
    }
}

static void find_locals(Split *s)
{
    for (Op *op = function_of(s)->body->first; op; op = op->next) {
        if (op->kind == OP_ALLOCA)
            s->on_heap[op->results[0]->id] =
                s->needed[op->results[0]->id] || address_is_kept(s, op->results[0]);
        if (op == s->step->boundary)
            break;
    }
    region_walk(function_of(s)->body, check_nested, s);
}

static Value *count_elements(Builder *b, const Op *alloca, Value **map)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    Value *count = build_int(b, type, 1);
    for (unsigned i = 0; i < alloca->num_operands; i++) {
        Value *extent = op_operand(alloca, i);
        extent = build_convert(b, map[extent->id] ? map[extent->id] : extent, type);
        count = i ? build_binary(b, OP_MUL, count, extent) : extent;
    }
    return count;
}

/* ---- the two bodies ---- */

static bool is_mapped(const Op *op, Value **map)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!map[op_operand(op, i)->id])
            return false;
    return true;
}

static void map_params(const Function *from, const Function *to, Value **map)
{
    for (unsigned i = 0; i < from->num_params; i++)
        for (unsigned k = 0; k < to->num_params; k++)
            if (strcmp(from->params[i].name, to->params[k].name) == 0)
                map[from->body->args.items[i]->id] = to->body->args.items[k];
}

static void write_forward(Split *s)
{
    const Function *both = function_of(s);
    Builder b = builder_at_end(s->forward->body);
    for (const Op *op = both->body->first; op; op = op->next) {
        const Value *result = op->num_results ? op->results[0] : NULL;
        b.loc = op->loc;
        if (is_own_tape(s, op) || (op->kind == OP_SHAPE && !is_mapped(op, s->in_forward))) {
        } else if (op->kind == OP_ALLOCA && s->on_heap[result->id]) {
            Value *count = count_elements(&b, op, s->in_forward);
            s->in_forward[result->id] = build_alloc(&b, result->type->elem, count, op->name);
            s->in_forward[result->id]->op->flags |= op->flags;
        } else {
            build_clone(&b, op, s->in_forward);
        }
        if (op == s->step->boundary)
            break;
    }
    const size_t n = s->fields.count;
    Value **fields = arena_new_array(s->arena, Value *, n);
    for (size_t i = 0; i < n; i++)
        fields[i] = s->in_forward[s->fields.items[i]->id];
    if (n) {
        build_tape_push(&b, s->forward->body->args.items[0], fields, (unsigned)n);
        s->forward->body->last->int_value = s->step->records + 1;
    }
    const Op *end = region_terminator(both->body);
    Value *result = end->num_operands ? op_operand(end, 0) : NULL;
    build_return(&b, result ? s->in_forward[result->id] : NULL);
}

static void pop_fields(Split *s, Builder *b)
{
    const size_t n = s->fields.count;
    const Type **types = arena_new_array(s->arena, const Type *, n);
    for (size_t i = 0; i < n; i++)
        types[i] = s->fields.items[i]->type;
    if (!n)
        return;
    Op *pop = build_tape_pop(b, s->reverse->body->args.items[0], types, (unsigned)n);
    pop->int_value = s->step->records + 1;
    for (size_t i = 0; i < n; i++) {
        pop->results[i]->name = s->fields.items[i]->name;
        s->in_reverse[s->fields.items[i]->id] = pop->results[i];
    }
}

static void write_reverse(Split *s)
{
    const Function *both = function_of(s);
    Builder b = builder_at_end(s->reverse->body);
    b.flags = OP_FLAG_ADJOINT;
    b.loc = both->loc;
    pop_fields(s, &b);
    for (const Op *op = both->body->first; op; op = op->next) {
        if (op->num_results && s->needed[op->results[0]->id] && is_made_again(op->results[0]))
            build_clone(&b, op, s->in_reverse);
        if (op == s->step->boundary)
            break;
    }
    for (const Op *op = s->step->boundary->next; op; op = op->next) {
        b.loc = op->loc;
        if (is_reverse_op(s, op))
            build_clone(&b, op, s->in_reverse);
    }
    for (size_t i = 0; i < s->heap.count; i++)
        build_free(&b, s->in_reverse[s->heap.items[i]->id]);
    build_return(&b, NULL);
}

/* The fields of the record: parameters first, then values in the order of the forward sweep. */
static void list_fields(Split *s)
{
    const Function *both = function_of(s);
    for (unsigned i = 0; i < both->num_params; i++) {
        Value *param = both->body->args.items[i];
        if (s->needed[param->id] && !s->in_reverse[param->id])
            vec_push(s->arena, &s->fields, param);
    }
    for (const Op *op = both->body->first; op; op = op->next) {
        for (unsigned i = 0; i < op->num_results; i++) {
            Value *value = op->results[i];
            const bool kept = s->on_heap[value->id];
            if (kept)
                vec_push(s->arena, &s->heap, value);
            if (kept || (s->needed[value->id] && !is_made_again(value) && value != s->tape))
                vec_push(s->arena, &s->fields, value);
        }
        if (op == s->step->boundary)
            break;
    }
}

bool split_sweeps(const Step *step, Function *forward, Function *reverse)
{
    const Function *both = step->function;
    Arena *arena = both->module->arena;
    Split s = {.arena = arena, .step = step, .forward = forward, .reverse = reverse, .tape = step->tape};
    s.in_forward = arena_new_array(arena, Value *, both->num_values);
    s.in_reverse = arena_new_array(arena, Value *, both->num_values);
    s.is_forward = arena_new_array(arena, bool, both->num_values);
    s.needed = arena_new_array(arena, bool, both->num_values);
    s.on_heap = arena_new_array(arena, bool, both->num_values);
    map_params(both, forward, s.in_forward);
    map_params(both, reverse, s.in_reverse);
    if (s.tape) {
        s.in_forward[s.tape->id] = forward->body->args.items[0];
        s.in_reverse[s.tape->id] = reverse->body->args.items[0];
    }
    mark_forward(&s);
    find_needed(&s);
    find_locals(&s);
    if (s.failed)
        return false;
    list_fields(&s);
    write_forward(&s);
    write_reverse(&s);
    reverse->pushes = forward;
    return true;
}

void fill_function(Function *target, const Function *source)
{
    Value **map = arena_new_array(source->module->arena, Value *, source->num_values);
    map_params(source, target, map);
    Builder b = builder_at_end(target->body);
    for (const Op *op = source->body->first; op; op = op->next)
        build_clone(&b, op, map);
}
