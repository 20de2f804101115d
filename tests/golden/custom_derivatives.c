#include <adgen/adgen.h>
#include <math.h>

ADGEN(custom, vjp(norm_vjp), jvp(norm_jvp))
double norm(int n, const double x[n]);
double norm_vjp(int n, const double x[n], double x_bar[n], double result_bar);
double norm_jvp(int n, const double x[n], const double x_dot[n], double *result_dot);

ADGEN(custom, vjp(relax_vjp))
void relax(int n, double y[n], double a);
void relax_vjp(int n, double y[n], double y_bar[n], double a, double *a_bar);

ADGEN(grad, wrt(x))
ADGEN(jvp, wrt(x))
double ratio(int n, const double x[n])
{
    return norm(n, x) / x[0];
}

ADGEN(vjp, wrt(y, a), of(y))
void sweeps(int n, double y[n], double a, int rounds)
{
    for (int k = 0; k < rounds; k++)
        relax(n, y, a);
}
