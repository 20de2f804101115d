/* The derivative rules at the edges of the numbers: every formula of the table at 0, -0, infinities, NaN, subnormal, tiny and huge
 * numbers and at the borders of domains, each operand with each. A new row needs no new test code.
 *
 * What must hold, whatever the op:
 *   - an adjoint of 0 gives 0 wherever the value is finite, also where the partial is infinite;
 *   - a partial that is computed from NaN is NaN, but at kinks, where a side is taken;
 *   - where the value is a finite number, so is the partial, or it is infinite, but at the points listed below;
 *   - where an operand is infinite and the value finite, its partial is 0: the function has become level (but for the last bit of a
 *     number, and the fraction of infinity, whose partial is 1 everywhere);
 *   - in double the formula does not overflow, underflow or cancel on the way: it is what it is in long double. */
#include "rule_fixture.h"

#include <float.h>

static const double numbers[] = {0,        -0.0,      INFINITY, -INFINITY, NAN,   0x1p-1074, -0x1p-1074, DBL_MIN, -DBL_MIN, 0x1.8p-1030, 1e-160, -1e-160,
                                 DBL_MAX,  -DBL_MAX,  1e160,    -1e160,    1,     -1,        0.5,        -0.5,    2,        -2,          3,      -3,
                                 0x1.fffffffffffffp-1, -0x1.fffffffffffffp-1, 0x1.0000000000001p0, -0x1.0000000000001p0, 709, -745, 20, -20};
enum { COUNT = sizeof numbers / sizeof *numbers };

/* A point at which an op has no derivative with respect to an operand, though it has a value: see rules.def. */
static bool has_no_derivative(OpKind kind, unsigned wrt, double x, double y)
{
    switch (kind) {
    case OP_HYPOT:
        return x == 0 && y == 0;
    case OP_ATAN2:
        return (x == 0 && y == 0) || isinf(x) || isinf(y);
    case OP_POW:
        return isinf(y) || (wrt == 1 && x < 0);
    default:
        return false;
    }
}

typedef struct Edge {
    RuleTest *t;
    OpKind kind;
    unsigned wrt, failures;
    const Function *primal, *formula, *extended;
} Edge;

static void complain(Edge *e, const Scalar *at, const char *what, long double got)
{
    if (e->failures++ < 3)
        print_error("'%s' wrt %u at (%.17Lg, %.17Lg), d = %Lg: %s (%.17Lg)\n", op_table[e->kind].text, e->wrt, at[0].f, at[1].f,
                    at[op_table[e->kind].num_operands].f, what, got);
}

/* Near what it is in long double, as far as that is a double at all. */
static bool is_near(double got, long double want)
{
    if (isnan(got) || isnan(want))
        return isnan(got) && isnan(want);
    if (isinf(got) || fabsl(want) > DBL_MAX)
        return fabsl(want) >= DBL_MAX && (want > 0) == (got > 0);
    return fabsl(got - want) <= fabsl(want) * 64 * DBL_EPSILON + DBL_MIN;
}

static bool is_nearly_x(OpKind kind)
{
    return kind == OP_NEXTAFTER || kind == OP_NEXTTOWARD || kind == OP_MODF;
}

/* evaluate.h knows the functions for positive numbers alone. */
static bool is_of_gamma(OpKind kind)
{
    return kind == OP_TGAMMA || kind == OP_LGAMMA || kind == OP_DIGAMMA || kind == OP_POLYGAMMA;
}

static void check_at(Edge *e, const double *operands)
{
    if (is_of_gamma(e->kind) && !(operands[e->kind == OP_POLYGAMMA] > 1e-100))
        return;
    const unsigned n = (unsigned)op_table[e->kind].num_operands;
    Scalar at[5] = {{0}};
    bool some_infinite = false;
    unsigned nans = 0;
    for (unsigned i = 0; i < n; i++) {
        at[i] = (Scalar){.f = operands[i], .i = (int64_t)(isfinite(operands[i]) ? fmax(-40, fmin(40, operands[i])) : 1)};
        const Type *type = operand_type(e->t, e->kind, i, type_scalar(&e->t->ir.types, TYPE_F64));
        nans |= type_is_floating(type) && isnan(operands[i]) ? 1u << i : 0;
        some_infinite = some_infinite || isinf(operands[i]);
    }
    const double value = (double)evaluate_function(e->primal, at).f;
    at[n].f = 0;
    const double nothing = (double)evaluate_function(e->formula, at).f;
    if (isfinite(value) && nothing != 0)
        complain(e, at, "an adjoint of 0 does not give 0", nothing);
    at[n].f = 1;
    const double partial = (double)evaluate_function(e->formula, at).f;
    const unsigned needs = rule_needs(e->t->rules, e->kind, 0, e->wrt);
    if (nans) {
        const bool is_x = e->kind == OP_POW && e->wrt == 0 && operands[1] == 1; /* x^1, whose partial is 1 */
        if (isnan(value) && !is_x && !rule_has_kink(e->kind) && (needs & nans || needs >> RULE_NEEDS_RESULT) && !isnan(partial))
            complain(e, at, "computed from NaN, but no NaN", partial);
        return;
    }
    if (!isfinite(value) || has_no_derivative(e->kind, e->wrt, operands[0], operands[1]))
        return;
    if (isnan(partial))
        complain(e, at, "no partial", partial);
    else if (isinf(operands[e->wrt]) && partial != 0 && !is_nearly_x(e->kind))
        complain(e, at, "not level at infinity", partial);
    else if (!some_infinite && (value == 0 || isnormal(value)) && !is_near(partial, evaluate_function(e->extended, at).f))
        complain(e, at, "not what it is in long double", partial);
}

static unsigned check_operand(RuleTest *t, OpKind kind, unsigned wrt)
{
    RuleDomain domain;
    const bool guard = rule_is_singular(t->rules, kind, 0, wrt, &domain);
    Edge e = {t, kind, wrt, 0, make_function(t, kind, TYPE_F64, PRIMAL, false), make_function(t, kind, TYPE_F64, (int)wrt, guard),
              make_function(t, kind, TYPE_F80, (int)wrt, guard)};
    const int second = op_table[kind].num_operands > 1 ? COUNT : 1, third = op_table[kind].num_operands > 2 ? COUNT : 1;
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < second; j++)
            for (int k = 0; k < third; k++)
                check_at(&e, (const double[]){numbers[i], numbers[j], numbers[k]});
    return e.failures;
}

static void every_formula_holds_at_the_edges(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    unsigned failures = 0, checked = 0;
    for (unsigned kind = 0; kind < OP_COUNT; kind++)
        for (unsigned wrt = 0; wrt < 3; wrt++)
            if (rule_kind(t.rules, (OpKind)kind) == RULE_FORMULA && kind != OP_SELECT && !rule_is_zero(t.rules, (OpKind)kind, 0, wrt)) {
                failures += check_operand(&t, (OpKind)kind, wrt);
                checked++;
            }
    print_message("%u partials, %u failures\n", checked, failures);
    assert_true(checked > 50);
    assert_int_equal(failures, 0);
    fixture_release(&t.ir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_formula_holds_at_the_edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
