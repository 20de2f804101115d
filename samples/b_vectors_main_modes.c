/* B, in the other modes: Hessians, Jacobians and divergences beside their closed forms; what gradients are is compared with closed
 * forms in b_vectors_main.c, and here with vjp, jvp and Jacobians. */
#include "b_vectors_modes.h"

#include "b_vectors_grad.h"
#include "check.h"

enum { D = 3, N = 2 };

static double A[D][D], B[D][D], C[D][D], S[D][D], X[D][N], a[N], b[D], v[D], z[D], w[D];

#define LIST(...) __VA_ARGS__

/* All modes of a function of one independent x of `size` numbers, which stands between the parameters BEFORE and AFTER. */
#define SCALAR(what, f, size, hessian, BEFORE, x, AFTER)                                              \
    do {                                                                                              \
        double g[size] = {0}, bar[size] = {0}, h[size], tangent, J[size], Hv[size] = {0}, H[(size) * (size)]; \
        fill_random(size, h);                                                                         \
        f##_grad(LIST BEFORE x, (void *)g LIST AFTER);                                                \
        f##_vjp(LIST BEFORE x, (void *)bar LIST AFTER, -2);                                           \
        f##_jvp(LIST BEFORE x, (void *)h LIST AFTER, &tangent);                                       \
        f##_jacobian(LIST BEFORE x LIST AFTER, J);                                                    \
        f##_hvp(LIST BEFORE x, (void *)h, (void *)Hv LIST AFTER);                                     \
        f##_hessian(LIST BEFORE x LIST AFTER, H);                                                     \
        compare(what, size, g, bar, h, tangent, J, Hv, H, hessian);                                   \
    } while (0)

static void compare(const char *what, int n, const double *g, const double *bar, const double *h, double tangent,
                    const double *J, const double *Hv, const double *H, const double *hessian)
{
    printf("%s\n", what);
    check("  jvp", tangent, dot(n, g, h));
    for (int i = 0; i < n; i++) {
        check("  vjp", bar[i], -2 * g[i]);
        check("  jacobian", J[i], g[i]);
        check("  hvp", Hv[i], dot(n, hessian + i * n, h));
        for (int k = 0; k < n; k++) {
            check("  hessian", H[i * n + k], hessian[i * n + k]);
            check("  symmetric", H[i * n + k] - H[k * n + i], 0);
        }
    }
}

/* ---- scalar functions ---- */

static void squares(void)
{
    double none[D * D] = {0}, twice[D * D], normal[D * D], unit[D * D], half[D * D], outer[D * D], one[D * D];
    const double r = sqrt(dot(D, z, z));
    for (int i = 0; i < D; i++)
        for (int k = 0; k < D; k++) {
            const int at = i * D + k;
            twice[at] = A[i][k] + A[k][i];
            normal[at] = A[0][i] * A[0][k] + A[1][i] * A[1][k] + A[2][i] * A[2][k];
            one[at] = 2 * normal[at];
            unit[at] = i == k;
            half[at] = ((i == k) / r - z[i] * z[k] / (r * r * r)) / 2;
            outer[at] = z[i] * z[k];
        }
    SCALAR("B9 b^T x", linear, D, none, (D, b,), z, ());
    SCALAR("B10 x^T M x", quadratic, D, twice, (D, A,), z, ());
    SCALAR("B12 |A x - b|^2", residual_norm, D, one, (D, D, A,), z, (, b));
    SCALAR("B13 1/2 |x|^2", half_square, D, unit, (D,), z, ());
    SCALAR("B13 1/2 |x|", half_norm, D, half, (D,), z, ());
    SCALAR("B14 x^T (A x + z)", affine_form, D, twice, (D,), z, (, A, b));
    SCALAR("B15 1/2 (w^T x - y)^2", one_residual, D, outer, (D,), w, (, z, 0.3));
    SCALAR("B15 1/2 |X w - y|^2", all_residuals, D, normal, (D, D, A,), w, (, b));
}

/* In matrices: rows and columns of the Hessian are their elements, row by row. */
static void in_matrices(void)
{
    double none[D * N * D * N] = {0}, gram[D * N * D * N], layer[D * D * D * D], p[D] = {0}, q[D] = {0};
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++) {
            p[j] += v[i] * A[i][j];
            q[i] += B[i][j] * z[j];
        }
    for (int i = 0; i < D * N; i++)
        for (int j = 0; j < D * N; j++)
            gram[i * D * N + j] = i % N == j % N ? p[i / N] * q[j / N] + q[i / N] * p[j / N] : 0;
    for (int i = 0; i < D * D; i++)
        for (int j = 0; j < D * D; j++)
            layer[i * D * D + j] = i / D == j / D ? 2 * z[i % D] * z[j % D] : 0;
    SCALAR("B4 v X a", bilinear, D * N, none, (v,), X, (, a));
    SCALAR("B5 v A X X^T B z", gram_form, D * N, gram, (v, A,), X, (, B, z));
    SCALAR("B16 |W x + b - y|^2", layer_error, D * D, layer, (D, D,), A, (, z, b, w));
}

