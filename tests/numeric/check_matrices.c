/* Checks Jacobians, Hessians and Hessian-vector products of functions void f(const double x[n], double y[m])
 * against jvp and vjp: columns, rows, differences of gradients; symmetric to the last bit. */
#include <adgen/sparse.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX = 64, POINTS = 3 };

typedef struct Case {
    const char *name;
    int n, m;
    double low, high;
    int single; /* some of it in float: compared to float's precision */
    void (*f)(const double *x, double *y);
    void (*vjp)(const double *x, double *x_bar, double *y, double *y_bar);
    void (*jvp)(const double *x, const double *x_dot, double *y, double *y_dot);
    void (*jacobian)(const double *x, double *y, double *jacobian);
    void (*hvp)(const double *x, const double *x_dot, double *x_bar_dot, double *y); /* of one output only */
    void (*hessian)(const double *x, double *y, double *hessian);
    void (*jvp3)(const double *x, const double (*x_dot)[3], double *y, double (*y_dot)[3]);
    AdPattern *(*jacobian_pattern)(const double *x, double *y); /* with SPARSE */
    AdPattern *(*hessian_pattern)(const double *x, double *y);
    void (*sparse_jacobian)(const double *x, double *y, const AdPattern *pattern, double *values);
    void (*sparse_hessian)(const double *x, double *y, const AdPattern *pattern, double *values);
} Case;

#define X(name, n, m, low, high, single)                                       \
    void name(const double *x, double *y);                                     \
    void name##_vjp(const double *x, double *x_bar, double *y, double *y_bar); \
    void name##_jvp(const double *x, const double *x_dot, double *y, double *y_dot); \
    void name##_jacobian(const double *x, double *y, double *jacobian);
#define H(name)                                                                \
    void name##_hvp(const double *x, const double *x_dot, double *x_bar_dot, double *y); \
    void name##_hessian(const double *x, double *y, double *hessian);
#define D(name) void name##_jvp3(const double *x, const double (*x_dot)[3], double *y, double (*y_dot)[3]);
#define J(name)                                                \
    AdPattern *name##_sj_pattern(const double *x, double *y);  \
    void name##_sj(const double *x, double *y, const AdPattern *pattern, double *values);
#define S(name)                                                \
    AdPattern *name##_sh_pattern(const double *x, double *y);  \
    void name##_sh(const double *x, double *y, const AdPattern *pattern, double *values);
#include "hessians.inc"
#include "directions.inc"
#include "sparse.inc"
#include "table.inc"
#undef X
#undef H
#undef D
#undef J
#undef S

