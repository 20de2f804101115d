/* Calls through pointers whose target is known become calls by name.
 *
 * Problem. What a pointer to a function leads to decides what its derivative is.
 *
 *     y = apply(f, x)                         y = f(x)
 *     y = (c ? f : g)(x)         becomes      if (c) y = f(x); else y = g(x)
 *     y = table[i](x)                         if (i == 0) y = f(x); else if (i == 1) y = g(x); ...
 *
 * Algorithm. The pointer is followed to where it comes from: the address of a function; a choice, whose condition
 * chooses between calls; an element of a constant table, or of a local array that is filled with functions before the
 * call and not changed. Where a condition is not at hand at the call, or the pointer changes in a loop, an integer goes
 * beside it that tells which function it is. The calls that result are inlined, which may show the targets of others.
 *
 * Requires: calls inlined, SSA. Does not handle: tables of tables. */
#include "base/limits.h"
#include "ir/builder.h"
#include "transform/passes.h"
#include "transform/simplify_internal.h"

enum { MAX_TABLE = 256, MAX_DEPTH = DEPTH_LIMIT(64, 2) };

/* The places a pointer may come from, as a decision: a function, or a condition and two decisions. */
typedef struct Decision Decision;
struct Decision {
    Function *function;
    Value *condition;  /* NULL: an element of a table */
    Value *index;
    int64_t element;   /* taken where index == element */
    const Decision *taken, *other;
};

typedef struct Resolving {
    Arena *arena;
    const Op *call;
    bool changed;
} Resolving;

static const Decision *target_of(Resolving *r, Value *pointer, unsigned depth);

static Decision *decision_new(Resolving *r)
{
    return arena_new(r->arena, Decision);
}

static const Decision *choose(Resolving *r, Value *condition, Value *a, Value *b, unsigned depth)
{
    const Decision *taken = target_of(r, a, depth + 1), *other = target_of(r, b, depth + 1);
    if (!taken || !other)
        return NULL;
    Decision *target = decision_new(r);
    *target = (Decision){.condition = condition, .taken = taken, .other = other};
    return target;
}

/* ---- tables ---- */

/* Whatever index leads to no function is out of range, or calls NULL. */
static const Decision *choose_element(Resolving *r, Value *index, Function *const *functions,
                                    int64_t count)
{
    const Decision *target = NULL;
    for (int64_t i = count; i-- > 0;) {
        if (!functions[i])
            continue;
        Decision *leaf = decision_new(r);
        leaf->function = functions[i];
        if (!target) {
            target = leaf;
            continue;
        }
        Decision *choice = decision_new(r);
        *choice = (Decision){.index = index, .element = i, .taken = leaf, .other = target};
        target = choice;
    }
    return target;
}

static const Decision *global_element(Resolving *r, const Global *global, Value *index)
{
    const bool fixed = global->is_const || (global->is_static && !global->changes);
    if (!fixed || !global->init || global->rank > 1 || global->num_init > MAX_TABLE)
        return NULL;
    Function **functions = arena_new_array(r->arena, Function *, global->num_init);
    for (unsigned i = 0; i < global->num_init; i++)
        functions[i] = global->init[i].function;
    if (global->rank == 0) {
        Decision *target = decision_new(r);
        target->function = functions[0];
        return functions[0] ? target : NULL;
    }
    return choose_element(r, index, functions, global->num_init);
}

/* Is `store` done whenever the call comes, and not again? */
static bool comes_once_before(const Op *store, const Op *call)
{
    const Op *ancestor = op_ancestor_in(store->parent, (Op *)call);
    if (!ancestor || !op_precedes(store, ancestor))
        return false;
    return true;
}

