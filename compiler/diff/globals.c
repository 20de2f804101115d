/* Global variables that carry derivatives.
 *
 * Problem. The differentiators know parameters: which are independents, dependents or neither, which may
 * overlap, where their shadows are. A global variable is one more way into a function and out of it.
 *
 *     double scale;                                f(x)  is differentiated as  f(x, &scale)
 *     double f(double x) { return scale * x; }
 *
 * Algorithm. In the copy of the primal that is differentiated, each global becomes a parameter behind the
 * others, and its address that parameter. The generated function has no such parameters: there, what they
 * are is again the address of the global, and their companions are the addresses of `scale_bar` or
 * `scale_dot` (signature.c).
 *
 * A static variable is copied into the generated file. It may be written only if no call can see what an
 * earlier one left there: every load must have a store of the same call in front of it (global_is_scratch).
 * That is certain if the store stands in the same or an outer region in front of the load and
 *   - has the same address, or
 *   - is one of a loop over all elements, or over those that the load's own loop goes through. */
#include "diff/globals.h"

#include "ir/builder.h"
#include "transform/passes.h"

int64_t global_count(const Global *global)
{
    int64_t count = 1;
    for (unsigned i = 0; i < global->rank; i++)
        count *= global->extents[i];
    return count;
}

const Global *object_global(Object object)
{
    if (object.kind == OBJECT_GLOBAL)
        return object.global;
    if (object.kind != OBJECT_PARAM)
        return NULL;
    return object.value->region->function->params[object.value->index].global;
}

/* ---- globals become parameters ---- */

typedef struct Lifting {
    Function *function;
    VEC(Global *) globals;
} Lifting;

static void add_global(Lifting *lifting, Global *global)
{
    for (size_t i = 0; i < lifting->globals.count; i++)
        if (lifting->globals.items[i] == global)
            return;
    vec_push(lifting->function->module->arena, &lifting->globals, global);
}

static void note_global(Op *op, void *context)
{
    if (op->kind == OP_GLOBAL && type_carries_derivative(op->global->type) && !op->global->is_const &&
        !op->global->is_inactive)
        add_global(context, op->global);
}

static bool add_named(Lifting *lifting, const Clause *clause)
{
    bool fits = true;
    for (unsigned i = 0; i < clause->count; i++) {
        const Selection *selection = &clause->items[i];
        if (!selection->global)
            continue;
        if (type_carries_derivative(selection->global->type)) {
            add_global(lifting, selection->global);
            continue;
        }
        diag(lifting->function->module->diags, MSG_NOT_FLOATING, selection->loc, selection->name);
        fits = false;
    }
    return fits;
}

typedef struct Replacing {
    const Global *global;
    Value *arg;
} Replacing;

static void replace_address(Op *op, void *context)
{
    const Replacing *replacing = context;
    if (op->kind == OP_GLOBAL && op->global == replacing->global)
        value_replace_uses(op->results[0], replacing->arg);
}

static void lift(Function *function, Global *global, unsigned index)
{
    const Type *type = type_pointer(function->module->types, global->type);
    Value *arg = region_add_arg(function->body, type, global->name);
    function->params[index] = (Param){.name = global->name,
                                      .decl = global->decl,
                                      .loc = global->loc,
                                      .points_to_const = global->is_const,
                                      .rank = global->rank,
                                      .global = global};
    Replacing replacing = {global, arg};
    region_walk(function->body, replace_address, &replacing);
}

bool globals_lift(Function *function, const Request *request)
{
    Lifting lifting = {.function = function};
    const bool fits = add_named(&lifting, &request->wrt) & add_named(&lifting, &request->of) &
                      add_named(&lifting, &request->work);
    region_walk(function->body, note_global, &lifting);
    const unsigned first = function->num_params, count = (unsigned)lifting.globals.count;
    function->params = arena_grow(function->module->arena, function->params, first * sizeof(Param),
                                  (first + count) * sizeof(Param));
    function->num_params = first + count;
    for (unsigned i = 0; i < count; i++)
        lift(function, lifting.globals.items[i], first + i);
    return fits;
}

/* ---- companions ---- */

/* Without const; of several lanes, arrays of so many in place of numbers. */
static const Decl *companion_decl(Arena *arena, const Decl *decl, unsigned lanes)
{
    Decl *copy = arena_new(arena, Decl);
    *copy = *decl;
    copy->is_const = false;
    if (decl->inner)
        copy->inner = companion_decl(arena, decl->inner, lanes);
    if (decl->inner || lanes == 1)
        return copy;
    Decl *row = arena_new(arena, Decl);
    *row = (Decl){.kind = DECL_ARRAY, .extent = arena_format(arena, "%u", lanes), .inner = copy};
    return row;
}

