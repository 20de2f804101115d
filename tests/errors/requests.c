/* Mistakes in requests: each is reported at its annotation. */
#include <adgen/adgen.h>

double external(double x);

ADGEN(grad, wrt(z))
double no_parameter(double x) { return x * x; }

ADGEN(grad, wrt(n))
double not_floating(int n, double x) { return n * x; }

ADGEN(vjp, of(y))
void never_written(const double *x, double *y) { (void)x; (void)y; }

ADGEN(vjp, of(x))
double by_value(double x) { return x; }

ADGEN(grad)
void several(const double *x, double *y, double *z) { *y = *x; *z = *x * *x; }

ADGEN(grad, of(y[n]))
void of_array(int n, const double *x, double *y)
{
    for (int i = 0; i < n; i++)
        y[i] = x[i];
}

ADGEN(grad, wrt(x))
double no_extent(int n, const double x[n], double *t)
{
    double s = 0;
    for (int i = 0; i < n; i++)
        t[i] = x[i] * x[i];
    for (int i = 0; i < n; i++)
        s += t[i] * t[n - 1 - i];
    return s;
}

ADGEN(grad)
double unknown_call(double x) { return external(x * 2); }

ADGEN(grad)
int no_dependent(double x) { return x > 0; }

ADGEN(vjp, name(same))
double twice(double x) { return x; }

ADGEN(grad, name(same))
double again(double x) { return 2 * x; }

ADGEN(hessian)
double later(double x) { return x * x * x; }