static const Decision *local_element(Resolving *r, const Op *alloca, Value *index)
{
    if (alloca->num_operands != 1 || !value_is_const(op_operand(alloca, 0)) ||
        op_operand(alloca, 0)->op->int_value > MAX_TABLE || op_operand(alloca, 0)->op->int_value < 1)
        return NULL;
    const int64_t count = op_operand(alloca, 0)->op->int_value;
    Function **functions = arena_new_array(r->arena, Function *, count);
    for (const Use *use = alloca->results[0]->uses; use; use = use->next) {
        const Op *element = use->user;
        if (element->kind == OP_LOAD)
            continue;
        int64_t at = 0;
        const Value *address = alloca->results[0];
        if (element->kind == OP_INDEX && element->num_operands == 2) {
            const bool known = value_is_const(op_operand(element, 1));
            at = known ? op_operand(element, 1)->op->int_value : -1;
            address = element->results[0];
        } else if (element->kind != OP_STORE) {
            return NULL;
        }
        for (const Use *u = address->uses; u; u = u->next) {
            const Op *store = u->user;
            if (store->kind == OP_LOAD)
                continue;
            if (address == alloca->results[0] && store != element)
                continue;
            const Op *value = store->kind == OP_STORE && u == &store->operands[0]
                                  ? op_operand(store, 1)->op : NULL;
            if (!value || value->kind != OP_FUNCTION || at < 0 || at >= count ||
                (functions[at] && functions[at] != value->callee) || !comes_once_before(store, r->call))
                return NULL;
            functions[at] = value->callee;
        }
    }
    return choose_element(r, index, functions, count);
}

static const Decision *element_of(Resolving *r, Value *address)
{
    Op *op = address->op;
    Value *index = NULL;
    if (op && op->kind == OP_INDEX && op->num_operands == 2) {
        index = op_operand(op, 1);
        op = op_operand(op, 0)->op;
    }
    if (op && op->kind == OP_GLOBAL)
        return index || op->global->rank == 0 ? global_element(r, op->global, index) : NULL;
    if (op && op->kind == OP_ALLOCA && index)
        return local_element(r, op, index);
    return NULL;
}

/* ---- targets ---- */

static const Decision *target_of(Resolving *r, Value *pointer, unsigned depth)
{
    Op *op = pointer->op;
    if (!op || depth > MAX_DEPTH)
        return NULL;
    switch (op->kind) {
    case OP_FUNCTION: {
        Decision *target = decision_new(r);
        target->function = op->callee;
        return target;
    }
    case OP_SELECT:
        return choose(r, op_operand(op, 0), op_operand(op, 1), op_operand(op, 2), depth);
    case OP_IF:
        return choose(r, op_operand(op, 0), op_operand(region_terminator(op->regions[0]), pointer->index),
                      op_operand(region_terminator(op->regions[1]), pointer->index), depth);
    case OP_LOAD:
        return element_of(r, op_operand(op, 0));
    default:
        return NULL;
    }
}

/* ---- an integer that tells which function a pointer is ---- */

typedef struct Mirrored {
    const Value *pointer;
    Value *which;
} Mirrored;

typedef struct Mirror {
    Resolving *r;
    VEC(Function *) functions;
    VEC(Mirrored) known;
    bool failed;
    bool dry; /* only looks whether it can be done */
} Mirror;

static Value *which_of(Mirror *m, Value *pointer, unsigned depth);

static int64_t number_of(Mirror *m, Function *function)
{
    for (size_t i = 0; i < m->functions.count; i++)
        if (m->functions.items[i] == function)
            return (int64_t)i;
    vec_push(m->r->arena, &m->functions, function);
    return (int64_t)m->functions.count - 1;
}

static const Type *which_type(const Value *pointer)
{
    const Op *op = pointer->op ? pointer->op : pointer->region->owner;
    return type_scalar((op ? op->function : pointer->region->function)->module->types, TYPE_INT);
}

/* The number that a decision comes to, computed at `b` (dry: not computed). */
static Value *which_by_decision(Mirror *m, Builder *b, const Decision *decision, const Type *type)
{
    if (!decision->taken) {
        const int64_t number = number_of(m, decision->function);
        return m->dry ? NULL : build_int(b, type, number);
    }
    Value *taken = which_by_decision(m, b, decision->taken, type);
    Value *other = which_by_decision(m, b, decision->other, type);
    if (m->dry)
        return NULL;
    Value *condition = decision->condition;
    if (!condition)
        condition = build_binary(b, OP_EQ, decision->index,
                                 build_int(b, decision->index->type, decision->element));
    return build_select(b, condition, taken, other);
}

static void remember(Mirror *m, const Value *pointer, Value *which)
{
    vec_push(m->r->arena, &m->known, ((Mirrored){pointer, which}));
}

/* A number for the pointer `pointer` that is an operand of a yield, or of a loop, goes behind the others. Its place is taken before
 * the number is known: on the way to it, other numbers may come to the same op. */
