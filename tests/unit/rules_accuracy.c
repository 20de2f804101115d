/* The rounding of the derivative rules: every formula, computed in double, against the derivative of the function itself to a hundred
 * digits, at points of all magnitudes.
 *
 * The derivative is a central difference of MPFR's function in a precision so high that the step's error does not count: the reference
 * knows no formula. Nothing here is registered per rule but which function of MPFR the op is. */
#include "rule_fixture.h"

#include <mpfr.h>

enum {
    MAGNITUDE = 300,   /* operands have exponents up to this */
    PRECISION = 1600,  /* bits: for the cancellation of small changes of small operands; more at the extremes */
    EXTREME_PRECISION = 8000,
    STEP = 100,        /* differences are taken over min(|x|, 1) 2^-STEP */
    POINTS = 400,
    COSTLY_PRECISION = 400,
    COSTLY_POINTS = 100,
    MAX_UNITS = 4
};

/* ---- the functions ---- */

typedef int Unary(mpfr_t, const mpfr_t, mpfr_rnd_t);
typedef int Binary(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

typedef struct Exact {
    OpKind kind;
    Unary *unary; /* or */
    Binary *binary;
    bool costly;      /* fewer bits and points, from `low` to 1000 only: elsewhere MPFR takes long */
    double low;
} Exact;

static int exact_sech2(mpfr_t r, const mpfr_t x, mpfr_rnd_t round)
{
    mpfr_cosh(r, x, round);
    mpfr_sqr(r, r, round);
    return mpfr_ui_div(r, 1, r, round);
}

static int exact_lgamma(mpfr_t r, const mpfr_t x, mpfr_rnd_t round)
{
    int sign;
    return mpfr_lgamma(r, &sign, x, round);
}

/* Macros of MPFR have no address. */
static int exact_add(mpfr_t r, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round) { return mpfr_add(r, x, y, round); }
static int exact_fabs(mpfr_t r, const mpfr_t x, mpfr_rnd_t round) { return mpfr_abs(r, x, round); }
static int exact_neg(mpfr_t r, const mpfr_t x, mpfr_rnd_t round) { return mpfr_neg(r, x, round); }

static const Exact exact_functions[] = {
    {OP_ADD, .binary = exact_add}, {OP_SUB, .binary = mpfr_sub}, {OP_MUL, .binary = mpfr_mul},
    {OP_DIV, .binary = mpfr_div}, {OP_NEG, .unary = exact_neg}, {OP_FABS, .unary = exact_fabs},
    {OP_SQRT, .unary = mpfr_sqrt}, {OP_CBRT, .unary = mpfr_cbrt}, {OP_HYPOT, .binary = mpfr_hypot},
    {OP_POW, .binary = mpfr_pow}, {OP_EXP, .unary = mpfr_exp}, {OP_EXP2, .unary = mpfr_exp2},
    {OP_EXPM1, .unary = mpfr_expm1}, {OP_LOG, .unary = mpfr_log}, {OP_LOG2, .unary = mpfr_log2},
    {OP_LOG10, .unary = mpfr_log10}, {OP_LOG1P, .unary = mpfr_log1p}, {OP_SIN, .unary = mpfr_sin},
    {OP_COS, .unary = mpfr_cos}, {OP_TAN, .unary = mpfr_tan}, {OP_ASIN, .unary = mpfr_asin},
    {OP_ACOS, .unary = mpfr_acos}, {OP_ATAN, .unary = mpfr_atan}, {OP_ATAN2, .binary = mpfr_atan2},
    {OP_SINH, .unary = mpfr_sinh}, {OP_COSH, .unary = mpfr_cosh}, {OP_TANH, .unary = mpfr_tanh}, {OP_SECH2, .unary = exact_sech2},
    {OP_ASINH, .unary = mpfr_asinh}, {OP_ACOSH, .unary = mpfr_acosh}, {OP_ATANH, .unary = mpfr_atanh},
    {OP_ERF, .unary = mpfr_erf}, {OP_ERFC, .unary = mpfr_erfc},
    {OP_TGAMMA, .unary = mpfr_gamma, .costly = true, .low = -1000},
    {OP_LGAMMA, .unary = exact_lgamma, .costly = true, .low = -1000},
    {OP_DIGAMMA, .unary = mpfr_digamma, .costly = true, .low = 0.001}, {OP_FDIM, .binary = mpfr_dim},
};

static void apply(const Exact *exact, mpfr_t result, const mpfr_t x, const mpfr_t y)
{
    if (exact->unary)
        exact->unary(result, x, MPFR_RNDN);
    else
        exact->binary(result, x, y, MPFR_RNDN);
}

/* The derivative at (at[0], at[1]). */
static long double exact_partial(const Exact *exact, unsigned wrt, const Scalar *at, mpfr_prec_t bits)
{
    mpfr_t up[2], down[2], high, low, step;
    mpfr_inits2(bits, up[0], up[1], down[0], down[1], high, low, step, (mpfr_ptr)0);
    for (unsigned i = 0; i < 2; i++) {
        mpfr_set_ld(up[i], at[i].f, MPFR_RNDN);
        mpfr_set_ld(down[i], at[i].f, MPFR_RNDN);
    }
    const long exponent = mpfr_get_exp(up[wrt]);
    mpfr_set_si_2exp(step, 1, (exponent < 0 ? exponent : 0) - STEP, MPFR_RNDN);
    mpfr_add(up[wrt], up[wrt], step, MPFR_RNDN);
    mpfr_sub(down[wrt], down[wrt], step, MPFR_RNDN);
    apply(exact, high, up[0], up[1]);
    apply(exact, low, down[0], down[1]);
    mpfr_sub(high, high, low, MPFR_RNDN);
    mpfr_div(high, high, step, MPFR_RNDN);
    const long double slope = mpfr_get_ld(high, MPFR_RNDN) / 2;
    mpfr_clears(up[0], up[1], down[0], down[1], high, low, step, (mpfr_ptr)0);
    return slope;
}

/* ---- points ---- */

static double next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

/* A third around 1, a third up to some hundreds, a third of any magnitude; all bits in use. */
static double random_number(unsigned *seed)
{
    const double kind = next_random(seed), sign = next_random(seed) < 0.5 ? -1 : 1;
    const double mantissa = 1 + next_random(seed) + 0x1p-26 * next_random(seed);
    if (kind < 0.4)
        return sign * (4 * next_random(seed) + 0x1p-26 * mantissa);
    if (kind < 0.7)
        return sign * ldexp(mantissa, (int)(20 * next_random(seed)) - 10);
    return sign * ldexp(mantissa, (int)(2 * MAGNITUDE * next_random(seed)) - MAGNITUDE);
}

/* ---- the comparison ---- */

typedef struct Worst {
    long double units;
    double x, y, actual, expected;
    unsigned points;
} Worst;

/* Results that are no normal numbers have no relative accuracy. */
static bool counts(long double expected)
{
    return isfinite(expected) && fabsl(expected) > 0x1p-1000L && fabsl(expected) < 0x1p+1022L;
}

static long double in_units(long double actual, long double expected)
{
    return fabsl(actual - expected) / ldexpl(1, ilogbl(expected) - 52);
}

/* Where the system's own function is wrong by more than a unit, its error may count twice: in units of the derivative. */
static long double allowance(const Exact *exact, const Scalar *at, double value, long double derivative)
{
    mpfr_t x, y, result;
    mpfr_inits2(128, x, y, result, (mpfr_ptr)0);
    mpfr_set_ld(x, at[0].f, MPFR_RNDN);
    mpfr_set_ld(y, at[1].f, MPFR_RNDN);
    apply(exact, result, x, y);
    const long double expected = mpfr_get_ld(result, MPFR_RNDN);
    mpfr_clears(x, y, result, (mpfr_ptr)0);
    const long double unit = ldexpl(1, ilogbl(expected) - 52);
    const bool corrected = exact->kind == OP_CBRT; /* by the rule */
    if (!counts(expected) || fabsl(value - expected) <= unit || corrected)
        return 0;
    return 2 * in_units(derivative * (1 + (value - expected) / expected), derivative);
}

static Worst worst_error(RuleTest *t, const Exact *exact, unsigned wrt)
{
    const Function *formula = make_function(t, exact->kind, TYPE_F64, (int)wrt, false);
    const Function *primal = make_function(t, exact->kind, TYPE_F64, PRIMAL, false);
    const unsigned n = (unsigned)op_table[exact->kind].num_operands;
    unsigned seed = 5;
    Worst worst = {0};
    for (unsigned k = 0; k < (exact->costly ? COSTLY_POINTS : POINTS); k++) {
        Scalar at[4] = {{.f = random_number(&seed)}, {.f = random_number(&seed)}};
        if (exact->costly && !(at[0].f > exact->low && at[0].f < 1000 && fabsl(at[0].f) > 0.001L))
            continue;
        const double value = (double)evaluate_function(primal, at).f;
        if (!isfinite(value))
            continue;
        const long double expected = exact_partial(exact, wrt, at, exact->costly ? COSTLY_PRECISION : PRECISION);
        if (!counts(expected))
            continue;
        at[n].f = 1;
        const double actual = (double)evaluate_function(formula, at).f;
        const long double units = in_units(actual, expected) - allowance(exact, at, value, expected);
        worst.points++;
        if (!(units <= worst.units))
            worst = (Worst){units, (double)at[0].f, (double)at[1].f, actual, (double)expected, worst.points};
    }
    return worst;
}

static void every_rule_is_good_to_the_last_places(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    unsigned failed = 0;
    for (size_t i = 0; i < sizeof exact_functions / sizeof *exact_functions; i++) {
        const Exact *exact = &exact_functions[i];
        for (unsigned wrt = 0; wrt < (exact->unary ? 1u : 2u); wrt++) {
            const Worst worst = worst_error(&t, exact, wrt);
            print_message("%-10s wrt %u: %8.2Lf units at (%.17g, %.17g): %.17g for %.17g; %u points\n", op_table[exact->kind].text, wrt,
                          worst.units, worst.x, worst.y, worst.actual, worst.expected, worst.points);
            failed += !(worst.units < MAX_UNITS) || worst.points < 20;
        }
    }
    assert_int_equal(failed, 0);
    fixture_release(&t.ir);
    mpfr_free_cache();
}

/* ---- the extremes ---- */

static const double extremes[] = {0x1p-1074, 0x1.8p-1040, 0x1p-1022, 1e-300, 1e-160, 0x1p-53, 0.9999999999999999, 1, 1.0000000000000002,
                                  700, 1e8, 1e160, 1e300, 0x1.fffffffffffffp+1023};
enum { NUM_EXTREMES = sizeof extremes / sizeof *extremes };

static void check_extreme(RuleTest *t, const Exact *exact, unsigned wrt, double x, double y, unsigned *failed)
{
    const Function *formula = make_function(t, exact->kind, TYPE_F64, (int)wrt, true);
    const Function *primal = make_function(t, exact->kind, TYPE_F64, PRIMAL, false);
    const unsigned n = (unsigned)op_table[exact->kind].num_operands;
    Scalar at[4] = {{.f = x}, {.f = y}};
    const double value = (double)evaluate_function(primal, at).f;
    if (!isfinite(value) || (value != 0 && fabs(value) < 0x1p-1022)) /* a result with few digits gives no more */
        return;
    if ((rule_has_kink(exact->kind) && x == y) || (exact->kind == OP_POW && fabs(y) > 0x1p+60)) /* the step is too long */
        return;
    const long double expected = exact_partial(exact, wrt, at, EXTREME_PRECISION);
    at[n].f = 1;
    const double actual = (double)evaluate_function(formula, at).f;
    const bool overflow = fabsl(expected) > 0x1p+1022L, tiny = fabsl(expected) < 0x1p-1000L;
    const bool right = isnan(expected) ? true
                       : overflow      ? isinf(actual) || fabsl(actual) > 0x1p+1021L
                       : tiny          ? fabs(actual) < 0x1p-998
                                       : in_units(actual, expected) < MAX_UNITS + 4;
    if (!right) {
        print_message("%s wrt %u at (%g, %g): %.17g for %.17Lg\n", op_table[exact->kind].text, wrt, x, y, actual, expected);
        ++*failed;
    }
}

static void extremes_are_no_exception(void **state)
{
    (void)state;
    RuleTest t;
    set_up(&t);
    unsigned failed = 0;
    for (size_t k = 0; k < sizeof exact_functions / sizeof *exact_functions; k++) {
        const Exact *exact = &exact_functions[k];
        for (unsigned i = 0; !exact->costly && i < 2 * NUM_EXTREMES; i++)
            for (unsigned j = 0; j < (exact->unary ? 1 : 2 * NUM_EXTREMES); j++)
                for (unsigned wrt = 0; wrt < (exact->unary ? 1u : 2u); wrt++)
                    check_extreme(&t, exact, wrt, i % 2 ? -extremes[i / 2] : extremes[i / 2], j % 2 ? -extremes[j / 2] : extremes[j / 2],
                                  &failed);
    }
    assert_int_equal(failed, 0);
    fixture_release(&t.ir);
    mpfr_free_cache();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_rule_is_good_to_the_last_places), cmocka_unit_test(extremes_are_no_exception)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
