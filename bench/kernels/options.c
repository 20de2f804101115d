/* A portfolio of European calls by the formula of Black and Scholes, in double precision. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(spot, volatility, rate))
double options(int n, const double spot[n], const double strike[n], const double years[n], const double volatility[n], double rate)
{
    double value = 0;
    for (int i = 0; i < n; i++) {
        double deviation = volatility[i] * sqrt(years[i]);
        double d1 = (log(spot[i] / strike[i]) + (rate + volatility[i] * volatility[i] / 2) * years[i]) / deviation;
        double d2 = d1 - deviation;
        value += spot[i] * (1 + erf(d1 * 0.70710678118654752440)) / 2
                 - strike[i] * exp(-rate * years[i]) * (1 + erf(d2 * 0.70710678118654752440)) / 2;
    }
    return value;
}
