/* Linear algebra for generated code, and for programs: BLAS-like helpers whose calls adgen differentiates by rule,
 * into calls of the same kind.
 *
 *     ad_gemm(AD_NO_TRANS, AD_TRANS, m, n, k, 1, A, k, B, k, 0, C, n);        C = A B^T
 *
 * Matrices are row-major: element (i, j) of A is A[i * lda + j], where the leading dimension lda is at least the
 * width. The arguments are those of CBLAS without the layout, and the constants have CBLAS's values. Names end in f
 * for float; the float functions stand at the end.
 *
 * Vectors have an increment: element i of x is x[i * incx]; where it is negative, element 0 is the last in memory,
 * as in BLAS. Sizes may be 0. A result must not overlap an operand unless its comment says so; operands may
 * overlap each other. With a factor of 0 (`beta`) the old contents are not read.
 *
 * Wrong arguments (a negative size, a leading dimension less than the width, an increment of 0) are reported and
 * the program aborted where the library was built for debugging (without NDEBUG); else they are not looked at.
 *
 * The products run on the BLAS that libadgen was built with, or on its own blocked code, which needs none. */
#ifndef ADGEN_LINALG_H
#define ADGEN_LINALG_H

#include <adgen/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum AdLayout { AD_ROW_MAJOR = 101, AD_COL_MAJOR = 102 } AdLayout;
/* For real matrices the conjugate transpose is the transpose. */
typedef enum AdTranspose { AD_NO_TRANS = 111, AD_TRANS = 112, AD_CONJ_TRANS = 113 } AdTranspose;
typedef enum AdUplo { AD_UPPER = 121, AD_LOWER = 122 } AdUplo; /* the triangle that is used; the other is not touched */
typedef enum AdDiag { AD_NON_UNIT = 131, AD_UNIT = 132 } AdDiag; /* AD_UNIT: the diagonal is not read, but taken as ones */
typedef enum AdSide { AD_LEFT = 141, AD_RIGHT = 142 } AdSide;

/* ---- vectors (BLAS level 1) ---- */

/* sum of x_i y_i */
AD_PUBLIC double ad_dot(int n, const double *x, int incx, const double *y, int incy);
/* y = alpha x + y; y may be x */
AD_PUBLIC void ad_axpy(int n, double alpha, const double *x, int incx, double *y, int incy);
/* x = alpha x; zeros for alpha = 0 */
AD_PUBLIC void ad_scal(int n, double alpha, double *x, int incx);
/* y = x */
AD_PUBLIC void ad_copy(int n, const double *x, int incx, double *y, int incy);
/* sum of |x_i|; its derivative at 0 is 0, by convention */
AD_PUBLIC double ad_asum(int n, const double *x, int incx);
/* sqrt of the sum of x_i^2, without overflow; no derivative at x = 0 */
AD_PUBLIC double ad_nrm2(int n, const double *x, int incx);
/* sum of x_i */
AD_PUBLIC double ad_sum(int n, const double *x, int incx);

/* ---- a matrix and vectors (BLAS level 2) ---- */

/* y = alpha op(A) x + beta y, A m x n; op(A) is A or A^T */
AD_PUBLIC void ad_gemv(AdTranspose trans, int m, int n, double alpha, const double *A, int lda, const double *x,
                       int incx, double beta, double *y, int incy);
/* A = alpha x y^T + A, A m x n */
AD_PUBLIC void ad_ger(int m, int n, double alpha, const double *x, int incx, const double *y, int incy, double *A,
                      int lda);
/* y = alpha A x + beta y, A n x n symmetric, one triangle of it given */
AD_PUBLIC void ad_symv(AdUplo uplo, int n, double alpha, const double *A, int lda, const double *x, int incx,
                       double beta, double *y, int incy);
/* x = op(A) x, A n x n triangular */
AD_PUBLIC void ad_trmv(AdUplo uplo, AdTranspose trans, AdDiag diag, int n, const double *A, int lda, double *x,
                       int incx);
/* x = op(A)^-1 x, A n x n triangular. A zero on the diagonal gives inf or NaN. */
AD_PUBLIC void ad_trsv(AdUplo uplo, AdTranspose trans, AdDiag diag, int n, const double *A, int lda, double *x,
                       int incx);

/* ---- matrices (BLAS level 3) ---- */

/* C = alpha op(A) op(B) + beta C, op(A) m x k, op(B) k x n */
AD_PUBLIC void ad_gemm(AdTranspose transA, AdTranspose transB, int m, int n, int k, double alpha, const double *A,
                       int lda, const double *B, int ldb, double beta, double *C, int ldc);
