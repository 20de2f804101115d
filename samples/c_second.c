/* C. Second derivatives: Hessians, Newton's method, Gauss-Newton. */
#include "modes.h"

/* C1: x^T B x |x|^2 */
SCALAR_MODES(wrt(x))
double quartic(int n, double B[n][n], const double x[n])
{
    double q = 0, norm = 0;
    for (int i = 0; i < n; i++) {
        norm += x[i] * x[i];
        for (int j = 0; j < n; j++)
            q += x[i] * B[i][j] * x[j];
    }
    return q * norm;
}

/* C2: 1/4 sum (y_i - (a_i^T x)^2)^2 */
SCALAR_MODES(wrt(x))
double phase(int m, int n, double a[m][n], const double y[m], const double x[n])
{
    double s = 0;
    for (int i = 0; i < m; i++) {
        double t = 0;
        for (int j = 0; j < n; j++)
            t += a[i][j] * x[j];
        const double r = y[i] - t * t;
        s += r * r;
    }
    return 0.25 * s;
}

/* its residuals: phase is half the square of their norm */
ADGEN(jacobian, wrt(x), of(r))
ADGEN(vjp, wrt(x), of(r))
ADGEN(jvp, wrt(x), of(r))
void residuals(int m, int n, double a[m][n], const double y[m], const double x[n], double r[m])
{
    for (int i = 0; i < m; i++) {
        double t = 0;
        for (int j = 0; j < n; j++)
            t += a[i][j] * x[j];
        r[i] = (t * t - y[i]) * 0.70710678118654752440;
    }
}
