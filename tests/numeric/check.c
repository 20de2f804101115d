/* Checks derivatives of functions void f(const double x[n], double y[m]) against each other.
 *
 * For each row of the table and a few random points: the derivative functions compute the primal bit for
 * bit; J h agrees with finite differences; <v, J h> = <J^T v, h>; adjoints are added to what is there; seeds
 * of overwritten outputs end as zero. Prints the derivatives, for comparison between builds; exit status 1
 * if anything differs. With the argument `partial`, functions that have no derivatives here are left out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX = 64, POINTS = 4 };

typedef struct Case {
    const char *name;
    int n, m;
    double low, high;
    int single; /* some of it in float: compared to float's precision */
    void (*f)(const double *x, double *y);
    void (*vjp)(const double *x, double *x_bar, double *y, double *y_bar);
    void (*jvp)(const double *x, const double *x_dot, double *y, double *y_dot);
} Case;

#define WEAK __attribute__((weak)) /* NULL where it is not defined */

#define X(name, n, m, low, high, single)                                                           \
    void name(const double *x, double *y);                                                         \
    WEAK void name##_vjp(const double *x, double *x_bar, double *y, double *y_bar);                \
    WEAK void name##_jvp(const double *x, const double *x_dot, double *y, double *y_dot);
#include "table.inc"
#undef X

static const Case cases[] = {
#define X(name, n, m, low, high, single) {#name, n, m, low, high, single, name, name##_vjp, name##_jvp},
#include "table.inc"
#undef X
};

static unsigned long long state = 88172645463325252ull;

/* xorshift64 (Marsaglia 2003), in (0, 1). */
static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

static int failures;

static void fail(const Case *c, const char *what, int i, double got, double want)
{
    printf("FAILED %s: %s [%d]: %.17g, expected %.17g (difference %.3g)\n", c->name, what, i, got,
           want, got - want);
    failures++;
}

/* Central differences with Richardson extrapolation; *error is an estimate of what is left. */
static void differences(const Case *c, const double *x, const double *h, double *d, double *error)
{
    enum { LEVELS = 6 };
    static double table[LEVELS][LEVELS][MAX];
    double step = 0.02 * (c->high - c->low), at[MAX], up[MAX], down[MAX];
    for (int j = 0; j < c->m; j++)
        error[j] = INFINITY;
    for (int level = 0; level < LEVELS; level++, step /= 2.5) {
        for (int sign = -1; sign <= 1; sign += 2) {
            for (int i = 0; i < c->n; i++)
                at[i] = x[i] + sign * step * h[i];
            memset(sign < 0 ? down : up, 0, sizeof up);
            c->f(at, sign < 0 ? down : up);
        }
        for (int j = 0; j < c->m; j++) {
            table[level][0][j] = (up[j] - down[j]) / (2 * step);
            double factor = 2.5 * 2.5;
            for (int k = 1; k <= level; k++, factor *= 2.5 * 2.5) {
                table[level][k][j] = (factor * table[level][k - 1][j] - table[level - 1][k - 1][j]) /
                                     (factor - 1);
                const double e = fmax(fabs(table[level][k][j] - table[level][k - 1][j]),
                                      fabs(table[level][k][j] - table[level - 1][k - 1][j]));
                if (e < error[j]) {
                    error[j] = e;
                    d[j] = table[level][k][j];
                }
            }
        }
    }
}

static void check_primal(const Case *c, const double *got, const double *want, const char *what)
{
    for (int j = 0; j < c->m; j++)
        if (memcmp(&got[j], &want[j], sizeof(double)) != 0 && !(isnan(got[j]) && isnan(want[j])))
            fail(c, what, j, got[j], want[j]);
}

static void check_point(const Case *c)
{
    double x[MAX], h[MAX], v[MAX], y[MAX] = {0}, y_dot[MAX] = {0}, d[MAX] = {0}, e[MAX];
    for (int i = 0; i < c->n; i++) {
        x[i] = c->low + (c->high - c->low) * (0.1 + 0.8 * uniform());
        h[i] = 2 * uniform() - 1;
    }
    for (int j = 0; j < c->m; j++)
        v[j] = 2 * uniform() - 1;
    c->f(x, y);
    double y_again[MAX] = {0};
    c->jvp(x, h, y_again, y_dot);
    check_primal(c, y_again, y, "primal of jvp");
    differences(c, x, h, d, e);
    for (int j = 0; j < c->m; j++) {
        printf("%s jvp %d %.13e%s\n", c->name, j, y_dot[j], c->single ? " single" : "");
        const double tolerance = c->single ? 1e-3 : 1e-6;
        if (!(fabs(y_dot[j] - d[j]) <= tolerance * (1 + fabs(d[j])) + 20 * e[j]) ||
            e[j] > 1e-2 * (1 + fabs(d[j])))
            fail(c, "jvp against differences", j, y_dot[j], d[j]);
    }
    double x_bar[MAX], start[MAX], seed[MAX];
    memset(y_again, 0, sizeof y_again);
    for (int i = 0; i < c->n; i++)
        x_bar[i] = start[i] = 8 * floor(3 * uniform());
    memcpy(seed, v, sizeof v);
    c->vjp(x, x_bar, y_again, seed);
    check_primal(c, y_again, y, "primal of vjp");
    double left = 0, right = 0, size = 1e-30;
    for (int j = 0; j < c->m; j++) {
        left += v[j] * y_dot[j];
        size += fabs(v[j] * y_dot[j]);
        if (seed[j] != 0)
            fail(c, "seed of an overwritten output", j, seed[j], 0);
    }
    for (int i = 0; i < c->n; i++) {
        const double share = x_bar[i] - start[i];
        printf("%s vjp %d %.13e%s\n", c->name, i, share, c->single ? " single" : "");
        right += share * h[i];
        size += fabs(share * h[i]) + 8e-3 * fabs(start[i] * h[i]);
    }
    if (!(fabs(left - right) <= (c->single ? 1e-6 : 1e-12) * size))
        fail(c, "dot product", 0, right, left);
}

/* Draws what check_point draws: the others have the same points in every build. */
static void skip_point(const Case *c)
{
    for (int i = 0; i < 3 * c->n + c->m; i++)
        uniform();
}

int main(int argc, char **argv)
{
    const int count = (int)(sizeof cases / sizeof *cases), partial = argc == 2 && strcmp(argv[1], "partial") == 0;
    int checked = 0;
    for (int i = 0; i < count; i++) {
        const Case *c = &cases[i];
        const int left_out = partial && !c->vjp && !c->jvp;
        checked += !left_out;
        for (int k = 0; k < POINTS; k++)
            if (left_out)
                skip_point(c);
            else
                check_point(c);
    }
    fprintf(stderr, "%d functions, %d failures\n", checked, failures);
    return failures != 0 || checked == 0;
}
