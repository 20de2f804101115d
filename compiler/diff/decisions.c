/* Decisions: what else than extents tells where the entries of a sparse matrix are.
 *
 * Problem. A pattern holds for the branches that were taken, and the elements that were addressed, where it was made. Elsewhere
 * the entries that it lacks would be left out, and mixed into others.
 *
 *     if (x[i] > 0)                      *decisions = ad_decision(*decisions, x[i] > 0);
 *         y[i] = x[k[i]];       becomes  if (x[i] > 0) {
 *                                            *decisions = ad_decision(*decisions, k[i]);
 *                                            y[i] = x[k[i]];
 *                                        }
 *
 * Algorithm. A value is open if it is computed from data: from floating parameters, or from memory. Integers that are passed by value
 * are not: they are compared by themselves. Conditions and bounds of loops that are open, and open indices of memory that can
 * hold derivatives, are decisions. What is decided is closed behind it: what an if yields is open only if that itself is.
 * The number that records them is the same for the same decisions, in pattern and evaluation alike, since both
 * are made of this copy.
 *
 * Selects of numbers are none: the sweep counts both sides. Does not handle: what recursive functions decide, and which memory a
 * pointer leads to that was stored and loaded again (`unknown`). */
#include "diff/decisions.h"

#include "analysis/memory.h"
#include "analysis/recursion.h"
#include "analysis/roles.h"
#include "ir/builder.h"

typedef struct Search {
    Arena *arena;
    Function *function;
    bool *open; /* by value id */
    bool changed, stores_pointers;
    Value *record; /* the parameter; NULL: they are only counted */
    Decisions *found;
} Search;

static bool is_open(const Search *s, const Value *value)
{
    return s->open[value->id];
}

static void set_open(Search *s, const Value *value, bool open)
{
    if (open && !s->open[value->id])
        s->open[value->id] = s->changed = true;
}

/* ---- what is open ---- */

static void note_pointer_store(Op *op, void *context)
{
    Search *s = context;
    if (op->kind == OP_STORE && type_is_pointer(op_operand(op, 1)->type))
        s->stores_pointers = true;
}

static bool any_operand_open(const Search *s, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (is_open(s, op_operand(op, i)))
            return true;
    return false;
}

/* Addresses are not the same in another run, even of the same objects. */
static bool looks_at_address(const Op *op)
{
    if (op->kind == OP_SELECT || op->kind == OP_INDEX || op->kind == OP_FIELD || op->kind == OP_PTRDIFF)
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (type_is_pointer(op_operand(op, i)->type) && !type_is_pointer(op->results[0]->type))
            return true;
    return false;
}

static bool loads_constant(const Op *load)
{
    const Object object = pointer_object(op_operand(load, 0));
    return object.kind == OBJECT_GLOBAL && object.global->is_const;
}

static bool result_is_open(const Search *s, const Op *op)
{
    switch (op->kind) {
    case OP_LOAD:
        return any_operand_open(s, op) || !(type_is_pointer(op->results[0]->type) || loads_constant(op));
    case OP_INDEX: /* a decision, where it is open */
        return is_open(s, op_operand(op, 0));
    case OP_SELECT: /* of pointers: likewise */
        return is_open(s, op_operand(op, 1)) || is_open(s, op_operand(op, 2)) ||
               (!type_is_pointer(op->results[0]->type) && is_open(s, op_operand(op, 0)));
    case OP_ALLOCA:
    case OP_ALLOC:
    case OP_MALLOC:
    case OP_TAPE:
        return false;
    default:
        return op_table[op->kind].effect != EFFECT_PURE || any_operand_open(s, op) || looks_at_address(op);
    }
}

static void open_carried(Search *s, const Op *loop)
{
    for (unsigned i = 0; i < loop->num_results; i++) {
        const bool open = is_open(s, loop_carried_init(loop, i)) || is_open(s, loop_carried_next(loop, i));
        set_open(s, loop->results[i], open);
        for (unsigned r = 0; r < loop->num_regions; r++)
            set_open(s, loop->regions[r]->args.items[i + (loop->kind == OP_FOR)], open);
    }
}

static void find_open(Op *op, void *context)
{
    Search *s = context;
    if (op_is_loop(op->kind)) {
        open_carried(s, op);
        return;
    }
    for (unsigned i = 0; i < op->num_results; i++)
        if (op->kind != OP_IF)
            set_open(s, op->results[i], result_is_open(s, op));
        else
            for (unsigned r = 0; r < 2; r++)
                set_open(s, op->results[i], is_open(s, op_operand(region_terminator(op->regions[r]), i)));
}

