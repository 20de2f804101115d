/* Two-dimensional arrays, fixed and variable, a helper, and a scratch row. */
#include <adgen/adgen.h>

static void product(int m, int n, const double A[m][n], const double x[n], double y[m])
{
    for (int i = 0; i < m; i++) {
        y[i] = 0;
        for (int j = 0; j < n; j++)
            y[i] += A[i][j] * x[j];
    }
}

ADGEN(grad, wrt(A, x))
double misfit(int m, int n, const double A[m][n], const double x[n], const double b[m])
{
    double r[m], s = 0;
    product(m, n, A, x, r);
    for (int i = 0; i < m; i++)
        s += (r[i] - b[i]) * (r[i] - b[i]);
    return s / 2;
}
