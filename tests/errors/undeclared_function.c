#include <adgen/adgen.h>
#include <math.h>

/* C takes `likelihood` for a function that returns int, which has no derivative; `declared` does return one. */
int declared(double x);

ADGEN(grad, wrt(x))
double misfit(int n, const double x[n])
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += likelihood(x[i]) * x[i];
    return sum + likelihood(x[0]);
}

ADGEN(grad, wrt(x))
double rounded(int n, const double x[n])
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += declared(x[i]) * x[i];
    return sum;
}

static double scaled(double x)
{
    return 2 * weight(x);
}

ADGEN(grad, wrt(x))
double through_a_helper(double x)
{
    return scaled(x) * x;
}

/* Nobody differentiates it. */
int elsewhere(int n)
{
    return something(n);
}
