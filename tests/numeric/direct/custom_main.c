/* Values for custom.c: with the factors of the derivatives that are called. */
#include "custom_grad.h"

#include <math.h>
#include <stdio.h>

extern int custom_calls;
double scalars(double x, double y);
double arrays(int n, double x[n]);
void iterate(int n, double y[n], double a, int rounds);
void until(int n, double y[n], double a);
double gather(const double x[4]);

static int failures;

static void same(const char *what, double got, double want)
{
    if (fabs(got - want) <= 1e-12 * (1 + fabs(want)))
        return;
    printf("FAILED %s: %.17g, expected %.17g\n", what, got, want);
    failures++;
}

static void check_scalars(void)
{
    const double x = 1.5, y = 0.7, p = x * sin(y) + 2;
    double x_bar = 1, y_bar = 1, dot;
    custom_calls = 0;
    const double value = scalars_grad(x, &x_bar, y, &y_bar);
    same("called once each", custom_calls, 3);
    same("scalars", value, scalars(x, y));
    const double p_bar = 5 * p + p * 3 * 5;
    same("scalars_grad x", x_bar, 1 + p_bar * 3 * sin(y));
    same("scalars_grad y", y_bar, 1 + p_bar * 3 * x * cos(y));
    same("scalars_jvp value", scalars_jvp(x, 1, y, 2, &dot), value);
    same("scalars_jvp", dot, p_bar * 3 * (sin(y) + 2 * x * cos(y)));
    double row[2];
    same("scalars_jacobian value", scalars_jacobian(x, y, row), value);
    same("scalars_jacobian x", row[0], x_bar - 1);
    same("scalars_jacobian y", row[1], y_bar - 1);
}

static void check_arrays(void)
{
    const double x[2] = {0.5, 2};
    double work[2] = {0.5, 2}, x_bar[2] = {0, 0};
    const double e = 4.25, value = arrays_grad(2, work, x_bar);
    same("arrays", value, e * e * e * e);
    same("what it leaves", work[1], 2 * e);
    /* E' = 10 x instead of 2 x */
    const double second = e * e * e;
    double scaled[2];
    for (int i = 0; i < 2; i++)
        scaled[i] = e * 10 * x[i] * e; /* adjoint of x[i] first */
    double first_bar = second;
    for (int i = 0; i < 2; i++)
        first_bar += scaled[i] * x[i];
    for (int i = 0; i < 2; i++)
        same("arrays_grad", x_bar[i], scaled[i] * e + first_bar * 10 * x[i]);
    double again[2] = {0.5, 2}, x_dot[2] = {1, -1}, dot;
    arrays_jvp(2, again, x_dot, &dot);
    same("arrays_jvp", dot, x_bar[0] - x_bar[1]);
}

static void check_outputs(void)
{
    const double x[3] = {1, 2, 3}, x_dot[3] = {0, 1, 2};
    double x_bar[3] = {0}, y[3], y_bar[3] = {1, 1, 1}, y_dot[3];
    twice_vjp(3, x, x_bar, y, y_bar);
    for (int i = 0; i < 3; i++) {
        same("twice", y[i], pow(x[i], 4));
        same("twice_vjp", x_bar[i], 16 * pow(x[i], 3));
        same("a seed that is used up", y_bar[i], 0);
    }
    twice_jvp(3, x, x_dot, y, y_dot);
    same("twice_jvp", y_dot[2], 16 * 27 * 2);
}

/* true derivatives: against differences, and both modes against each other */
static void check_in_place(int which)
{
    const double start[2] = {1.25, 0.75}, a = 1.1, h = 1e-6;
    double y[2], up[2] = {1.25, 0.75}, down[2] = {1.25, 0.75}, y_bar[2] = {0.5, 2}, a_bar = 0;
    double y_dot[2] = {0.3, -0.2}, plain[2] = {1.25, 0.75}, z[2] = {1.25, 0.75};
    y[0] = start[0], y[1] = start[1];
    if (which == 0) {
        iterate(2, plain, a, 3);
        iterate_vjp(2, y, y_bar, a, &a_bar, 3);
        iterate_jvp(2, z, y_dot, a, 0.7, 3);
        iterate(2, up, a + h, 3);
        iterate(2, down, a - h, 3);
    } else {
        until(2, plain, a);
        until_vjp(2, y, y_bar, a, &a_bar);
        until_jvp(2, z, y_dot, a, 0.7);
        until(2, up, a + h);
        until(2, down, a - h);
    }
    for (int i = 0; i < 2; i++) {
        same("value of vjp", y[i], plain[i]);
        same("value of jvp", z[i], plain[i]);
    }
    const double slope = (0.5 * (up[0] - down[0]) + 2 * (up[1] - down[1])) / (2 * h);
    if (fabs(slope - a_bar) > 1e-6 * fabs(slope))
        same("a_bar against differences", a_bar, slope);
    same("both modes", 0.5 * y_dot[0] + 2 * y_dot[1],
         0.3 * y_bar[0] - 0.2 * y_bar[1] + 0.7 * a_bar);
}

static void check_indices(void)
{
    const double x[4] = {1.5, 2, 3, 4}, x_dot[4] = {1, 2, 3, 4};
    double x_bar[4] = {0}, dot;
    /* (((x3) x2 + 1) x1 + 2) x0 + 3 */
    same("gather", gather_grad(x, x_bar), gather(x));
    same("gather_grad 3", x_bar[3], 3 * 2 * 1.5);
    same("gather_grad 2", x_bar[2], 4 * 2 * 1.5);
    same("gather_grad 1", x_bar[1], 13 * 1.5);
    same("gather_grad 0", x_bar[0], 28);
    gather_jvp(x, x_dot, &dot);
    same("gather_jvp", dot, 28 + 2 * 19.5 + 3 * 12 + 4 * 9);
    double h_bar = 0;
    same("halves", halves_grad(4, &h_bar), 3);
    same("halves_grad", h_bar, 7 * 1.5);
}

int main(void)
{
    check_scalars();
    check_arrays();
    check_outputs();
    check_in_place(0);
    check_in_place(1);
    check_indices();
    return failures > 0;
}
