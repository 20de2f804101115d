/* Values for contract.c, worked out by hand. */
#include "contract_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int failures;

static void same(const char *what, double got, double want)
{
    const double scale = fabs(want) > 1 ? fabs(want) : 1;
    if ((isinf(want) && got == want) || fabs(got - want) <= 1e-12 * scale)
        return;
    printf("FAILED %s: %.17g, expected %.17g\n", what, got, want);
    failures++;
}

static void in_place(void)
{
    double x[3] = {2, 3, 5}, x_bar[3] = {1, 10, 100};
    prefix_vjp(3, x, x_bar);
    same("prefix value", x[2], 30);
    /* y = (a, ab, abc): J^T v */
    same("prefix_vjp 0", x_bar[0], 1 + 10 * 3 + 100 * 15);
    same("prefix_vjp 1", x_bar[1], 10 * 2 + 100 * 10);
    same("prefix_vjp 2", x_bar[2], 100 * 6);
    double z[3] = {2, 3, 5}, z_dot[3] = {1, 0, 1};
    prefix_jvp(3, z, z_dot);
    same("prefix_jvp 2", z_dot[2], 15 + 6);
}

static void overlap(void)
{
    double x[2] = {3, 4}, x_bar[2] = {1, 10};
    scaled_vjp(2, x, x_bar, x, x_bar); /* x = 2 x^2 in place */
    same("scaled value", x[1], 32);
    same("scaled_vjp 0", x_bar[0], 12);
    same("scaled_vjp 1", x_bar[1], 160);
    double y[3] = {3, 4, 5}, y_bar[3] = {0, 1, 10};
    scaled_vjp(2, y, y_bar, y + 1, y_bar + 1); /* y1 = 2 y0^2, y2 = 2 y1^2 */
    same("shifted value", y[2], 2 * 18 * 18);
    same("shifted 0", y_bar[0], 12 * (1 + 10 * 4 * 18));
    same("shifted 1", y_bar[1], 0);
    double a_bar = 0, z[1] = {3}, z_bar[1] = {1};
    axpy_vjp(1, 2, &a_bar, z, z_bar, z, z_bar); /* z + 2 z^2 */
    same("axpy_vjp a", a_bar, 9);
    same("axpy_vjp x", z_bar[0], 1 + 4 * 3);
    double w[1] = {3}, w_dot[1] = {1};
    axpy_jvp(1, 2, 0, w, w_dot, w, w_dot);
    same("axpy_jvp", w_dot[0], 13);
}

/* <seed, J v> = <J^T seed, v> where the parameters lie in one buffer, as far apart as `offset` says: each value is then
 * both read as one parameter and written as the other. */
enum { BUFFER = 30 };

static void fill(double *numbers, unsigned seed)
{
    for (int i = 0; i < BUFFER; i++)
        numbers[i] = sin(1.7 * i + seed);
}

static double inner(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < BUFFER; i++)
        sum += a[i] * b[i];
    return sum;
}

static void overlap_at(int offset)
{
    double forward[BUFFER], v[BUFFER], dot[BUFFER], backward[BUFFER], seed[BUFFER], bar[BUFFER];
    fill(forward, 0);
    fill(backward, 0);
    fill(v, 1);
    fill(dot, 1);
    fill(seed, 2);
    fill(bar, 2);
    smoothed_jvp(7, 9, forward, dot, forward + offset, dot + offset);
    smoothed_vjp(7, 9, backward, bar, backward + offset, bar + offset);
    same("smoothed, overlapping", inner(seed, dot), inner(bar, v));
    same("smoothed, value", inner(forward, seed), inner(backward, seed));
    fill(forward, 3);
    fill(backward, 3);
    fill(dot, 1);
    fill(bar, 2);
    double (*a)[3] = (double (*)[3])forward, (*a_dot)[3] = (double (*)[3])dot;
    double (*a2)[3] = (double (*)[3])backward, (*a_bar)[3] = (double (*)[3])bar;
    products_jvp(3, (const double (*)[3])a, (const double (*)[3])a_dot, forward + 12, dot + 12, forward + offset, dot + offset);
    products_vjp(3, (const double (*)[3])a2, a_bar, backward + 12, bar + 12, backward + offset, bar + offset);
    same("products, overlapping", inner(seed, dot), inner(bar, v));
    same("products, value", inner(forward, seed), inner(backward, seed));
}

static void absent(void)
{
    double y[1] = {0}, y_bar[1] = {1}, v[3] = {1, 2, 3}, v_bar[3] = {0};
    missing_vjp(0, 0, 3, NULL, NULL, NULL, v_bar, y, y_bar);
    same("missing", y[0], 1);
    y_bar[0] = 1;
    missing_vjp(0, 1, 1, NULL, NULL, v, v_bar, y, y_bar); /* (1 + v0^2)^2 */
    same("missing, value", y[0], 4);
    same("missing, v", v_bar[0], 8);
}

static void overwritten(void)
{
    double x[2] = {2, 3}, x_bar[2] = {100, 1000};
    same("consumed value", consumed_grad(2, x, x_bar), 16 + 81);
    same("consumed_grad 0", x_bar[0], 100 + 4 * 8);
    same("consumed_grad 1", x_bar[1], 1000 + 4 * 27);
    same("consumed leaves", x[0], 0);
    double z[2] = {2, 3}, z_bar[2] = {0, 0};
    consumed_back(2, z, z_bar, 0.5);
    same("consumed_back", z_bar[1], 2 * 27);
}

