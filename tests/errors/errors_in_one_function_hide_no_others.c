#include <adgen/adgen.h>

static double helper(double x)
{
    __asm__("nop");

    return x;
}

ADGEN(grad)
double first(double x)
{
    return helper(x); /* no error of its own */
}

ADGEN(grad, wrt(n))
double second(int n, double x)
{
    return n * x;
}

double unknown(double x);

ADGEN(grad)
double third(double x)
{
    return unknown(x);
}