/* C = alpha A B + beta C, or alpha B A + beta C (AD_RIGHT); A symmetric, one triangle of it given; B and C m x n */
AD_PUBLIC void ad_symm(AdSide side, AdUplo uplo, int m, int n, double alpha, const double *A, int lda,
                       const double *B, int ldb, double beta, double *C, int ldc);
/* One triangle of C = alpha A A^T + beta C, A n x k, or of alpha A^T A + beta C, A k x n (AD_TRANS) */
AD_PUBLIC void ad_syrk(AdUplo uplo, AdTranspose trans, int n, int k, double alpha, const double *A, int lda,
                       double beta, double *C, int ldc);
/* B = alpha op(A) B, or alpha B op(A) (AD_RIGHT); A triangular, B m x n */
AD_PUBLIC void ad_trmm(AdSide side, AdUplo uplo, AdTranspose trans, AdDiag diag, int m, int n, double alpha,
                       const double *A, int lda, double *B, int ldb);
/* B = X with op(A) X = alpha B, or X op(A) = alpha B (AD_RIGHT); A triangular, B m x n */
AD_PUBLIC void ad_trsm(AdSide side, AdUplo uplo, AdTranspose trans, AdDiag diag, int m, int n, double alpha,
                       const double *A, int lda, double *B, int ldb);

/* ---- factorisations (LAPACK) ---- */

/* A = L L^T (AD_LOWER) or U^T U (AD_UPPER) in that triangle of the symmetric positive definite n x n matrix A. Returns
 * 0, or the number (from 1) of the first pivot that is not positive: then there is no factor, and no derivative. */
AD_PUBLIC int ad_potrf(AdUplo uplo, int n, double *A, int lda);
/* B = A^-1 B, B n x nrhs, where A holds the factor from ad_potrf. Returns 0. */
AD_PUBLIC int ad_potrs(AdUplo uplo, int n, int nrhs, const double *A, int lda, double *B, int ldb);
/* P A = L U with partial pivoting, A m x n: L below the diagonal, with ones on it, U from the diagonal on. Row i was
 * exchanged with row ipiv[i] - 1, i = 0, 1, ..., min(m, n) - 1. Returns 0, or the number (from 1) of the first pivot
 * that is zero. */
AD_PUBLIC int ad_getrf(int m, int n, double *A, int lda, int *ipiv);
/* B = op(A)^-1 B, B n x nrhs, where A and ipiv come from ad_getrf with m = n. Returns 0. */
AD_PUBLIC int ad_getrs(AdTranspose trans, int n, int nrhs, const double *A, int lda, const int *ipiv, double *B,
                       int ldb);
/* B = A^-1 B, A n x n, B n x nrhs: ad_getrf and ad_getrs in one. A becomes its factors, ipiv (n numbers) the exchanges.
 * Returns what ad_getrf does; where that is not 0, B stays as it is. */
AD_PUBLIC int ad_solve(int n, int nrhs, double *A, int lda, int *ipiv, double *B, int ldb);
/* ln |det| of the triangular matrix in A: of the matrix that ad_getrf factored, or half of that of the one that
 * ad_potrf did. */
AD_PUBLIC double ad_logdet(int n, const double *A, int lda);

/* ---- networks: arrays of n elements ---- */

/* y_i = 1 / (1 + e^-x_i); y may be x */
AD_PUBLIC void ad_sigmoid(int n, const double *x, double *y);
/* y_i = tanh x_i; y may be x */
AD_PUBLIC void ad_tanh(int n, const double *x, double *y);
/* y_i = max(x_i, 0), with derivative 0 at 0; y may be x */
AD_PUBLIC void ad_relu(int n, const double *x, double *y);
/* y_i = ln(1 + e^x_i), without overflow; y may be x */
AD_PUBLIC void ad_softplus(int n, const double *x, double *y);
/* y_i = x_i Phi(x_i), Phi the normal distribution (Hendrycks and Gimpel, arXiv:1606.08415) */
AD_PUBLIC void ad_gelu(int n, const double *x, double *y);
/* y_i = e^x_i / sum of e^x_k, without overflow; y may be x */
AD_PUBLIC void ad_softmax(int n, const double *x, double *y);
/* ln of the sum of e^x_i, without overflow; -inf for n = 0 */
AD_PUBLIC double ad_logsumexp(int n, const double *x);
/* -sum of t_i ln softmax(x)_i, without overflow: the cross entropy of a distribution t and softmax(x) */
AD_PUBLIC double ad_cross_entropy(int n, const double *x, const double *t);
/* y_i = (x_i - mean) / sqrt(variance + eps), mean and variance over the n elements (Ba, Kiros and Hinton,
 * arXiv:1607.06450) */
