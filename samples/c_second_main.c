/* C. Hessians beside their closed forms; Newton on the generated Hessian, Gauss-Newton on the generated
 * Jacobian, and without forming it, by conjugate gradients on J^T J v = vjp(jvp(v)). */
#include <string.h>

#include "c_second_grad.h"
#include "check.h"

enum { N = 20, M = 100 };

void residuals(int m, int n, double a[m][n], const double y[m], const double x[n], double r[m]);

static double a[M][N], y[M], solution[N];

static void hessian_of_quartic(void)
{
    enum { SIZE = 4 };
    double B[SIZE][SIZE], x[SIZE], H[SIZE * SIZE], S[SIZE][SIZE], Sx[SIZE], q = 0, norm = 0;
    fill_random(SIZE * SIZE, &B[0][0]);
    fill_random(SIZE, x);
    for (int i = 0; i < SIZE; i++) {
        norm += x[i] * x[i];
        Sx[i] = 0;
        for (int j = 0; j < SIZE; j++) {
            S[i][j] = B[i][j] + B[j][i];
            Sx[i] += S[i][j] * x[j];
            q += x[i] * B[i][j] * x[j];
        }
    }
    check("C1 value", quartic_hessian(SIZE, B, x, H), q * norm);
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            check("C1 Hessian", H[i * SIZE + j], S[i][j] * norm + 2 * (Sx[i] * x[j] + x[i] * Sx[j]) + 2 * q * (i == j));
            check("C1 symmetric", H[i * SIZE + j] - H[j * SIZE + i], 0);
        }
    double v[SIZE], Hv[SIZE] = {0}, g[SIZE] = {0}, bar[SIZE] = {0}, J[SIZE], tangent, along = 0;
    fill_random(SIZE, v);
    quartic_grad(SIZE, B, x, g);
    quartic_vjp(SIZE, B, x, bar, -2);
    quartic_jvp(SIZE, B, x, v, &tangent);
    quartic_jacobian(SIZE, B, x, J);
    for (int i = 0; i < SIZE; i++) {
        const double expected = Sx[i] * norm + 2 * q * x[i];
        along += expected * v[i];
        check("C1 gradient", g[i], expected);
        check("C1 gradient (vjp)", bar[i], -2 * expected);
        check("C1 gradient (jacobian)", J[i], expected);
    }
    check("C1 tangent", tangent, along);
    quartic_hvp(SIZE, B, x, v, Hv);
    for (int i = 0; i < SIZE; i++)
        check("C1 Hessian times vector", Hv[i], dot(SIZE, &H[i * SIZE], v));
}

/* ---- C2 ---- */

static double normal(void)
{
    return sqrt(-2 * log(0.5 * (random_number() + 1))) * cos(3.14159265358979323846 * random_number());
}

static void make_data(void)
{
    for (int j = 0; j < N; j++)
        solution[j] = normal();
    for (int i = 0; i < M; i++) {
        for (int j = 0; j < N; j++)
            a[i][j] = normal();
        y[i] = dot(N, a[i], solution) * dot(N, a[i], solution);
    }
}

static void derivatives_of_phase(const double x[N])
{
    double g[N] = {0}, want[N] = {0}, H[N * N], W[N * N] = {0};
    phase_grad(M, N, a, y, x, g);
    phase_hessian(M, N, a, y, x, H);
    for (int i = 0; i < M; i++) {
        const double t = dot(N, a[i], x);
        for (int j = 0; j < N; j++) {
            want[j] -= (y[i] - t * t) * t * a[i][j];
            for (int k = 0; k < N; k++)
                W[j * N + k] += (3 * t * t - y[i]) * a[i][j] * a[i][k];
        }
    }
    double gradient = 0, hessian = 0, size = 0, v[N], Hv[N] = {0}, bar[N] = {0}, J[N], tangent;
    fill_random(N, v);
    phase_hvp(M, N, a, y, x, v, Hv);
    phase_vjp(M, N, a, y, x, bar, -2);
    phase_jvp(M, N, a, y, x, v, &tangent);
    phase_jacobian(M, N, a, y, x, J);
    double product = 0, row = 0, reverse = 0;
    for (int j = 0; j < N; j++) {
        product = fmax(product, fabs(Hv[j] - dot(N, &W[j * N], v)));
        row = fmax(row, fabs(J[j] - want[j]));
        reverse = fmax(reverse, fabs(bar[j] / -2 - want[j]));
    }
    for (int j = 0; j < N; j++)
        gradient = fmax(gradient, fabs(g[j] - want[j]));
    for (int j = 0; j < N * N; j++) {
        hessian = fmax(hessian, fabs(H[j] - W[j]));
        size = fmax(size, fabs(W[j]));
    }
    check("C2 gradient, largest error", gradient / size, 0);
    check("C2 Hessian, largest error", hessian / size, 0);
    check("C2 Hessian times vector, largest error", product / size, 0);
    check("C2 gradient (jacobian)", row / size, 0);
    check("C2 gradient (vjp)", reverse / size, 0);
    check("C2 tangent", tangent, dot(N, want, v));
}

