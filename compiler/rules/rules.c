/* Derivative rules: the table, and building a formula as ops. */
#include "rules/rules.h"

#include <math.h>

#include "rules/formula.h"

typedef struct RuleRow {
    bool present;
    RuleKind kind;
    bool kinked, singular;
    RuleDomain domain;
    const char *text[3];
} RuleRow;

#define REGULAR false, false, {0, 0, 0}
#define KINKED true, false, {0, 0, 0}
#define SINGULAR(operand, low, high) false, true, {operand, low, high}

static const RuleRow rule_table[OP_COUNT] = {
#define STRUCTURAL(op) [OP_##op] = {.present = true, .kind = RULE_STRUCTURAL},
#define ZERO(op) [OP_##op] = {.present = true, .kind = RULE_CONSTANT},
#define STEP(op) [OP_##op] = {.present = true, .kind = RULE_CONSTANT, .kinked = true},
#define RULE(op, ...) [OP_##op] = RULE_FIELDS(__VA_ARGS__),
#define RULE_FIELDS(...) RULE_SPREAD(__VA_ARGS__)
#define RULE_SPREAD(kinked, singular, domain, low, high, fx, fy, fz)                               \
    {true, RULE_FORMULA, kinked, singular, domain, low, high, {fx, fy, fz}}
#include "rules/rules.def"
#undef STRUCTURAL
#undef ZERO
#undef STEP
#undef RULE
};

enum { RULE_ROWS = 0
#define STRUCTURAL(op) + 1
#define ZERO(op) + 1
#define STEP(op) + 1
#define RULE(...) + 1
#include "rules/rules.def"
#undef STRUCTURAL
#undef ZERO
#undef STEP
#undef RULE
};
_Static_assert(RULE_ROWS == (int)OP_COUNT, "every op needs a derivative rule");

struct Rules {
    const Formula *formulas[OP_COUNT][3];
};

const Rules *rules_new(Arena *arena)
{
    Rules *rules = arena_new(arena, Rules);
    for (unsigned kind = 0; kind < OP_COUNT; kind++) {
        if (!rule_table[kind].present)
            internal_error("rules", "no rule for '%s'", op_table[kind].text);
        for (unsigned i = 0; i < 3; i++)
            if (rule_table[kind].text[i])
                rules->formulas[kind][i] = formula_parse(arena, rule_table[kind].text[i]);
    }
    return rules;
}

RuleKind rule_kind(const Rules *rules, OpKind kind)
{
    (void)rules;
    return rule_table[kind].kind;
}

bool rule_is_zero(const Rules *rules, OpKind kind, unsigned result, unsigned wrt)
{
    if (rule_table[kind].kind != RULE_FORMULA || result > 0 || wrt > 2)
        return true;
    const Formula *formula = rules->formulas[kind][wrt];
    return !formula || formula_is_zero(formula);
}

unsigned rule_needs(const Rules *rules, OpKind kind, unsigned result, unsigned wrt)
{
    if (rule_is_zero(rules, kind, result, wrt))
        return 0;
    const unsigned variables = formula_variables(rules->formulas[kind][wrt]);
    unsigned needs = variables & 7u;
    if (variables & (1u << FORMULA_R))
        needs |= 1u << RULE_NEEDS_RESULT;
    if (variables & (1u << FORMULA_S))
        needs |= 2u << RULE_NEEDS_RESULT;
    return needs;
}

bool rule_is_singular(const Rules *rules, OpKind kind, unsigned result, unsigned wrt,
                      RuleDomain *domain)
{
    (void)rules;
    (void)result;
    (void)wrt;
    *domain = rule_table[kind].domain;
    return rule_table[kind].singular;
}

bool rule_has_kink(OpKind kind)
{
    return rule_table[kind].kinked;
}

const char *rule_formula(OpKind kind, unsigned result, unsigned wrt)
{
    return result == 0 && wrt < 3 ? rule_table[kind].text[wrt] : NULL;
}

/* ---- building ---- */

typedef struct Building {
    Builder *b;
    Value *const *operands, *const *results;
    Value *d;
} Building;

