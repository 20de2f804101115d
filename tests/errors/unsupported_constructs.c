#include <adgen/adgen.h>
#include <complex.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

struct point { double x, y; };
union number { double d; long bits; };
static jmp_buf place;
double (*callback)(double);

ADGEN(grad)
double jumps(double x)
{
    if (x < 1) goto inside;
    switch ((int)x) {
    case 1: x = 2; break;
    inside: x = 3;
    }
    return x;
}

ADGEN(grad)
double assembly(double x)
{
    __asm__ volatile("nop");
    return x;
}

ADGEN(grad)
double members(double x)
{
    struct point p = {x, 2};
    union number u;
    u.d = x;
    return p.x + u.d;
}

ADGEN(grad)
double imaginary(double x)
{
    double _Complex z = x;
    return creal(z);
}

ADGEN(grad)
double atomic(double x)
{
    _Atomic int n = 1;
    volatile double v = x;
    __int128 wide = 3;
    return v * n + wide;
}

ADGEN(grad)
double extensions(double x)
{
    double y = ({ double t = x; t * t; });
    return y + (x ?: 1);
}

ADGEN(grad)
double indirect(double x)
{
    return callback(x);
}

ADGEN(grad)
double variadic(double x, ...)
{
    return x;
}

ADGEN(grad)
double saved(double x)
{
    if (setjmp(place))
        return 0;
    return x;
}

ADGEN(grad)
double duff(double x, int n)
{
    switch (n) {
    case 0:
        while (n < 3) {
    case 1:
            x *= 2;
            n++;
        }
    }
    return x;
}

static double twice(double x)
{
    static int calls;
    calls++;
    return 2 * x;
}

ADGEN(grad)
double keeps(double x)
{
    return twice(x);
}

ADGEN(grad)
double by_struct(struct point p)
{
    return p.x;
}

ADGEN(grad)
double through(const struct point *p)
{
    return p->x;
}

ADGEN(grad)
double compares(double x)
{
    double *list = malloc(3 * sizeof *list);
    qsort(list, 3, sizeof *list, 0);
    double y = list[0] + x;
    free(list);
    return y;
}

ADGEN(grad)
double taking(double x, double (*f)(double))
{
    return f(x);
}

typedef double four __attribute__((vector_size(32)));

ADGEN(grad)
double vectors(double x)
{
    four v = {x, x, x, x};
    return v[0] * v[3];
}
