/* The flag is not known before the program runs, and what the second call overwrites is kept. */
#include <string.h>

#include <adgen/adgen.h>
#include <adgen/linalg.h>

ADGEN(grad, wrt(A, x))
double misfit(int m, int n, AdTranspose t, const double A[restrict m * n], const double x[restrict n],
              const double b[restrict m], double r[restrict m])
{
    memcpy(r, b, sizeof(double) * m);
    ad_gemv(t, m, n, 1, A, n, x, 1, -1, r, 1);
    const double size = ad_nrm2(m, r, 1);
    ad_scal(m, 0.5, r, 1);
    return size + ad_asum(m, r, 1);
}
