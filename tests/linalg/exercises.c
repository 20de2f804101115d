/* The exercises B2 to B16 and F of the samples, by calls. exercises.sh makes the version for CBLAS of this one. */
#include <string.h>

#include <adgen/adgen.h>
#include <adgen/linalg.h>

enum { D = 3, N = 2 };

/* B2: X a */
ADGEN(vjp, wrt(X))
void h_matrix_vector(const double X[restrict D * N], const double a[restrict N], double y[restrict D])
{
    ad_gemv(AD_NO_TRANS, D, N, 1, X, N, a, 1, 0, y, 1);
}

/* B3: A X X^T B */
ADGEN(vjp, wrt(X))
void h_gram(const double A[restrict D * D], const double X[restrict D * N], const double B[restrict D * D],
            double Y[restrict D * D])
{
    double AX[D * N], AXXt[D * D];
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, N, D, 1, A, D, X, N, 0, AX, N);
    ad_gemm(AD_NO_TRANS, AD_TRANS, D, D, N, 1, AX, N, X, N, 0, AXXt, D);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, AXXt, D, B, D, 0, Y, D);
}

/* B4: v X a */
ADGEN(grad, wrt(X))
double h_bilinear(const double v[restrict D], const double X[restrict D * N], const double a[restrict N])
{
    double Xa[D];
    ad_gemv(AD_NO_TRANS, D, N, 1, X, N, a, 1, 0, Xa, 1);
    return ad_dot(D, v, 1, Xa, 1);
}

/* B5: v A X X^T B z */
ADGEN(grad, wrt(X))
double h_gram_form(const double v[restrict D], const double A[restrict D * D], const double X[restrict D * N],
                   const double B[restrict D * D], const double z[restrict D])
{
    double p[D], q[D], left[N], right[N];
    ad_gemv(AD_TRANS, D, D, 1, A, D, v, 1, 0, p, 1);
    ad_gemv(AD_NO_TRANS, D, D, 1, B, D, z, 1, 0, q, 1);
    ad_gemv(AD_TRANS, D, N, 1, X, N, p, 1, 0, left, 1);
    ad_gemv(AD_TRANS, D, N, 1, X, N, q, 1, 0, right, 1);
    return ad_dot(N, left, 1, right, 1);
}

/* B7: C X B X^T A X */
ADGEN(vjp, wrt(X))
void h_sandwich(const double C[restrict D * D], const double X[restrict D * D], const double B[restrict D * D],
                const double A[restrict D * D], double Y[restrict D * D])
{
    double CX[D * D], CXB[D * D], CXBXt[D * D], AX[D * D];
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, C, D, X, D, 0, CX, D);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, CX, D, B, D, 0, CXB, D);
    ad_gemm(AD_NO_TRANS, AD_TRANS, D, D, D, 1, CXB, D, X, D, 0, CXBXt, D);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, A, D, X, D, 0, AX, D);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, CXBXt, D, AX, D, 0, Y, D);
}

/* B8: X X A X X */
ADGEN(vjp, wrt(X))
void h_fourth_power(const double X[restrict D * D], const double A[restrict D * D], double Y[restrict D * D])
{
    double XX[D * D], XXA[D * D];
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, X, D, X, D, 0, XX, D);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, XX, D, A, D, 0, XXA, D);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, D, D, D, 1, XXA, D, XX, D, 0, Y, D);
}

/* B9: b^T x */
ADGEN(grad, wrt(x))
double h_linear(int n, const double b[restrict n], const double x[restrict n])
{
    return ad_dot(n, b, 1, x, 1);
}

/* B10: x^T M x */
ADGEN(grad, wrt(x))
double h_quadratic(int n, const double M[restrict n * n], const double x[restrict n])
{
    double Mx[n];
    ad_gemv(AD_NO_TRANS, n, n, 1, M, n, x, 1, 0, Mx, 1);
    return ad_dot(n, x, 1, Mx, 1);
}

