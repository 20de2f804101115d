/* What the contract asks of callers, checked at the entry of a generated function that is compiled with
 * -DADGEN_DEBUG: companions are there, and overlap no original. */
#include <string.h>

#include "backend/printer.h"

/* Is the size of what the pointer points to known in C? */
static bool has_size(const Type *pointer)
{
    const Type *type = pointer->elem;
    switch (type->kind) {
    case TYPE_VOID:
    case TYPE_FUNC:
    case TYPE_TAPE:
        return false;
    case TYPE_RECORD:
        return type->record->num_fields > 0;
    default:
        return true;
    }
}

/* The number of elements that the parameter points to, each one of whatever is inside the outermost brackets. */
static const char *element_count(const Decl *decl)
{
    const bool is_declared = decl->kind == DECL_ARRAY && *decl->extent;
    return is_declared ? decl->extent : "1";
}

/* The array whose companion it is, which stands in front of it; -1: it belongs to no parameter, or to one passed by
 * value. */
static int original_of(const Function *function, unsigned i)
{
    int k = (int)i;
    while (k >= 0 && function->params[k].is_companion)
        k--;
    if (k < 0 || !type_is_pointer(function->body->args.items[k]->type))
        return -1;
    const char *name = function->params[k].name;
    const size_t length = strlen(name);
    const bool is_named_after = strncmp(function->params[i].name, name, length) == 0 &&
                                function->params[i].name[length] == '_';
    return is_named_after ? k : -1;
}

static const char *entry(Arena *arena, const Function *function, unsigned i)
{
    const Param *param = &function->params[i];
    if (!param->is_companion)
        return arena_format(arena, "AD_ORIGINAL(%s, %s)", param->name, element_count(param->decl));
    const int original = original_of(function, i);
    if (original < 0)
        return arena_format(arena, "AD_NUMBER(%s)", param->name);
    return arena_format(arena, "AD_COMPANION(%s, %s)", param->name,
                        element_count(function->params[original].decl));
}

void print_debug_checks(Printer *p)
{
    const Function *function = p->function;
    const char *lines = "";
    unsigned count = 0, companions = 0;
    size_t column = 0;
    for (unsigned i = 0; i < function->num_params && !function->is_derived; i++) {
        const Type *type = function->body->args.items[i]->type;
        if (!type_is_pointer(type) || !has_size(type))
            continue;
        enum { LIMIT = 90 };
        const char *text = entry(p->arena, function, i);
        const bool breaks = !count || column + strlen(text) > LIMIT;
        lines = arena_format(p->arena, "%s%s%s%s", lines, count ? "," : "", breaks ? "\n        " : " ", text);
        column = (breaks ? 0 : column) + strlen(text) + 2;
        companions += function->params[i].is_companion;
        count++;
    }
    if (!companions)
        return;
    *p->includes |= INCLUDE_DEBUG;
    text_printf(p->arena, p->out,
                "#ifdef ADGEN_DEBUG\n"
                "    ad_check_parameters(__func__, %u, (const AdParameter[]){%s});\n"
                "#endif\n",
                count, lines);
}
