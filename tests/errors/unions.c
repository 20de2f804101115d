#include <adgen/adgen.h>

union number { double d; long bits; };
struct wrapped { double a; union number n; };

ADGEN(grad)
double flips(double x)
{
    union number u;
    u.d = x;
    u.bits ^= (long)1 << 63;
    return x * u.d;
}

ADGEN(grad)
double held(const struct wrapped *w)
{
    return w->a * w->n.d;
}

ADGEN(grad) /* nothing active is in there */
double inactive(double x, long n)
{
    union number u = {.bits = n};
    u.bits &= 3;
    return x * (double)u.bits;
}
