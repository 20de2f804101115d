/* The derivative rules: every formula of the table against finite differences, at random points of its
 * domain, in all precisions; and the conventions at the edges. A new row needs no new test code. */
#include "rule_fixture.h"

/* ---- random points ---- */

static double next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

static Scalar random_operand(const RuleTest *t, OpKind kind, unsigned i, unsigned *seed)
{
    const double u = next_random(seed);
    if (!type_is_floating(operand_type(t, kind, i, type_scalar(&t->ir.types, TYPE_F64))))
        return (Scalar){.i = kind == OP_SELECT ? u < 0.5 : kind == OP_POLYGAMMA ? (int)(1 + 4 * u)
                                                                                : (int)(10 * u) - 5};
    double low = -4, high = 4;
    RuleDomain domain;
    if (rule_is_singular(t->rules, kind, 0, 0, &domain) && domain.operand == i) {
        low = fmax(domain.low, low);
        high = fmin(domain.high, high);
        low += 0.02 * (high - low);
        high -= 0.02 * (high - low);
    }
    /* single precision, so that every precision sees the same point */
    return (Scalar){.f = (float)(low + u * (high - low))};
}

/* ---- finite differences ---- */

typedef struct Slope {
    long double value;
    bool settled; /* the same for two steps: no kink or jump near the point */
} Slope;

static long double central(const Function *f, const Scalar *at, unsigned wrt, long double h)
{
    Scalar args[4];
    memcpy(args, at, sizeof args);
    args[wrt].f = at[wrt].f + h;
    const long double up = evaluate_function(f, args).f;
    args[wrt].f = at[wrt].f - h;
    return (up - evaluate_function(f, args).f) / (2 * h);
}

/* Central differences in long double, extrapolated (Richardson) to an error of h^4. */
static Slope slope(const Function *f, const Scalar *at, unsigned wrt)
{
    const long double h = 0x1p-14L, coarse = central(f, at, wrt, h), fine = central(f, at, wrt, h / 2);
    return (Slope){.value = (4 * fine - coarse) / 3,
                   .settled = fabsl(fine - coarse) <= 1e-5L * (1e-3L + fabsl(fine))};
}

/* ---- every row ---- */

static void assert_near(OpKind kind, unsigned wrt, const Scalar *at, long double actual,
                        long double expected, long double tolerance)
{
    if (fabsl(actual - expected) <= tolerance * (1e-3L + fabsl(expected)))
        return;
    fail_msg("'%s' wrt %u at (%.9Lg, %.9Lg; %d, %d): %.17Lg, expected %.17Lg", op_table[kind].text,
             wrt, at[0].f, at[1].f, (int)at[0].i, (int)at[1].i, actual, expected);
}

static void check_partial(RuleTest *t, OpKind kind, unsigned wrt)
{
    enum { POINTS = 200 };
    const unsigned n = (unsigned)op_table[kind].num_operands;
    const Function *primal = make_function(t, kind, TYPE_F80, PRIMAL, false);
    const Function *single = make_function(t, kind, TYPE_F32, (int)wrt, false);
    const Function *normal = make_function(t, kind, TYPE_F64, (int)wrt, true);
    const Function *extended = make_function(t, kind, TYPE_F80, (int)wrt, false);
    unsigned seed = 7, settled = 0;
    for (unsigned k = 0; k < POINTS; k++) {
        Scalar at[4] = {{0}};
        for (unsigned i = 0; i < n; i++)
            at[i] = random_operand(t, kind, i, &seed);
        const Slope expected = slope(primal, at, wrt);
        if (!expected.settled)
            continue;
        settled++;
        const long double d = 0.5L + next_random(&seed);
        at[n].f = (float)d;
        const long double share = expected.value * at[n].f;
        assert_near(kind, wrt, at, evaluate_function(single, at).f, share, 1e-4L);
        assert_near(kind, wrt, at, evaluate_function(normal, at).f, share, 1e-8L);
        assert_near(kind, wrt, at, evaluate_function(extended, at).f, share, 1e-8L);
    }
    if (settled < POINTS / 2)
        fail_msg("'%s' was checked at %u points only", op_table[kind].text, settled);
}