AD_PUBLIC void ad_layer_norm(int n, double eps, const double *x, double *y);
/* y_oij = sum over c, p, q of k_ocpq x_c,i+p,j+q: x is ci x h x w, k co x ci x kh x kw, y co x (h - kh + 1) x
 * (w - kw + 1), all without gaps; y is empty where the kernel is larger than the image */
AD_PUBLIC void ad_conv2d(int ci, int co, int h, int w, int kh, int kw, const double *x, const double *k, double *y);

/* ---- what derivatives of the above need ----
 *
 * Functions with a layout have it as their first argument, since they also serve calls of CBLAS and LAPACKE: their
 * constants are those above, or CBLAS's, or LAPACK's letters. "The triangle" is that of uplo, with its diagonal (AD_NON_UNIT) or without (AD_UNIT). */

/* x_i = alpha */
AD_PUBLIC void ad_fill(int n, double alpha, double *x, int incx);
/* x_i += alpha */
AD_PUBLIC void ad_shift(int n, double alpha, double *x, int incx);
/* y_i += alpha sign(x_i) */
AD_PUBLIC void ad_axpy_sign(int n, double alpha, const double *x, int incx, double *y, int incy);
/* sum of sign(x_i) y_i */
AD_PUBLIC double ad_dot_sign(int n, const double *x, int incx, const double *y, int incy);
/* z_i += alpha x_i y_i */
AD_PUBLIC void ad_axpy_product(int n, double alpha, const double *x, int incx, const double *y, int incy, double *z,
                               int incz);
/* y_i += alpha / x_i */
AD_PUBLIC void ad_axpy_inverse(int n, double alpha, const double *x, int incx, double *y, int incy);
/* sum of y_i / x_i */
AD_PUBLIC double ad_dot_inverse(int n, const double *x, int incx, const double *y, int incy);
/* z_i += alpha y_i / x_i^2 */
AD_PUBLIC void ad_axpy_inverse_slope(int n, double alpha, const double *x, int incx, const double *y, int incy,
                                     double *z, int incz);
/* sum of y_i z_i / x_i^2 */
AD_PUBLIC double ad_dot_inverse_slope(int n, const double *x, int incx, const double *y, int incy,
                                      const double *z, int incz);
/* B = A, both m x n */
AD_PUBLIC void ad_copy_matrix(int layout, int m, int n, const double *A, int lda, double *B, int ldb);
/* B += alpha A, both m x n; sum of a_ij b_ij */
AD_PUBLIC void ad_add_matrix(int layout, int m, int n, double alpha, const double *A, int lda, double *B, int ldb);
AD_PUBLIC double ad_matrix_dot(int layout, int m, int n, const double *A, int lda, const double *B, int ldb);
/* sum of (op(A) x)_i y_i, A m x n; sum of (op(A) op(B))_ij c_ij, C m x n */
AD_PUBLIC double ad_gemv_dot(int layout, int trans, int m, int n, const double *A, int lda, const double *x, int incx,
                             const double *y, int incy);
AD_PUBLIC double ad_gemm_dot(int layout, int transA, int transB, int m, int n, int k, const double *A, int lda,
                             const double *B, int ldb, const double *C, int ldc);
/* A = alpha A, m x n; zeros for alpha = 0 */
AD_PUBLIC void ad_scale_matrix(int layout, int m, int n, double alpha, double *A, int lda);
/* The triangle of A = alpha A, n x n, with its diagonal; zeros for alpha = 0 */
AD_PUBLIC void ad_scale_triangle(int layout, int uplo, int n, double alpha, double *A, int lda);
/* The triangle of B += alpha A, n x n; sum of a_ij b_ij in the triangle */
AD_PUBLIC void ad_add_triangle(int layout, int uplo, int n, double alpha, const double *A, int lda, double *B, int ldb);
AD_PUBLIC double ad_triangle_dot(int layout, int uplo, int n, const double *A, int lda, const double *B, int ldb);
/* sum of (A x)_i y_i, A n x n symmetric; sum of (A B)_ij c_ij, or of (B A)_ij c_ij (AD_RIGHT), B and C m x n */
AD_PUBLIC double ad_symv_dot(int layout, int uplo, int n, const double *A, int lda, const double *x, int incx,
                             const double *y, int incy);