static unsigned take_place(const Mirror *m, Op *op, Value *pointer)
{
    if (!m->dry)
        op_add_operand(op, pointer);
    return op->num_operands - 1;
}

static void fill_place(Mirror *m, Op *op, unsigned place, Value *pointer, unsigned depth)
{
    Value *which = which_of(m, pointer, depth);
    if (!m->dry)
        op_set_operand(op, place, which);
}

static void mirror_if(Mirror *m, Value *result, unsigned depth)
{
    Op *op = result->op;
    unsigned places[2];
    remember(m, result, m->dry ? NULL : op_add_result(op, which_type(result), "which"));
    for (unsigned r = 0; r < 2; r++) {
        Op *yield = region_terminator(op->regions[r]);
        places[r] = take_place(m, yield, op_operand(yield, result->index));
    }
    for (unsigned r = 0; r < 2; r++) {
        Op *yield = region_terminator(op->regions[r]);
        fill_place(m, yield, places[r], op_operand(yield, result->index), depth + 1);
    }
}

/* Beside a carried pointer goes a carried number. */
static void mirror_carried(Mirror *m, Op *loop, unsigned carried, unsigned depth)
{
    const unsigned first = loop->kind == OP_FOR ? 1 : 0;
    const Type *type = which_type(loop->results[carried]);
    remember(m, loop->results[carried], m->dry ? NULL : op_add_result(loop, type, "which"));
    for (unsigned r = 0; r < loop->num_regions; r++)
        remember(m, loop->regions[r]->args.items[first + carried],
                 m->dry ? NULL : region_add_arg(loop->regions[r], type, "which"));
    Value *init = loop_carried_init(loop, carried), *next = loop_carried_next(loop, carried);
    Op *yield = region_terminator(loop_body(loop));
    const unsigned init_place = take_place(m, loop, init), next_place = take_place(m, yield, next);
    fill_place(m, loop, init_place, init, depth + 1);
    fill_place(m, yield, next_place, next, depth + 1);
}

static void mirror_new(Mirror *m, Value *pointer, unsigned depth)
{
    Op *op = pointer->op;
    const Op *owner = op ? NULL : pointer->region->owner;
    if (depth > MAX_DEPTH || (!op && !owner)) {
        m->failed = true;
    } else if (!op) {
        mirror_carried(m, (Op *)owner, pointer->index - (owner->kind == OP_FOR ? 1 : 0), depth);
    } else if (op->kind == OP_IF) {
        mirror_if(m, pointer, depth);
    } else if (op_is_loop(op->kind)) {
        mirror_carried(m, op, pointer->index, depth);
    } else if (op->kind == OP_NULLPTR || op->kind == OP_UNDEF) {
        Builder b = builder_before(op);
        remember(m, pointer, m->dry ? NULL : build_int(&b, which_type(pointer), 0));
    } else {
        const Decision *decision = target_of(m->r, pointer, depth);
        Builder b = builder_before(op);
        m->failed = m->failed || !decision;
        if (decision)
            remember(m, pointer, which_by_decision(m, &b, decision, which_type(pointer)));
    }
}

static Value *which_of(Mirror *m, Value *pointer, unsigned depth)
{
    for (int pass = 0; pass < 2 && !m->failed; pass++) {
        for (size_t i = 0; i < m->known.count; i++)
            if (m->known.items[i].pointer == pointer)
                return m->known.items[i].which;
        mirror_new(m, pointer, depth);
    }
    return NULL;
}

/* The decision by such a number; NULL where that is not possible. */
static const Decision *decide_by_number(Resolving *r, Value *pointer)
{
    Mirror look = {.r = r, .dry = true};
    which_of(&look, pointer, 0);
    if (look.failed || !look.functions.count)
        return NULL;
    Mirror make = {.r = r};
    Value *which = which_of(&make, pointer, 0);
    return choose_element(r, which, make.functions.items, (int64_t)make.functions.count);
}

/* Are the values that the decision asks for there, where the call is? Those of branches are not. */
static bool is_available(const Decision *target, const Op *call)
{
    if (!target->taken)
        return true;
    const Value *asked = target->condition ? target->condition : target->index;
    return region_contains(value_region(asked), call->parent) && is_available(target->taken, call) &&
           is_available(target->other, call);
}

/* ---- calls ---- */

