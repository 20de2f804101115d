/* Sparse against dense: every entry of the pattern equals the dense one, and what is not in the pattern is zero. */
#include "sparse_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N = 40, ROWS = 2 * N + 3 };

static int failures;
static double dense[ROWS * ROWS], values[ROWS * ROWS];

static void fail(const char *what, long i, long j, double got, double want)
{
    printf("FAILED %s (%ld, %ld): %.17g, expected %.17g\n", what, i, j, got, want);
    failures++;
}

/* Frees the pattern. */
static void compare(const char *what, AdPattern *pattern, long rows, long columns, double tolerance)
{
    if (pattern->rows != rows || pattern->columns != columns)
        fail(what, pattern->rows, pattern->columns, 0, 0);
    for (long i = 0; i < pattern->rows; i++) {
        long k = pattern->row_starts[i];
        for (long j = 0; j < columns; j++) {
            const double want = dense[i * columns + j];
            const int is_entry = k < pattern->row_starts[i + 1] && pattern->column_indices[k] == j;
            const double got = is_entry ? values[k++] : 0;
            if (!(fabs(got - want) <= tolerance * (1 + fabs(want))))
                fail(what, i, j, got, want);
        }
        if (k != pattern->row_starts[i + 1])
            fail(what, i, k, 0, 0);
    }
    ad_pattern_free(pattern);
}

static void expect(const char *what, long got, long want)
{
    if (got != want)
        fail(what, 0, 0, (double)got, (double)want);
}

/* In every entry of the mirrored pair the same number, to the last bit. */
static void expect_symmetric(const char *what, const AdPattern *pattern)
{
    static double full[N * 2 + 1][N * 2 + 1];
    memset(full, 0, sizeof full);
    for (long i = 0; i < pattern->rows; i++)
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++)
            full[i][pattern->column_indices[k]] = values[k];
    for (long i = 0; i < pattern->rows; i++)
        for (long j = 0; j < i; j++)
            if (memcmp(&full[i][j], &full[j][i], sizeof(double)) != 0)
                fail(what, i, j, full[i][j], full[j][i]);
}

static void fill(double *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = 0.3 + 0.5 * sin(1 + 3 * i);
}

static void jacobians(int n)
{
    double x[N * N], y[N * N], again[N * N];
    fill(x, N);
    AdPattern *pattern = stencil_jacobian_pattern(n, x, y);
    expect("colors of stencil", pattern->colors, n < 3 ? n : 3);
    stencil_jacobian(n, x, y, pattern, values);
    stencil_dense(n, x, again, dense);
    for (int i = 0; i < n; i++)
        if (y[i] != again[i])
            fail("stencil value", i, 0, y[i], again[i]);
    compare("stencil", pattern, n, n, 1e-13);

    double in[N], out[N], third[N];
    memcpy(in, x, sizeof in);
    memcpy(out, x, sizeof out);
    memcpy(third, x, sizeof third);
    pattern = shift_jacobian_pattern(n, in);
    expect("entries of shift", pattern->nonzeros, n ? 2 * n - 1 : 0);
    shift_jacobian(n, out, pattern, values);
    shift_dense(n, third, dense);
    for (int i = 0; i < n; i++)
        if (in[i] != third[i] || out[i] != third[i])
            fail("shift value", i, 0, out[i], third[i]);
    compare("shift", pattern, n, n, 1e-13);

    double two[2];
    pattern = halves_jacobian_pattern(n, x, two);
    expect("entries of halves", pattern->nonzeros, n);
    if (n > 3) {
        expect("halves by rows", pattern->by_row, 1);
        expect("colors of halves", pattern->colors, 1);
    }
    halves_jacobian(n, x, two, pattern, values);
    halves_dense(n, x, two, dense);
    compare("halves", pattern, 2, n, 1e-13);

    pattern = several_jacobian_pattern(n, x, y, 1.5, two);
    if (several_jacobian(n, x, y, 1.5, two, pattern, values) != 2.25)
        fail("several value", 0, 0, 0, 2.25);
    several_dense(n, x, y, 1.5, two, dense);
    compare("several", pattern, n + 3, n + 1, 1e-13);

    pattern = windows_jacobian_pattern(n, x, y);
    windows_jacobian(n, x, y, pattern, values);
    windows_dense(n, x, y, dense);
    compare("windows", pattern, n, n, 1e-13);
}

