/* Exercise F by calls: W1 is 3 x 2 for x in R^2; and a result that is too short. */
#include <adgen/adgen.h>
#include <adgen/linalg.h>

ADGEN(grad, wrt(W1))
double loss(const double W1[2][3], const double x[2])
{
    double v[3];
    ad_gemv(AD_NO_TRANS, 3, 2, 1, &W1[0][0], 2, x, 1, 0, v, 1);
    return ad_dot(3, v, 1, v, 1);
}

ADGEN(grad, wrt(W1))
double short_result(const double W1[3][2], const double x[2])
{
    double v[2];
    ad_gemv(AD_NO_TRANS, 3, 2, 1, &W1[0][0], 2, x, 1, 0, v, 1);
    return ad_dot(2, v, 1, v, 1);
}
