/* B. Every derivative of b_vectors.c beside its closed form: directional ones forward, and by
 * <v, Df[H]> = <vjp(v), H>. */
#include <string.h>

#include "b_vectors_grad.h"
#include "b_vectors_modes.h"
#include "check.h"

enum { D = 3, N = 2 };

static double A[D][D], B[D][D], C[D][D], S[D][D], H[D][D], X[D][N], HX[D][N], a[N], b[D], v[D], z[D], w[D];

static void randomise(void)
{
    fill_random(D * D, &A[0][0]);
    fill_random(D * D, &B[0][0]);
    fill_random(D * D, &C[0][0]);
    fill_random(D * D, &S[0][0]);
    fill_random(D * D, &H[0][0]);
    fill_random(D * N, &X[0][0]);
    fill_random(D * N, &HX[0][0]);
    fill_random(N, a);
    fill_random(D, b);
    fill_random(D, v);
    fill_random(D, z);
    fill_random(D, w);
}

/* out += P Q, for the closed forms */
static void times(int m, int k, int n, const double *P, const double *Q, double *out)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            out[i * n + j] = 0;
            for (int l = 0; l < k; l++)
                out[i * n + j] += P[i * k + l] * Q[l * n + j];
        }
}

static void turned(int m, int n, const double *P, double *out)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            out[j * m + i] = P[i * n + j];
}

/* The product of up to six D x D (or D x N, N x D) matrices, added to out. */
static void add_product(int count, const double *const *factors, const int *sizes, double *out)
{
    double left[D * D], next[D * D];
    memcpy(left, factors[0], sizeof(double) * (size_t)(sizes[0] * sizes[1]));
    for (int i = 1; i < count; i++) {
        times(sizes[0], sizes[i], sizes[i + 1], left, factors[i], next);
        memcpy(left, next, sizeof next);
    }
    for (int i = 0; i < sizes[0] * sizes[count]; i++)
        out[i] += left[i];
}

static void check_all(const char *what, int n, const double *got, const double *expected)
{
    for (int i = 0; i < n; i++)
        check(what, got[i], expected[i]);
}

static void neurons(void)
{
    double w_bar[D] = {0}, b_bar = 0, dot_;
    const double s = neuron_grad(D, w, w_bar, 0.3, &b_bar, v);
    for (int i = 0; i < D; i++)
        check("B1 neuron, w", w_bar[i], s * (1 - s) * v[i]);
    check("B1 neuron, b", b_bar, s * (1 - s));
    neuron_jvp(D, w, z, 0.3, 0.7, v, &dot_);
    check("B1 neuron, tangent", dot_, dot(D, w_bar, z) + 0.7 * b_bar);
}

static void products(void)
{
    double y[D], y_dot[D], y_bar[D], X_bar[D][N] = {{0}}, expected[D];
    matrix_vector_jvp(X, HX, a, y, y_dot);
    times(D, N, 1, &HX[0][0], a, expected);
    check_all("B2 X a, tangent", D, y_dot, expected);
    memcpy(y_bar, v, sizeof v);
    matrix_vector_vjp(X, X_bar, a, y, y_bar);
    check("B2 <v, Df[H]> = <vjp(v), H>", dot(D * N, &X_bar[0][0], &HX[0][0]), dot(D, v, y_dot));
}

static void grams(void)
{
    double Y[D][D], Y_dot[D][D], Y_bar[D][D], X_bar[D][N] = {{0}}, expected[D * D] = {0};
    double Xt[N * D], Ht[N * D];
    turned(D, N, &X[0][0], Xt);
    turned(D, N, &HX[0][0], Ht);
    gram_jvp(A, X, HX, B, Y, Y_dot);
    const int sizes[] = {D, D, N, D, D};
    add_product(4, (const double *const[]){&A[0][0], &HX[0][0], Xt, &B[0][0]}, sizes, expected);
    add_product(4, (const double *const[]){&A[0][0], &X[0][0], Ht, &B[0][0]}, sizes, expected);
    check_all("B3 A X X^T B, tangent", D * D, &Y_dot[0][0], expected);
    memcpy(Y_bar, S, sizeof S);
    gram_vjp(A, X, X_bar, B, Y, Y_bar);
    check("B3 <V, Df[H]> = <vjp(V), H>", dot(D * N, &X_bar[0][0], &HX[0][0]),
          dot(D * D, &S[0][0], &Y_dot[0][0]));
}

