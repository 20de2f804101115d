/* The annotation language: `mode, clause(...), ...`, as in ADGEN(...) and behind -f 'function:'.
 *
 *     annotation = mode { "," clause }
 *     clause     = ("wrt" | "of" | "work") "(" selection { "," selection } ")"
 *                | "name" "(" identifier ")" | "directions" "(" number ")"
 *     selection  = identifier [ "[" extent "]" ]
 *     extent     = sum of products of numbers, parameters and parenthesised extents
 *
 * Any bytes may come in; nesting is limited. */
#include <stdlib.h>
#include <string.h>

#include "frontend/lower.h"

enum { MAX_EXTENT_DEPTH = 100 };

typedef struct Parser {
    Module *module;
    const char *at;
    SourceLoc loc;
    unsigned depth;
    bool failed;
} Parser;

static void syntax_error(Parser *p, const char *expected)
{
    if (!p->failed)
        diag(p->module->diags, MSG_ANNOTATION_SYNTAX, p->loc, expected, p->at);
    p->failed = true;
}

/* ---- tokens ---- */

static void skip_space(Parser *p)
{
    p->at += strspn(p->at, " \t\n\r\f\v");
}

static bool accept(Parser *p, char c)
{
    skip_space(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

static void expect(Parser *p, char c)
{
    if (!p->failed && !accept(p, c))
        syntax_error(p, (char[]){'\'', c, '\'', '\0'});
}

static bool is_name_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

/* An identifier, interned; NULL if there is none. */
static const char *take_name(Parser *p)
{
    skip_space(p);
    size_t length = 0;
    while (is_name_char(p->at[length], length == 0))
        length++;
    if (!length)
        return NULL;
    const char *name = intern_n(p->module->strings, p->at, length);
    p->at += length;
    return name;
}

static bool take_number(Parser *p, int64_t *number)
{
    skip_space(p);
    if (*p->at < '0' || *p->at > '9')
        return false;
    char *end;
    const long long value = strtoll(p->at, &end, 10);
    *number = value;
    p->at = end;
    return true;
}

/* ---- extents ---- */

static const Extent *parse_sum(Parser *p);

static Extent *new_extent(Parser *p)
{
    Extent *extent = arena_new(p->module->arena, Extent);
    extent->loc = p->loc;
    return extent;
}

static const Extent *parse_factor(Parser *p)
{
    Extent *extent = new_extent(p);
    if (++p->depth > MAX_EXTENT_DEPTH) {
        syntax_error(p, "a shorter extent");
    } else if (accept(p, '(')) {
        const Extent *inner = parse_sum(p);
        expect(p, ')');
        p->depth--;
        return inner;
    } else if (accept(p, '-')) {
        extent->kind = EXTENT_NEGATE;
        extent->left = parse_factor(p);
    } else if (take_number(p, &extent->value)) {
        extent->kind = EXTENT_CONST;
    } else {
        extent->kind = EXTENT_NAME;
        extent->name = take_name(p);
        if (!extent->name)
            syntax_error(p, "a number or a parameter");
    }
    p->depth--;
    return extent;
}

static const Extent *parse_chain(Parser *p, const char *operators,
                                 const Extent *operand(Parser *p))
{
    const Extent *left = operand(p);
    for (skip_space(p); !p->failed && *p->at && strchr(operators, *p->at); skip_space(p)) {
        Extent *binary = new_extent(p);
        binary->kind = EXTENT_BINARY;
        binary->operator = *p->at++;
        binary->left = left;
        binary->right = operand(p);
        left = binary;
    }
    return left;
}

static const Extent *parse_product(Parser *p)
{
    return parse_chain(p, "*/%", parse_factor);
}

static const Extent *parse_sum(Parser *p)
{
    return parse_chain(p, "+-", parse_product);
}

/* ---- clauses ---- */

static void parse_selection(Parser *p, Selection *selection)
{
    *selection = (Selection){.loc = p->loc};
    selection->name = take_name(p);
    if (!selection->name)
        syntax_error(p, "the name of a parameter");
    if (!p->failed && accept(p, '[')) {
        selection->extent = parse_sum(p);
        expect(p, ']');
    }
}

static void parse_selections(Parser *p, Clause *clause, const char *word)
{
    if (clause->present)
        diag(p->module->diags, MSG_CLAUSE_TWICE, p->loc, word), p->failed = true;
    *clause = (Clause){.present = true, .loc = p->loc};
    VEC(Selection) items = {0};
    do {
        Selection selection;
        parse_selection(p, &selection);
        vec_push(p->module->arena, &items, selection);
    } while (!p->failed && accept(p, ','));
    clause->items = items.items;
    clause->count = (unsigned)items.count;
}

static void parse_directions(Parser *p, Request *request)
{
    enum { MAX_DIRECTIONS = 1024 };
    int64_t number = 0;
    if (!take_number(p, &number) || number < 1 || number > MAX_DIRECTIONS) {
        if (!p->failed)
            diag(p->module->diags, MSG_DIRECTIONS, p->loc);
        p->failed = true;
    }
    request->directions = (unsigned)number;
}

static void parse_clause(Parser *p, Request *request)
{
    const char *word = take_name(p);
    if (!word) {
        syntax_error(p, "a clause");
        return;
    }
    if (!accept(p, '(')) {
        diag(p->module->diags, MSG_UNKNOWN_CLAUSE, p->loc, word);
        p->failed = true;
        return;
    }
    if (strcmp(word, "wrt") == 0) {
        parse_selections(p, &request->wrt, word);
    } else if (strcmp(word, "of") == 0) {
        parse_selections(p, &request->of, word);
    } else if (strcmp(word, "work") == 0) {
        parse_selections(p, &request->work, word);
    } else if (strcmp(word, "name") == 0) {
        request->name = take_name(p);
        if (!request->name)
            syntax_error(p, "a function name");
    } else if (strcmp(word, "directions") == 0) {
        parse_directions(p, request);
    } else {
        diag(p->module->diags, MSG_UNKNOWN_CLAUSE, p->loc, word);
        p->failed = true;
    }
    expect(p, ')');
}

static const char *const mode_names[MODE_COUNT] = {
    [MODE_GRAD] = "grad",         [MODE_VJP] = "vjp",         [MODE_JVP] = "jvp",
    [MODE_JACOBIAN] = "jacobian", [MODE_HVP] = "hvp",         [MODE_HESSIAN] = "hessian",
    [MODE_DIVERGENCE] = "divergence"};

static void parse_mode(Parser *p, Request *request)
{
    const char *word = take_name(p);
    if (!word) {
        syntax_error(p, "a mode (grad, vjp, jvp, ...)");
        return;
    }
    for (unsigned mode = 0; mode < MODE_COUNT; mode++)
        if (strcmp(word, mode_names[mode]) == 0) {
            request->mode = (Mode)mode;
            return;
        }
    diag(p->module->diags, MSG_UNKNOWN_MODE, p->loc, word);
    p->failed = true;
}

bool annotation_parse(Module *module, const char *text, SourceLoc loc, Request *request)
{
    Parser p = {.module = module, .at = text, .loc = loc};
    *request = (Request){.loc = loc};
    parse_mode(&p, request);
    while (!p.failed && accept(&p, ','))
        parse_clause(&p, request);
    skip_space(&p);
    if (!p.failed && *p.at)
        syntax_error(&p, "',' or the end");
    return !p.failed;
}
