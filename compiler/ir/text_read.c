/* The text form of the IR: reading functions. docs/ir.md has the grammar.
 *
 * Two passes: the first enters the names of all functions, in their order, so that a call may stand
 * before what it calls; the second reads. What was read is verified: a text cannot make a function
 * that is not well formed. The first error ends the reading. */
#include "ir/text.h"

#include <string.h>

#include "ir/text_internal.h"
#include "ir/verify.h"

/* ---- functions ---- */

static unsigned read_rank(Reader *r)
{
    const SourceLoc loc = r->token.loc;
    const int64_t rank = reader_number(r, type_scalar(r->module->types, TYPE_INT)).int_value;
    if (rank < 0 || rank > RANK_LIMIT)
        reader_error(r, loc, "a rank is a number from 0 to %d", RANK_LIMIT);
    return (unsigned)rank;
}

static void read_param_attributes(Reader *r, Param *param)
{
    for (;;) {
        if (reader_accept(r, "rank"))
            param->rank = read_rank(r);
        else if (reader_accept(r, "restrict"))
            param->is_restrict = true;
        else if (reader_accept(r, "const"))
            param->points_to_const = true;
        else if (reader_accept(r, "inactive"))
            param->is_inactive = true;
        else
            return;
    }
}

static void read_params(Reader *r, Function *function)
{
    VEC(Definition) definitions = {0};
    VEC(Param) params = {0};
    VEC(const Type *) types = {0};
    Arena *arena = r->module->arena;
    reader_expect(r, "(");
    while (!reader_sees(r, ")") && !r->failed) {
        const Definition definition = reader_definition(r);
        Param param = {.name = reader_value_name(r, definition.text), .loc = definition.loc};
        read_param_attributes(r, &param);
        vec_push(arena, &definitions, definition);
        vec_push(arena, &params, param);
        vec_push(arena, &types, definition.type);
        if (!reader_accept(r, ","))
            break;
    }
    reader_expect(r, ")");
    function->params = params.items;
    function->num_params = (unsigned)params.count;
    function_define(function, types.items);
    for (unsigned i = 0; i < function->num_params; i++)
        reader_define(r, function->body->args.items[i], &definitions.items[i]);
}

static void read_function_attributes(Reader *r, Function *function)
{
    for (;;) {
        if (reader_accept(r, "static"))
            function->is_static = true;
        else if (reader_accept(r, "inline"))
            function->is_inline = true;
        else if (reader_accept(r, "noreturn"))
            function->is_noreturn = true;
        else if (reader_accept(r, "variadic"))
            function->is_variadic = true;
        else if (reader_accept(r, "inactive"))
            function->is_inactive = true;
        else if (reader_accept(r, "pure"))
            function->has_side_effects = false;
        else
            return;
    }
}

static void read_function(Reader *r, bool has_body)
{
    const SourceLoc loc = r->token.loc;
    Function *function = reader_function_name(r);
    if (function && function->result)
        reader_error(r, loc, "function '%s' is defined twice", function->name);
    if (r->failed)
        return;
    function->loc = loc;
    if (has_body)
        read_params(r, function);
    reader_expect(r, "->");
    function->result = reader_type(r);
    read_function_attributes(r, function);
    if (has_body) {
        reader_expect(r, "{");
        reader_body(r, function->body);
    }
    reader_leave_scope(r, 0);
}

/* ---- the two passes ---- */

static TextLexer start(unsigned file, const char *text)
{
    return (TextLexer){.at = text, .loc = {.file = file, .line = 1, .column = 1}};
}

/* Enters the functions whose names follow `func` or `declare` outside of all braces. */
static void enter_functions(Module *module, TextLexer lexer)
{
    unsigned depth = 0;
    bool is_head = false;
    for (Token token = text_next_token(&lexer); token.kind != TOKEN_END;
         token = text_next_token(&lexer)) {
        const char *name = arena_strndup(module->arena, token.text, token.length);
        if (token.kind == TOKEN_NAME && is_head && !module_find(module, name))
            function_new(module, intern(module->strings, name), NULL);
        is_head = token.kind == TOKEN_WORD && depth == 0 &&
                  (strcmp(name, "func") == 0 || strcmp(name, "declare") == 0);
        if (token.kind == TOKEN_SIGN && *token.text == '{')
            depth++;
        else if (token.kind == TOKEN_SIGN && *token.text == '}' && depth > 0)
            depth--;
    }
}

static void read_all(Reader *r)
{
    while (r->token.kind != TOKEN_END && !r->failed) {
        if (reader_accept(r, "func"))
            read_function(r, true);
        else if (reader_accept(r, "declare"))
            read_function(r, false);
        else if (reader_accept(r, "record"))
            reader_record(r);
        else if (reader_accept(r, "global"))
            reader_global(r);
        else
            reader_expected(r, "func, declare, record or global");
    }
    reader_leave_scope(r, 0);
}

static void verify_all(Reader *r, size_t first)
{
    for (size_t i = first; i < r->module->functions.count && !r->failed; i++) {
        const Function *function = r->module->functions.items[i];
        const char *error = verify_function(r->module->arena, function);
        if (error)
            reader_error(r, function->loc, "function '%s': %s", function->name, error);
    }
}

bool ir_read(Module *module, const char *path, const char *text)
{
    const unsigned file = source_add(module->arena, module->sources, path, text, strlen(text));
    const size_t functions = module->functions.count, globals = module->globals.count;
    enter_functions(module, start(file, text));
    Reader r = {.module = module, .lexer = start(file, text)};
    reader_advance(&r);
    read_all(&r);
    verify_all(&r, functions);
    if (r.failed) {
        module->functions.count = functions;
        module->globals.count = globals;
    }
    return !r.failed;
}
