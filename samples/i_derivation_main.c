/* I. A gradient made by hand compared with the generated one, and that one with finite differences. The slip
 * of exercise I, softmax' = s (1 + s), is found, with the component where it is. */
#include <adgen/check.h>

#include "check.h"
#include "i_derivation_grad.h"

double surprise(int n, const double z[], int k);

enum { N = 3, K = 1 };

static double value(void *context, const double *z)
{
    (void)context;
    return surprise(N, z, K);
}

static void generated(void *context, const double *z, double *z_bar)
{
    (void)context;
    surprise_grad(N, z, z_bar, K);
}

/* By hand, from d s_k / d z_i = s_k ([i == k] - s_i); with the slip, s_k (1 + s_k) for i == k. */
static void by_hand(const double *z, double *z_bar, int sign)
{
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += exp(z[i]);
    for (int i = 0; i < N; i++)
        z_bar[i] -= i == K ? 1 + sign * exp(z[i]) / sum : -exp(z[i]) / sum;
}

static void right(void *context, const double *z, double *z_bar)
{
    (void)context;
    by_hand(z, z_bar, -1);
}

static void slipped(void *context, const double *z, double *z_bar)
{
    (void)context;
    by_hand(z, z_bar, 1);
}

static void forward(void *context, const double *z, const double *z_dot, double *y_dot)
{
    (void)context;
    surprise_jvp(N, z, z_dot, K, y_dot);
}

static void reverse(void *context, const double *z, double *z_bar, double *y_bar)
{
    double whole[N] = {0};
    generated(context, z, whole);
    for (int i = 0; i < N; i++)
        z_bar[i] += y_bar[0] * whole[i];
}

int main(void)
{
    const AdCheckOptions shown = {.output = stdout};
    heading("I. Components that differ");
    for (int round = 0; round < 3; round++) {
        double z[N];
        fill_random(N, z);
        check("generated and differences",
              ad_check_gradient("surprise", N, z, value, generated, NULL, &shown), 0);
        check("generated, forward and reverse",
              ad_check_dot_product("surprise", N, 1, z, forward, reverse, NULL, &shown), 0);
        check("by hand and generated",
              ad_check_gradients_agree("surprise", N, z, right, generated, NULL, &shown), 0);
        check("with the slip and generated",
              ad_check_gradients_agree("the slip", N, z, slipped, generated, NULL, &shown), 1);
    }
    return check_failures != 0;
}
