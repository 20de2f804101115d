/* || W3 s(W2 s(W1 X)) ||^2: with respect to X three products become six, with respect to all of them nine; the
 * sigmoids come back from their values. */
#include <adgen/adgen.h>
#include <adgen/linalg.h>

ADGEN(grad, wrt(X), name(network_input_grad))
ADGEN(grad, wrt(W1, W2, W3, X))
double network(int n, int m, const double *restrict W1, const double *restrict W2, const double *restrict W3,
               const double *restrict X, double H1[restrict n * m], double H2[restrict n * m], double Y[restrict n * m])
{
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, n, m, n, 1, W1, n, X, m, 0, H1, m);
    ad_sigmoid(n * m, H1, H1);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, n, m, n, 1, W2, n, H1, m, 0, H2, m);
    ad_sigmoid(n * m, H2, H2);
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, n, m, n, 1, W3, n, H2, m, 0, Y, m);
    return ad_dot(n * m, Y, 1, Y, 1);
}