static void forms(void)
{
    double X_bar[D][N] = {{0}}, p[D] = {0}, q[D] = {0}, pX[N] = {0}, qX[N] = {0}, tangent;
    bilinear_grad(v, X, X_bar, a);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < N; j++)
            check("B4 v X a", X_bar[i][j], v[i] * a[j]);
    bilinear_jvp(v, X, HX, a, &tangent);
    check("B4 tangent", tangent, dot(D * N, &X_bar[0][0], &HX[0][0]));
    memset(X_bar, 0, sizeof X_bar);
    gram_form_grad(v, A, X, X_bar, B, z);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++) {
            p[j] += A[i][j] * v[i];
            q[i] += B[i][j] * z[j];
        }
    for (int i = 0; i < D; i++)
        for (int k = 0; k < N; k++) {
            pX[k] += p[i] * X[i][k];
            qX[k] += q[i] * X[i][k];
        }
    for (int i = 0; i < D; i++)
        for (int k = 0; k < N; k++)
            check("B5 v A X X^T B z", X_bar[i][k], p[i] * qX[k] + q[i] * pX[k]);
    gram_form_jvp(v, A, X, HX, B, z, &tangent);
    check("B5 tangent", tangent, dot(D * N, &X_bar[0][0], &HX[0][0]));
}

static void row_and_matrix(void)
{
    const double x[2] = {0.7, 1.3}, x1 = x[0], x2 = x[1];
    const double J[2][2] = {{0, sin(x2) + x2 * cos(x2)}, {x2, 3 * x2 * x2 + x1}};
    for (int k = 0; k < 2; k++) {
        double y[2], y_dot[2], x_bar[2] = {0, 0}, y_bar[2] = {k == 0, k == 1};
        const double h[2] = {k == 0, k == 1};
        row_times_matrix_jvp(x, h, y, y_dot);
        row_times_matrix_vjp(x, x_bar, y, y_bar);
        check("B6 value", y[k], k ? x2 * x2 * x2 + x1 * x2 : 1 + x2 * sin(x2));
        for (int i = 0; i < 2; i++) {
            check("B6 column (jvp)", y_dot[i], J[i][k]);
            check("B6 row (vjp)", x_bar[i], J[k][i]);
        }
    }
}

static void powers(void)
{
    double Y[D][D], Y_dot[D][D], Y_bar[D][D], S_bar[D][D] = {{0}}, expected[D * D] = {0};
    double St[D * D], Ht[D * D];
    const int sizes[] = {D, D, D, D, D, D, D};
    const double *c = &C[0][0], *s = &S[0][0], *h = &H[0][0], *bb = &B[0][0], *aa = &A[0][0];
    turned(D, D, s, St);
    turned(D, D, h, Ht);
    sandwich_jvp(C, S, H, B, A, Y, Y_dot);
    add_product(6, (const double *const[]){c, h, bb, St, aa, s}, sizes, expected);
    add_product(6, (const double *const[]){c, s, bb, Ht, aa, s}, sizes, expected);
    add_product(6, (const double *const[]){c, s, bb, St, aa, h}, sizes, expected);
    check_all("B7 C X B X^T A X, tangent", D * D, &Y_dot[0][0], expected);
    memcpy(Y_bar, C, sizeof C);
    sandwich_vjp(C, S, S_bar, B, A, Y, Y_bar);
    check("B7 <V, Df[H]> = <vjp(V), H>", dot(D * D, &S_bar[0][0], h), dot(D * D, c, &Y_dot[0][0]));
    memset(expected, 0, sizeof expected);
    memset(S_bar, 0, sizeof S_bar);
    fourth_power_jvp(S, H, A, Y, Y_dot);
    for (int k = 0; k < 4; k++)
        add_product(5, (const double *const[]){k == 0 ? h : s, k == 1 ? h : s, aa, k == 2 ? h : s,
                                               k == 3 ? h : s}, sizes, expected);
    check_all("B8 X X A X X, tangent", D * D, &Y_dot[0][0], expected);
    memcpy(Y_bar, C, sizeof C);
    fourth_power_vjp(S, S_bar, A, Y, Y_bar);
    check("B8 <V, Df[H]> = <vjp(V), H>", dot(D * D, &S_bar[0][0], h), dot(D * D, c, &Y_dot[0][0]));
}

