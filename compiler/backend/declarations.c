/* Declarations: declarators, prototypes. */
#include <ctype.h>
#include <string.h>

#include "backend/printer.h"

/* Pointers and arrays of the innermost element become plain pointers for C++, which has no variable
 * arrays: the calling convention is the same. */
static const char *declare_for_cpp(Arena *arena, const Decl *decl, const char *name)
{
    const char *stars = "";
    bool in_array = false;
    for (; decl->kind != DECL_BASE; decl = decl->inner) {
        if (decl->kind == DECL_ARRAY && in_array)
            continue;
        stars = arena_format(arena, "%s*", stars);
        in_array = decl->inner->kind == DECL_ARRAY || decl->kind == DECL_ARRAY;
    }
    return arena_format(arena, "%s%s %s%s", decl->is_const ? "const " : "", decl->base, stars, name);
}

const char *print_declarator(Arena *arena, const Decl *decl, const char *name, bool for_cpp)
{
    if (for_cpp)
        return declare_for_cpp(arena, decl, name);
    const char *text = name;
    bool after_pointer = false;
    for (; decl->kind != DECL_BASE; decl = decl->inner) {
        if (decl->kind == DECL_POINTER) {
            text = arena_format(arena, "*%s%s%s", decl->is_const ? "const " : "",
                                decl->is_restrict ? "restrict " : "", text);
            after_pointer = true;
            continue;
        }
        if (after_pointer)
            text = arena_format(arena, "(%s)", text);
        after_pointer = false;
        text = arena_format(arena, "%s[%s%s%s]", text, decl->is_restrict ? "restrict " : "",
                            decl->is_static ? "static " : "", decl->extent);
    }
    return arena_format(arena, "%s%s%s%s", decl->is_const ? "const " : "", decl->base,
                        *text ? " " : "", text);
}

static bool has_variable_extent(const Decl *decl)
{
    for (; decl->kind != DECL_BASE; decl = decl->inner) {
        if (decl->kind != DECL_ARRAY)
            continue;
        for (const char *c = decl->extent; *c; c++)
            if (!isdigit((unsigned char)*c))
                return true;
    }
    return false;
}

bool prototype_needs_cpp_form(const Function *function)
{
    for (unsigned i = 0; i < function->num_params; i++)
        if (has_variable_extent(function->params[i].decl) || function->params[i].is_restrict ||
            strchr(print_declarator(function->module->arena, function->params[i].decl, "", false),
                   '[') != NULL)
            return true;
    return false;
}

/* One line, or several, broken between parameters. */
const char *print_prototype(Arena *arena, const Function *function, bool for_cpp)
{
    enum { LIMIT = 100 };
    Text text = {0};
    const char *head =
        print_declarator(arena, function->result_decl, function->name, for_cpp);
    text_printf(arena, &text, "%s(", head);
    const size_t indent = strlen(head) + 1;
    size_t column = indent;
    for (unsigned i = 0; i < function->num_params; i++) {
        const Param *param = &function->params[i];
        const char *piece = print_declarator(arena, param->decl, param->name, for_cpp);
        const size_t length = strlen(piece) + 2;
        if (i && column + length > LIMIT) {
            text_printf(arena, &text, ",\n%*s%s", (int)indent, "", piece);
            column = indent + length;
        } else {
            text_printf(arena, &text, "%s%s", i ? ", " : "", piece);
            column += length;
        }
    }
    text_puts(arena, &text, function->num_params ? ")" : "void)");
    return text.items;
}
