/* The gradient of options.c by hand: delta, vega and rho, which the formula gives at once. */
#include <math.h>

double options_hand(int n, const double *restrict spot, double *restrict spot_bar, const double *restrict strike, const double *restrict years,
          const double *restrict volatility, double *restrict volatility_bar, double rate, double *restrict rate_bar)
{
    double value = 0, rho = 0;
    for (int i = 0; i < n; i++) {
        const double s = spot[i], t = years[i], v = volatility[i], root = sqrt(t), deviation = v * root;
        const double d1 = (log(s / strike[i]) + (rate + v * v / 2) * t) / deviation, d2 = d1 - deviation;
        const double n1 = (1 + erf(d1 * 0.70710678118654752440)) / 2, n2 = (1 + erf(d2 * 0.70710678118654752440)) / 2;
        const double paid = strike[i] * exp(-rate * t) * n2;
        value += s * n1 - paid;
        spot_bar[i] += n1;
        volatility_bar[i] += s * root * exp(-d1 * d1 / 2) * 0.39894228040143267794;
        rho += t * paid;
    }
    *rate_bar += rho;
    return value;
}
