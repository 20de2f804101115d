/* The texts in the rows of calls.def: parameters, and statements in a small language that calls.def explains. An
 * error in them is one of the table. */
#include "rules/calls_parse.h"

#include <string.h>

#include "rules/scanner.h"

typedef struct RuleParser {
    Scanner scan;
    const CallRule *rule;
} RuleParser;

/* ---- parameters ---- */

static ArgKind kind_of_name(const char *name, bool has_extents)
{
    if (strcmp(name, "ipiv") == 0)
        return ARG_PIVOTS;
    if (has_extents)
        return ARG_DATA;
    static const struct {
        const char *start;
        ArgKind kind;
    } starts[] = {{"trans", ARG_TRANSPOSE}, {"uplo", ARG_UPLO}, {"diag", ARG_DIAG},  {"side", ARG_SIDE},
                  {"inc", ARG_STEP},        {"ld", ARG_STEP},   {"alpha", ARG_REAL}, {"beta", ARG_REAL}};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(name, starts[i].start, strlen(starts[i].start)) == 0)
            return starts[i].kind;
    return ARG_SIZE;
}

/* While they are read, extents name parameters that may follow: their numbers are looked up at the end. */
typedef struct ExtentText {
    const char *flag, *size, *other;
} ExtentText;

static ExtentText parse_extent(RuleParser *p)
{
    ExtentText extent = {.size = scanner_word(&p->scan)};
    if (scanner_accept(&p->scan, "-")) {
        extent.flag = "-";
        extent.other = scanner_word(&p->scan);
    } else if (scanner_accept(&p->scan, ":")) {
        extent.flag = extent.size;
        extent.size = scanner_word(&p->scan);
        scanner_expect(&p->scan, "|");
        extent.other = scanner_word(&p->scan);
    }
    return extent;
}

static int number_of(const RuleParser *p, const RuleParam *params, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(params[i].name, name) == 0)
            return (int)i;
    scanner_wrong(&p->scan, "the name of a parameter");
}

static RuleExtent find_extent(const RuleParser *p, const RuleParam *params, unsigned count, ExtentText text)
{
    RuleExtent extent = {.flag = -1, .other = -1};
    extent.size = number_of(p, params, count, text.size);
    if (!text.flag)
        return extent;
    extent.other = number_of(p, params, count, text.other);
    extent.kind = *text.flag == '-' ? EXTENT_VALID : strcmp(text.flag, "min") == 0 ? EXTENT_MIN : EXTENT_PICK;
    if (extent.kind == EXTENT_PICK)
        extent.flag = number_of(p, params, count, text.flag);
    return extent;
}

unsigned parse_rule_params(Arena *arena, const char *text, RuleParam *params)
{
    RuleParser p = {.scan = {arena, text, text}};
    ExtentText extents[16][MAX_RULE_EXTENTS];
    unsigned count = 0;
    while (!scanner_at_end(&p.scan)) {
        RuleParam *param = &params[count];
        param->name = scanner_word(&p.scan);
        param->written = scanner_accept(&p.scan, "=");
        param->is_cleared = scanner_accept(&p.scan, "0");
        param->is_added_to = scanner_accept(&p.scan, "^");
        param->may_be_written = scanner_accept(&p.scan, "~");
        param->is_constant = scanner_accept(&p.scan, "#");
        param->is_positive = scanner_accept(&p.scan, "+");
        if (scanner_accept(&p.scan, "[")) {
            do
                extents[count][param->rank++] = parse_extent(&p);
            while (scanner_accept(&p.scan, ","));
            scanner_expect(&p.scan, "]");
        }
        param->kind = kind_of_name(param->name, param->rank > 0);
        count++;
    }
    for (unsigned i = 0; i < count; i++)
        for (unsigned k = 0; k < params[i].rank; k++)
            params[i].extents[k] = find_extent(&p, params, count, extents[i][k]);
    return count;
}

/* ---- terms ---- */

static const Term *parse_term(RuleParser *p);

static Term *new_term(RuleParser *p, TermKind kind, unsigned num_args)
{
    Term *term = arena_new(p->scan.arena, Term);
    term->kind = kind;
    term->param = -2;
    term->args = arena_new_array(p->scan.arena, const Term *, num_args);
    term->num_args = num_args;
    return term;
}

static const Term *new_pair(RuleParser *p, TermKind kind, const Term *a, const Term *b)
{
    Term *term = new_term(p, kind, 2);
    term->args[0] = a;
    term->args[1] = b;
    return term;
}

static const Term *parse_flag(RuleParser *p, const char *word)
{
    static const struct {
        const char *name;
        Flag flag;
    } flags[] = {{"NO_TRANS", FLAG_NO_TRANS}, {"TRANS", FLAG_TRANS}, {"LEFT", FLAG_LEFT}, {"RIGHT", FLAG_RIGHT},
                 {"UNIT", FLAG_UNIT},         {"NON_UNIT", FLAG_NON_UNIT}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(flags[i].name, word) == 0) {
            Term *term = new_term(p, TERM_FLAG, 0);
            term->number = flags[i].flag;
            return term;
        }
    return NULL;
}

