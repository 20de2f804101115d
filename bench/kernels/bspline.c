/* A cubic B-spline with evenly spaced knots: how far it is from data points. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(control, spacing))
double bspline(int n, const double control[n], double spacing, int points, const double x[points],
               const double y[points])
{
    double misfit = 0;
    for (int i = 0; i < points; i++) {
        int k = (int)floor(x[i] / spacing);
        if (k < 0)
            k = 0;
        if (k > n - 4)
            k = n - 4;
        double t = x[i] / spacing - k;
        double weight[4];
        weight[0] = (1 - t) * (1 - t) * (1 - t) / 6;
        weight[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
        weight[2] = (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6;
        weight[3] = t * t * t / 6;
        double value = 0;
        for (int j = 0; j < 4; j++)
            value += weight[j] * control[k + j];
        misfit += (value - y[i]) * (value - y[i]);
    }
    return 0.5 * misfit;
}
