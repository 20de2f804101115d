/* Newton's method with sparse Jacobians and Hessians: the pattern once, the entries in each step, a tridiagonal solve. */
#include <stdlib.h>

#include "check.h"
#include "sparse_grad.h"

enum { N = 2000 };

static double values[3 * N];

static double entry(const AdPattern *pattern, long i, long j)
{
    for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++)
        if (pattern->column_indices[k] == j)
            return values[k];
    return 0;
}

/* x := x - A^-1 r, for a tridiagonal A, by elimination (Thomas). */
static void newton_step(const AdPattern *pattern, int n, double *x, const double *r)
{
    static double upper[N], right[N];
    for (int i = 0; i < n; i++) {
        const double lower = i ? entry(pattern, i, i - 1) : 0;
        const double pivot = entry(pattern, i, i) - (i ? lower * upper[i - 1] : 0);
        upper[i] = entry(pattern, i, i + 1) / pivot;
        right[i] = (r[i] - (i ? lower * right[i - 1] : 0)) / pivot;
    }
    for (int i = n - 2; i >= 0; i--)
        right[i] -= upper[i] * right[i + 1];
    for (int i = 0; i < n; i++)
        x[i] -= right[i];
}

static double largest(int n, const double *r)
{
    double most = 0;
    for (int i = 0; i < n; i++)
        most = fabs(r[i]) > most ? fabs(r[i]) : most;
    return most;
}

static void boundary_value_problem(void)
{
    static double u[N], r[N];
    AdPattern *pattern = bratu_jacobian_pattern(N, u, r);
    check("directions", (double)pattern->colors, 3);
    check("entries", (double)pattern->nonzeros, 3.0 * N - 2);
    const double scale = (N + 1.0) * (N + 1.0);
    for (int step = 0; step < 6; step++) {
        bratu_jacobian(N, u, r, pattern, values);
        printf("  step %d: residual %.3g\n", step, largest(N, r));
        check("dr/du on the diagonal", entry(pattern, N / 3, N / 3), -2 * scale + exp(u[N / 3]));
        check("dr/du beside it", entry(pattern, N / 3, N / 3 + 1), scale);
        newton_step(pattern, N, u, r);
    }
    /* u = -2 log(cosh(theta (t - 1/2) / 2) / cosh(theta / 4)), where theta = sqrt(2) cosh(theta / 4) */
    double theta = 1.5;
    for (int i = 0; i < 60; i++)
        theta = sqrt(2) * cosh(theta / 4);
    const double t = (N / 4 + 1) / (N + 1.0), exact = -2 * log(cosh(theta * (t - 0.5) / 2) / cosh(theta / 4));
    check("solution, to the error of differences", fabs(u[N / 4] - exact) < 1e-7, 1);
    ad_pattern_free(pattern);
}

static void minimisation(void)
{
    static double x[N], gradient[N];
    for (int i = 0; i < N; i++)
        x[i] = 1 + 0.05 * random_number();
    AdPattern *pattern = valley_hessian_pattern(N, x);
    check("directions", (double)pattern->colors, 3);
    for (int step = 0; step < 8; step++) {
        for (int i = 0; i < N; i++)
            gradient[i] = 0;
        valley_grad(N, x, gradient);
        const double f = valley_hessian(N, x, pattern, values);
        printf("  step %d: objective %.3g\n", step, f);
        check("d2f/dx2", entry(pattern, 7, 7), 200 + 1200 * x[7] * x[7] - 400 * x[8] + 2);
        check("d2f/dx dy", entry(pattern, 7, 8), -400 * x[7]);
        check("symmetric", entry(pattern, 8, 7) - entry(pattern, 7, 8), 0);
        newton_step(pattern, N, x, gradient);
    }
    check("objective below 1e-20", valley_hessian(N, x, pattern, values) < 1e-20, 1);
    ad_pattern_free(pattern);
}

int main(void)
{
    heading("u'' + e^u = 0, 2000 unknowns");
    boundary_value_problem();
    heading("Rosenbrock's valley, 2000 unknowns");
    minimisation();
    return check_failures != 0;
}
