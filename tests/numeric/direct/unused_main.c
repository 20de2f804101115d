/* Values for unused.c: derivatives of what was used, nothing of the rest. */
#include "unused_grad.h"

#include <math.h>
#include <stdio.h>

static int failures;

static void same(const char *what, double got, double want)
{
    if (fabs(got - want) <= 1e-12 * (1 + fabs(want)))
        return;
    printf("%s: %.17g, expected %.17g\n", what, got, want);
    failures++;
}

static void scalars(void)
{
    double a = 0, b = 0;
    quotient_grad(3, &a, 0, &b);
    same("x", a, 1), same("not x / 0", b, 0);
    a = b = 0;
    quotient_hvp(3, 1, &a, 0, 1, &b);
    same("second", a, 0), same("second of x / 0", b, 0);
    a = 0, softplus_grad(1000, &a), same("not exp(1000)", a, 2000);
    a = 0, softplus_hvp(1000, 1, &a), same("second, not exp(1000)", a, 2);
    a = 0, softplus_grad(0, &a), same("log1p(exp(0))", a, 0.5);
    a = b = 0;
    chain_grad(3, &a, 0, &b);
    same("2 x", a, 2), same("not 3 / 0 * 0 * sin(3 / 0)", b, 0);
    a = b = 0;
    chain_hvp(3, 1, &a, 0, 1, &b);
    same("second of 2 x", a, 0), same("second", b, 0);
    a = 0, where_grad(0.5, &a), same("near", a, 1);
    a = 0, where_grad(1, &a), same("near, where far has log 0", a, 2);
    a = 0, where_hvp(1, 1, &a), same("second of near", a, 2);
    a = 0, chosen_by_switch_grad(3, 0, &a), same("none of 1 / 0", a, 1);
    a = 0, chosen_by_switch_hvp(3, 0, 1, &a), same("second of none", a, 0);
    a = b = 0;
    clipped_grad(0, &a, 0, &b);
    same("not -1 / 0", a, 0), same("not -1 / 0", b, 0);
}

static void arrays(void)
{
    const double x[3] = {1, 2, 3}, w[3] = {2, 0, 4}, h[3] = {1, 1, 1}, none[3] = {0};
    double x_bar[3] = {0}, w_bar[3] = {0}, x_bar_dot[3] = {0}, w_bar_dot[3] = {0};
    same("masked value", masked_grad(3, x, x_bar, w, w_bar), 0.5 + 2.25);
    masked_hvp(3, x, h, x_bar_dot, w, none, w_bar_dot);
    for (int i = 0; i < 3; i++) {
        same("masked x", x_bar[i], i == 1 ? 0 : 2 * x[i] / w[i]);
        same("masked w", w_bar[i], i == 1 ? 0 : -x[i] * x[i] / (w[i] * w[i]));
        same("masked second x", x_bar_dot[i], i == 1 ? 0 : 2 / w[i]);
        same("masked second w", w_bar_dot[i], i == 1 ? 0 : -2 * x[i] / (w[i] * w[i]));
    }
}

/* x0^2 x1 + x1^3 */
static void lists(void)
{
    const double x[2] = {2, 3}, h[2] = {1, -1};
    double idle[2] = {1, 1}, x_bar_dot[2] = {0}, hessian[4];
    same("list", of_a_list_hvp(x, h, x_bar_dot, idle), 39);
    same("idle", idle[1], 3);
    same("second of a list", x_bar_dot[0], 2);
    same("second of a list", x_bar_dot[1], -14);
    of_a_list_hessian(x, idle, hessian);
    same("hessian of a list", hessian[0], 6), same("hessian of a list", hessian[1], 4), same("hessian of a list", hessian[3], 18);
}

int main(void)
{
    lists();
    scalars();
    arrays();
    return failures != 0;
}
