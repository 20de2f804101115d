/* Reading the IR's text form: tokens, types, numbers, records and globals. */
#include "ir/text_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors and tokens ---- */

void reader_error(Reader *r, SourceLoc loc, const char *format, ...)
{
    if (r->failed)
        return;
    va_list args;
    va_start(args, format);
    diag(r->module->diags, MSG_IR_SYNTAX, loc, arena_vformat(r->module->arena, format, args));
    va_end(args);
    r->failed = true;
    r->token = (Token){0};
}

void reader_expected(Reader *r, const char *what)
{
    if (r->token.kind == TOKEN_WRONG)
        reader_error(r, r->token.loc, "a character that does not belong here");
    else
        reader_error(r, r->token.loc, "expected %s", what);
}

void reader_advance(Reader *r)
{
    if (!r->failed)
        r->token = text_next_token(&r->lexer);
}

bool reader_sees(const Reader *r, const char *text)
{
    const Token *token = &r->token;
    return (token->kind == TOKEN_SIGN || token->kind == TOKEN_WORD || token->kind == TOKEN_ARROW) &&
           token->length == strlen(text) && memcmp(token->text, text, token->length) == 0;
}

bool reader_accept(Reader *r, const char *text)
{
    const bool seen = reader_sees(r, text);
    if (seen)
        reader_advance(r);
    return seen;
}

void reader_expect(Reader *r, const char *text)
{
    if (!reader_accept(r, text))
        reader_expected(r, arena_format(r->module->arena, "'%s'", text));
}

const char *reader_take(Reader *r, TokenKind kind, const char *what)
{
    if (r->token.kind != kind) {
        reader_expected(r, what);
        return "";
    }
    const char *text = intern_n(r->module->strings, r->token.text, r->token.length);
    reader_advance(r);
    return text;
}

/* ---- numbers ---- */

static long double to_floating(const Type *type, const char *text, char **end)
{
    if (type->kind == TYPE_F32)
        return strtof(text, end);
    return type->kind == TYPE_F64 ? (long double)strtod(text, end) : strtold(text, end);
}

/* Integers are printed as signed ones; of an unsigned type its own spelling is read too. */
static int64_t to_integer(const char *text, char **end)
{
    return *text == '-' ? (int64_t)strtoll(text, end, 10) : (int64_t)strtoull(text, end, 10);
}

Constant reader_number(Reader *r, const Type *type)
{
    Constant constant = {0};
    if (r->token.kind != TOKEN_NUMBER && r->token.kind != TOKEN_WORD) {
        reader_expected(r, "a number");
        return constant;
    }
    const SourceLoc loc = r->token.loc;
    const char *text = arena_strndup(r->module->arena, r->token.text, r->token.length);
    char *end = (char *)text;
    errno = 0;
    if (type_is_floating(type))
        constant.float_value = to_floating(type, text, &end);
    else if (type_is_integer(type))
        constant.int_value = to_integer(text, &end);
    if (end == text || *end || (errno == ERANGE && type_is_integer(type)))
        reader_error(r, loc, "'%s' is no number of the type", text);
    reader_advance(r);
    return constant;
}

unsigned reader_extents(Reader *r, const int64_t **extents)
{
    const Type *type = type_scalar(r->module->types, TYPE_LLONG);
    VEC(int64_t) list = {0};
    while (reader_accept(r, "[")) {
        vec_push(r->module->arena, &list, reader_number(r, type).int_value);
        reader_expect(r, "]");
        if (list.count > RANK_LIMIT)
            reader_error(r, r->token.loc, "more than %d dimensions", RANK_LIMIT);
    }
    *extents = list.items;
    return (unsigned)list.count;
}

/* ---- types ---- */

/* The words up to `>`: "struct S". */
static const char *read_tag(Reader *r)
{
    Text tag = {0};
    reader_expect(r, "<");
    do {
        text_printf(r->module->arena, &tag, tag.count ? " %s" : "%s",
                    reader_take(r, TOKEN_WORD, "the tag of a record"));
    } while (r->token.kind == TOKEN_WORD);
    reader_expect(r, ">");
    return intern(r->module->strings, tag.items ? tag.items : "");
}

/* The record of that tag; one that is not known yet is entered without its fields. */
static const Type *record_named(Reader *r, const char *tag)
{
    const Types *types = r->module->types;
    for (size_t i = 0; i < types->all.count; i++) {
        const Type *type = types->all.items[i];
        if (type->kind == TYPE_RECORD && strcmp(type->record->tag, tag) == 0)
            return type;
    }
    Record *record = arena_new(r->module->arena, Record);
    record->tag = tag;
    return type_record(r->module->types, record);
}