static void single_precision(int n)
{
    static float single[N * N], few[3 * N];
    float x[N], y[N];
    for (int i = 0; i < N; i++)
        x[i] = 0.3f + 0.01f * (float)i;
    AdPattern *pattern = rounds_jacobian_pattern(n, x, y);
    rounds_jacobian(n, x, y, pattern, few);
    rounds_dense(n, x, y, single);
    for (long k = 0; k < pattern->nonzeros; k++)
        values[k] = few[k];
    for (int i = 0; i < n * n; i++)
        dense[i] = single[i];
    compare("rounds", pattern, n, n, 1e-5);
}

static void plates(void)
{
    enum { n = 6, m = 7 };
    double u[n][m], r[n][m];
    fill(&u[0][0], n * m);
    AdPattern *pattern = plate_jacobian_pattern(n, m, (const double (*)[m])u, r);
    expect("entries of plate", pattern->nonzeros, 5L * n * m - 2 * n - 2 * m);
    if (pattern->colors > 8)
        fail("colors of plate", 0, 0, (double)pattern->colors, 8);
    plate_jacobian(n, m, (const double (*)[m])u, r, pattern, values);
    plate_dense(n, m, (const double (*)[m])u, r, dense);
    compare("plate", pattern, (long)n * m, (long)n * m, 1e-13);
}

static void hessians(int n)
{
    double x[N], z[N];
    fill(x, N);
    for (int i = 0; i < N; i++)
        z[i] = 1 - x[i];
    AdPattern *pattern = chain_hessian_pattern(n, x);
    if (n > 5 && pattern->colors > 5)
        fail("colors of chain", 0, 0, (double)pattern->colors, 5);
    if (chain_hessian(n, x, pattern, values) != chain_dense(n, x, dense))
        fail("chain value", 0, 0, 0, 0);
    expect_symmetric("symmetry of chain", pattern);
    compare("chain", pattern, n, n, 1e-13);

    pattern = arrow_hessian_pattern(n, x);
    if (n > 2)
        expect("colors of arrow", pattern->colors, 2);
    arrow_hessian(n, x, pattern, values);
    arrow_dense(n, x, dense);
    expect_symmetric("symmetry of arrow", pattern);
    compare("arrow", pattern, n, n, 1e-13);

    pattern = pairs_hessian_pattern(n, x, 2, z);
    pairs_hessian(n, x, 2, z, pattern, values);
    pairs_dense(n, x, 2, z, dense);
    expect_symmetric("symmetry of pairs", pattern);
    compare("pairs", pattern, 2 * n + 1, 2 * n + 1, 1e-13);

    pattern = linear_hessian_pattern(n, x);
    expect("entries of linear", pattern->nonzeros, 0);
    linear_hessian(n, x, pattern, values);
    linear_dense(n, x, dense);
    compare("linear", pattern, n, n, 0);

    pattern = norm_hessian_pattern(n, x);
    expect("entries of norm", pattern->nonzeros, (long)n * n);
    norm_hessian(n, x, pattern, values);
    norm_dense(n, x, dense);
    expect_symmetric("symmetry of norm", pattern);
    compare("norm", pattern, n, n, 1e-13);
}

int main(void)
{
    static const int sizes[] = {0, 1, 2, 3, 7, 17, N};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        jacobians(sizes[i]);
        hessians(sizes[i]);
        single_precision(sizes[i]);
    }
    plates();
    return failures != 0;
}
