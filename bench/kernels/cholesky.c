/* A Gaussian process: the negative logarithm of the likelihood of y, by the Cholesky factor of the covariance. */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>

ADGEN(grad, wrt(scale, amplitude, noise))
double cholesky(int n, int d, const double x[n][d], const double y[n], const double scale[d], double amplitude,
                double noise)
{
    double(*L)[n] = malloc(sizeof(double) * n * n);
    double *z = malloc(sizeof(double) * n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double square = 0;
            for (int k = 0; k < d; k++) {
                double u = scale[k] * (x[i][k] - x[j][k]);
                square += u * u;
            }
            L[i][j] = amplitude * exp(-0.5 * square);
            if (i == j)
                L[i][j] += noise;
        }
    for (int j = 0; j < n; j++) {
        double sum = L[j][j];
        for (int k = 0; k < j; k++)
            sum -= L[j][k] * L[j][k];
        L[j][j] = sqrt(sum);
        for (int i = j + 1; i < n; i++) {
            sum = L[i][j];
            for (int k = 0; k < j; k++)
                sum -= L[i][k] * L[j][k];
            L[i][j] = sum / L[j][j];
        }
    }
    double result = 0;
    for (int i = 0; i < n; i++) {
        double sum = y[i];
        for (int k = 0; k < i; k++)
            sum -= L[i][k] * z[k];
        z[i] = sum / L[i][i];
        result += log(L[i][i]) + 0.5 * z[i] * z[i];
    }
    free(z);
    free(L);
    return result;
}