static void scalars(void)
{
    double g[D] = {0}, e[D], t[D], r[D];
    linear_grad(D, b, z, g);
    check_all("B9 b^T x", D, g, b);
    memset(g, 0, sizeof g);
    quadratic_grad(D, A, z, g);
    for (int i = 0; i < D; i++) {
        e[i] = 0;
        for (int j = 0; j < D; j++)
            e[i] += (A[i][j] + A[j][i]) * z[j];
    }
    check_all("B10 x^T M x", D, g, e);
    memset(g, 0, sizeof g);
    residual_norm_grad(D, D, A, z, g, b);
    times(D, D, 1, &A[0][0], z, r);
    for (int i = 0; i < D; i++)
        r[i] -= b[i];
    turned(D, D, &A[0][0], &S[0][0]);
    times(D, D, 1, &S[0][0], r, e);
    for (int i = 0; i < D; i++)
        t[i] = 2 * e[i];
    check_all("B12 |A x - b|^2", D, g, t);
    memset(g, 0, sizeof g);
    half_square_grad(D, z, g);
    check_all("B13 1/2 |x|^2", D, g, z);
    memset(g, 0, sizeof g);
    half_norm_grad(D, z, g);
    for (int i = 0; i < D; i++)
        check("B13 1/2 |x|", g[i], z[i] / (2 * sqrt(dot(D, z, z))));
    const double origin[D] = {0};
    memset(g, 0, sizeof g);
    half_norm_grad(D, origin, g);
    check("B13 1/2 |x| at 0: no derivative", g[0], NAN);
    memset(g, 0, sizeof g);
    affine_form_grad(D, z, g, A, b);
    for (int i = 0; i < D; i++) {
        e[i] = b[i];
        for (int j = 0; j < D; j++)
            e[i] += (A[i][j] + A[j][i]) * z[j];
    }
    check_all("B14 x^T (A x + z)", D, g, e);
    memset(g, 0, sizeof g);
    one_residual_grad(D, w, g, z, 0.3);
    for (int i = 0; i < D; i++)
        check("B15 1/2 (w^T x - y)^2", g[i], (dot(D, w, z) - 0.3) * z[i]);
    memset(g, 0, sizeof g);
    all_residuals_grad(D, D, A, w, g, b);
    times(D, D, 1, &A[0][0], w, r);
    for (int i = 0; i < D; i++)
        r[i] -= b[i];
    times(D, D, 1, &S[0][0], r, e);
    check_all("B15 1/2 |X w - y|^2", D, g, e);
}

static void shapes(void)
{
    enum { P = 2 };
    double M[D][P], K[P] = {0.4, -0.8}, y[P] = {1.1, 0.6}, x_bar[D] = {0}, y_bar[P] = {0}, tangent;
    fill_random(D * P, &M[0][0]);
    mixed_form_grad(D, P, z, x_bar, M, y, y_bar, B, K, 0.9);
    double xBx = 0, Ky = dot(P, K, y);
    for (int i = 0; i < D; i++)
        xBx += z[i] * dot(D, B[i], z);
    for (int i = 0; i < D; i++) {
        double e = dot(P, M[i], y);
        for (int j = 0; j < D; j++)
            e += (B[i][j] + B[j][i]) * z[j] * Ky;
        check("B11 in x", x_bar[i], e);
    }
    for (int j = 0; j < P; j++) {
        double e = xBx * K[j];
        for (int i = 0; i < D; i++)
            e += z[i] * M[i][j];
        check("B11 in y", y_bar[j], e);
    }
    mixed_form_jvp(D, P, z, v, M, y, a, B, K, 0.9, &tangent);
    check("B11 tangent", tangent, dot(D, x_bar, v) + dot(P, y_bar, a));
    double W_bar[D][D] = {{0}};
    layer_error_grad(D, D, A, W_bar, z, b, w);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            check("B16 |W x + b - y|^2", W_bar[i][j], 2 * (dot(D, A[i], z) + b[i] - w[i]) * z[j]);
}

