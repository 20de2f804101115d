/* Every column of a Jacobian is what jvp gives in that direction. */
#include "left_out_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 120, POINTS = 6 };

static int failures;

static double next(void)
{
    static unsigned state = 2468;
    state = state * 1103515245u + 12345u;
    return (double)(state >> 8 & 0xffff) / 65536 - 0.3;
}

static void numbers(int n, double *x)
{
    for (int i = 0; i < n; i++)
        x[i] = next();
}

static void compare(const char *what, int rows, int columns, int column, const double *jacobian, const double *tangent)
{
    for (int i = 0; i < rows; i++) {
        const double got = jacobian[i * columns + column], want = tangent[i];
        if (got == want || fabs(got - want) <= 1e-12 * (1 + fabs(want)))
            continue;
        printf("FAILED %s: row %d, column %d: %.17g, expected %.17g\n", what, i, column, got, want);
        failures++;
    }
}

static double x[MOST], x_dot[MOST], y[MOST], y_dot[MOST], jacobian[MOST * MOST];

static void begin(int columns, int column)
{
    memset(x_dot, 0, sizeof x_dot);
    memset(y_dot, 0, sizeof y_dot);
    if (column < columns)
        x_dot[column] = 1;
}

/* A function of x alone, and of whatever `more` stands for, in front of y. */
#define CHECK(name, rows, columns, ...)                                   \
    for (int c = 0; c < columns; c++) {                                   \
        begin(columns, c);                                                \
        name##_jvp(x, x_dot, __VA_ARGS__ y, y_dot);                       \
        name##_jacobian(x, __VA_ARGS__ y, jacobian);                      \
        compare(#name, rows, columns, c, jacobian, y_dot);                \
    }

static void check_groups(void)
{
    const int picks[3][6] = {{0, 1, 2, 3, 4, 5}, {5, 3, 3, 0, 1, 5}, {2, 2, 2, 2, 2, 2}};
    for (int trial = 0; trial < 3; trial++) {
        const double limit = 0.2 * trial, weights[4] = {0.5, 0, -1.5, 2};
        numbers(MOST, x);
        CHECK(scratch_left_behind, 24, 12, )
        CHECK(overwritten_sometimes, 24, 12, &limit, )
        CHECK(looked_up, 24, 12, picks[trial], )
        CHECK(chained, 40, 16, )
        CHECK(out_of_order, 30, 15, )
        CHECK(left_by_others, 40, 20, weights, )
    }
}

static void check_steps(void)
{
    for (int steps = 0; steps < 5; steps++) {
        numbers(10, x);
        for (int c = 0; c < 10; c++) {
            begin(10, c);
            over_time_jvp(steps, x, x_dot, y, y_dot);
            over_time_jacobian(steps, x, y, jacobian);
            compare("over_time", 20, 10, c, jacobian, y_dot);
        }
    }
}

static void check_in_and_out(void)
{
    for (int rounds = 0; rounds < 7; rounds++) {
        double at[9], copy[9];
        numbers(9, at);
        for (int c = 0; c < 9; c++) {
            begin(9, c);
            memcpy(copy, at, sizeof at);
            in_and_out_jvp(copy, x_dot, rounds, y, y_dot);
            memcpy(x_dot + 9, y_dot, 9 * sizeof(double));
            memcpy(copy, at, sizeof at);
            in_and_out_jacobian(copy, rounds, y, jacobian);
            compare("in_and_out", 18, 9, c, jacobian, x_dot);
        }
    }
}

static void check_skin(void)
{
    double weights[POINTS][11], error[POINTS][3], error_dot[POINTS][3];
    numbers(23, x);
    for (int v = 0; v < POINTS; v++)
        for (int bone = 0; bone < 11; bone++)
            weights[v][bone] = (v + bone) % 3 == 0 ? next() : 0;
    for (int c = 0; c < 23; c++) {
        begin(23, c);
        memset(error_dot, 0, sizeof error_dot);
        skin_jvp(POINTS, x, x_dot, (void *)weights, error, error_dot);
        skin_jacobian(POINTS, x, (void *)weights, error, jacobian);
        compare("skin", 3 * POINTS, 23, c, jacobian, &error_dot[0][0]);
    }
}

static void check_cut(void)
{
    enum { N = 40 };
    double w[N];
    numbers(28, x);
    numbers(N, w);
    for (int c = 0; c < 28; c++) {
        begin(28, c);
        cut_jvp(N, x, x_dot, w, y, y_dot);
        cut_jacobian(N, x, w, y, jacobian);
        compare("cut", N, 28, c, jacobian, y_dot);
    }
}

static void check_many_columns(void)
{
    static float at[60], direction[60], value[120], tangent[120], matrix[120 * 60];
    for (int i = 0; i < 60; i++)
        at[i] = (float)(i % 7 + 1) / 4; /* sums and products of these are exact */
    for (int c = 0; c < 60; c++) {
        memset(direction, 0, sizeof direction);
        direction[c] = 1;
        many_columns_jvp(at, direction, value, tangent);
        many_columns_jacobian(at, value, matrix);
        for (int i = 0; i < 120; i++)
            if (matrix[i * 60 + c] != tangent[i]) {
                printf("FAILED many_columns: row %d, column %d: %g, expected %g\n", i, c, (double)matrix[i * 60 + c], (double)tangent[i]);
                failures++;
            }
    }
}

int main(void)
{
    check_groups();
    check_steps();
    check_in_and_out();
    check_skin();
    check_cut();
    check_many_columns();
    return failures > 0;
}