static void every_formula_is_the_slope(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    for (unsigned kind = 0; kind < OP_COUNT; kind++) {
        if (rule_kind(t.rules, (OpKind)kind) != RULE_FORMULA)
            continue;
        for (unsigned i = 0; i < (unsigned)op_table[kind].num_operands; i++) {
            const Type *f64 = type_scalar(&t.ir.types, TYPE_F64);
            if (type_is_floating(operand_type(&t, (OpKind)kind, i, f64)))
                check_partial(&t, (OpKind)kind, i);
        }
    }
    fixture_release(&t.ir);
}

/* ---- the edges ---- */

typedef struct Edge {
    OpKind kind;
    unsigned wrt;
    double x, y, d, expected;
} Edge;

static const Edge edges[] = {
    /* |x|' = 0 at 0 */
    {OP_FABS, 0, 0, 0, 1, 0},
    {OP_FABS, 0, -0.0, 0, 1, 0},
    /* equal values pass the derivative to the first; a NaN is not what is returned */
    {OP_FMAX, 0, 2, 2, 1, 1},
    {OP_FMAX, 1, 2, 2, 1, 0},
    {OP_FMIN, 0, 2, 2, 1, 1},
    {OP_FMIN, 1, 2, 2, 1, 0},
    {OP_FMAX, 0, -0.0, 0, 1, 1},
    {OP_FMAX, 1, -0.0, 0, 1, 0},
    {OP_FMAX, 0, NAN, 2, 1, 0},
    {OP_FMAX, 1, NAN, 2, 1, 1},
    {OP_FMIN, 0, 2, NAN, 1, 1},
    {OP_FMIN, 1, 2, NAN, 1, 0},
    {OP_FDIM, 0, 1, 1, 1, 0},
    {OP_FDIM, 1, 1, 1, 1, 0},
    /* infinite partials, and the guard */
    {OP_SQRT, 0, 0, 0, 1, INFINITY},
    {OP_SQRT, 0, 0, 0, 0, 0},
    {OP_CBRT, 0, 0, 0, 1, INFINITY},
    {OP_CBRT, 0, 0, 0, 0, 0},
    {OP_LOG, 0, 0, 0, 1, INFINITY},
    {OP_LOG, 0, 0, 0, 0, 0},
    {OP_LOG1P, 0, -1, 0, 0, 0},
    {OP_LOG1P, 0, 1e300, 0, 1, 1e-300},
    {OP_ASIN, 0, 1, 0, 1, INFINITY},
    {OP_ASIN, 0, -1, 0, 0, 0},
    {OP_ACOS, 0, 1, 0, 1, -INFINITY},
    {OP_ACOSH, 0, 1, 0, 1, INFINITY},
    {OP_ACOSH, 0, 1, 0, 0, 0},
    {OP_ACOSH, 0, 1e200, 0, 1, 1e-200},
    {OP_ATANH, 0, 1, 0, 1, INFINITY},
    {OP_ATANH, 0, -1, 0, 0, 0},
    {OP_ASINH, 0, 1e200, 0, 1, 1e-200},
    /* x^0 is constant; 0^y is constant for y > 0; negative bases */
    {OP_POW, 0, 0, 0, 1, 0},
    {OP_POW, 0, -2, 0, 1, 0},
    {OP_POW, 0, 0, 1, 1, 1},
    {OP_POW, 0, 0, 2, 1, 0},
    {OP_POW, 0, 0, 0.5, 1, INFINITY},
    {OP_POW, 0, 0, 0.5, 0, 0},
    {OP_POW, 0, -2, 3, 1, 12},
    {OP_POW, 0, -2, -1, 1, -0.25},
    {OP_POW, 1, 0, 2, 1, 0},
    {OP_POW, 1, -2, 3, 1, NAN},
    {OP_POW, 1, -2, 3, 0, 0},
    {OP_POW, 1, 2, 0, 1, 0.693147180559945309417},
    /* no derivative at the origin; the axes; no overflow on the way */
    {OP_HYPOT, 0, 0, 0, 1, NAN},
    {OP_HYPOT, 0, 0, 0, 0, 0},
    {OP_HYPOT, 1, 0, -3, 1, -1},
    {OP_HYPOT, 0, 1e300, 1e300, 1, 0.70710678118654752440},
    {OP_ATAN2, 0, 0, 2, 1, 0.5},
    {OP_ATAN2, 0, 0, -2, 1, -0.5},
    {OP_ATAN2, 1, 2, 0, 1, -0.5},
    {OP_ATAN2, 1, -2, 0, 1, 0.5},
    {OP_ATAN2, 0, 2, 0, 1, 0},
    {OP_ATAN2, 1, 0, 2, 1, 0},
    {OP_ATAN2, 0, 0, 0, 0, 0},
    {OP_ATAN2, 0, 1e200, 1e200, 1, 0.5e-200},
    /* large arguments */
    {OP_EXP, 0, -800, 0, 1, 0},
    {OP_EXPM1, 0, -50, 0, 1, 1.9287498479639177830e-22},
    {OP_TANH, 0, 400, 0, 1, 0},
    {OP_ATAN, 0, 1e200, 0, 1, 0},
    {OP_ERF, 0, 1e200, 0, 1, 0},
    {OP_TANH, 0, 20, 0, 1, 1.699341702116635584e-17},
    {OP_ERF, 0, 20, 0, 1, 1.12837916709551257390 * 1.915169596714005695e-174},
    {OP_POW, 0, 0x1p-1074, 0x1p-1074, 1, 1},
    {OP_POW, 0, 1e80, 0.25, 1, 0.25e-60},
    /* at the infinities, the limits */
    {OP_EXP, 0, -INFINITY, 0, 1, 0},
    {OP_EXP, 0, INFINITY, 0, 1, INFINITY},
    {OP_LOG, 0, INFINITY, 0, 1, 0},
    {OP_SQRT, 0, INFINITY, 0, 1, 0},
    {OP_CBRT, 0, INFINITY, 0, 1, 0},
    {OP_CBRT, 0, -INFINITY, 0, 1, 0},
    {OP_TANH, 0, INFINITY, 0, 1, 0},
    {OP_TANH, 0, -INFINITY, 0, 1, 0},
    {OP_ATAN, 0, INFINITY, 0, 1, 0},
    {OP_ERF, 0, INFINITY, 0, 1, 0},
    {OP_ERFC, 0, -INFINITY, 0, 1, 0},
    {OP_ASINH, 0, INFINITY, 0, 1, 0},
    {OP_ACOSH, 0, INFINITY, 0, 1, 0},
    {OP_LOG1P, 0, INFINITY, 0, 1, 0},
    {OP_EXPM1, 0, -INFINITY, 0, 1, 0},
    {OP_POW, 0, INFINITY, 0.25, 1, 0},
    {OP_POW, 0, INFINITY, -1, 1, 0},
    {OP_POW, 0, INFINITY, 2, 1, INFINITY},
    {OP_FABS, 0, -INFINITY, 0, 1, -1},
    {OP_FMAX, 0, INFINITY, 0, 1, 1},
    /* no number gives no number */
    {OP_SQRT, 0, NAN, 0, 1, NAN},
    {OP_CBRT, 0, NAN, 0, 1, NAN},
    {OP_LOG, 0, NAN, 0, 1, NAN},
    {OP_EXP, 0, NAN, 0, 1, NAN},
    {OP_TANH, 0, NAN, 0, 1, NAN},
    {OP_ERF, 0, NAN, 0, 1, NAN},
    {OP_ERFC, 0, NAN, 0, 1, NAN},
    {OP_POW, 0, NAN, 2, 1, NAN},
    {OP_POW, 0, 2, NAN, 1, NAN},
    {OP_POW, 1, 2, NAN, 1, NAN},
    {OP_HYPOT, 0, NAN, 1, 1, NAN},
    {OP_ATAN2, 0, NAN, 1, 1, NAN},
    {OP_ASIN, 0, 2, 0, 1, NAN},
    {OP_ACOSH, 0, 0.5, 0, 1, NAN},
    {OP_SQRT, 0, -1, 0, 1, NAN},
    {OP_POW, 0, -2, 0.5, 1, NAN},
    {OP_COPYSIGN, 0, -3, 2, 1, -1},
    {OP_COPYSIGN, 0, -3, -0.0, 1, 1},
};