/* B11: x^T A y + x^T B x C y + D0 */
ADGEN(grad, wrt(x, y))
double h_mixed_form(int m, int n, const double x[restrict m], const double A[restrict m * n],
                    const double y[restrict n], const double B[restrict m * m], const double C[restrict n],
                    double D0)
{
    double Ay[m], Bx[m];
    ad_gemv(AD_NO_TRANS, m, n, 1, A, n, y, 1, 0, Ay, 1);
    ad_gemv(AD_NO_TRANS, m, m, 1, B, m, x, 1, 0, Bx, 1);
    return ad_dot(m, x, 1, Ay, 1) + ad_dot(m, x, 1, Bx, 1) * ad_dot(n, C, 1, y, 1) + D0;
}

/* B12: |A x - b|^2 */
ADGEN(grad, wrt(x))
double h_residual_norm(int m, int n, const double A[restrict m * n], const double x[restrict n],
                       const double b[restrict m])
{
    double r[m];
    ad_copy(m, b, 1, r, 1);
    ad_gemv(AD_NO_TRANS, m, n, 1, A, n, x, 1, -1, r, 1);
    return ad_dot(m, r, 1, r, 1);
}

/* B13: 1/2 |x|^2 and 1/2 |x| */
ADGEN(grad, wrt(x))
double h_half_square(int n, const double x[restrict n])
{
    return 0.5 * ad_dot(n, x, 1, x, 1);
}

ADGEN(grad, wrt(x))
double h_half_norm(int n, const double x[restrict n])
{
    return 0.5 * ad_nrm2(n, x, 1);
}

/* B14: x^T (A x + z) */
ADGEN(grad, wrt(x))
double h_affine_form(int n, const double x[restrict n], const double A[restrict n * n], const double z[restrict n])
{
    double r[n];
    ad_copy(n, z, 1, r, 1);
    ad_gemv(AD_NO_TRANS, n, n, 1, A, n, x, 1, 1, r, 1);
    return ad_dot(n, x, 1, r, 1);
}

/* B15: 1/2 (w^T x - y)^2 and 1/2 |X w - y|^2 */
ADGEN(grad, wrt(w))
double h_one_residual(int n, const double w[restrict n], const double x[restrict n], double y)
{
    const double r = ad_dot(n, w, 1, x, 1) - y;
    return r * r / 2;
}

ADGEN(grad, wrt(w))
double h_all_residuals(int m, int n, const double X[restrict m * n], const double w[restrict n],
                       const double y[restrict m])
{
    double r[m];
    ad_copy(m, y, 1, r, 1);
    ad_gemv(AD_NO_TRANS, m, n, 1, X, n, w, 1, -1, r, 1);
    return 0.5 * ad_dot(m, r, 1, r, 1);
}

/* B16: |W x + b - y|^2 in W */
ADGEN(grad, wrt(W))
double h_layer_error(int m, int n, const double W[restrict m * n], const double x[restrict n],
                     const double b[restrict m], const double y[restrict m])
{
    double r[m];
    ad_copy(m, b, 1, r, 1);
    ad_gemv(AD_NO_TRANS, m, n, 1, W, n, x, 1, 1, r, 1);
    ad_axpy(m, -1, y, 1, r, 1);
    return ad_dot(m, r, 1, r, 1);
}

/* F: 1/2 |y - W3 relu(W2 relu(W1 x))|^2 */
ADGEN(grad, wrt(W1, W2, W3))
double h_deep_loss(int n, int h, int m, const double W1[restrict h * n], const double W2[restrict h * h],
                   const double W3[restrict m * h], const double x[restrict n], const double y[restrict m])
{
    double a[h], b[h], r[m];
    ad_gemv(AD_NO_TRANS, h, n, 1, W1, n, x, 1, 0, a, 1);
    ad_relu(h, a, a);
    ad_gemv(AD_NO_TRANS, h, h, 1, W2, h, a, 1, 0, b, 1);
    ad_relu(h, b, b);
    ad_copy(m, y, 1, r, 1);
    ad_gemv(AD_NO_TRANS, m, h, -1, W3, h, b, 1, 1, r, 1);
    return 0.5 * ad_dot(m, r, 1, r, 1);
}