AD_PUBLIC double ad_symm_dot(int layout, int side, int uplo, int m, int n, const double *A, int lda, const double *B,
                             int ldb, const double *C, int ldc);
/* sum of (op(A) op(B))_ij c_ij in the triangle, C n x n */
AD_PUBLIC double ad_gemm_triangle_dot(int layout, int uplo, int transA, int transB, int n, int k, const double *A,
                                      int lda, const double *B, int ldb, const double *C, int ldc);
/* The triangle of A += alpha x y^T, n x n */
AD_PUBLIC void ad_ger_triangle(int layout, int uplo, int diag, int n, double alpha, const double *x,
                               int incx, const double *y, int incy, double *A, int lda);
/* y += alpha op(T) x, T the triangle of A, n x n; AD_UNIT: zeros on its diagonal */
AD_PUBLIC void ad_trmv_add(int layout, int uplo, int trans, int diag, int n, double alpha,
                           const double *A, int lda, const double *x, int incx, double *y, int incy);
/* The triangle of C += alpha op(A) op(B), op(A) n x k, op(B) k x n */
AD_PUBLIC void ad_gemm_triangle(int layout, int uplo, int diag, int transA, int transB,
                                int n, int k, double alpha, const double *A, int lda, const double *B, int ldb,
                                double *C, int ldc);
/* C += alpha op(T) B, or alpha B op(T) (AD_RIGHT), T the triangle of A, B and C m x n; AD_UNIT: zeros on its diagonal */
AD_PUBLIC void ad_trmm_add(int layout, int side, int uplo, int trans, int diag, int m, int n,
                           double alpha, const double *A, int lda, const double *B, int ldb, double *C, int ldc);

/* From the factor L of ad_potrf and, in the triangle of A_dot, the tangent of A: that of L, in its place. */
AD_PUBLIC void ad_potrf_forward(int layout, int uplo, int n, const double *L, int ldl, double *A_dot,
                                int lda);
/* From the factor L and, in the triangle of A_bar, the adjoint of L: that of the triangle of A, in its place (Murray,
 * arXiv:1602.07527). */
AD_PUBLIC void ad_potrf_reverse(int layout, int uplo, int n, const double *L, int ldl, double *A_bar,
                                int lda);
/* The triangle of A -= D E^T + E D^T, for triangles D and E: what a change E of the factor changes L D^T + D L^T by. */
AD_PUBLIC void ad_potrf_product(int layout, int uplo, int n, const double *D, int ldd, const double *E, int lde, double *A,
                                 int lda);
/* The triangle of D -= (S + S^T) E, for triangles S and E: the adjoint of that, given S for A. */
AD_PUBLIC void ad_potrf_share(int layout, int uplo, int n, const double *S, int lds, const double *E, int lde, double *D,
                               int ldd);
/* B -= (D L^T + L D^T) X: what a change D of the factor L changes A X by. */
AD_PUBLIC void ad_potrs_product(int layout, int uplo, int n, int nrhs, const double *L, int ldl, const double *D, int ldd,
                                 const double *X, int ldx, double *B, int ldb);
/* The triangle of D -= (X W^T + W X^T) L: the adjoint of that, given W for B. */
AD_PUBLIC void ad_potrs_share(int layout, int uplo, int n, int nrhs, const double *L, int ldl, const double *X, int ldx,
                               const double *W, int ldw, double *D, int ldd);
/* The same for ad_getrf, with P A = L U. */
AD_PUBLIC void ad_getrf_forward(int layout, int m, int n, const double *LU, int ldl, const int *ipiv,
                                double *A_dot, int lda);
AD_PUBLIC void ad_getrf_reverse(int layout, int m, int n, const double *LU, int ldl, const int *ipiv,
                                double *A_bar, int lda);
/* A -= P^T (D_L E_U + E_L D_U), D and E m x n as factors are, with zeros on the diagonals of D_L and E_L. */
AD_PUBLIC void ad_getrf_product(int layout, int m, int n, const double *D, int ldd, const double *E, int lde,
                                 const int *ipiv, double *A, int lda);
/* D_L -= P S E_U^T, D_U -= E_L^T P S, S m x n */
AD_PUBLIC void ad_getrf_share(int layout, int m, int n, const double *S, int lds, const int *ipiv, const double *E, int lde,
                               double *D, int ldd);
/* B -= op(P^T (D_L U + L D_U)) X. The diagonal of L is ones (AD_UNIT) or, of a direction of factors, zeros. */
AD_PUBLIC void ad_getrs_product(int layout, int trans, int diag, int n, int nrhs, const double *LU, int ldl,
                                 const double *D, int ldd, const int *ipiv, const double *X, int ldx, double *B, int ldb);