static void edges_follow_the_conventions(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        const Edge *edge = &edges[i];
        RuleDomain domain;
        const bool guard = rule_is_singular(t.rules, edge->kind, 0, edge->wrt, &domain);
        const Function *f = make_function(&t, edge->kind, TYPE_F64, (int)edge->wrt, guard);
        Scalar args[4] = {{.f = edge->x}, {.f = edge->y}};
        args[op_table[edge->kind].num_operands].f = edge->d;
        const double actual = (double)evaluate_function(f, args).f;
        const bool same = isnan(edge->expected) ? isnan(actual)
                          : isinf(edge->expected) || edge->expected == 0
                              ? actual == edge->expected
                              : fabs(actual / edge->expected - 1) < 1e-15;
        if (!same)
            fail_msg("'%s' wrt %u at (%g, %g), d = %g: %.17g, expected %.17g",
                     op_table[edge->kind].text, edge->wrt, edge->x, edge->y, edge->d, actual,
                     edge->expected);
    }
    fixture_release(&t.ir);
}

/* ---- kinks ---- */

static bool in_domain(const RuleTest *t, OpKind kind, const Scalar *at)
{
    RuleDomain domain;
    if (!rule_is_singular(t->rules, kind, 0, 0, &domain))
        return true;
    const long double x = at[domain.operand].f;
    return x > domain.low && x < domain.high;
}