static Value *build(const Building *e, const Formula *formula, const Type *type);

static Value *build_number(const Building *e, long double number, const Type *type)
{
    if (type_is_integer(type))
        return build_int(e->b, type, (int64_t)number);
    if (type->kind == TYPE_F32)
        number = (float)number;
    else if (type->kind == TYPE_F64)
        number = (double)number;
    return build_float(e->b, type, number);
}

static Value *variable(const Building *e, unsigned index)
{
    if (index == FORMULA_D)
        return e->d;
    return index >= FORMULA_R ? e->results[index - FORMULA_R] : e->operands[index];
}

/* The type that numbers beside this formula take: that of its variables. NULL: only numbers. */
static const Type *type_within(const Building *e, const Formula *formula)
{
    switch (formula->kind) {
    case FORMULA_NUMBER:
        return NULL;
    case FORMULA_VARIABLE:
        return variable(e, formula->variable)->type;
    case FORMULA_CHOICE:
        return type_within(e, formula->args[1]);
    case FORMULA_OP:
        break;
    }
    if (op_is_compare(formula->op) || formula->op == OP_LAND)
        return type_scalar(e->b->function->module->types, TYPE_BOOL);
    if (op_table[formula->op].type_rule == RULE_FLOAT_INT)
        return type_scalar(e->b->function->module->types, TYPE_INT);
    if (formula->op == OP_POLYGAMMA)
        return type_within(e, formula->args[1]);
    const Type *type = NULL;
    for (unsigned i = 0; i < formula->num_args && !type; i++)
        type = type_within(e, formula->args[i]);
    return type;
}

static Value *build_formula_op(const Building *e, const Formula *formula, const Type *type)
{
    Value *args[3];
    const bool own_types = op_table[formula->op].type_rule == RULE_SCALE ||
                           op_table[formula->op].type_rule == RULE_INT_FLOAT;
    const Type *common = type;
    if (op_is_compare(formula->op)) {
        common = type_within(e, formula->args[0]);
        if (!common)
            common = type_within(e, formula->args[1]);
    } else if (op_table[formula->op].type_rule == RULE_FLOAT_INT) {
        common = type_within(e, formula->args[0]);
    }
    for (unsigned i = 0; i < formula->num_args; i++) {
        const Type *own = own_types ? type_within(e, formula->args[i]) : common;
        if (!own)
            own = type_scalar(e->b->function->module->types, TYPE_INT);
        args[i] = build(e, formula->args[i], own);
    }
    return build_op(e->b, formula->op, args, formula->num_args);
}

static Value *build(const Building *e, const Formula *formula, const Type *type)
{
    switch (formula->kind) {
    case FORMULA_NUMBER:
        return build_number(e, formula->number, type);
    case FORMULA_VARIABLE:
        return variable(e, formula->variable);
    case FORMULA_OP:
        return build_formula_op(e, formula, type);
    case FORMULA_CHOICE:
        break;
    }
    Value *condition = build(e, formula->args[0],
                             type_scalar(e->b->function->module->types, TYPE_BOOL));
    Value *a = build(e, formula->args[1], type), *c = build(e, formula->args[2], type);
    return build_select(e->b, condition, a, c);
}

Value *rule_build(const Rules *rules, Builder *b, OpKind kind, unsigned result, unsigned wrt,
                  Value *const *operands, Value *const *results, Value *d, bool guard)
{
    if (rule_is_zero(rules, kind, result, wrt))
        return build_zero(b, d->type);
    Builder relaxed = *b;
    relaxed.flags |= OP_FLAG_RELAXED;
    const Building e = {&relaxed, operands, results, d};
    Value *value = build(&e, rules->formulas[kind][wrt], d->type);
    if (guard && !(value_is_const(d) && d->op->float_value != 0)) {
        Value *zero = build_zero(&relaxed, d->type);
        Value *test = build_binary(&relaxed, OP_EQ, d, zero);
        relaxed.flags |= OP_FLAG_GUARD;
        value = build_select(&relaxed, test, zero, value);
    }
    return value;
}