/* D -= the adjoint of that, given W for B */
AD_PUBLIC void ad_getrs_share(int layout, int trans, int diag, int n, int nrhs, const double *LU, int ldl,
                               const int *ipiv, const double *X, int ldx, const double *W, int ldw, double *D, int ldd);

/* Tangents and adjoints of the elementwise functions: from y (for gelu from x) and x_dot, y_dot is overwritten; from
 * y_bar, which is cleared, x_bar is added to. x_dot may be y_dot, x_bar may be y_bar. */
AD_PUBLIC void ad_sigmoid_forward(int n, const double *y, const double *x_dot, double *y_dot);
AD_PUBLIC void ad_sigmoid_reverse(int n, const double *y, double *y_bar, double *x_bar);
AD_PUBLIC void ad_tanh_forward(int n, const double *y, const double *x_dot, double *y_dot);
AD_PUBLIC void ad_tanh_reverse(int n, const double *y, double *y_bar, double *x_bar);
AD_PUBLIC void ad_relu_forward(int n, const double *y, const double *x_dot, double *y_dot);
AD_PUBLIC void ad_relu_reverse(int n, const double *y, double *y_bar, double *x_bar);
AD_PUBLIC void ad_softplus_forward(int n, const double *y, const double *x_dot, double *y_dot);
AD_PUBLIC void ad_softplus_reverse(int n, const double *y, double *y_bar, double *x_bar);
AD_PUBLIC void ad_gelu_forward(int n, const double *x, const double *x_dot, double *y_dot);
AD_PUBLIC void ad_gelu_reverse(int n, const double *x, double *y_bar, double *x_bar);
AD_PUBLIC void ad_softmax_forward(int n, const double *y, const double *x_dot, double *y_dot);
AD_PUBLIC void ad_softmax_reverse(int n, const double *y, double *y_bar, double *x_bar);
/* r = ad_logsumexp(n, x): its tangent, and x_bar += r_bar softmax(x) */
AD_PUBLIC double ad_logsumexp_forward(int n, const double *x, double r, const double *x_dot);
AD_PUBLIC void ad_logsumexp_reverse(int n, const double *x, double r, double r_bar, double *x_bar);
/* The part of the tangents of these adjoints that comes from y_dot (for gelu x_dot): x_bar_dot is added to. */
AD_PUBLIC void ad_sigmoid_curve(int n, const double *y, const double *y_dot, const double *y_bar, double *x_bar_dot);
AD_PUBLIC void ad_tanh_curve(int n, const double *y, const double *y_dot, const double *y_bar, double *x_bar_dot);
AD_PUBLIC void ad_relu_curve(int n, const double *y, const double *y_dot, const double *y_bar, double *x_bar_dot);
AD_PUBLIC void ad_softplus_curve(int n, const double *y, const double *y_dot, const double *y_bar, double *x_bar_dot);
AD_PUBLIC void ad_gelu_curve(int n, const double *x, const double *x_dot, const double *y_bar, double *x_bar_dot);
AD_PUBLIC void ad_softmax_curve(int n, const double *y, const double *y_dot, const double *y_bar, double *x_bar_dot);
AD_PUBLIC void ad_logsumexp_curve(int n, const double *x, double r, double r_bar, const double *x_dot,
                                  double *x_bar_dot);
/* As for the elementwise functions, from x */
AD_PUBLIC void ad_layer_norm_forward(int n, double eps, const double *x, const double *x_dot, double *y_dot);
AD_PUBLIC void ad_layer_norm_reverse(int n, double eps, const double *x, double *y_bar, double *x_bar);
AD_PUBLIC void ad_layer_norm_curve(int n, double eps, const double *x, const double *x_dot, const double *y_bar,
                                   double *x_bar_dot);
/* y = 0; y += the convolution; x_bar and k_bar += its adjoints */
AD_PUBLIC void ad_conv2d_zero(int co, int h, int w, int kh, int kw, double *y);
AD_PUBLIC void ad_conv2d_add(int ci, int co, int h, int w, int kh, int kw, const double *x, const double *k, double *y);
AD_PUBLIC void ad_conv2d_image(int ci, int co, int h, int w, int kh, int kw, const double *k, const double *y_bar,
                               double *x_bar);
AD_PUBLIC void ad_conv2d_kernel(int ci, int co, int h, int w, int kh, int kw, const double *x, const double *y_bar,
                                double *k_bar);

/* ---- the same for float ---- */

