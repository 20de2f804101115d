/* A portfolio of European calls by the formula of Black and Scholes, in single precision. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(spot, volatility, rate))
float optionsf(int n, const float spot[n], const float strike[n], const float years[n], const float volatility[n], float rate)
{
    float value = 0;
    for (int i = 0; i < n; i++) {
        float deviation = volatility[i] * sqrtf(years[i]);
        float d1 = (logf(spot[i] / strike[i]) + (rate + volatility[i] * volatility[i] / 2) * years[i]) / deviation;
        float d2 = d1 - deviation;
        value += spot[i] * (1 + erff(d1 * 0.70710678f)) / 2
                 - strike[i] * expf(-rate * years[i]) * (1 + erff(d2 * 0.70710678f)) / 2;
    }
    return value;
}
