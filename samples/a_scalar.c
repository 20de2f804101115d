/* A. Scalar functions of one variable. */
#include "modes.h"

#include <math.h>

/* A1: a cubic */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double cubic(double x, double a, double b, double c, double d)
{
    return a * x * x * x + b * x * x + c * x + d;
}

/* A2: e^(-x/2) sin 2x */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double damped_sine(double x)
{
    return exp(-x / 2) * sin(2 * x);
}

/* A3: a x^6 + b x^4 + d ln x, x > 0 */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double powers_and_log(double x, double a, double b, double d)
{
    return a * pow(x, 6) + b * pow(x, 4) + d * log(x);
}

/* A4: e^(-x) cos(-2x) */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double damped_cosine(double x)
{
    return exp(-x) * cos(-2 * x);
}

/* A5: (x^3 + x + 1)^2 */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double squared_cubic(double x)
{
    const double p = x * x * x + x + 1;
    return p * p;
}

/* A6: (e^(2x) - 1) / (e^(2x) + 1), the naive hyperbolic tangent: e^(2x) overflows at x = 400 */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double naive_tanh(double x)
{
    const double e = exp(2 * x);
    return (e - 1) / (e + 1);
}

/* A7: (1 - x) ln(1 - x), x < 1 */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double entropy_term(double x)
{
    return (1 - x) * log(1 - x);
}

/* A8: the sigmoid */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* A9: softplus (1/beta) ln(1 + e^(beta x)), in the form that does not overflow */
SCALAR_MODES(wrt(x)) ADGEN(divergence, wrt(x))
double softplus(double x, double beta)
{
    const double t = beta * x;
    const double larger = t > 0 ? t : 0;
    return (larger + log1p(exp(-fabs(t)))) / beta;
}