static const int64_t *companion_extents(Arena *arena, const Global *global, unsigned lanes)
{
    int64_t *extents = arena_new_array(arena, int64_t, global->rank + 1);
    for (unsigned i = 0; i < global->rank; i++)
        extents[i] = global->extents[i];
    extents[global->rank] = lanes;
    return extents;
}

static bool has_lanes(const Global *companion, const Global *global, unsigned lanes)
{
    return companion->rank == global->rank + (lanes > 1) &&
           (lanes == 1 || companion->extents[global->rank] == lanes);
}

Global *global_companion(Function *function, Global *global, const char *suffix, unsigned lanes, SourceLoc loc)
{
    Module *module = function->module;
    const char *name = intern_format(module->strings, "%s_%s", global->name, suffix);
    bool is_taken = module_find(module, name) != NULL;
    for (unsigned i = 0; i < function->num_params; i++)
        is_taken = is_taken || function->params[i].name == name;
    for (size_t i = 0; i < module->globals.count; i++) {
        Global *other = module->globals.items[i];
        if (other->name == name && other->companion_of == global && has_lanes(other, global, lanes))
            return other;
        is_taken = is_taken || other->name == name;
    }
    if (is_taken) {
        diag(module->diags, MSG_COMPANION_TAKEN, loc, global->name, name);
        return NULL;
    }
    if (global->type->kind == TYPE_RECORD && !global->type->record->header) {
        diag(module->diags, MSG_INCOMPLETE_COMPANION, loc, global->name);
        return NULL;
    }
    Global *companion = arena_new(module->arena, Global);
    *companion = (Global){.module = module,
                          .name = name,
                          .type = global->type,
                          .decl = companion_decl(module->arena, global->decl, lanes),
                          .loc = global->loc,
                          .extents = companion_extents(module->arena, global, lanes),
                          .rank = global->rank + (lanes > 1),
                          .companion_of = global};
    vec_push(module->arena, &module->globals, companion);
    return companion;
}

/* ---- scratch ---- */

typedef struct Scratch {
    const Global *global;
    VEC(const Op *) writes, reads;
    Arena *arena;
    bool failed;
} Scratch;

static bool is_of(const Scratch *scratch, const Value *pointer)
{
    return object_global(pointer_object(pointer)) == scratch->global;
}

static void note_access(Op *op, void *context)
{
    Scratch *scratch = context;
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        if (!type_is_pointer(operand->type) || !is_of(scratch, operand))
            continue;
        const bool target = i == 0;
        if (op->kind == OP_INDEX || op->kind == OP_FIELD || op->kind == OP_SHAPE)
            continue;
        if (target && (op->kind == OP_STORE || op->kind == OP_ZERO || op->kind == OP_COPY))
            vec_push(scratch->arena, &scratch->writes, (const Op *)op);
        else if (op->kind == OP_LOAD)
            vec_push(scratch->arena, &scratch->reads, (const Op *)op);
        else
            scratch->failed = true;
    }
}

/* Has `a` been executed whenever `b` is, with the instances of the loops around both? */
static bool comes_before(const Op *a, const Op *b)
{
    const Op *ancestor = op_ancestor_in(a->parent, (Op *)b);
    return ancestor && ancestor != a && op_precedes(a, ancestor);
}

static bool same_address(const Value *p, const Value *q)
{
    if (p == q)
        return true;
    const Op *a = p->op, *b = q->op;
    if (!a || !b || a->kind != OP_INDEX || b->kind != OP_INDEX || a->num_operands != b->num_operands)
        return false;
    for (unsigned i = 0; i < a->num_operands; i++)
        if (!values_are_same(op_operand(a, i), op_operand(b, i)))
            return false;
    return true;
}

/* The loop that this index counts; NULL if it is no counter that runs upward in ones. */
static const Op *counting_loop(const Value *index)
{
    while (index->op && index->op->kind == OP_CONVERT)
        index = op_operand(index->op, 0);
    const Op *loop = !index->op && index->region ? index->region->owner : NULL;
    return loop && loop->kind == OP_FOR && index->index == 0 &&
                   (loop->compare == OP_LT || loop->compare == OP_NE) &&
                   value_is_int(op_operand(loop, 2), 1)
               ? loop
               : NULL;
}

