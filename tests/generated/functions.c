/* Functions whose derivatives use all that could be shared between threads: the tape, heap caches, tables, recursion. */
#include <adgen/adgen.h>
#include <adgen/linalg.h>
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

/* matrices, dense and sparse, several directions, in and out */
ADGEN(jacobian, wrt(x), of(x))
ADGEN(jacobian, sparse, wrt(x), of(x), name(smoothed_sparse))
ADGEN(jvp, wrt(x), of(x), directions(3))
void smoothed(int n, double x[n])
{
    for (int i = 1; i + 1 < n; i++)
        x[i] = 0.5 * x[i] + 0.25 * sin(x[i - 1]) * x[i + 1];
}

/* linear algebra, with buffers of its own */
ADGEN(grad, wrt(A, b))
ADGEN(hessian, wrt(b))
double solved(int n, const double A[n * n], const double b[n])
{
    double *M = malloc((size_t)n * (size_t)n * sizeof *M), *x = malloc((size_t)n * sizeof *x), s = 0;
    int *pivots = malloc((size_t)n * sizeof *pivots);
    if (M && x && pivots) {
        ad_copy(n * n, A, 1, M, 1);
        ad_copy(n, b, 1, x, 1);
        ad_solve(n, 1, M, n, pivots, x, 1);
        s = ad_dot(n, x, 1, x, 1) + ad_nrm2(n, b, 1);
    }
    free(pivots);
    free(x);
    free(M);
    return s;
}

/* recursion over an array, its second derivatives */
static double halves(int n, const double *x)
{
    if (n == 1)
        return x[0] * x[0];
    return sin(halves(n / 2, x)) * halves(n - n / 2, x + n / 2);
}

ADGEN(hvp, wrt(x))
double tree(int n, const double x[n])
{
    return halves(n, x);
}
