#include <adgen/adgen.h>
#include <math.h>

static double square( v) { return v * v; }
static double wave(double v) { return sin(v); }
static double (*const shapes[])(double) = {square, wave, exp};

ADGEN(grad)
double shaped(int kind, double x)
{
    return shapes[kind](x);
}

static double integrate(double (*f)(double), double a, double b)
{
    double s = 0;
    for (int i = 0; i < 100; i++)
        s += f(a + (i + 0.5) * (b - a) / 100);
    return s * (b - a) / 100;
}

ADGEN(grad)
double area(double a, double b)
{
    return integrate(wave, a, b);
}

/* run as it is */
ADGEN(grad)
double reported(double x, void (*report)(int, const char *))
{
    report(1, "square");
    return x * x;
}