/* Two independents. */
static void neurons(void)
{
    enum { SIZE = D + 1 };
    double g[SIZE] = {0}, bar[SIZE] = {0}, h[SIZE], tangent, J[SIZE], Hv[SIZE] = {0}, H[SIZE * SIZE], hessian[SIZE * SIZE];
    fill_random(SIZE, h);
    const double s = neuron_grad(D, w, g, 0.3, &g[D], v);
    neuron_vjp(D, w, bar, 0.3, &bar[D], v, -2);
    neuron_jvp(D, w, h, 0.3, h[D], v, &tangent);
    neuron_jacobian(D, w, 0.3, v, J);
    neuron_hvp(D, w, h, Hv, 0.3, h[D], &Hv[D], v);
    neuron_hessian(D, w, 0.3, v, H);
    for (int i = 0; i < SIZE; i++)
        for (int k = 0; k < SIZE; k++)
            hessian[i * SIZE + k] = s * (1 - s) * (1 - 2 * s) * (i < D ? v[i] : 1) * (k < D ? v[k] : 1);
    compare("B1 neuron", SIZE, g, bar, h, tangent, J, Hv, H, hessian);
}

static void shapes(void)
{
    enum { SIZE = D + N };
    double M[D][N], K[N] = {0.4, -0.8}, y[N] = {1.1, 0.6};
    double g[SIZE] = {0}, bar[SIZE] = {0}, h[SIZE], tangent, J[SIZE], Hv[SIZE] = {0}, H[SIZE * SIZE], hessian[SIZE * SIZE] = {0};
    fill_random(D * N, &M[0][0]);
    fill_random(SIZE, h);
    mixed_form_grad(D, N, z, g, M, y, &g[D], B, K, 0.9);
    mixed_form_vjp(D, N, z, bar, M, y, &bar[D], B, K, 0.9, -2);
    mixed_form_jvp(D, N, z, h, M, y, &h[D], B, K, 0.9, &tangent);
    mixed_form_jacobian(D, N, z, M, y, B, K, 0.9, J);
    mixed_form_hvp(D, N, z, h, Hv, M, y, &h[D], &Hv[D], B, K, 0.9);
    mixed_form_hessian(D, N, z, M, y, B, K, 0.9, H);
    for (int i = 0; i < D; i++) {
        double Bz = 0;
        for (int j = 0; j < D; j++) {
            hessian[i * SIZE + j] = (B[i][j] + B[j][i]) * dot(N, K, y);
            Bz += (B[i][j] + B[j][i]) * z[j];
        }
        for (int j = 0; j < N; j++)
            hessian[i * SIZE + D + j] = hessian[(D + j) * SIZE + i] = M[i][j] + Bz * K[j];
    }
    compare("B11 x^T A y + x^T B x C y + D", SIZE, g, bar, h, tangent, J, Hv, H, hessian);
}

/* ---- matrices of matrices ---- */

/* out (m x n) = P (m x k) Q (k x n) */
static void times(int m, int k, int n, const double *P, const double *Q, double *out)
{
    for (int i = 0; i < m * n; i++) {
        out[i] = 0;
        for (int l = 0; l < k; l++)
            out[i] += P[i / n * k + l] * Q[l * n + i % n];
    }
}

static void turned(int m, int n, const double *P, double *out)
{
    for (int i = 0; i < m * n; i++)
        out[i % n * m + i / n] = P[i];
}

static void products(void)
{
    double y[D], J[D * D * N], Y[D][D], G[D * D * D * N], Xt[N * D], XtB[N * D], AX[D * N];
    matrix_vector_jacobian(X, a, y, J);
    for (int k = 0; k < D; k++)
        for (int i = 0; i < D * N; i++)
            check("B2 X a, Jacobian", J[k * D * N + i], k == i / N ? a[i % N] : 0);
    gram_jacobian(A, X, B, Y, G);
    turned(D, N, &X[0][0], Xt);
    times(N, D, D, Xt, &B[0][0], XtB);
    times(D, D, N, &A[0][0], &X[0][0], AX);
    for (int out = 0; out < D * D; out++)
        for (int in = 0; in < D * N; in++) {
            const int p = out / D, q = out % D, i = in / N, j = in % N;
            check("B3 A X X^T B, Jacobian", G[out * D * N + in], A[p][i] * XtB[j * D + q] + AX[p * N + j] * B[i][q]);
        }
}

