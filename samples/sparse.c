/* A boundary value problem and a minimisation with thousands of unknowns: matrices that are zero nearly everywhere. */
#include <adgen/adgen.h>
#include <math.h>

/* u'' + e^u = 0 between u = 0 at both ends, by differences. */
ADGEN(jacobian, sparse)
void bratu(int n, const double u[restrict n], double r[restrict n])
{
    const double h = 1.0 / (n + 1);
    for (int i = 0; i < n; i++) {
        const double left = i > 0 ? u[i - 1] : 0, right = i + 1 < n ? u[i + 1] : 0;
        r[i] = (left - 2 * u[i] + right) / (h * h) + exp(u[i]);
    }
}

/* Rosenbrock's valley in n dimensions. */
ADGEN(grad)
ADGEN(hessian, sparse)
double valley(int n, const double x[n])
{
    double s = 0;
    for (int i = 0; i + 1 < n; i++) {
        const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        s += 100 * a * a + b * b;
    }
    return s;
}
