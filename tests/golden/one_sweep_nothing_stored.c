/* A sum of squares: the reverse sweep is one loop that stores nothing. */
#include <adgen/adgen.h>

ADGEN(grad, wrt(x))
ADGEN(jvp, wrt(x))
double sumsq(int n, const double x[n])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i];
    return s;
}
