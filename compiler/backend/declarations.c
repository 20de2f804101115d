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

static const char *parameter_list(Arena *arena, const Decl *function)
{
    Text text = {0};
    for (unsigned i = 0; i < function->num_params; i++)
        text_printf(arena, &text, "%s%s", i ? ", " : "",
                    print_declarator(arena, function->params[i], "", false));
    return function->num_params ? text.items : "void";
}

static bool points_to_function(const Decl *decl)
{
    while (decl->kind == DECL_POINTER || decl->kind == DECL_ARRAY)
        decl = decl->inner;
    return decl->kind == DECL_FUNCTION;
}

const char *print_declarator(Arena *arena, const Decl *decl, const char *name, bool for_cpp)
{
    if (for_cpp && !points_to_function(decl))
        return declare_for_cpp(arena, decl, name);
    const char *text = name;
    bool after_pointer = false;
    for (; decl->kind != DECL_BASE; decl = decl->inner) {
        if (decl->kind == DECL_FUNCTION) {
            text = arena_format(arena, after_pointer ? "(%s)(%s)" : "%s(%s)", text,
                                parameter_list(arena, decl));
            after_pointer = false;
            continue;
        }
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

const char *print_type(Arena *arena, const Type *type, bool is_const)
{
    if (!type_is_pointer(type))
        return arena_format(arena, "%s%s", is_const ? "const " : "", type_c_name(type));
    const char *elem = print_type(arena, type->elem, is_const);
    return arena_format(arena, type_is_pointer(type->elem) ? "%s*" : "%s *", elem);
}

const char *print_typed(Arena *arena, const Type *type, bool is_const, const char *name)
{
    const char *text = print_type(arena, type, is_const);
    return arena_format(arena, type_is_pointer(type) ? "%s%s" : "%s %s", text, name);
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

/* Names that C leaves to the user and C++ does not. */
static bool is_cpp_keyword(const char *name)
{
    static const char *const keywords[] = {
        "alignas", "alignof", "and", "and_eq", "asm", "bitand", "bitor", "bool", "catch", "char8_t",
        "char16_t", "char32_t", "class", "co_await", "co_return", "co_yield", "compl", "concept",
        "const_cast", "consteval", "constexpr", "constinit", "decltype", "delete", "dynamic_cast",
        "explicit", "export", "false", "friend", "mutable", "namespace", "new", "noexcept", "not",
        "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public",
        "reinterpret_cast", "requires", "static_assert", "static_cast", "template", "this",
        "thread_local", "throw", "true", "try", "typeid", "typename", "using", "virtual", "wchar_t",
        "xor", "xor_eq"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(name, keywords[i]) == 0)
            return true;
    return false;
}

bool prototype_needs_cpp_form(const Function *function)
{
    for (unsigned i = 0; i < function->num_params; i++)
        if (is_cpp_keyword(function->params[i].name) || has_variable_extent(function->params[i].decl) ||
            function->params[i].decl->is_restrict ||
            strchr(print_declarator(function->module->arena, function->params[i].decl, "", false),
                   '[') != NULL)
            return true;
    return false;
}

/* The parameter's name in C++, where C's names may be keywords: one that no other parameter bears. */
static const char *name_for_cpp(Arena *arena, const Function *function, const char *name)
{
    if (!is_cpp_keyword(name))
        return name;
    name = arena_format(arena, "%s_", name);
    for (unsigned i = 0; i < function->num_params;)
        if (strcmp(name, function->params[i].name) == 0) {
            name = arena_format(arena, "%s_", name);
            i = 0;
        } else {
            i++;
        }
    return name;
}

/* A struct that the source defines is incomplete in the header: there are no arrays of it, but pointers to it. */
static bool is_incomplete_in_header(const Function *function, unsigned i)
{
    const Type *type = function->body ? function->body->args.items[i]->type : NULL;
    return type && type_is_pointer(type) && type->elem->kind == TYPE_RECORD && !type->elem->record->header;
}

/* As it was declared; `restrict` also where it is known without having been said. */
static const Decl *decl_in_definition(Arena *arena, const Param *param)
{
    if (!param->is_restrict || param->decl->is_restrict)
        return param->decl;
    Decl *decl = arena_new(arena, Decl);
    *decl = *param->decl;
    decl->is_restrict = true;
    return decl;
}

/* One line, or several, broken between parameters. */
const char *print_prototype(Arena *arena, const Function *function, PrototypeUse use)
{
    const bool for_cpp = use == PROTOTYPE_FOR_CPP;
    enum { LIMIT = 100 };
    Text text = {0};
    const char *head =
        print_declarator(arena, function->result_decl, function->name, for_cpp);
    if (function->is_derived)
        head = arena_format(arena, "static %s", head);
    text_printf(arena, &text, "%s(", head);
    const size_t indent = strlen(head) + 1;
    size_t column = indent;
    for (unsigned i = 0; i < function->num_params; i++) {
        const Param *param = &function->params[i];
        const char *name = for_cpp ? name_for_cpp(arena, function, param->name) : param->name;
        const bool as_pointer = for_cpp || is_incomplete_in_header(function, i);
        const Decl *decl = use == PROTOTYPE_OF_DEFINITION ? decl_in_definition(arena, param) : param->decl;
        const char *piece = print_declarator(arena, decl, name, as_pointer);
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
