/* Matrix code for the benchmark: a network of three layers by CBLAS, and the log-determinant of a Cholesky factor by
 * LAPACKE and by the helpers. */
#include <cblas.h>
#include <lapacke.h>

#include <adgen/adgen.h>
#include <adgen/linalg.h>

/* |W3 s(W2 s(W1 X))|^2: with respect to X three products become six, with respect to everything nine */
ADGEN(grad, wrt(X), name(network_input_grad))
ADGEN(grad, wrt(W1, W2, W3, X))
double network(int n, const double *restrict W1, const double *restrict W2, const double *restrict W3,
               const double *restrict X, double H1[restrict n * n], double H2[restrict n * n], double Y[restrict n * n])
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, W1, n, X, n, 0, H1, n);
    ad_sigmoid(n * n, H1, H1);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, W2, n, H1, n, 0, H2, n);
    ad_sigmoid(n * n, H2, H2);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, W3, n, H2, n, 0, Y, n);
    return cblas_ddot(n * n, Y, 1, Y, 1);
}

ADGEN(grad, wrt(A), work(L))
double logdet_lapacke(int n, const double A[restrict n * n], double L[restrict n * n])
{
    cblas_dcopy(n * n, A, 1, L, 1);
    if (LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 'L', n, L, n))
        return 0;
    return 2 * ad_logdet(n, L, n);
}

ADGEN(grad, wrt(A), work(L))
double logdet_helper(int n, const double A[restrict n * n], double L[restrict n * n])
{
    ad_copy(n * n, A, 1, L, 1);
    if (ad_potrf(AD_LOWER, n, L, n))
        return 0;
    return 2 * ad_logdet(n, L, n);
}
