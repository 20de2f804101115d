/* The annotation language: `mode, clause(...), ...`, as in ADGEN(...) and behind -f 'function:'.
 *
 *     annotation = mode { "," clause } | "inactive" | "custom" { "," ("vjp" | "jvp") "(" identifier ")" }
 *     clause     = ("wrt" | "of" | "work") "(" selection { "," selection } ")"
 *                | "name" "(" identifier ")" | "directions" "(" number ")" | "sparse"
 *     selection  = identifier [ "[" extent "]" ]
 *     extent     = sum of products of numbers, parameters and parenthesised extents
 *
 * Any bytes may come in; nesting is limited. */
#include "frontend/annotations.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EXTENT_DEPTH = 100, MAX_EXTENT_OPERATORS = 1000 };

typedef struct Parser {
    Module *module;
    const char *at;
    SourceLoc loc;
    unsigned depth, operators; /* of the extents */
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
    errno = 0;
    *number = strtoll(p->at, &end, 10);
    if (errno == ERANGE || is_name_char(*end, true))
        return false;
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
        if (++p->operators > MAX_EXTENT_OPERATORS) {
            syntax_error(p, "a shorter extent");
            break;
        }
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

static void parse_selections(Parser *p, Clause *clause)
{
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

static void fail(Parser *p)
{
    p->failed = true;
}

static void parse_directions(Parser *p, Request *request)
{
    enum { MAX_DIRECTIONS = 1024 };
    int64_t number = 0;
    if (!take_number(p, &number) || number < 1 || number > MAX_DIRECTIONS) {
        diag(p->module->diags, MSG_DIRECTIONS, p->loc);
        fail(p);
    } else if (request->mode != MODE_JVP && request->mode != MODE_HVP) {
        diag(p->module->diags, MSG_DIRECTIONS_MODE, p->loc);
        fail(p);
    }
    request->directions = (unsigned)number;
}

static void parse_sparse(Parser *p, Request *request)
{
    if (request->mode != MODE_JACOBIAN && request->mode != MODE_HESSIAN) {
        diag(p->module->diags, MSG_SPARSE_MODE, p->loc);
        fail(p);
    }
    request->sparse = SPARSE_VALUES;
}

static const char *parse_function_name(Parser *p)
{
    static const char *const keywords[] = {
        "auto",     "break",  "case",     "char",   "const",  "continue", "default", "do",
        "double",   "else",   "enum",     "extern", "float",  "for",      "goto",    "if",
        "inline",   "int",    "long",     "register", "restrict", "return", "short", "signed",
        "sizeof",   "static", "struct",   "switch", "typedef", "union",   "unsigned", "void",
        "volatile", "while"};
    const char *name = take_name(p);
    for (size_t i = 0; name && i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(name, keywords[i]) == 0)
            name = NULL;
    if (!name)
        syntax_error(p, "the name of a function");
    return name;
}

enum { CLAUSE_WRT, CLAUSE_OF, CLAUSE_WORK, CLAUSE_NAME, CLAUSE_DIRECTIONS, CLAUSE_SPARSE, NUM_CLAUSES };
static const char *const clause_names[NUM_CLAUSES] = {"wrt", "of", "work", "name", "directions", "sparse"};

static void parse_clause(Parser *p, Request *request, bool seen[NUM_CLAUSES])
{
    const char *word = take_name(p);
    unsigned clause = 0;
    while (word && clause < NUM_CLAUSES && strcmp(word, clause_names[clause]) != 0)
        clause++;
    if (!word) {
        syntax_error(p, "a clause");
        return;
    }
    if (clause == NUM_CLAUSES || seen[clause]) {
        diag(p->module->diags, clause == NUM_CLAUSES ? MSG_UNKNOWN_CLAUSE : MSG_CLAUSE_TWICE, p->loc,
             word);
        fail(p);
        return;
    }
    seen[clause] = true;
    if (clause == CLAUSE_SPARSE) {
        parse_sparse(p, request);
        return;
    }
    expect(p, '(');
    if (p->failed)
        return;
    switch (clause) {
    case CLAUSE_WRT:
        parse_selections(p, &request->wrt);
        break;
    case CLAUSE_OF:
        parse_selections(p, &request->of);
        break;
    case CLAUSE_WORK:
        parse_selections(p, &request->work);
        break;
    case CLAUSE_NAME:
        request->name = parse_function_name(p);
        break;
    case CLAUSE_DIRECTIONS:
        parse_directions(p, request);
        break;
    default:
        break;
    }
    expect(p, ')');
}

static void parse_mode(Parser *p, Request *request)
{
    const char *word = take_name(p);
    if (!word) {
        syntax_error(p, "a mode (grad, vjp, jvp, ...)");
        return;
    }
    for (unsigned mode = 0; mode < MODE_COUNT; mode++)
        if (strcmp(word, mode_text((Mode)mode)) == 0) {
            request->mode = (Mode)mode;
            return;
        }
    diag(p->module->diags, MSG_UNKNOWN_MODE, p->loc, word);
    fail(p);
}

static bool at_end(Parser *p)
{
    skip_space(p);
    if (!p->failed && *p->at)
        syntax_error(p, "',' or the end");
    return !p->failed;
}

bool annotation_is_inactive(const char *text)
{
    text += strspn(text, " \t");
    return strncmp(text, "inactive", 8) == 0 && text[8 + strspn(text + 8, " \t")] == '\0';
}

bool annotation_parse_custom(Module *module, const char *text, SourceLoc loc, Custom *custom)
{
    Parser p = {.module = module, .at = text, .loc = loc};
    *custom = (Custom){0};
    const char *word = take_name(&p);
    if (!word || strcmp(word, "custom") != 0)
        return false;
    while (!p.failed && accept(&p, ',')) {
        word = take_name(&p);
        const bool vjp = word && strcmp(word, "vjp") == 0, jvp = word && strcmp(word, "jvp") == 0;
        if (!vjp && !jvp) {
            syntax_error(&p, "vjp(...) or jvp(...)");
            break;
        }
        const char **name = vjp ? &custom->vjp : &custom->jvp;
        if (*name) {
            diag(module->diags, MSG_CLAUSE_TWICE, loc, word);
            fail(&p);
        }
        expect(&p, '(');
        if (!p.failed)
            *name = parse_function_name(&p);
        expect(&p, ')');
    }
    at_end(&p);
    custom->failed = p.failed;
    return true;
}

bool annotation_parse(Module *module, const char *text, SourceLoc loc, Request *request)
{
    Parser p = {.module = module, .at = text, .loc = loc};
    bool seen[NUM_CLAUSES] = {false};
    *request = (Request){.loc = loc};
    parse_mode(&p, request);
    while (!p.failed && accept(&p, ','))
        parse_clause(&p, request, seen);
    return at_end(&p);
}