AD_PUBLIC float ad_dotf(int n, const float *x, int incx, const float *y, int incy);
AD_PUBLIC void ad_axpyf(int n, float alpha, const float *x, int incx, float *y, int incy);
AD_PUBLIC void ad_scalf(int n, float alpha, float *x, int incx);
AD_PUBLIC void ad_copyf(int n, const float *x, int incx, float *y, int incy);
AD_PUBLIC float ad_asumf(int n, const float *x, int incx);
AD_PUBLIC float ad_nrm2f(int n, const float *x, int incx);
AD_PUBLIC float ad_sumf(int n, const float *x, int incx);
AD_PUBLIC void ad_gemvf(AdTranspose trans, int m, int n, float alpha, const float *A, int lda, const float *x,
                        int incx, float beta, float *y, int incy);
AD_PUBLIC void ad_gerf(int m, int n, float alpha, const float *x, int incx, const float *y, int incy,
                       float *A, int lda);
AD_PUBLIC void ad_symvf(AdUplo uplo, int n, float alpha, const float *A, int lda, const float *x, int incx,
                        float beta, float *y, int incy);
AD_PUBLIC void ad_trmvf(AdUplo uplo, AdTranspose trans, AdDiag diag, int n, const float *A, int lda, float *x,
                        int incx);
AD_PUBLIC void ad_trsvf(AdUplo uplo, AdTranspose trans, AdDiag diag, int n, const float *A, int lda, float *x,
                        int incx);
AD_PUBLIC void ad_gemmf(AdTranspose transA, AdTranspose transB, int m, int n, int k, float alpha,
                        const float *A, int lda, const float *B, int ldb, float beta, float *C, int ldc);
AD_PUBLIC void ad_symmf(AdSide side, AdUplo uplo, int m, int n, float alpha, const float *A, int lda,
                        const float *B, int ldb, float beta, float *C, int ldc);
AD_PUBLIC void ad_syrkf(AdUplo uplo, AdTranspose trans, int n, int k, float alpha, const float *A, int lda,
                        float beta, float *C, int ldc);
AD_PUBLIC void ad_trmmf(AdSide side, AdUplo uplo, AdTranspose trans, AdDiag diag, int m, int n, float alpha,
                        const float *A, int lda, float *B, int ldb);
AD_PUBLIC void ad_trsmf(AdSide side, AdUplo uplo, AdTranspose trans, AdDiag diag, int m, int n, float alpha,
                        const float *A, int lda, float *B, int ldb);
AD_PUBLIC int ad_potrff(AdUplo uplo, int n, float *A, int lda);
AD_PUBLIC int ad_potrsf(AdUplo uplo, int n, int nrhs, const float *A, int lda, float *B, int ldb);
AD_PUBLIC int ad_getrff(int m, int n, float *A, int lda, int *ipiv);
AD_PUBLIC int ad_getrsf(AdTranspose trans, int n, int nrhs, const float *A, int lda, const int *ipiv,
                        float *B, int ldb);
AD_PUBLIC float ad_logdetf(int n, const float *A, int lda);
AD_PUBLIC void ad_sigmoidf(int n, const float *x, float *y);
AD_PUBLIC void ad_tanhf(int n, const float *x, float *y);
AD_PUBLIC void ad_reluf(int n, const float *x, float *y);
AD_PUBLIC void ad_softplusf(int n, const float *x, float *y);
AD_PUBLIC void ad_geluf(int n, const float *x, float *y);
AD_PUBLIC void ad_softmaxf(int n, const float *x, float *y);
AD_PUBLIC float ad_logsumexpf(int n, const float *x);
AD_PUBLIC void ad_fillf(int n, float alpha, float *x, int incx);
AD_PUBLIC void ad_shiftf(int n, float alpha, float *x, int incx);
AD_PUBLIC void ad_axpy_signf(int n, float alpha, const float *x, int incx, float *y, int incy);
AD_PUBLIC float ad_dot_signf(int n, const float *x, int incx, const float *y, int incy);
AD_PUBLIC void ad_axpy_productf(int n, float alpha, const float *x, int incx, const float *y, int incy,
                                float *z, int incz);
AD_PUBLIC void ad_axpy_inversef(int n, float alpha, const float *x, int incx, float *y, int incy);
AD_PUBLIC float ad_dot_inversef(int n, const float *x, int incx, const float *y, int incy);
AD_PUBLIC void ad_axpy_inverse_slopef(int n, float alpha, const float *x, int incx, const float *y, int incy,
                                      float *z, int incz);