/* Do the slopes to the left and to the right differ (or is there a jump)? */
static bool bends_at(const Function *f, const Scalar *at, unsigned wrt)
{
    const long double h = 0x1p-20L, middle = evaluate_function(f, at).f;
    Scalar args[4];
    memcpy(args, at, sizeof args);
    args[wrt].f = at[wrt].f + h;
    const long double right = (evaluate_function(f, args).f - middle) / h;
    args[wrt].f = at[wrt].f - h;
    const long double left = (middle - evaluate_function(f, args).f) / h;
    return isfinite(left) && isfinite(right) && fabsl(right - left) > 0.1L * (1 + fabsl(middle));
}

/* Looked for where kinks are: at multiples of 1/2. */
static bool bends(RuleTest *t, OpKind kind)
{
    const Function *f = make_function(t, kind, TYPE_F80, PRIMAL, false);
    for (int i = -8; i <= 8; i++)
        for (int k = -8; k <= 8; k++) {
            Scalar at[4] = {{.f = i / 2.0L}, {.f = k / 2.0L}, {.f = 1}};
            at[op_table[kind].type_rule == RULE_INT_FLOAT ? 0 : 1].i = 2;
            for (unsigned wrt = 0; wrt < (unsigned)op_table[kind].num_operands; wrt++)
                if (in_domain(t, kind, at) && bends_at(f, at, wrt))
                    return true;
        }
    return false;
}

static void kinks_are_told(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    for (unsigned kind = 0; kind < OP_COUNT; kind++) {
        const bool floating = op_table[kind].type_rule == RULE_FLOAT;
        if (rule_kind(t.rules, (OpKind)kind) != RULE_FORMULA && !floating)
            continue;
        if (kind != OP_SELECT && bends(&t, (OpKind)kind) != rule_has_kink((OpKind)kind))
            fail_msg("'%s' has %s kink", op_table[kind].text,
                     rule_has_kink((OpKind)kind) ? "no" : "a");
    }
    fixture_release(&t.ir);
}

/* ---- rounding ---- */

