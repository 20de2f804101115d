#include <adgen/adgen.h>

ADGEN(grad, wrt(x))
double forgotten_start(int n, const double *x)
{
    double s;
    for (int i = 0; i < n; i++)
        s += x[i];
    return s;
}

ADGEN(grad)
double forgotten(double x)
{
    double y;
    return x * y;
}

/* fine: no path reads them too early, or none certainly does */
ADGEN(grad, wrt(x))
double early_return(int n, const double *x)
{
    double t, u;
    for (int i = 0; i < n; i++) {
        t = x[i] * x[i];
        if (t > 3)
            return t;
        u = t;
    }
    t = x[0];
    if (n > 2)
        u = t * t;
    else
        goto end;
    t += u;
end:
    return t;
}