static void powers(void)
{
    enum { SIZE = D * D };
    const double *s = &S[0][0];
    double Y[D][D], J[SIZE * SIZE], St[SIZE], CS[SIZE], CSB[SIZE], CSBSt[SIZE], CSBStA[SIZE], AS[SIZE], BStAS[SIZE], StAS[SIZE];
    sandwich_jacobian(C, S, B, A, Y, J);
    turned(D, D, s, St);
    times(D, D, D, &C[0][0], s, CS);
    times(D, D, D, CS, &B[0][0], CSB);
    times(D, D, D, CSB, St, CSBSt);
    times(D, D, D, CSBSt, &A[0][0], CSBStA);
    times(D, D, D, &A[0][0], s, AS);
    times(D, D, D, St, AS, StAS);
    times(D, D, D, &B[0][0], StAS, BStAS);
    for (int out = 0; out < SIZE; out++)
        for (int in = 0; in < SIZE; in++) {
            const int p = out / D, q = out % D, i = in / D, j = in % D;
            check("B7 C X B X^T A X, Jacobian", J[out * SIZE + in],
                  C[p][i] * BStAS[j * D + q] + CSB[p * D + j] * AS[i * D + q] + (j == q ? CSBStA[p * D + i] : 0));
        }
    double SS[SIZE], ASS[SIZE], SASS[SIZE], SSA[SIZE], SSAS[SIZE], trace = 0;
    fourth_power_jacobian(S, A, Y, J);
    times(D, D, D, s, s, SS);
    times(D, D, D, &A[0][0], SS, ASS);
    times(D, D, D, s, ASS, SASS);
    times(D, D, D, SS, &A[0][0], SSA);
    times(D, D, D, SSA, s, SSAS);
    for (int out = 0; out < SIZE; out++)
        for (int in = 0; in < SIZE; in++) {
            const int p = out / D, q = out % D, i = in / D, j = in % D;
            const double expected = (p == i ? SASS[j * D + q] : 0) + S[p][i] * ASS[j * D + q] + SSA[p * D + i] * S[j][q] +
                                    (j == q ? SSAS[p * D + i] : 0);
            check("B8 X X A X X, Jacobian", J[out * SIZE + in], expected);
            trace += in == out ? expected : 0;
        }
    check("B8 divergence", fourth_power_divergence(S, A, Y), trace);
}

/* ---- fields ---- */

static void fields(void)
{
    const double x[2] = {0.7, 1.3}, turn[4] = {0, -1, 1, 0}, x3[3] = {0.5, -0.3, 2};
    const double rows[4] = {0, sin(x[1]) + x[1] * cos(x[1]), x[1], 3 * x[1] * x[1] + x[0]};
    double y[3], J[4], whole[4], s[D];
    row_times_matrix_jacobian(x, y, J);
    for (int k = 0; k < 4; k++)
        check("B6 Jacobian", J[k], rows[k]);
    check("B6 divergence", row_times_matrix_divergence(x, y), rows[0] + rows[3]);
    const double trace = softmax_divergence(D, z, s);
    check("B17 divergence", trace, 1 - dot(D, s, s));
    check("B19 divergence", relu3_divergence(x3, y), 2);
    rotation_jacobian(x, y, J);
    expansion_jacobian(x, y, whole);
    for (int k = 0; k < 4; k++) {
        const double h[2] = {k % 2 == 0, k % 2 == 1};
        double y_dot[2], x_bar[2] = {0, 0}, y_bar[2] = {k / 2 == 0, k / 2 == 1};
        rotation_jvp(x, h, y, y_dot);
        rotation_vjp(x, x_bar, y, y_bar);
        check("B20 Jacobian of (-y, x)", J[k], turn[k]);
        check("B20 (jvp)", y_dot[k / 2], turn[k]);
        check("B20 (vjp)", x_bar[k % 2], turn[k]);
        check("B20 Jacobian of (x, y)", whole[k], k == 0 || k == 3);
    }
    composed_jacobian(x, y, whole);
    check("B21 divergence", composed_divergence(x, y), whole[0] + whole[3]);
    const double u[3] = {x[0] * x[1], sin(x[0]), exp(x[1])};
    const double inner[6] = {x[1], x[0], cos(x[0]), 0, 0, u[2]}, outer[6] = {u[1], u[0], 1, -1, 0, 2 * u[2]};
    for (int i = 0; i < 2; i++) {
        double x_bar[2] = {0, 0}, y_bar[2] = {i == 0, i == 1};
        composed_vjp(x, x_bar, y, y_bar);
        for (int k = 0; k < 2; k++)
            check("B21 row (vjp)", x_bar[k],
                  outer[3 * i] * inner[k] + outer[3 * i + 1] * inner[2 + k] + outer[3 * i + 2] * inner[4 + k]);
    }
}

int every_mode(void)
{
    fill_random(D * D, &A[0][0]);
    fill_random(D * D, &B[0][0]);
    fill_random(D * D, &C[0][0]);
    fill_random(D * D, &S[0][0]);
    fill_random(D * N, &X[0][0]);
    fill_random(N, a);
    fill_random(D, b);
    fill_random(D, v);
    fill_random(D, z);
    fill_random(D, w);
    squares();
    in_matrices();
    neurons();
    shapes();
    products();
    powers();
    fields();
    return check_failures;
}
