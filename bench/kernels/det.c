/* The determinant, by elimination with pivoting. */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>

ADGEN(grad, wrt(A))
double det(int n, const double A[n][n])
{
    double(*U)[n] = malloc(sizeof(double) * n * n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            U[i][j] = A[i][j];
    double result = 1;
    for (int k = 0; k < n; k++) {
        int pivot = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(U[i][k]) > fabs(U[pivot][k]))
                pivot = i;
        if (pivot != k) {
            for (int j = k; j < n; j++) {
                double t = U[k][j];
                U[k][j] = U[pivot][j];
                U[pivot][j] = t;
            }
            result = -result;
        }
        result *= U[k][k];
        for (int i = k + 1; i < n; i++) {
            double factor = U[i][k] / U[k][k];
            for (int j = k + 1; j < n; j++)
                U[i][j] -= factor * U[k][j];
        }
    }
    free(U);
    return result;
}
