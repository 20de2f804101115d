/* The gradient of optionsf.c by hand: delta, vega and rho, which the formula gives at once. */
#include <math.h>

float optionsf_hand(int n, const float *restrict spot, float *restrict spot_bar, const float *restrict strike, const float *restrict years,
          const float *restrict volatility, float *restrict volatility_bar, float rate, float *restrict rate_bar)
{
    float value = 0, rho = 0;
    for (int i = 0; i < n; i++) {
        const float s = spot[i], t = years[i], v = volatility[i], root = sqrtf(t), deviation = v * root;
        const float d1 = (logf(s / strike[i]) + (rate + v * v / 2) * t) / deviation, d2 = d1 - deviation;
        const float n1 = (1 + erff(d1 * 0.70710678f)) / 2, n2 = (1 + erff(d2 * 0.70710678f)) / 2;
        const float paid = strike[i] * expf(-rate * t) * n2;
        value += s * n1 - paid;
        spot_bar[i] += n1;
        volatility_bar[i] += s * root * expf(-d1 * d1 / 2) * 0.39894228f;
        rho += t * paid;
    }
    *rate_bar += rho;
    return value;
}
