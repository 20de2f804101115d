/* Functions whose derivatives use all that could be shared between threads: the tape, heap caches, tables, recursion. */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>

ADGEN(grad, wrt(a))
double unknown_length(double a)
{
    double y = 1;
    while (fabs(y * y - a) > 1e-12)
        y = 0.5 * (y + a / y);
    return y;
}

ADGEN(grad, wrt(x))
double heap_caches(int n, const double x[n])
{
    double *t = malloc((size_t)n * sizeof *t), s = 1;
    if (!t)
        return 0;
    for (int i = 0; i < n; i++) {
        t[i] = sin(x[i]) * s;
        s = s * 0.5 + t[i] * t[i];
    }
    s += t[n - 1];
    free(t);
    return s;
}

static double power(double x, int n)
{
    return n == 0 ? 1 : n % 2 ? x * power(x, n - 1) : power(x * x, n / 2);
}

ADGEN(grad, wrt(x))
double recursion(double x)
{
    return power(x, 11) + tanh(x);
}

static const double weights[4] = {0.5, 0.25, 2, 1};

ADGEN(grad, wrt(x))
double tables(const double x[4])
{
    double s = 0;
    for (int i = 0; i < 4; i++) {
        s = s * x[i] + weights[i];
        if (s > 2)
            s = log(s);
    }
    return s;
}

ADGEN(hvp, wrt(x[4]))
double curved(const double x[4])
{
    double s = x[0];
    for (int i = 1; i < 4; i++)
        s = s * x[i] + exp(s) * 0.1;
    return s;
}