static Case cases[] = {
#define X(name, n, m, low, high, single)                                       \
    {#name, n, m, low, high, single, name, name##_vjp, name##_jvp, name##_jacobian, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
#include "table.inc"
#undef X
};

static void add_hessians(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
#define H(function)                                    \
    if (strcmp(cases[i].name, #function) == 0) {       \
        cases[i].hvp = function##_hvp;                 \
        cases[i].hessian = function##_hessian;         \
    }
#define D(function) if (strcmp(cases[i].name, #function) == 0) cases[i].jvp3 = function##_jvp3;
#define J(function)                                      \
    if (strcmp(cases[i].name, #function) == 0) {         \
        cases[i].jacobian_pattern = function##_sj_pattern; \
        cases[i].sparse_jacobian = function##_sj;        \
    }
#define S(function)                                      \
    if (strcmp(cases[i].name, #function) == 0) {         \
        cases[i].hessian_pattern = function##_sh_pattern; \
        cases[i].sparse_hessian = function##_sh;         \
    }
#include "hessians.inc"
#include "directions.inc"
#include "sparse.inc"
#undef H
#undef D
#undef J
#undef S
    }
}

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

static void compare(const Case *c, const char *what, int i, double got, double want, double tolerance)
{
    if (got == want || (isnan(got) && isnan(want)) || fabs(got - want) <= tolerance * (1 + fabs(want)))
        return;
    printf("FAILED %s: %s [%d]: %.17g, expected %.17g (difference %.3g)\n", c->name, what, i, got, want, got - want);
    failures++;
}

static void check_jacobian(const Case *c, const double *x, double tolerance)
{
    static double jacobian[MAX * MAX];
    double y[MAX] = {0}, again[MAX] = {0}, e[MAX], other[MAX];
    c->f(x, y);
    for (int i = 0; i < c->n * c->m; i++)
        jacobian[i] = -77;
    c->jacobian(x, again, jacobian);
    for (int j = 0; j < c->m; j++)
        if (memcmp(&again[j], &y[j], sizeof(double)) != 0 && !(isnan(again[j]) && isnan(y[j])))
            compare(c, "primal of jacobian", j, again[j], y[j], -1);
    for (int column = 0; column < c->n; column++) {
        memset(e, 0, sizeof e);
        memset(other, 0, sizeof other);
        memset(again, 0, sizeof again);
        e[column] = 1;
        c->jvp(x, e, again, other);
        for (int row = 0; row < c->m; row++)
            compare(c, "jacobian against jvp", row * c->n + column, jacobian[row * c->n + column], other[row], tolerance);
    }
    for (int row = 0; row < c->m; row++) {
        memset(e, 0, sizeof e);
        memset(other, 0, sizeof other);
        memset(again, 0, sizeof again);
        e[row] = 1;
        c->vjp(x, other, again, e);
        for (int column = 0; column < c->n; column++)
            compare(c, "jacobian against vjp", row * c->n + column, jacobian[row * c->n + column], other[column], tolerance);
    }
}

static void check_directions(const Case *c, const double *x, double tolerance)
{
    double h[MAX][3], y[MAX] = {0}, y_dot[MAX][3] = {{0}}, one[MAX], again[MAX], want[MAX];
    for (int i = 0; i < c->n; i++)
        for (int d = 0; d < 3; d++)
            h[i][d] = 2 * uniform() - 1;
    c->jvp3(x, (const double (*)[3])h, y, y_dot);
    for (int d = 0; d < 3; d++) {
        for (int i = 0; i < c->n; i++)
            one[i] = h[i][d];
        memset(again, 0, sizeof again);
        memset(want, 0, sizeof want);
        c->jvp(x, one, again, want);
        for (int j = 0; j < c->m; j++) {
            compare(c, "direction against jvp", 3 * j + d, y_dot[j][d], want[j], tolerance);
            if (memcmp(&again[j], &y[j], sizeof(double)) != 0 && !(isnan(again[j]) && isnan(y[j])))
                compare(c, "primal of directions", j, y[j], again[j], -1);
        }
    }
}

/* Every entry of the pattern is the dense one; what is in no pattern is zero. */
static void compare_sparse(const Case *c, const char *what, const AdPattern *pattern, const double *values,
                           const double *dense, double tolerance)
{
    for (long i = 0; i < pattern->rows; i++) {
        long k = pattern->row_starts[i];
        for (long j = 0; j < pattern->columns; j++) {
            const int is_entry = k < pattern->row_starts[i + 1] && pattern->column_indices[k] == j;
            const long at = i * pattern->columns + j;
            compare(c, what, (int)at, is_entry ? values[k++] : 0, dense[at], tolerance);
        }
    }
}

static void check_sparse(const Case *c, const double *x, double tolerance)
{
    static double dense[MAX * MAX], values[MAX * MAX];
    double y[MAX] = {0}, again[MAX] = {0};
    AdPattern *pattern = c->jacobian_pattern(x, y);
    memset(y, 0, sizeof y);
    c->sparse_jacobian(x, y, pattern, values);
    c->jacobian(x, again, dense);
    for (int j = 0; j < c->m; j++)
        if (memcmp(&again[j], &y[j], sizeof(double)) != 0 && !(isnan(again[j]) && isnan(y[j])))
            compare(c, "primal of sparse jacobian", j, y[j], again[j], -1);
    compare_sparse(c, "sparse jacobian", pattern, values, dense, tolerance);
    ad_pattern_free(pattern);
    if (!c->sparse_hessian)
        return;
    memset(y, 0, sizeof y);
    pattern = c->hessian_pattern(x, y);
    c->sparse_hessian(x, y, pattern, values);
    c->hessian(x, again, dense);
    compare_sparse(c, "sparse hessian", pattern, values, dense, tolerance * 10);
    ad_pattern_free(pattern);
}

static void gradient(const Case *c, const double *x, double *g)
{
    double y[MAX] = {0}, seed[1] = {1};
    memset(g, 0, MAX * sizeof *g);
    c->vjp(x, g, y, seed);
}

/* Differences of gradients, extrapolated; *error is an estimate of what is left. */
static void differences(const Case *c, const double *x, const double *h, double *d, double *error)
{
    enum { LEVELS = 6 };
    static double table[LEVELS][LEVELS][MAX];
    double step = 0.02 * (c->high - c->low), at[MAX], up[MAX], down[MAX];
    for (int j = 0; j < c->n; j++)
        error[j] = INFINITY;
    for (int level = 0; level < LEVELS; level++, step /= 2.5) {
        for (int sign = -1; sign <= 1; sign += 2) {
            for (int i = 0; i < c->n; i++)
                at[i] = x[i] + sign * step * h[i];
            gradient(c, at, sign < 0 ? down : up);
        }
        for (int j = 0; j < c->n; j++) {
            table[level][0][j] = (up[j] - down[j]) / (2 * step);
            double factor = 2.5 * 2.5;
            for (int k = 1; k <= level; k++, factor *= 2.5 * 2.5) {
                table[level][k][j] =
                    (factor * table[level][k - 1][j] - table[level - 1][k - 1][j]) / (factor - 1);
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

static void check_hessian(const Case *c, const double *x, double tolerance)
{
    static double hessian[MAX * MAX];
    double y[1] = {0}, again[1] = {0}, h[MAX], product[MAX], d[MAX] = {0}, e[MAX];
    c->f(x, y);
    for (int i = 0; i < c->n; i++) {
        h[i] = 2 * uniform() - 1;
        product[i] = 3;
    }
    c->hvp(x, h, product, again);
    compare(c, "primal of hvp", 0, again[0], y[0], 0);
    differences(c, x, h, d, e);
    for (int i = 0; i < c->n; i++)
        compare(c, "hvp against differences", i, product[i] - 3, d[i], (c->single ? 1e-2 : 1e-6) + 20 * e[i]);
    again[0] = 0;
    c->hessian(x, again, hessian);
    compare(c, "primal of hessian", 0, again[0], y[0], 0);
    for (int i = 0; i < c->n; i++) {
        double sum = 0, size = 0;
        for (int j = 0; j < c->n; j++) {
            sum += hessian[i * c->n + j] * h[j];
            size += fabs(hessian[i * c->n + j] * h[j]);
            if (memcmp(&hessian[i * c->n + j], &hessian[j * c->n + i], sizeof(double)) != 0)
                compare(c, "symmetry", i * c->n + j, hessian[i * c->n + j], hessian[j * c->n + i], -1);
        }
        compare(c, "hessian against hvp", i, sum, product[i] - 3, tolerance * 10 * (1 + size));
    }
}

int main(void)
{
    const int count = (int)(sizeof cases / sizeof *cases);
    add_hessians();
    for (int i = 0; i < count; i++)
        for (int k = 0; k < POINTS; k++) {
            const Case *c = &cases[i];
            double x[MAX];
            for (int j = 0; j < c->n; j++)
                x[j] = c->low + (c->high - c->low) * (0.1 + 0.8 * uniform());
            check_jacobian(c, x, c->single ? 1e-5 : 1e-12);
            if (c->sparse_jacobian)
                check_sparse(c, x, c->single ? 1e-5 : 1e-12);
            if (c->jvp3)
                check_directions(c, x, c->single ? 1e-5 : 1e-12);
            if (c->hvp)
                check_hessian(c, x, c->single ? 1e-5 : 1e-12);
        }
    fprintf(stderr, "%d functions, %d failures\n", count, failures);
    return failures != 0;
}
