/* psi and its derivatives against values computed with 60 digits and more (mpmath's psi). */
#include "unit.h"

#include <float.h>
#include <math.h>

#include <adgen/runtime.h>

typedef struct Case {
    int order;
    double x;
    long double value;
} Case;

static const Case cases[] = {
    {0, 1.4616321449683622, -9.24126552172942751679e-17L},
    {0, 1.4616321449683625, 1.22453746220040690313e-16L},
    {0, 1.25, -0.22745353337626540809L},
    {0, 1.7, 0.208547874873493921453L},
    {0, 0.5, -1.96351002602142347944L},
    {0, 1e-05, -100000.577199215672889L},
    {0, 3.0, 0.922784335098467139393L},
    {0, 19.75, 2.95762344937886367199L},
    {0, 1000000.0, 13.8155100579641907708L},
    {0, -0.5, 0.036489973978576520559L},
    {0, -0.75, -2.89412020004293207476L},
    {0, -3.3, 3.62035346059212578573L},
    {0, -100.25, 7.75423895920864544841L},
    {1, 0.25, 17.1973291545071107393L},
    {1, 1.0, 1.64493406684822643647L},
    {1, 3.5, 0.330357756100234864973L},
    {1, 25.0, 0.0408106632572255791874L},
    {1, -0.25, 18.5418796476716064984L},
    {1, -2.5, 9.53924664498912375386L},
    {1, -7.75, 19.6181443343522894647L},
    {2, 0.25, -129.327739937536920333L},
    {2, 1.0, -2.4041138063191885708L},
    {2, 3.5, -0.108204051641727403004L},
    {2, 25.0, -0.00166527931842246816543L},
    {2, -0.25, 122.697366783662360369L},
    {2, -2.5, -0.108204051641727403004L},
    {2, -7.75, -124.039745588227763817L},
    {3, 0.25, 1538.78214400918839602L},
    {3, 1.0, 6.4939394022668291491L},
    {3, 3.5, 0.0703058488172520512551L},
    {3, 25.0, 0.000135884636508273704031L},
    {3, -0.25, 1555.76331253485059976L},
    {3, -2.5, 194.747876219187622422L},
    {3, -7.75, 1558.54192059160655982L},
    {5, 0.25, 491552.513767681292046L},
    {5, 1.0, 122.081167438133896766L},
    {5, 3.5, 0.0870491785671834845539L},
    {5, 25.0, 0.00000271317577000383234657L},
    {5, -0.25, 492198.753342874579714L},
    {5, -2.5, 15382.140048026303809L},
    {5, -7.75, 492231.266493847577535L},
    {10, 0.25, -15220290667405.5499814L},
    {10, 1.0, -3630593.31160662871299L},
    {10, 3.5, -4.02669304123299475939L},
    {10, 25.0, -4.62166451504883192829e-9L},
    {10, -0.25, 15220204428462.7911196L},
    {10, -2.5, -4.02669304123299475939L},
    {10, -7.75, -15220204740668.3413337L},
    {40, 0.25, -3.94552421014626834278e+72L},
    {40, 1.0, -8.15915283248268769682e+47L},
    {40, 3.5, -4.02596322363595219133e+25L},
    {40, 25.0, -4.95377146668685276843e-10L},
    {40, -0.25, 3.94552421014626834267e+72L},
    {40, -2.5, -4.02596322363595219133e+25L},
    {40, -7.75, -3.94552421014626834267e+72L},
    {100, 0.25, -5.99877784494339162435e+218L},
    {100, 1.0, -9.33262154439441526817e+157L},
    {100, 3.5, -1.04503581666927526167e+103L},
    {100, 25.0, -61155766323547056.4977L},
    {100, -0.25, 5.99877784494339162435e+218L},
    {100, -2.5, -1.04503581666927526167e+103L},
    {100, -7.75, -5.99877784494339162435e+218L},
};

enum { NUM_CASES = sizeof cases / sizeof *cases };

static void assert_ulps(long double value, long double expected, long double epsilon, double ulps)
{
    const long double error = fabsl(value - expected), allowed = ulps * epsilon * fabsl(expected);
    if (!(error <= allowed))
        print_error("%.20Lg instead of %.20Lg\n", value, expected);
    assert_true(error <= allowed);
}

static void values_are_accurate(void **state)
{
    (void)state;
    for (int i = 0; i < NUM_CASES; i++) {
        const Case *c = &cases[i];
        assert_ulps(ad_polygamma(c->order, c->x), c->value, DBL_EPSILON, 1.5);
        assert_ulps(ad_polygammal(c->order, c->x), c->value, LDBL_EPSILON, 10 + 2 * c->order);
        if (fabsl(c->value) < FLT_MAX && (float)c->x == c->x)
            assert_ulps(ad_polygammaf(c->order, (float)c->x), c->value, FLT_EPSILON, 1);
        if (c->order == 0) {
            assert_true(ad_digamma(c->x) == ad_polygamma(0, c->x));
            assert_true(ad_digammal(c->x) == ad_polygammal(0, c->x));
            assert_true(ad_digammaf((float)c->x) == ad_polygammaf(0, (float)c->x));
        }
    }
}

static void edges_are_as_documented(void **state)
{
    (void)state;
    assert_true(ad_digamma(0.0) == -(double)INFINITY);
    assert_true(ad_digamma(-0.0) == (double)INFINITY);
    assert_true(isnan(ad_digamma(-3.0)) && isnan(ad_digamma(-(double)INFINITY)));
    assert_true(ad_digamma((double)INFINITY) == (double)INFINITY);
    assert_true(isnan(ad_digamma((double)NAN)) && isnan(ad_polygamma(2, (double)NAN)));
    assert_true(ad_polygamma(1, 0.0) == (double)INFINITY);
    assert_true(ad_polygamma(1, -4.0) == (double)INFINITY);
    assert_true(ad_polygamma(2, 0.0) == -(double)INFINITY && isnan(ad_polygamma(2, -4.0)));
    assert_true(ad_polygamma(3, (double)INFINITY) == 0);
    assert_true(isnan(ad_polygamma(-1, 1.0)) && isnan(ad_polygamma(101, 1.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_accurate),
        cmocka_unit_test(edges_are_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
