/* The formula language: C's expressions over x, y, z, r, s, d and the functions of the op table. */
#include "rules/formula.h"

#include <stdlib.h>
#include <string.h>

typedef struct FormulaParser {
    Arena *arena;
    const char *text, *at;
} FormulaParser;

static const Formula *parse_choice(FormulaParser *p);

static Formula *new_formula(FormulaParser *p, FormulaKind kind)
{
    Formula *formula = arena_new(p->arena, Formula);
    formula->kind = kind;
    return formula;
}

static const Formula *new_op(FormulaParser *p, OpKind op, const Formula *a, const Formula *b)
{
    Formula *formula = new_formula(p, FORMULA_OP);
    formula->op = op;
    formula->args[0] = a;
    formula->args[1] = b;
    formula->num_args = b ? 2 : 1;
    return formula;
}

static bool accept(FormulaParser *p, const char *token)
{
    p->at += strspn(p->at, " ");
    const size_t length = strlen(token);
    if (strncmp(p->at, token, length) != 0)
        return false;
    p->at += length;
    return true;
}

static void expect(FormulaParser *p, const char *token)
{
    if (!accept(p, token))
        internal_error("rules", "expected '%s' at '%s' in \"%s\"", token, p->at, p->text);
}

static const Formula *parse_name(FormulaParser *p)
{
    static const char variables[] = "xyzrsd";
    const char *start = p->at;
    while ((*p->at >= 'a' && *p->at <= 'z') || (*p->at >= '0' && *p->at <= '9'))
        p->at++;
    const size_t length = (size_t)(p->at - start);
    if (length == 1 && strchr(variables, *start)) {
        Formula *variable = new_formula(p, FORMULA_VARIABLE);
        variable->variable = (unsigned)(strchr(variables, *start) - variables);
        return variable;
    }
    Formula *call = new_formula(p, FORMULA_OP);
    call->op = op_named(start, length);
    if (call->op == OP_COUNT)
        internal_error("rules", "unknown function at '%s' in \"%s\"", start, p->text);
    expect(p, "(");
    do {
        call->args[call->num_args++] = parse_choice(p);
    } while (call->num_args < 3 && accept(p, ","));
    expect(p, ")");
    return call;
}

static const Formula *parse_primary(FormulaParser *p)
{
    if (accept(p, "-"))
        return new_op(p, OP_NEG, parse_primary(p), NULL);
    if (accept(p, "(")) {
        const Formula *inner = parse_choice(p);
        expect(p, ")");
        return inner;
    }
    if (*p->at >= '0' && *p->at <= '9') {
        Formula *number = new_formula(p, FORMULA_NUMBER);
        char *end;
        number->number = strtold(p->at, &end);
        p->at = end;
        return number;
    }
    return parse_name(p);
}

typedef struct Level {
    const char *token;
    OpKind op;
    int level;
} Level;

static const Level levels[] = {{"&&", OP_LAND, 0}, {"==", OP_EQ, 1}, {"!=", OP_NE, 1},
                               {">", OP_GT, 2},    {"<", OP_LT, 2},  {"+", OP_ADD, 3},
                               {"-", OP_SUB, 3},   {"*", OP_MUL, 4}, {"/", OP_DIV, 4}};

static const Formula *parse_binary(FormulaParser *p, int level)
{
    if (level > 4)
        return parse_primary(p);
    const Formula *left = parse_binary(p, level + 1);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (levels[i].level == level && accept(p, levels[i].token)) {
            left = new_op(p, levels[i].op, left, parse_binary(p, level + 1));
            i = (size_t)-1; /* from the start: left-associative */
        }
    return left;
}

static const Formula *parse_choice(FormulaParser *p)
{
    const Formula *condition = parse_binary(p, 0);
    if (!accept(p, "?"))
        return condition;
    Formula *choice = new_formula(p, FORMULA_CHOICE);
    choice->num_args = 3;
    choice->args[0] = condition;
    choice->args[1] = parse_choice(p);
    expect(p, ":");
    choice->args[2] = parse_choice(p);
    return choice;
}

const Formula *formula_parse(Arena *arena, const char *text)
{
    FormulaParser p = {.arena = arena, .text = text, .at = text};
    const Formula *formula = parse_choice(&p);
    if (*p.at)
        internal_error("rules", "trailing '%s' in \"%s\"", p.at, text);
    return formula;
}

bool formula_is_zero(const Formula *formula)
{
    return formula->kind == FORMULA_NUMBER && formula->number == 0;
}

unsigned formula_variables(const Formula *formula)
{
    unsigned variables = formula->kind == FORMULA_VARIABLE ? 1u << formula->variable : 0;
    for (unsigned i = 0; i < formula->num_args; i++)
        variables |= formula_variables(formula->args[i]);
    return variables;
}
