/* Least squares with powers as features: how far a polynomial is from the data. */
#include <adgen/adgen.h>

ADGEN(grad, wrt(w))
double llsq(int n, int m, const double t[n], const double y[n], const double w[m])
{
    double sum = 0;
    for (int i = 0; i < n; i++) {
        double power = 1, fit = 0;
        for (int j = 0; j < m; j++) {
            fit += w[j] * power;
            power *= t[i];
        }
        sum += (fit - y[i]) * (fit - y[i]);
    }
    return sum / 2;
}