static void jacobians(void)
{
    const double x[3] = {0.5, -0.3, 2}, field[2] = {0.4, -1.7};
    for (int k = 0; k < D; k++) {
        const double h[D] = {k == 0, k == 1, k == 2};
        double s[D], s_dot[D], s_bar[D] = {k == 0, k == 1, k == 2}, x_bar[D] = {0};
        softmax_jvp(D, z, h, s, s_dot);
        softmax_vjp(D, z, x_bar, s, s_bar);
        for (int i = 0; i < D; i++) {
            check("B17 softmax column (jvp)", s_dot[i], s[i] * ((i == k) - s[k]));
            check("B17 softmax row (vjp)", x_bar[i], s[k] * ((i == k) - s[i]));
        }
        double y[D], y_dot[D], y_bar[D] = {k == 0, k == 1, k == 2}, z_bar[D] = {0};
        linear_map_jvp(D, D, A, z, h, y, y_dot);
        linear_map_vjp(D, D, A, z, z_bar, y, y_bar);
        for (int i = 0; i < D; i++) {
            check("B18 M column (jvp)", y_dot[i], A[i][k]);
            check("B18 M row (vjp)", z_bar[i], A[k][i]);
        }
        double r_bar[D] = {k == 0, k == 1, k == 2}, u_bar[D] = {0};
        relu3_jvp(x, h, y, y_dot);
        relu3_vjp(x, u_bar, y, r_bar);
        for (int i = 0; i < D; i++) {
            check("B19 ReLU column (jvp)", y_dot[i], i == k && x[i] > 0);
            check("B19 ReLU row (vjp)", u_bar[i], i == k && x[i] > 0);
        }
    }
    double S[D * D], M[D * D], R[D * D], s[D], y[D], field_value[2];
    softmax_jacobian(D, z, s, S);
    linear_map_jacobian(D, D, A, z, y, M);
    relu3_jacobian(x, y, R);
    for (int i = 0; i < D; i++)
        for (int k = 0; k < D; k++) {
            check("B17 softmax Jacobian", S[i * D + k], s[i] * ((i == k) - s[k]));
            check("B18 M", M[i * D + k], A[i][k]);
            check("B19 ReLU Jacobian", R[i * D + k], i == k && x[i] > 0);
        }
    check("B20 divergence of (-y, x)", rotation_divergence(field, field_value), 0);
    check("B20 divergence of (x, y)", expansion_divergence(field, field_value), 2);
}

static void chain(void)
{
    const double x[2] = {0.6, -0.9}, h[2] = {0.3, 1.4};
    double u[3], u_dot[3], y[2], y_dot[2], direct[2];
    inner_jvp(x, h, u, u_dot);
    outer_jvp(u, u_dot, y, y_dot);
    composed_jvp(x, h, y, direct);
    check_all("B21 chain rule", 2, direct, y_dot);
    double inner_matrix[6], outer_matrix[6], whole[4];
    inner_jacobian(x, u, inner_matrix);
    outer_jacobian(u, y, outer_matrix);
    composed_jacobian(x, y, whole);
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++) {
            double product = 0;
            for (int j = 0; j < 3; j++)
                product += outer_matrix[i * 3 + j] * inner_matrix[j * 2 + k];
            check("B21 Jacobian of f o g", whole[i * 2 + k], product);
        }
}

int main(void)
{
    randomise();
    heading("B. Vectors and matrices");
    neurons();
    products();
    grams();
    forms();
    row_and_matrix();
    powers();
    scalars();
    shapes();
    jacobians();
    chain();
    return every_mode() + check_failures != 0;
}
