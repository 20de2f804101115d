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
 * `scale_dot` (signature.c). */
#include "diff/globals.h"


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
