#include <adgen/adgen.h>
#include <adgen/linalg.h>

ADGEN(grad, wrt(c, x))
double scaled(int n, double c, const double A[n * n], const double x[n], double y[n])
{
    ad_symv(AD_LOWER, n, c, A, n, x, 1, 0, y, 1);
    return ad_dot(n, y, 1, y, 1);
}

ADGEN(hvp, wrt(A), work(L))
double logdet(int n, const double A[restrict n * n], double L[restrict n * n])
{
    ad_copy(n * n, A, 1, L, 1);
    if (ad_potrf(AD_LOWER, n, L, n))
        return 0;
    return 2 * ad_logdet(n, L, n);
}