static const Term *parse_call(RuleParser *p, const char *name)
{
    const Term *args[16];
    unsigned count = 0;
    while (!scanner_accept(&p->scan, ")")) {
        if (count)
            scanner_expect(&p->scan, ",");
        args[count++] = parse_term(p);
    }
    const TermKind kind = strcmp(name, "pick") == 0    ? TERM_PICK
                          : strcmp(name, "first") == 0 ? TERM_FIRST
                                                       : TERM_CALL;
    Term *term = new_term(p, kind, count);
    term->name = name;
    for (unsigned i = 0; i < count; i++)
        term->args[i] = args[i];
    return term;
}

static bool ends_in(const char *word, const char *suffix, size_t *length)
{
    *length = strlen(word) - strlen(suffix);
    return strlen(word) > strlen(suffix) && strcmp(word + *length, suffix) == 0;
}

static const Term *parse_variable(RuleParser *p, const char *word)
{
    size_t length;
    const bool companion = ends_in(word, "_dot", &length) || ends_in(word, "_bar", &length);
    const char *name = companion ? arena_strndup(p->scan.arena, word, length) : word;
    if (strcmp(name, "r") == 0) {
        Term *term = new_term(p, companion ? TERM_RESULT_COMPANION : TERM_RESULT, 0);
        term->param = -1;
        return term;
    }
    Term *term = new_term(p, companion ? TERM_COMPANION : scanner_accept(&p->scan, "'") ? TERM_AFTER : TERM_PARAM, 0);
    term->param = number_of(p, p->rule->params, p->rule->num_params, name);
    return term;
}

static const Term *parse_factor(RuleParser *p)
{
    if (scanner_accept(&p->scan, "-")) {
        Term *term = new_term(p, TERM_NEGATE, 1);
        term->args[0] = parse_factor(p);
        return term;
    }
    if (scanner_accept(&p->scan, "!")) {
        Term *term = new_term(p, TERM_NOT, 1);
        term->args[0] = parse_factor(p);
        return term;
    }
    if (scanner_at_number(&p->scan)) {
        Term *term = new_term(p, TERM_NUMBER, 0);
        term->number = (double)scanner_number(&p->scan);
        return term;
    }
    const char *word = scanner_word(&p->scan);
    if (scanner_accept(&p->scan, "("))
        return parse_call(p, word);
    const Term *flag = parse_flag(p, word);
    return flag ? flag : parse_variable(p, word);
}

static const Term *parse_term(RuleParser *p)
{
    const Term *term = parse_factor(p);
    for (;;) {
        if (scanner_accept(&p->scan, "*"))
            term = new_pair(p, TERM_MULTIPLY, term, parse_factor(p));
        else if (scanner_accept(&p->scan, "/"))
            term = new_pair(p, TERM_DIVIDE, term, parse_factor(p));
        else if (p->scan.at[0] == '+' && p->scan.at[1] != '=' && scanner_accept(&p->scan, "+"))
            term = new_pair(p, TERM_ADD, term, parse_factor(p));
        else
            return term;
    }
}

/* ---- statements ---- */

static const Statement *parse_block(RuleParser *p, bool after);

static Statement *parse_statement(RuleParser *p, bool after)
{
    Statement *s = arena_new(p->scan.arena, Statement);
    s->after = after;
    if (scanner_accept(&p->scan, "if (")) {
        s->kind = STATEMENT_IF;
        s->term = parse_term(p);
        s->equal = scanner_accept(&p->scan, "==");
        if (!s->equal)
            scanner_expect(&p->scan, "!=");
        s->other = parse_term(p);
        scanner_expect(&p->scan, ")");
        s->then = parse_block(p, after);
        if (scanner_accept(&p->scan, "else"))
            s->otherwise = parse_block(p, after);
    } else if (scanner_accept(&p->scan, "otherwise")) {
        s->kind = STATEMENT_OTHERWISE;
        s->then = parse_block(p, after);
    } else {
        s->term = parse_term(p);
        if (scanner_accept(&p->scan, "+=")) {
            s->kind = STATEMENT_ADD;
            s->other = s->term;
            s->term = parse_term(p);
        }
        scanner_expect(&p->scan, ";");
    }
    return s;
}

static const Statement *parse_block(RuleParser *p, bool after)
{
    if (!scanner_accept(&p->scan, "{"))
        return parse_statement(p, after);
    const Statement *first = NULL, **next = &first;
    while (!scanner_accept(&p->scan, "}")) {
        Statement *s = parse_statement(p, after);
        *next = s;
        next = &s->next;
    }
    return first;
}

const Statement *parse_statements(Arena *arena, const CallRule *rule, const char *text)
{
    RuleParser p = {.scan = {arena, text, text}, .rule = rule};
    const Statement *first = NULL, **next = &first;
    bool after = false;
    while (!scanner_at_end(&p.scan)) {
        after = after || scanner_accept(&p.scan, "after:");
        Statement *s = parse_statement(&p, after);
        *next = s;
        next = &s->next;
    }
    return first;
}