static const Type *read_function_type(Reader *r)
{
    VEC(const Type *) params = {0};
    reader_expect(r, "<");
    const Type *result = reader_type(r);
    reader_expect(r, "(");
    while (!reader_sees(r, ")") && !r->failed) {
        vec_push(r->module->arena, &params, reader_type(r));
        if (!reader_accept(r, ","))
            break;
    }
    reader_expect(r, ")");
    reader_expect(r, ">");
    return type_function(r->module->types, result, params.items, (unsigned)params.count);
}

static const Type *read_pointer_type(Reader *r)
{
    reader_expect(r, "<");
    const Type *elem = reader_type(r);
    reader_expect(r, ">");
    return type_pointer(r->module->types, elem);
}

static const Type *read_scalar_type(Reader *r)
{
    for (unsigned kind = 0; kind < TYPE_PTR; kind++) {
        const Type *type = type_scalar(r->module->types, (TypeKind)kind);
        if (reader_accept(r, type_text(r->module->arena, type)))
            return type;
    }
    reader_expected(r, "a type");
    return type_scalar(r->module->types, TYPE_VOID);
}

const Type *reader_type(Reader *r)
{
    if (r->depth > READER_DEPTH_LIMIT)
        reader_error(r, r->token.loc, "nested too deeply");
    r->depth++;
    const Type *type;
    if (reader_accept(r, "ptr"))
        type = read_pointer_type(r);
    else if (reader_accept(r, "record"))
        type = record_named(r, read_tag(r));
    else if (reader_accept(r, "func"))
        type = read_function_type(r);
    else
        type = read_scalar_type(r);
    r->depth--;
    return type;
}

/* ---- records and globals ---- */

static Field read_field(Reader *r)
{
    Field field = {0};
    if (!reader_accept(r, "#"))
        field.name = reader_take(r, TOKEN_WORD, "the name of a field, or '#'");
    reader_expect(r, ":");
    field.type = reader_type(r);
    field.rank = reader_extents(r, &field.extents);
    field.is_bitfield = reader_accept(r, "bitfield");
    return field;
}

void reader_record(Reader *r)
{
    const SourceLoc loc = r->token.loc;
    const char *tag = read_tag(r);
    Record *record = (Record *)record_named(r, tag)->record; /* ours to complete */
    if (record->is_complete)
        reader_error(r, loc, "record '%s' is defined twice", tag);
    record->is_union = reader_accept(r, "union");
    VEC(Field) fields = {0};
    reader_expect(r, "{");
    while (!reader_sees(r, "}") && !r->failed) {
        vec_push(r->module->arena, &fields, read_field(r));
        if (!reader_accept(r, ","))
            break;
    }
    reader_expect(r, "}");
    if (r->failed)
        return;
    record->fields = fields.items;
    record->num_fields = (unsigned)fields.count;
    record->is_complete = true;
}

static void read_initial(Reader *r, Global *global)
{
    VEC(Constant) list = {0};
    do {
        vec_push(r->module->arena, &list, reader_number(r, global->type));
    } while (reader_accept(r, ","));
    global->init = list.items;
    global->num_init = (unsigned)list.count;
}

void reader_global(Reader *r)
{
    Global *global = arena_new(r->module->arena, Global);
    global->module = r->module;
    global->loc = r->token.loc;
    global->name = reader_take(r, TOKEN_NAME, "the name of a global");
    for (size_t i = 0; i < r->module->globals.count; i++)
        if (r->module->globals.items[i]->name == global->name)
            reader_error(r, global->loc, "global '%s' is defined twice", global->name);
    reader_expect(r, ":");
    global->type = reader_type(r);
    global->rank = reader_extents(r, &global->extents);
    for (bool more = true; more;) {
        more = false;
        if (reader_accept(r, "const"))
            more = global->is_const = true;
        else if (reader_accept(r, "static"))
            more = global->is_static = true;
        else if (reader_accept(r, "extern"))
            more = global->is_extern = true;
        else if (reader_accept(r, "inactive"))
            more = global->is_inactive = true;
    }
    if (reader_accept(r, "="))
        read_initial(r, global);
    vec_push(r->module->arena, &r->module->globals, global);
}
