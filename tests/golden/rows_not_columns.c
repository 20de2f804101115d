/* What the primal sums down a column is added to along rows. */
#include <adgen/adgen.h>

ADGEN(vjp, wrt(A, B), of(C))
void multiply(int m, int n, int p, const double A[restrict m][n], const double B[restrict n][p], double C[restrict m][p])
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < p; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += A[i][k] * B[k][j];
            C[i][j] = sum;
        }
}

/* The inner loop is as long as the outer one says: the loops stay as they are. */
ADGEN(vjp, wrt(A, x), of(y))
void upper(int n, const double A[restrict n][n], const double x[restrict n], double y[restrict n])
{
    for (int j = 0; j < n; j++) {
        y[j] = 0;
        for (int k = 0; k <= j; k++)
            y[j] += A[k][j] * x[k];
    }
}
