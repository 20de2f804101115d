/* ADGEN(custom, vjp(f), jvp(g)): the functions it names, and the numbers of elements that calls need. */
#include <string.h>

#include "frontend/lower.h"

#include "analysis/roles.h"

/* ---- the annotation ---- */

static FunctionEntry *named_function(Frontend *frontend, const char *name)
{
    for (FunctionEntry *entry = frontend->functions; entry; entry = entry->hh.next)
        if (frontend_spelling(frontend, entry->declaration) == name)
            return entry;
    return NULL;
}

typedef VEC(const Type *) TypeList;

static const Type *param_type(Frontend *frontend, const FunctionEntry *entry, unsigned i)
{
    return frontend_find_type(
        frontend, clang_getCursorType(clang_Cursor_getArgument(entry->declaration, i)));
}

/* The types of the parameters that a vjp or jvp has. */
static TypeList expected_types(Frontend *frontend, const FunctionEntry *entry, bool vjp)
{
    const Function *function = entry->function;
    Types *types = frontend->module->types;
    Arena *arena = frontend->module->arena;
    const bool returns = type_is_floating(function->result);
    TypeList list = {0};
    for (unsigned i = 0; i < function->num_params; i++) {
        const Type *type = param_type(frontend, entry, i);
        if (!type)
            continue;
        vec_push(arena, &list, type);
        const bool scalar = !type_is_pointer(type);
        if (!type_is_floating(scalar ? type : type->elem))
            continue;
        if (is_default_independent(function, i, type) ||
            (!returns && is_default_dependent(function, i, type)))
            vec_push(arena, &list, scalar && vjp ? type_pointer(types, type) : type);
    }
    if (returns)
        vec_push(arena, &list, vjp ? function->result : type_pointer(types, function->result));
    return list;
}

static bool has_types(Frontend *frontend, const FunctionEntry *entry, const TypeList *list)
{
    if (entry->function->num_params != list->count)
        return false;
    for (unsigned i = 0; i < list->count; i++)
        if (param_type(frontend, entry, i) != list->items[i])
            return false;
    return true;
}

static const char *list_text(Arena *arena, const TypeList *list)
{
    Text text = {0};
    text_puts(arena, &text, "");
    for (size_t i = 0; i < list->count; i++) {
        const Type *type = list->items[i];
        const bool points = type_is_pointer(type);
        const Type *base = points ? type->elem : type;
        text_printf(arena, &text, "%s%s%s", i ? ", " : "",
                    type_is_arithmetic(base) ? type_c_name(base) : type_text(arena, base),
                    points ? " *" : "");
    }
    return text.items;
}

static Function *derivative_named(Frontend *frontend, const FunctionEntry *entry, const char *name,
                                  bool vjp, SourceLoc loc)
{
    Diagnostics *diags = frontend->module->diags;
    FunctionEntry *other = name ? named_function(frontend, name) : NULL;
    if (!name)
        return NULL;
    if (!other) {
        diag(diags, MSG_CUSTOM_UNKNOWN, loc, name);
        return NULL;
    }
    Function *function = frontend_function(frontend, other);
    const TypeList expected = expected_types(frontend, entry, vjp);
    if (function->is_static && !function->header)
        diag(diags, MSG_CUSTOM_STATIC, loc, name);
    else if (!has_types(frontend, other, &expected) || function->result != entry->function->result)
        diag(diags, MSG_CUSTOM_SIGNATURE, loc, name, vjp ? "vjp" : "jvp", entry->function->name,
             list_text(frontend->module->arena, &expected));
    return function;
}

void custom_declare(Frontend *frontend, FunctionEntry *entry, const Custom *custom, SourceLoc loc)
{
    Function *function = frontend_function(frontend, entry);
    if (function->is_static && !function->header)
        diag(frontend->module->diags, MSG_CUSTOM_STATIC, loc, function->name);
    function->is_custom = true;
    function->custom_vjp = derivative_named(frontend, entry, custom->vjp, true, loc);
    function->custom_jvp = derivative_named(frontend, entry, custom->jvp, false, loc);
}
