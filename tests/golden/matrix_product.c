/* C X B X^T A X: the derivatives of matrix code are matrix code. */
#include <adgen/adgen.h>
#include <adgen/linalg.h>

ADGEN(vjp, wrt(X), of(Y), work(P, Q, R, S))
ADGEN(jvp, wrt(X), of(Y), work(P, Q, R, S))
void product(int n, const double A[restrict n][n], const double B[restrict n][n], const double C[restrict n][n],
             const double X[restrict n][n], double P[restrict n][n], double Q[restrict n][n],
             double R[restrict n][n], double S[restrict n][n], double Y[restrict n][n])
{
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, n, n, n, 1, &C[0][0], n, &X[0][0], n, 0, &P[0][0], n);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, n, n, n, 1, &P[0][0], n, &B[0][0], n, 0, &Q[0][0], n);
    ad_gemm(AD_NO_TRANS, AD_TRANS, n, n, n, 1, &Q[0][0], n, &X[0][0], n, 0, &R[0][0], n);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, n, n, n, 1, &R[0][0], n, &A[0][0], n, 0, &S[0][0], n);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, n, n, n, 1, &S[0][0], n, &X[0][0], n, 0, &Y[0][0], n);
}
