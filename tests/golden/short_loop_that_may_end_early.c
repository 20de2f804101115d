#include <adgen/adgen.h>
#include <math.h>

/* The caches of a short loop that may end at once: no compiler may think that they are read unwritten. */
ADGEN(vjp, wrt(x, y), of(y, return))
double refined(const double x[6], double y[4], int n)
{
    double a = x[0], v = 0.15, b[5] = {0.25};
    int i = 0;
    while (i < 1 && (b[2] > 0.5 || b[(n + 1) % 5] > b[2])) {
        v += x[n - 1] / x[n + 2];
        a -= erfc(cos(a));
        i++;
    }
    y[3] += tanh(a / v + b[n]);
    return a;
}