/* Solves A z = b for a symmetric positive definite A, by Cholesky, in place. */
static void solve(double A[N * N], double b[N])
{
    for (int j = 0; j < N; j++) {
        for (int k = 0; k < j; k++)
            for (int i = j; i < N; i++)
                A[i * N + j] -= A[i * N + k] * A[j * N + k];
        const double d = sqrt(A[j * N + j]);
        for (int i = j; i < N; i++)
            A[i * N + j] /= d;
    }
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= A[i * N + k] * b[k];
        b[i] /= A[i * N + i];
    }
    for (int i = N; i-- > 0;) {
        for (int k = i + 1; k < N; k++)
            b[i] -= A[k * N + i] * b[k];
        b[i] /= A[i * N + i];
    }
}

static void start(double x[N])
{
    for (int j = 0; j < N; j++)
        x[j] = solution[j] * (1 + 0.02 * (j % 5 - 2));
}

static void newton(void)
{
    double x[N], value = 1;
    start(x);
    for (int step = 0; step < 12 && value >= 1e-20; step++) {
        double H[N * N], g[N] = {0};
        value = phase_grad(M, N, a, y, x, g);
        printf("  Newton %2d        %22.15e\n", step, value);
        phase_hessian(M, N, a, y, x, H);
        solve(H, g);
        for (int j = 0; j < N; j++)
            x[j] -= g[j];
    }
    check("C2 Newton: objective < 1e-20", value < 1e-20, 1);
}

static void gauss_newton(void)
{
    double x[N], value = 1;
    start(x);
    for (int step = 0; step < 20 && value >= 1e-20; step++) {
        static double J[M * N];
        double r[M], A[N * N] = {0}, g[N] = {0};
        residuals_jacobian(M, N, a, y, x, r, J);
        value = 0.5 * dot(M, r, r);
        printf("  Gauss-Newton %2d  %22.15e\n", step, value);
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++) {
                g[j] += J[i * N + j] * r[i];
                for (int k = 0; k < N; k++)
                    A[j * N + k] += J[i * N + j] * J[i * N + k];
            }
        solve(A, g);
        for (int j = 0; j < N; j++)
            x[j] -= g[j];
    }
    check("C2 Gauss-Newton: objective < 1e-20", value < 1e-20, 1);
}

/* J^T J v, J never formed. */
static void normal_product(const double x[N], const double v[N], double product[N])
{
    double r[M], Jv[M];
    residuals_jvp(M, N, a, y, x, v, r, Jv);
    memset(product, 0, N * sizeof *product);
    residuals_vjp(M, N, a, y, x, product, r, Jv);
}

static void matrix_free(void)
{
    double x[N], value = 1;
    start(x);
    for (int step = 0; step < 20 && value >= 1e-20; step++) {
        double r[M], seed[M], b[N] = {0}, z[N] = {0}, p[N], Ap[N];
        residuals(M, N, a, y, x, r);
        value = 0.5 * dot(M, r, r);
        printf("  matrix-free %2d   %22.15e\n", step, value);
        memcpy(seed, r, sizeof r);
        residuals_vjp(M, N, a, y, x, b, r, seed);
        memcpy(p, b, sizeof p);
        double rho = dot(N, b, b);
        for (int k = 0; k < 3 * N && rho > 1e-30; k++) {
            normal_product(x, p, Ap);
            const double alpha = rho / dot(N, p, Ap), before = rho;
            for (int j = 0; j < N; j++) {
                z[j] += alpha * p[j];
                b[j] -= alpha * Ap[j];
            }
            rho = dot(N, b, b);
            for (int j = 0; j < N; j++)
                p[j] = b[j] + rho / before * p[j];
        }
        for (int j = 0; j < N; j++)
            x[j] -= z[j];
    }
    check("C2 without J: objective < 1e-20", value < 1e-20, 1);
}

int main(void)
{
    heading("C. Second derivatives");
    hessian_of_quartic();
    make_data();
    double x[N];
    start(x);
    derivatives_of_phase(x);
    newton();
    gauss_newton();
    matrix_free();
    return check_failures != 0;
}
