/* 1 / cosh^2, the derivative of tanh.
 *
 * With e = exp(-2 |x|), which lies between 0 and 1, it is 4 e / (1 + e)^2: no overflow, no cancellation, at most 2.5 units in
 * the last place beside half the error of exp. */
#include "internal.h"

#include <math.h>

double ad_sech2(double x)
{
    const double e = exp(-2 * fabs(x));
    return 4 * e / ((1 + e) * (1 + e));
}

float ad_sech2f(float x)
{
    const float e = expf(-2 * fabsf(x));
    return 4 * e / ((1 + e) * (1 + e));
}

long double ad_sech2l(long double x)
{
    const long double e = expl(-2 * fabsl(x));
    return 4 * e / ((1 + e) * (1 + e));
}
