/* B. Vectors and matrices, in plain loops. Sizes: d = 3 rows, n = 2 columns, unless a parameter says so. */
#include "modes.h"

#include <math.h>

enum { D = 3, N = 2 };

/* C (m x n) = A (m x k) B (k x n) */
static void multiply(int m, int k, int n, double A[m][k], double B[k][n], double C[m][n])
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) {
            C[i][j] = 0;
            for (int l = 0; l < k; l++)
                C[i][j] += A[i][l] * B[l][j];
        }
}

static void transpose(int m, int n, double A[m][n], double B[n][m])
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            B[j][i] = A[i][j];
}

/* B1: one neuron, sigma(w.x + b) */
SCALAR_MODES(wrt(w, b))
double neuron(int d, const double w[d], double b, const double x[d])
{
    double z = b;
    for (int i = 0; i < d; i++)
        z += w[i] * x[i];
    return 1 / (1 + exp(-z));
}

/* B2: X a */
VECTOR_MODES(wrt(X), of(y))
void matrix_vector(double X[D][N], const double a[N], double y[D])
{
    for (int i = 0; i < D; i++) {
        y[i] = 0;
        for (int j = 0; j < N; j++)
            y[i] += X[i][j] * a[j];
    }
}

/* B3: A X X^T B */
VECTOR_MODES(wrt(X), of(Y))
void gram(double A[D][D], double X[D][N], double B[D][D], double Y[D][D])
{
    double Xt[N][D], AX[D][N], AXXt[D][D];
    transpose(D, N, X, Xt);
    multiply(D, D, N, A, X, AX);
    multiply(D, N, D, AX, Xt, AXXt);
    multiply(D, D, D, AXXt, B, Y);
}

/* B4: v X a */
SCALAR_MODES(wrt(X))
double bilinear(const double v[D], double X[D][N], const double a[N])
{
    double s = 0;
    for (int i = 0; i < D; i++)
        for (int j = 0; j < N; j++)
            s += v[i] * X[i][j] * a[j];
    return s;
}

/* B5: v A X X^T B z */
SCALAR_MODES(wrt(X))
double gram_form(const double v[D], double A[D][D], double X[D][N], double B[D][D], const double z[D])
{
    double p[D] = {0}, q[D] = {0}, s = 0;
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++) {
            p[j] += v[i] * A[i][j];
            q[i] += B[i][j] * z[j];
        }
    for (int k = 0; k < N; k++) {
        double left = 0, right = 0;
        for (int i = 0; i < D; i++) {
            left += p[i] * X[i][k];
            right += X[i][k] * q[i];
        }
        s += left * right;
    }
    return s;
}

/* B6: (1 x2) . [[1, x2^3], [sin x2, x1]] */
VECTOR_MODES(wrt(x), of(y)) ADGEN(divergence)
void row_times_matrix(const double x[2], double y[2])
{
    y[0] = 1 + x[1] * sin(x[1]);
    y[1] = x[1] * x[1] * x[1] + x[1] * x[0];
}

/* B7: C X B X^T A X */
VECTOR_MODES(wrt(X), of(Y))
void sandwich(double C[D][D], double X[D][D], double B[D][D], double A[D][D], double Y[D][D])
{
    double Xt[D][D], CX[D][D], CXB[D][D], CXBXt[D][D], AX[D][D];
    transpose(D, D, X, Xt);
    multiply(D, D, D, C, X, CX);
    multiply(D, D, D, CX, B, CXB);
    multiply(D, D, D, CXB, Xt, CXBXt);
    multiply(D, D, D, A, X, AX);
    multiply(D, D, D, CXBXt, AX, Y);
}

/* B8: X X A X X */
VECTOR_MODES(wrt(X), of(Y)) ADGEN(divergence, wrt(X), of(Y))
void fourth_power(double X[D][D], double A[D][D], double Y[D][D])
{
    double XX[D][D], XXA[D][D];
    multiply(D, D, D, X, X, XX);
    multiply(D, D, D, XX, A, XXA);
    multiply(D, D, D, XXA, XX, Y);
}

/* B9: b^T x */
SCALAR_MODES(wrt(x))
double linear(int n, const double b[n], const double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += b[i] * x[i];
    return s;
}

/* B10: x^T M x */
SCALAR_MODES(wrt(x))
double quadratic(int n, double M[n][n], const double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            s += x[i] * x[j] * M[i][j];
    return s;
}

