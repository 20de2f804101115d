/* Inner products in three precisions: whole numbers, whose sum is exact in any order, of every length about a multiple of eight. */
#include "unit.h"

#include "adgen/runtime.h"

enum { MAX = 70 };

static void of_every_length(void **state)
{
    (void)state;
    double a[MAX], b[MAX];
    float af[MAX], bf[MAX];
    long double al[MAX], bl[MAX];
    for (int i = 0; i < MAX; i++) {
        a[i] = af[i] = (float)(al[i] = i % 7 - 3);
        b[i] = bf[i] = (float)(bl[i] = i % 11 + 1);
    }
    double expected = 0;
    assert_true(ad_inner(-1, a, b) == 0 && ad_innerf(-1, af, bf) == 0 && ad_innerl(-1, al, bl) == 0);
    for (int n = 0; n < MAX; n++) {
        assert_true(ad_inner(n, a, b) == expected);
        assert_true(ad_innerf(n, af, bf) == expected);
        assert_true(ad_innerl(n, al, bl) == expected);
        expected += a[n] * b[n];
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(of_every_length)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