static Value *call_target(Builder *b, const Decision *target, const Op *call)
{
    if (!target->taken) {
        Value *args[32];
        for (unsigned i = 1; i < call->num_operands; i++)
            args[i - 1] = op_operand(call, i);
        return build_call(b, target->function, args, call->num_operands - 1);
    }
    Value *condition = target->condition;
    if (!condition)
        condition = build_binary(b, OP_EQ, target->index,
                                 build_int(b, target->index->type, target->element));
    const Type *type = call->num_results ? call->results[0]->type : NULL;
    Op *op = build_if(b, condition, &type, call->num_results);
    for (unsigned r = 0; r < 2; r++) {
        Builder inner = builder_at_end(op->regions[r]);
        inner.loc = b->loc;
        inner.flags = b->flags;
        Value *result = call_target(&inner, r ? target->other : target->taken, call);
        build_yield(&inner, &result, call->num_results);
    }
    return call->num_results ? op->results[0] : NULL;
}

/* Is it called as it is defined? C does not say what comes of a call otherwise (C11 6.5.2.2p9). */
static bool parameters_fit(const Function *function, const Op *call)
{
    for (unsigned i = 0; function->body && i < function->num_params; i++) {
        const Type *declared = function->body->args.items[i]->type, *given = op_operand(call, i + 1)->type;
        if (declared != given && !(type_is_pointer(declared) && type_is_pointer(given)))
            return false;
    }
    return true;
}

static bool fits(const Decision *target, const Op *call)
{
    if (target->taken)
        return fits(target->taken, call) && fits(target->other, call);
    const Type *result = call->num_results ? call->results[0]->type : NULL;
    return target->function->num_params == call->num_operands - 1 && call->num_operands <= 32 &&
           parameters_fit(target->function, call) &&
           (result ? target->function->result == result
                   : target->function->result->kind == TYPE_VOID);
}

static void resolve(Resolving *r, Op *call)
{
    r->call = call;
    const Decision *target = target_of(r, op_operand(call, 0), 0);
    if (!target || !is_available(target, call))
        target = decide_by_number(r, op_operand(call, 0));
    if (!target || !fits(target, call))
        return;
    Builder b = builder_before(call);
    b.loc = call->loc;
    b.flags = call->flags;
    Value *result = call_target(&b, target, call);
    if (call->num_results)
        value_replace_uses(call->results[0], result);
    op_erase(call);
    r->changed = true;
}

static const Op *without_conversions(const Value *pointer)
{
    while (pointer->op && pointer->op->kind == OP_CONVERT)
        pointer = op_operand(pointer->op, 0);
    return pointer->op;
}

/* A function is not NULL, and NULL is. */
static void resolve_test(Resolving *r, Op *op)
{
    const Op *a = without_conversions(op_operand(op, 0)), *b = without_conversions(op_operand(op, 1));
    const Type *type = op_operand(op, 0)->type;
    const bool on_functions = type_is_pointer(type) && type->elem->kind == TYPE_FUNC;
    if (!on_functions || !a || !b || !op->results[0]->uses)
        return;
    const bool a_null = a->kind == OP_NULLPTR, b_null = b->kind == OP_NULLPTR;
    const bool known = (a_null || a->kind == OP_FUNCTION) && (b_null || b->kind == OP_FUNCTION);
    if (!known || !(a_null || b_null))
        return;
    Builder before = builder_before(op);
    const bool equal = a_null && b_null;
    value_replace_uses(op->results[0], build_bool(&before, (op->kind == OP_EQ) == equal));
    r->changed = true;
}

static void visit_region(Resolving *r, Region *region)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned k = 0; k < op->num_regions; k++)
            visit_region(r, op->regions[k]);
        if (op->kind == OP_IF && take_constant_branch(op))
            r->changed = true;
        else if (op->kind == OP_CALL && !op->callee)
            resolve(r, op);
        else if (op->kind == OP_EQ || op->kind == OP_NE)
            resolve_test(r, op);
    }
}

bool resolve_calls(Function *function)
{
    Resolving r = {.arena = function->module->arena};
    visit_region(&r, function->body);
    return r.changed;
}

static void note_pointer_call(Op *op, void *context)
{
    bool *found = context;
    *found = *found || (op->kind == OP_CALL && !op->callee);
}

bool has_pointer_calls(const Function *function)
{
    bool found = false;
    region_walk(function->body, note_pointer_call, &found);
    return found;
}