static bool at_most(const Value *a, const Value *b)
{
    return values_are_same(a, b) || (value_is_const(a) && value_is_const(b) &&
                                     a->op->int_value <= b->op->int_value);
}

/* Does the index `wide` go through all that `narrow` (NULL: 0) is, once the op `whole` is done? */
static bool index_covers(const Op *whole, const Value *wide, const Value *narrow, int64_t extent)
{
    const Op *outer = counting_loop(wide), *inner = narrow ? counting_loop(narrow) : NULL;
    if (!outer || !region_contains(whole->parent, outer->parent) ||
        op_ancestor_in(whole->parent, (Op *)outer) != whole)
        return narrow ? values_are_same(wide, narrow) : value_is_int(wide, 0);
    const Value *lower = op_operand(outer, 0), *upper = op_operand(outer, 1);
    const bool from_zero = value_is_int(lower, 0);
    if (from_zero && extent > 0 && value_is_const(upper) && upper->op->int_value >= extent)
        return true;
    const int64_t at = narrow && value_is_const(narrow) ? narrow->op->int_value : 0;
    if ((!narrow || value_is_const(narrow)) && value_is_const(lower) && value_is_const(upper))
        return at >= lower->op->int_value && at < upper->op->int_value;
    return inner && at_most(lower, op_operand(inner, 0)) && at_most(op_operand(inner, 1), upper);
}

static bool address_covers(const Scratch *scratch, const Op *whole, const Value *written,
                           const Value *read)
{
    const Op *a = written->op, *b = read->op;
    if (!a || a->kind != OP_INDEX)
        return false;
    const bool first = op_operand(a, 0) == read; /* the read is of the first element */
    if (!first && (!b || b->kind != OP_INDEX || a->num_operands != b->num_operands ||
                   op_operand(a, 0) != op_operand(b, 0)))
        return false;
    for (unsigned i = 1; i < a->num_operands; i += 2) {
        const unsigned level = i / 2;
        const int64_t extent = level < scratch->global->rank && a->num_operands / 2 == scratch->global->rank
                                   ? scratch->global->extents[level]
                                   : 0;
        if (!index_covers(whole, op_operand(a, i), first ? NULL : op_operand(b, i), extent))
            return false;
    }
    return true;
}

/* The loop around `whole`, if it counts an index of the store and holds nothing but loops around it: when it
 * is done, the store has been executed for all its counters. NULL: there is none. */
static const Op *next_whole(const Op *store, const Op *whole)
{
    const Op *index = op_operand(store, 0)->op, *owner = whole->parent->owner;
    if (!index || index->kind != OP_INDEX || !owner)
        return NULL;
    for (unsigned i = 1; i < index->num_operands; i += 2)
        if (counting_loop(op_operand(index, i)) == owner)
            return owner;
    return NULL;
}

static bool write_covers(const Scratch *scratch, const Op *write, const Op *read)
{
    if (write->kind == OP_ZERO || write->kind == OP_COPY) {
        const Value *count = op_operand(write, write->kind == OP_COPY ? 2 : 1);
        const Value *start = op_operand(write, 0);
        const bool whole = value_is_const(count) && (!start->op || start->op->kind == OP_GLOBAL) &&
                           count->op->int_value >= global_count(scratch->global);
        return whole && comes_before(write, read);
    }
    const Value *written = op_operand(write, 0), *wanted = op_operand(read, 0);
    if (same_address(written, wanted) && comes_before(write, read))
        return true;
    for (const Op *whole = write; whole; whole = next_whole(write, whole))
        if (comes_before(whole, read) && address_covers(scratch, whole, written, wanted))
            return true;
    return false;
}

bool global_is_scratch(const Function *function, const Global *global)
{
    Scratch scratch = {.global = global, .arena = function->module->arena};
    Function *copy = function_clone(function); /* in which loops count, whatever is switched off */
    raise_loops(copy, RAISE_ALL);
    region_walk(copy->body, note_access, &scratch);
    for (size_t i = 0; i < scratch.reads.count && !scratch.failed; i++) {
        bool is_covered = false;
        for (size_t k = 0; k < scratch.writes.count && !is_covered; k++)
            is_covered = write_covers(&scratch, scratch.writes.items[k], scratch.reads.items[i]);
        scratch.failed = !is_covered;
    }
    return !scratch.failed;
}
