/* Values for global_variables.c, worked out by hand. */
#include "global_variables_grad.h"

#include <math.h>
#include <stdio.h>

extern double scale, table[3], state, grid[2][3];
extern float narrow[2];
extern int calls;
double wave(double x);

static int failures;

static void same(const char *what, double got, double want)
{
    if (fabs(got - want) <= 1e-12 * (1 + fabs(want)))
        return;
    printf("FAILED %s: %.17g, expected %.17g\n", what, got, want);
    failures++;
}

static void independents(void)
{
    const double x = 0.4, s = scale;
    double x_bar = 10, want_scale = 0, want_x = 0, sum = 0;
    scale_bar = 100;
    for (int i = 0; i < 3; i++)
        table_bar[i] = i;
    calls = 0;
    same("wave_grad value", wave_grad(x, &x_bar), wave(x));
    same("side effects once", calls, 2);
    for (int i = 0; i < 3; i++) {
        same("wave_grad table", table_bar[i], i + s * sin(s * x * i));
        sum += table[i] * sin(s * x * i);
        want_scale += s * table[i] * cos(s * x * i) * x * i;
        want_x += s * table[i] * cos(s * x * i) * s * i;
    }
    same("wave_grad scale", scale_bar, 100 + sum + want_scale);
    same("wave_grad x", x_bar, 10 + want_x);
    scale_dot = 0.5;
    double want = 0.5 * (sum + want_scale) + 0.25 * want_x, dot;
    for (int i = 0; i < 3; i++) {
        table_dot[i] = i + 1;
        want += (i + 1) * s * sin(s * x * i);
    }
    same("wave_jvp value", wave_jvp(x, 0.25, &dot), wave(x));
    same("wave_jvp", dot, want);
}

static void in_and_out(void)
{
    const double x = 2, before = state;
    double x_bar = 0;
    state_bar = 3;
    step_vjp(x, &x_bar);
    same("step value", state, before * x + sin(before));
    same("step_vjp state", state_bar, 3 * (x + cos(before)));
    same("step_vjp x", x_bar, 3 * before);
    state = before;
    state_dot = 2;
    step_jvp(x, 0.5);
    same("step_jvp", state_dot, 2 * (x + cos(before)) + 0.5 * before);
}

static void matrices(void)
{
    const double x[3] = {2, 3, 5};
    double x_bar[3] = {0};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            grid_bar[i][j] = i == 1 && j == 2;
    outer_product_vjp(x, x_bar);
    same("outer_product", grid[1][2], 15);
    same("outer_product_vjp 1", x_bar[1], 5);
    same("outer_product_vjp 2", x_bar[2], 3);
    same("a seed that is used up", grid_bar[1][2], 0);
    const double x_dot[3] = {1, 0, 2};
    outer_product_jvp(x, x_dot);
    same("outer_product_jvp", grid_dot[0][2], 1 * 5 + 2 * 2);
    double z_bar[3] = {1, 1, 1};
    total_grad(3, x, z_bar);
    same("total", state, 3 * (4 + 9 + 25));
    same("total_grad", z_bar[2], 1 + 30);
}

static void overwritten(void)
{
    scale = 2;
    table[1] = 3, table[2] = 4;
    scale_bar = 1;
    table_bar[0] = table_bar[1] = table_bar[2] = 0;
    double x_bar = 0;
    same("consume", consume_grad(5, &x_bar), 904); /* (scale x table[1])^2 + table[2] */
    same("consume scale", scale, 7);
    same("consume_grad scale", scale_bar, 1 + 2 * 30 * 15);
    same("consume_grad table", table_bar[1], 2 * 30 * 10);
    same("consume_grad table 2", table_bar[2], 1);
    same("consume_grad x", x_bar, 2 * 30 * 6);
    /* p and narrow are one array, and so are their companions */
    narrow_bar[0] = narrow_bar[1] = 0;
    same("mixed", mixed_vjp(narrow, narrow_bar, 1), 10);
    same("mixed_vjp 0", narrow_bar[0], 3 + 4);
    same("mixed_vjp 1", narrow_bar[1], 2);
}

int main(void)
{
    independents();
    in_and_out();
    matrices();
    overwritten();
    return failures > 0;
}
