/* 1 / cosh^2 in three precisions, against its definition in long double. */
#include "unit.h"

#include <math.h>

#include "adgen/runtime.h"

static void check(long double actual, long double expected, long double epsilon)
{
    if (fabsl(actual - expected) > 3 * epsilon * fabsl(expected))
        fail_msg("%.20Lg, expected %.20Lg", actual, expected);
}

static void close_to_the_definition(void **state)
{
    (void)state;
    for (int i = -4000; i <= 4000; i++) {
        const double x = i * 0.0725;
        const long double c = coshl(x), f = coshl((float)x);
        check(ad_sech2(x), 1 / (c * c), 0x1p-52L);
        check(ad_sech2l(x), 1 / (c * c), 0x1p-60L);
        if (fabs(x) < 40)
            check(ad_sech2f((float)x), 1 / (f * f), 0x1p-23L);
    }
}

static void at_the_edges(void **state)
{
    (void)state;
    assert_true(ad_sech2(0) == 1 && ad_sech2(-0.0) == 1 && ad_sech2(5e-324) == 1);
    assert_true(ad_sech2(INFINITY) == 0 && ad_sech2(-INFINITY) == 0 && ad_sech2(1e300) == 0);
    assert_true(ad_sech2f(INFINITY) == 0 && ad_sech2l(-INFINITY) == 0);
    assert_true(isnan(ad_sech2(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(close_to_the_definition), cmocka_unit_test(at_the_edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