/* B11: x^T A y + x^T B x C y + D0, with A: m x n, B: m x m, C: 1 x n, D0 a scalar */
SCALAR_MODES(wrt(x, y))
double mixed_form(int m, int n, const double x[m], double A[m][n], const double y[n], double B[m][m],
                  const double C[n], double D0)
{
    double xAy = 0, xBx = 0, Cy = 0;
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++)
            xAy += x[i] * A[i][j] * y[j];
        for (int j = 0; j < m; j++)
            xBx += x[i] * B[i][j] * x[j];
    }
    for (int j = 0; j < n; j++)
        Cy += C[j] * y[j];
    return xAy + xBx * Cy + D0;
}

/* B12: |A x - b|^2 */
SCALAR_MODES(wrt(x))
double residual_norm(int m, int n, double A[m][n], const double x[n], const double b[m])
{
    double s = 0;
    for (int i = 0; i < m; i++) {
        double r = -b[i];
        for (int j = 0; j < n; j++)
            r += A[i][j] * x[j];
        s += r * r;
    }
    return s;
}

/* B13: 1/2 |x|^2 and 1/2 |x|; the second has no derivative at 0 */
SCALAR_MODES(wrt(x))
double half_square(int n, const double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i];
    return s / 2;
}

SCALAR_MODES(wrt(x))
double half_norm(int n, const double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i];
    return sqrt(s) / 2;
}

/* B14: x^T (A x + z) */
SCALAR_MODES(wrt(x))
double affine_form(int n, const double x[n], double A[n][n], const double z[n])
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        double r = z[i];
        for (int j = 0; j < n; j++)
            r += A[i][j] * x[j];
        s += x[i] * r;
    }
    return s;
}

/* B15: 1/2 (w^T x - y)^2 and 1/2 |X w - y|^2 */
SCALAR_MODES(wrt(w))
double one_residual(int n, const double w[n], const double x[n], double y)
{
    double r = -y;
    for (int i = 0; i < n; i++)
        r += w[i] * x[i];
    return r * r / 2;
}

SCALAR_MODES(wrt(w))
double all_residuals(int m, int n, double X[m][n], const double w[n], const double y[m])
{
    double s = 0;
    for (int i = 0; i < m; i++) {
        double r = -y[i];
        for (int j = 0; j < n; j++)
            r += X[i][j] * w[j];
        s += r * r;
    }
    return s / 2;
}

/* B16: |W x + b - y|^2 in W */
SCALAR_MODES(wrt(W))
double layer_error(int m, int n, double W[m][n], const double x[n], const double b[m],
                   const double y[m])
{
    double s = 0;
    for (int i = 0; i < m; i++) {
        double r = b[i] - y[i];
        for (int j = 0; j < n; j++)
            r += W[i][j] * x[j];
        s += r * r;
    }
    return s;
}

/* B17: softmax */
VECTOR_MODES(wrt(z), of(s)) ADGEN(divergence, wrt(z), of(s))
void softmax(int n, const double z[n], double s[n])
{
    double largest = z[0], total = 0;
    for (int i = 1; i < n; i++)
        largest = z[i] > largest ? z[i] : largest;
    for (int i = 0; i < n; i++) {
        s[i] = exp(z[i] - largest);
        total += s[i];
    }
    for (int i = 0; i < n; i++)
        s[i] /= total;
}

/* B18: the linear map x -> M x */
VECTOR_MODES(wrt(x), of(y))
void linear_map(int m, int n, double M[m][n], const double x[n], double y[m])
{
    for (int i = 0; i < m; i++) {
        double s = 0;
        for (int j = 0; j < n; j++)
            s += M[i][j] * x[j];
        y[i] = s;
    }
}

/* B19: ReLU on R^3 */
VECTOR_MODES(wrt(x), of(y)) ADGEN(divergence)
void relu3(const double x[3], double y[3])
{
    for (int i = 0; i < 3; i++)
        y[i] = x[i] > 0 ? x[i] : 0;
}

/* B20: two plane vector fields, for their divergence */
VECTOR_MODES(wrt(x), of(y)) ADGEN(divergence)
void rotation(const double x[2], double y[2])
{
    y[0] = -x[1];
    y[1] = x[0];
}

VECTOR_MODES(wrt(x), of(y)) ADGEN(divergence)
void expansion(const double x[2], double y[2])
{
    y[0] = x[0];
    y[1] = x[1];
}

/* B21: the chain rule, f, g and f o g */
VECTOR_MODES(wrt(x), of(u))
void inner(const double x[2], double u[3])
{
    u[0] = x[0] * x[1];
    u[1] = sin(x[0]);
    u[2] = exp(x[1]);
}

VECTOR_MODES(wrt(u), of(y))
void outer(const double u[3], double y[2])
{
    y[0] = u[0] * u[1] + u[2];
    y[1] = u[2] * u[2] - u[0];
}

VECTOR_MODES(wrt(x), of(y)) ADGEN(divergence)
void composed(const double x[2], double y[2])
{
    double u[3];
    inner(x, u);
    outer(u, y);
}
