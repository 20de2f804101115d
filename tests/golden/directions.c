/* Four directions at once: one primal, the directions innermost. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(jvp, directions(4))
void decay(int n, const double x[n], double rate, double y[n])
{
    double level = rate;
    for (int i = 0; i < n; i++) {
        if (x[i] > 0)
            level = exp(-level * x[i]);
        y[i] = level + x[i] * rate;
    }
}

ADGEN(hvp, directions(2))
double energy(const double x[3], double k)
{
    return 0.5 * k * (x[0] * x[0] + x[1] * x[2]);
}