AD_PUBLIC float ad_dot_inverse_slopef(int n, const float *x, int incx, const float *y, int incy,
                                      const float *z, int incz);
AD_PUBLIC void ad_copy_matrixf(int layout, int m, int n, const float *A, int lda, float *B, int ldb);
AD_PUBLIC void ad_scale_matrixf(int layout, int m, int n, float alpha, float *A, int lda);
AD_PUBLIC void ad_scale_trianglef(int layout, int uplo, int n, float alpha, float *A, int lda);
AD_PUBLIC void ad_ger_trianglef(int layout, int uplo, int diag, int n, float alpha, const float *x,
                                int incx, const float *y, int incy, float *A, int lda);
AD_PUBLIC void ad_trmv_addf(int layout, int uplo, int trans, int diag, int n, float alpha,
                            const float *A, int lda, const float *x, int incx, float *y, int incy);
AD_PUBLIC void ad_gemm_trianglef(int layout, int uplo, int diag, int transA,
                                 int transB, int n, int k, float alpha, const float *A, int lda,
                                 const float *B, int ldb, float *C, int ldc);
AD_PUBLIC void ad_trmm_addf(int layout, int side, int uplo, int trans, int diag, int m,
                            int n, float alpha, const float *A, int lda, const float *B, int ldb, float *C,
                            int ldc);
AD_PUBLIC void ad_potrf_forwardf(int layout, int uplo, int n, const float *L, int ldl, float *A_dot,
                                 int lda);
AD_PUBLIC void ad_potrf_reversef(int layout, int uplo, int n, const float *L, int ldl, float *A_bar,
                                 int lda);
AD_PUBLIC void ad_potrf_productf(int layout, int uplo, int n, const float *D, int ldd, const float *E, int lde, float *A,
                                 int lda);
AD_PUBLIC void ad_potrf_sharef(int layout, int uplo, int n, const float *S, int lds, const float *E, int lde, float *D,
                               int ldd);
AD_PUBLIC void ad_potrs_productf(int layout, int uplo, int n, int nrhs, const float *L, int ldl, const float *D, int ldd,
                                 const float *X, int ldx, float *B, int ldb);
AD_PUBLIC void ad_potrs_sharef(int layout, int uplo, int n, int nrhs, const float *L, int ldl, const float *X, int ldx,
                               const float *W, int ldw, float *D, int ldd);
AD_PUBLIC void ad_getrf_forwardf(int layout, int m, int n, const float *LU, int ldl, const int *ipiv,
                                 float *A_dot, int lda);
AD_PUBLIC void ad_getrf_reversef(int layout, int m, int n, const float *LU, int ldl, const int *ipiv,
                                 float *A_bar, int lda);
AD_PUBLIC void ad_getrf_productf(int layout, int m, int n, const float *D, int ldd, const float *E, int lde,
                                 const int *ipiv, float *A, int lda);
AD_PUBLIC void ad_getrf_sharef(int layout, int m, int n, const float *S, int lds, const int *ipiv, const float *E, int lde,
                               float *D, int ldd);
AD_PUBLIC void ad_getrs_productf(int layout, int trans, int diag, int n, int nrhs, const float *LU, int ldl,
                                 const float *D, int ldd, const int *ipiv, const float *X, int ldx, float *B, int ldb);
AD_PUBLIC void ad_getrs_sharef(int layout, int trans, int diag, int n, int nrhs, const float *LU, int ldl,
                               const int *ipiv, const float *X, int ldx, const float *W, int ldw, float *D, int ldd);
