/* Modes that are compositions: hvp, jacobian both ways, hessian, divergence. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(hvp)
ADGEN(hessian)
double product(double a, double b)
{
    return a * exp(a * b);
}

ADGEN(hvp)
ADGEN(hessian)
double chain(int n, const double x[n])
{
    double s = 0;
    for (int i = 1; i < n; i++)
        s += x[i - 1] * x[i - 1] * x[i];
    return s;
}

ADGEN(jacobian)
void polar(double r, double phi, double xy[2])
{
    xy[0] = r * cos(phi);
    xy[1] = r * sin(phi);
}

ADGEN(jacobian)
double many_inputs(const double x[8])
{
    double p = 1;
    for (int i = 0; i < 8; i++)
        p *= x[i];
    return p;
}

ADGEN(jacobian)
void unknown_extents(int n, int m, const double x[n], double y[m])
{
    for (int i = 0; i < m; i++)
        y[i] = x[i % n] * x[i / n];
}

ADGEN(divergence)
void rotation(const double p[2], double v[2])
{
    v[0] = -p[1];
    v[1] = p[0];
}
