/* Unusual shapes in the modes that give matrices: compared with differences. */
#include <adgen/adgen.h>
#include <math.h>
#include <stdio.h>

/* in and out, with a returned value */
ADGEN(jacobian, wrt(x, a), of(return, x))
ADGEN(vjp, wrt(x, a), of(return, x))
ADGEN(jvp, wrt(x, a), of(return, x))
double running(int n, double x[n], double a)
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        s += x[i];
        x[i] = x[i] * x[i] * a + s;
    }
    return s * a;
}

/* in and out behind other independents: rows and columns are counted differently; fewer rows than columns */
ADGEN(jacobian, wrt(x, y), of(y))
ADGEN(jacobian, sparse, wrt(x, y), of(y), name(turned_sparse))
void turned(const double x[4], double y[2])
{
    const double old = y[0];
    for (int i = 0; i < 2; i++)
        y[i] = y[i] * x[3] + old * x[i] * x[2];
}

/* the same with extents that are known at run time only, and a returned value */
ADGEN(jacobian, wrt(x, y), of(y, return))
ADGEN(jacobian, sparse, wrt(x, y), of(y, return), name(turned_by_sparse))
double turned_by(int n, const double x[n], int m, double y[m])
{
    double s = 1;
    for (int i = 0; i < n; i++)
        s += x[i] * x[i] * y[m - 1];
    for (int j = 0; j < m; j++)
        y[j] = s * y[j] + x[0];
    return s;
}

/* two independents, not in the order of the parameters */
ADGEN(hessian, wrt(y, x))
ADGEN(hessian, sparse, wrt(y, x), name(coupled_sparse))
ADGEN(hvp, wrt(y, x))
double coupled(int n, const double x[n], int m, const double y[m])
{
    double s = 1;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            s += x[i] * x[i] * y[j] * sin(x[i] * y[j]);
    return s;
}

/* matrices, an extent that only the clause gives */
ADGEN(jacobian, wrt(A, b[n]), of(B))
ADGEN(divergence, wrt(A), of(B))
void mixed(int n, double A[n][n], const double *b, double B[n][n])
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            B[i][j] = A[j][i] * b[i] * A[i][j];
}

/* extents that are computed */
ADGEN(jacobian, wrt(x[2 * n + 1]), of(y[n - 1]))
void folded(int n, const double *x, double *y)
{
    for (int i = 0; i < n - 1; i++)
        y[i] = x[2 * i] * x[2 * i + 1] + x[2 * n];
}

/* the result behind a pointer, read and written, and a work array whose extent the clause gives */
ADGEN(grad, wrt(x), of(e), work(t[n]))
ADGEN(hessian, wrt(x), of(e), work(t[n]))
void chained(int n, const double x[n], double *t, double *e)
{
    *e = 0;
    for (int i = 0; i < n; i++) {
        t[i] = x[i] * (i ? t[i - 1] : 1);
        *e += t[i] * t[i];
    }
}

/* a work array that is handed on by recursion */
static double sifted(int depth, double a, double *t)
{
    if (depth == 0)
        return a * t[1];
    const double inner = sifted(depth - 1, sin(t[0]) * a, t);
    t[0] *= a;
    return inner * t[1] + t[0];
}

ADGEN(hessian, wrt(x), work(t))
double handed_on(int n, const double x[n], double t[n])
{
    for (int i = 0; i < n; i++)
        t[i] = x[i] * x[n - 1];
    return sifted(3, x[0], t) + t[0];
}

/* an early return, and an independent that nothing depends on */
ADGEN(jacobian)
ADGEN(hessian)
double first_large(int n, const double x[n], double unused)
{
    (void)unused;
    for (int i = 0; i < n; i++)
        if (x[i] > 1)
            return x[i] * x[i];
    return n ? x[0] * x[n - 1] : 0;
}

/* what is printed is printed once */
FILE *record;

ADGEN(jacobian)
ADGEN(hessian, of(return))
ADGEN(divergence, of(y))
double printed(int n, const double x[n], double y[n])
{
    double s = 0;
    for (int i = 0; i < n; i++) {
        y[i] = x[i] * x[n - 1 - i];
        s += y[i] * x[i];
        if (i % 2)
            fprintf(record, "%d", i % 10);
    }
    fputs("end", record);
    return s;
}