AD_PUBLIC void ad_sigmoid_forwardf(int n, const float *y, const float *x_dot, float *y_dot);
AD_PUBLIC void ad_sigmoid_reversef(int n, const float *y, float *y_bar, float *x_bar);
AD_PUBLIC void ad_tanh_forwardf(int n, const float *y, const float *x_dot, float *y_dot);
AD_PUBLIC void ad_tanh_reversef(int n, const float *y, float *y_bar, float *x_bar);
AD_PUBLIC void ad_relu_forwardf(int n, const float *y, const float *x_dot, float *y_dot);
AD_PUBLIC void ad_relu_reversef(int n, const float *y, float *y_bar, float *x_bar);
AD_PUBLIC void ad_softplus_forwardf(int n, const float *y, const float *x_dot, float *y_dot);
AD_PUBLIC void ad_softplus_reversef(int n, const float *y, float *y_bar, float *x_bar);
AD_PUBLIC void ad_gelu_forwardf(int n, const float *x, const float *x_dot, float *y_dot);
AD_PUBLIC void ad_gelu_reversef(int n, const float *x, float *y_bar, float *x_bar);
AD_PUBLIC void ad_softmax_forwardf(int n, const float *y, const float *x_dot, float *y_dot);
AD_PUBLIC void ad_softmax_reversef(int n, const float *y, float *y_bar, float *x_bar);
AD_PUBLIC float ad_logsumexp_forwardf(int n, const float *x, float r, const float *x_dot);
AD_PUBLIC void ad_logsumexp_reversef(int n, const float *x, float r, float r_bar, float *x_bar);
AD_PUBLIC void ad_sigmoid_curvef(int n, const float *y, const float *y_dot, const float *y_bar, float *x_bar_dot);
AD_PUBLIC void ad_tanh_curvef(int n, const float *y, const float *y_dot, const float *y_bar, float *x_bar_dot);
AD_PUBLIC void ad_relu_curvef(int n, const float *y, const float *y_dot, const float *y_bar, float *x_bar_dot);
AD_PUBLIC void ad_softplus_curvef(int n, const float *y, const float *y_dot, const float *y_bar, float *x_bar_dot);
AD_PUBLIC void ad_gelu_curvef(int n, const float *x, const float *x_dot, const float *y_bar, float *x_bar_dot);
AD_PUBLIC void ad_softmax_curvef(int n, const float *y, const float *y_dot, const float *y_bar, float *x_bar_dot);
AD_PUBLIC void ad_logsumexp_curvef(int n, const float *x, float r, float r_bar, const float *x_dot,
                                   float *x_bar_dot);
AD_PUBLIC int ad_solvef(int n, int nrhs, float *A, int lda, int *ipiv, float *B, int ldb);
AD_PUBLIC float ad_cross_entropyf(int n, const float *x, const float *t);
AD_PUBLIC void ad_layer_normf(int n, float eps, const float *x, float *y);
AD_PUBLIC void ad_conv2df(int ci, int co, int h, int w, int kh, int kw, const float *x, const float *k,
                          float *y);
AD_PUBLIC void ad_layer_norm_forwardf(int n, float eps, const float *x, const float *x_dot, float *y_dot);
AD_PUBLIC void ad_layer_norm_reversef(int n, float eps, const float *x, float *y_bar, float *x_bar);
AD_PUBLIC void ad_layer_norm_curvef(int n, float eps, const float *x, const float *x_dot, const float *y_bar,
                                    float *x_bar_dot);
AD_PUBLIC void ad_conv2d_zerof(int co, int h, int w, int kh, int kw, float *y);
AD_PUBLIC void ad_conv2d_addf(int ci, int co, int h, int w, int kh, int kw, const float *x, const float *k,
                              float *y);
AD_PUBLIC void ad_conv2d_imagef(int ci, int co, int h, int w, int kh, int kw, const float *k,
                                const float *y_bar, float *x_bar);
AD_PUBLIC void ad_conv2d_kernelf(int ci, int co, int h, int w, int kh, int kw, const float *x,
                                 const float *y_bar, float *k_bar);
AD_PUBLIC void ad_add_matrixf(int layout, int m, int n, float alpha, const float *A, int lda, float *B,
                              int ldb);
AD_PUBLIC float ad_matrix_dotf(int layout, int m, int n, const float *A, int lda, const float *B, int ldb);
AD_PUBLIC float ad_gemv_dotf(int layout, int trans, int m, int n, const float *A, int lda, const float *x,
                             int incx, const float *y, int incy);
AD_PUBLIC float ad_gemm_dotf(int layout, int transA, int transB, int m, int n, int k, const float *A, int lda,
                             const float *B, int ldb, const float *C, int ldc);
AD_PUBLIC void ad_add_trianglef(int layout, int uplo, int n, float alpha, const float *A, int lda, float *B, int ldb);
AD_PUBLIC float ad_triangle_dotf(int layout, int uplo, int n, const float *A, int lda, const float *B, int ldb);
AD_PUBLIC float ad_symv_dotf(int layout, int uplo, int n, const float *A, int lda, const float *x, int incx,
                             const float *y, int incy);
AD_PUBLIC float ad_symm_dotf(int layout, int side, int uplo, int m, int n, const float *A, int lda, const float *B,
                             int ldb, const float *C, int ldc);
AD_PUBLIC float ad_gemm_triangle_dotf(int layout, int uplo, int transA, int transB, int n, int k, const float *A,
                                      int lda, const float *B, int ldb, const float *C, int ldc);

#ifdef __cplusplus
}
#endif

#endif