/* The largest error of the formula in double against the same formula in long double, in units in the last place, at random
 * points. (rules_accuracy.c has a better reference, and needs MPFR.) */
static double worst_error(RuleTest *t, OpKind kind, unsigned wrt)
{
    const Function *rounded = make_function(t, kind, TYPE_F64, (int)wrt, false);
    const Function *exact = make_function(t, kind, TYPE_F80, (int)wrt, false);
    const unsigned n = (unsigned)op_table[kind].num_operands;
    unsigned seed = 11;
    long double worst = 0;
    for (unsigned k = 0; k < 1000; k++) {
        Scalar at[4] = {{0}};
        for (unsigned i = 0; i < n; i++) {
            at[i] = random_operand(t, kind, i, &seed);
            at[i].f = (double)(at[i].f * (1 + 1e-8L * next_random(&seed))); /* all bits in use */
        }
        at[n].f = 1;
        const long double expected = evaluate_function(exact, at).f;
        if (expected == 0 || !isfinite(expected))
            continue;
        const long double unit = ldexpl(1, ilogbl(expected) - 52);
        worst = fmaxl(worst, fabsl(evaluate_function(rounded, at).f - expected) / unit);
    }
    return (double)worst;
}

static void rounding_stays_small(void **state)
{
    (void)state;
    enum { UNITS = 16 }; /* some systems' own functions are wrong by 4 */
    RuleTest t;
    set_up(&t);
    for (unsigned kind = 0; kind < OP_COUNT; kind++)
        for (unsigned i = 0; i < 3; i++) {
            if (rule_is_zero(t.rules, (OpKind)kind, 0, i))
                continue;
            const double worst = worst_error(&t, (OpKind)kind, i);
            if (worst > UNITS)
                fail_msg("'%s' wrt %u is wrong by %g units", op_table[kind].text, i, worst);
        }
    fixture_release(&t.ir);
}

/* ---- what the rules say about themselves ---- */

static void needs_follow_from_the_formula(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    assert_int_equal(rule_needs(t.rules, OP_SIN, 0, 0), 1);
    assert_int_equal(rule_needs(t.rules, OP_EXP, 0, 0), 1 << RULE_NEEDS_RESULT);
    assert_int_equal(rule_needs(t.rules, OP_MUL, 0, 1), 1);
    assert_int_equal(rule_needs(t.rules, OP_ADD, 0, 0), 0);
    assert_int_equal(rule_needs(t.rules, OP_FREXP, 0, 0), 2 << RULE_NEEDS_RESULT);
    assert_true(rule_is_zero(t.rules, OP_COPYSIGN, 0, 1));
    assert_true(rule_is_zero(t.rules, OP_MODF, 1, 0));
    assert_true(rule_is_zero(t.rules, OP_FLOOR, 0, 0));
    assert_false(rule_is_zero(t.rules, OP_SIN, 0, 0));
    assert_string_equal(rule_formula(OP_SIN, 0, 0), "d * cos(x)");
    fixture_release(&t.ir);
}

/* An op whose rule is a formula computes a floating result from each operand the formula names. */
static void formulas_name_only_what_there_is(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    for (unsigned kind = 0; kind < OP_COUNT; kind++)
        for (unsigned i = 0; i < 3; i++) {
            const unsigned needs = rule_needs(t.rules, (OpKind)kind, 0, i);
            const unsigned results = needs >> RULE_NEEDS_RESULT;
            const unsigned operands = needs & ((1u << RULE_NEEDS_RESULT) - 1);
            if (!needs)
                continue;
            assert_true(operands >> op_table[kind].num_operands == 0);
            assert_true(results >> op_table[kind].num_results == 0);
            assert_true((int)i < op_table[kind].num_operands);
        }
    fixture_release(&t.ir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_formula_is_the_slope),
        cmocka_unit_test(edges_follow_the_conventions),
        cmocka_unit_test(kinks_are_told),
        cmocka_unit_test(rounding_stays_small),
        cmocka_unit_test(needs_follow_from_the_formula),
        cmocka_unit_test(formulas_name_only_what_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
