/* Loops down, in steps, and by a swap: the counter runs back over just the values it had. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(x))
double every_second_down(int n, const double x[n])
{
    double s = 1;
    for (int i = n - 1; i >= 0; i -= 2)
        s = s * sin(x[i]) + x[i];
    return s;
}

ADGEN(grad, wrt(x))
double swapped(int n, double x)
{
    double a = x, b = x * x;
    for (int i = 0; i < n; i++) {
        double t = a;
        a = b;
        b = t * sin(b);
    }
    return a - b;
}

ADGEN(grad, wrt(x))
double unsigned_down(unsigned n, const double x[n])
{
    double s = 1;
    for (unsigned i = n; i > 0; i--)
        s = s * sin(x[i - 1]) + x[i - 1];
    return s;
}

ADGEN(grad, wrt(x))
double unsigned_from_first(unsigned first, unsigned n, const double x[n])
{
    double s = 1;
    for (unsigned i = first; i < n; i++)
        s = s * sin(x[i]) + x[i];
    return s;
}