static void find_all_open(Search *s)
{
    const Function *function = s->function;
    s->open = arena_new_array(s->arena, bool, function->num_values);
    for (unsigned i = 0; i < function->num_params; i++) {
        const Value *arg = function->body->args.items[i];
        set_open(s, arg, !type_is_pointer(arg->type) && !type_is_integer(arg->type));
    }
    do {
        s->changed = false;
        region_walk(function->body, find_open, s);
    } while (s->changed);
}

/* ---- recording ---- */

static void record_at(Search *s, Builder *b, Value *decision)
{
    s->found->any = true;
    if (!s->record)
        return;
    const Type *type = s->record->type->elem;
    build_store(b, s->record, build_binary(b, OP_DECISION, build_load(b, s->record), build_convert(b, decision, type)));
}

static void record_open(Search *s, Op *op, unsigned operand)
{
    Value *decision = op_operand(op, operand);
    if (!is_open(s, decision) || !type_is_integer(decision->type))
        return;
    Builder b = builder_before(op);
    record_at(s, &b, decision);
}

static void record_index(Search *s, Op *op)
{
    const Type *elem = op->results[0]->type->elem;
    if (type_is_pointer(elem) || type_carries_derivative(elem))
        for (unsigned i = 1; i < op->num_operands; i++)
            record_open(s, op, i);
}

/* That there is another round, and that there is none any more. */
static void record_rounds(Search *s, Op *loop)
{
    const Type *type = type_scalar(s->function->module->types, TYPE_LONG);
    if (!is_open(s, op_operand(region_terminator(loop->regions[0]), 0)))
        return;
    Region *body = loop_body(loop);
    Builder inside = builder_before(body->first), after = loop->next ? builder_before(loop->next) : builder_at_end(loop->parent);
    record_at(s, &inside, build_int(&inside, type, 1));
    record_at(s, &after, build_int(&after, type, 0));
}

/* The integers among the arguments: flags and sizes. What a function with roles does, its arguments tell. */
static void record_call(Search *s, Op *op)
{
    if (call_is_recursive(op))
        s->found->unknown = true;
    else if (call_has_roles(op))
        for (unsigned i = 0; i < op->num_operands; i++)
            record_open(s, op, i);
}

static void record_op(Search *s, Op *op)
{
    switch (op->kind) {
    case OP_IF:
        record_open(s, op, 0);
        return;
    case OP_FOR:
        record_open(s, op, 0);
        record_open(s, op, 1);
        return;
    case OP_WHILE:
        record_rounds(s, op);
        return;
    case OP_INDEX:
        record_index(s, op);
        return;
    case OP_SELECT:
        if (type_is_pointer(op->results[0]->type))
            record_open(s, op, 0);
        return;
    case OP_ZERO:
        record_open(s, op, 1);
        return;
    case OP_COPY:
        record_open(s, op, 2);
        return;
    case OP_LOAD:
        if (type_is_pointer(op->results[0]->type) && type_carries_derivative(op->results[0]->type) &&
            (s->stores_pointers || is_open(s, op_operand(op, 0))))
            s->found->unknown = true;
        return;
    case OP_CALL:
        record_call(s, op);
        return;
    default:
        return;
    }
}

static void record_region(Search *s, Region *region)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned r = 0; r < op->num_regions; r++)
            if (op->kind != OP_WHILE || r > 0) /* a condition has no side effects */
                record_region(s, op->regions[r]);
        record_op(s, op);
    }
}

/* ---- the copy ---- */

static Value *add_parameter(Function *function)
{
    Module *module = function->module;
    const Type *type = type_scalar(module->types, TYPE_LONG);
    Decl *base = arena_new(module->arena, Decl), *pointer = arena_new(module->arena, Decl);
    *base = (Decl){.kind = DECL_BASE, .base = type_c_name(type), .type = type};
    *pointer = (Decl){.kind = DECL_POINTER, .inner = base, .is_restrict = true};
    const unsigned n = function->num_params;
    function->params = arena_grow(module->arena, function->params, n * sizeof(Param), (n + 1) * sizeof(Param));
    function->num_params = n + 1;
    function->params[n] =
        (Param){.name = "decisions", .decl = pointer, .loc = function->loc, .is_restrict = true, .is_companion = true};
    return region_add_arg(function->body, type_pointer(module->types, type), "decisions");
}

Decisions decisions_record(const Function *function)
{
    if (function->is_recursive)
        return (Decisions){.function = (Function *)function, .unknown = true};
    Decisions found = {.function = function_clone(function)};
    Search s = {.arena = function->module->arena, .function = found.function, .found = &found};
    region_walk(s.function->body, note_pointer_store, &s);
    find_all_open(&s);
    record_region(&s, s.function->body);
    if (found.any && !found.unknown) {
        s.record = add_parameter(s.function);
        record_region(&s, s.function->body);
    }
    return found;
}