static void work(void)
{
    double x[2] = {0.3, 0.7}, x_bar[2] = {0, 0}, x_dot[2] = {1, 0}, t[2] = {9, 9}, dot;
    with_work_grad(2, x, x_bar, t);
    same("with_work_grad", x_bar[0], 2 * cos(0.3) * sin(0.7));
    same("work ends as the original leaves it", t[0], sin(0.3));
    with_work_jvp(2, x, x_dot, t, &dot);
    same("with_work_jvp", dot, x_bar[0]);
}

static void dependents(void)
{
    const double x[2] = {2, 3};
    double x_bar[2] = {1, 1}, y = 0;
    output_grad(x, x_bar, &y);
    same("output value", y, 36);
    same("output_grad 0", x_bar[0], 1 + 2 * 6 * 3);
    float a_bar = 0, b_bar = 0, dot = 0;
    same("by_value", by_value_grad(2, &a_bar, 3, &b_bar), 36);
    same("by_value_grad a", a_bar, 2 * 2 * 9);
    same("by_value_grad b", b_bar, 2 * 4 * 3);
    by_value_vjp(2, &a_bar, 3, &b_bar, 0.5f);
    same("by_value_vjp a", a_bar, 36 + 18);
    by_value_jvp(2, 1, 3, 1, &dot);
    same("by_value_jvp", dot, 36 + 24);
    double z[2] = {0, 0}, z_bar[2] = {7, 10}, w_bar[2] = {0, 0};
    both_vjp(2, x, w_bar, z, z_bar, 1);
    same("both value", z[1], 6);
    same("both_vjp 0", w_bar[0], 10 + 10 * 3);
    same("both_vjp 1", w_bar[1], 10 + 10 * 2);
    same("both seed", z_bar[0], 0);
    double k[4] = {1, 2, 3, 4}, k_bar[4] = {3, 5, 7, 9};
    kept_vjp(4, x, w_bar, k, k_bar);
    const double entry[4] = {3, 10, 0, 9};
    for (int i = 0; i < 4; i++)
        same("the adjoint of what an output held", k_bar[i], entry[i]);
}

static void pointed_to(void)
{
    for (int which = 0; which < 2; which++) {
        const double x[2] = {3, 2}, h[2] = {1, -1};
        double t[2] = {5, 7}, x_bar[2] = {0, 0}, x_bar_dot[2] = {0, 0};
        same("chosen value", chosen_grad(2, x, x_bar, t, which), which ? 81 + 16 : 9 * 5 + 4 * 7);
        same("chosen_grad", x_bar[0], which ? 4 * 27 : 2 * 3 * 5);
        same("chosen_grad", x_bar[1], which ? 4 * 8 : 2 * 2 * 7);
        t[0] = 5, t[1] = 7;
        chosen_hvp(2, x, h, x_bar_dot, t, which);
        same("chosen_hvp", x_bar_dot[0], which ? 12 * 9 : 2 * 5);
        same("chosen_hvp", x_bar_dot[1], which ? -12 * 4 : -2 * 7);
        double u[2] = {5, 7}, beside_bar[2] = {0, 0}, z[2] = {3, 2}, z_bar[2] = {0, 0};
        same("beside value", beside_grad(2, x, beside_bar, u, which), which ? 25 + 49 : 81 + 16);
        same("beside_grad", beside_bar[0], which ? 0 : 4 * 27);
        same("beside_grad", beside_bar[1], which ? 0 : 4 * 8);
        same("squared value", squared_grad(2, z, z_bar, which), which ? 81 + 16 : 5);
        same("squared_grad", z_bar[0], which ? 4 * 27 : 1);
        same("squared_grad", z_bar[1], which ? 4 * 8 : 1);
    }
}

static double grad_of(double (*f)(double, double *), double x)
{
    double x_bar = 0;
    f(x, &x_bar);
    return x_bar;
}

static void kinks(void)
{
    double a = 0, b = 0;
    same("|0|'", grad_of(kink_abs_grad, 0), 0);
    same("relu'(0)", grad_of(relu_grad, 0), 0);
    kink_max_grad(1, &a, 1, &b);
    same("max of equal values, first", a, 1);
    same("max of equal values, second", b, 0);
    a = b = 0;
    kink_min_grad(1, &a, 1, &b);
    same("min of equal values, first", a, 1);
    same("min of equal values, second", b, 0);
    a = b = 0;
    kink_max_grad(NAN, &a, 1, &b);
    same("max of NaN and a number", b, 1);
    same("sqrt'(0)", grad_of(root_grad, 0), INFINITY);
    a = b = 0;
    root_times_grad(0, &a, 0, &b);
    same("sqrt(0) * 0", a, 0);
    a = 0;
    power_grad(0, &a, 0);
    same("(0^0)'", a, 0);
    a = 0;
    power_grad(0, &a, 1);
    same("(0^1)'", a, 1);
    a = 0;
    power_grad(-2, &a, 3);
    same("((-2)^3)'", a, 12);
    same("branch not taken", grad_of(guarded_grad, 0), 0);
    same("clipped log at 0", grad_of(clipped_log_grad, 0), 0);
}

int main(void)
{
    in_place();
    absent();
    overlap();
    for (int offset = 0; offset <= 20; offset++)
        overlap_at(offset);
    overwritten();
    work();
    dependents();
    pointed_to();
    kinks();
    return failures != 0;
}
