/* The formula language: C's expressions over x, y, z, r, s, d and the functions of the op table. */
#include "rules/formula.h"

#include <string.h>

#include "rules/scanner.h"

static const Formula *parse_choice(Scanner *p);

static Formula *new_formula(Scanner *p, FormulaKind kind)
{
    Formula *formula = arena_new(p->arena, Formula);
    formula->kind = kind;
    return formula;
}

static const Formula *new_op(Scanner *p, OpKind op, const Formula *a, const Formula *b)
{
    Formula *formula = new_formula(p, FORMULA_OP);
    formula->op = op;
    formula->args[0] = a;
    formula->args[1] = b;
    formula->num_args = b ? 2 : 1;
    return formula;
}

static const Formula *parse_name(Scanner *p)
{
    static const char variables[] = "xyzrsd";
    const char *word = scanner_word(p);
    if (strlen(word) == 1 && strchr(variables, *word)) {
        Formula *variable = new_formula(p, FORMULA_VARIABLE);
        variable->variable = (unsigned)(strchr(variables, *word) - variables);
        return variable;
    }
    Formula *call = new_formula(p, FORMULA_OP);
    call->op = op_named(word, strlen(word));
    if (call->op == OP_COUNT)
        scanner_wrong(p, "a function of the op table");
    scanner_expect(p, "(");
    do {
        call->args[call->num_args++] = parse_choice(p);
    } while (call->num_args < 3 && scanner_accept(p, ","));
    scanner_expect(p, ")");
    return call;
}

static const Formula *parse_primary(Scanner *p)
{
    if (scanner_accept(p, "-"))
        return new_op(p, OP_NEG, parse_primary(p), NULL);
    if (scanner_accept(p, "(")) {
        const Formula *inner = parse_choice(p);
        scanner_expect(p, ")");
        return inner;
    }
    if (scanner_at_number(p)) {
        Formula *number = new_formula(p, FORMULA_NUMBER);
        number->number = scanner_number(p);
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

static const Formula *parse_binary(Scanner *p, int level)
{
    if (level > 4)
        return parse_primary(p);
    const Formula *left = parse_binary(p, level + 1);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (levels[i].level == level && scanner_accept(p, levels[i].token)) {
            left = new_op(p, levels[i].op, left, parse_binary(p, level + 1));
            i = (size_t)-1; /* from the start: left-associative */
        }
    return left;
}

static const Formula *parse_choice(Scanner *p)
{
    const Formula *condition = parse_binary(p, 0);
    if (!scanner_accept(p, "?"))
        return condition;
    Formula *choice = new_formula(p, FORMULA_CHOICE);
    choice->num_args = 3;
    choice->args[0] = condition;
    choice->args[1] = parse_choice(p);
    scanner_expect(p, ":");
    choice->args[2] = parse_choice(p);
    return choice;
}

const Formula *formula_parse(Arena *arena, const char *text)
{
    Scanner p = {.arena = arena, .text = text, .at = text};
    const Formula *formula = parse_choice(&p);
    if (!scanner_at_end(&p))
        scanner_wrong(&p, "the end");
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
