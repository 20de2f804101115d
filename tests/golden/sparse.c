/* Sparse matrices: where the entries are, found by sets in place of tangents, and what they are, by colors. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(jacobian, sparse)
void stencil(int n, const double u[restrict n], double r[restrict n])
{
    r[0] = u[0];
    for (int i = 1; i < n - 1; i++)
        r[i] = u[i - 1] - 2 * u[i] + u[i + 1] + exp(u[i]);
    r[n - 1] = u[n - 1];
}

ADGEN(hessian, sparse)
double arrow(int n, const double x[n])
{
    double s = 0;
    for (int i = 1; i < n; i++)
        s += sin(x[0] * x[i]);
    return s;
}
