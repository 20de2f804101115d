/* Power iteration with a sparse matrix, row by row: the length that the last step had. */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>

ADGEN(grad, wrt(value))
double power(int n, int steps, const int first[n + 1], const int column[], const double value[first[n]])
{
    double *x = malloc(sizeof(double) * n), *y = malloc(sizeof(double) * n);
    double length = 0;
    for (int i = 0; i < n; i++)
        x[i] = 1;
    for (int s = 0; s < steps; s++) {
        double square = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = first[i]; k < first[i + 1]; k++)
                sum += value[k] * x[column[k]];
            y[i] = sum;
            square += sum * sum;
        }
        length = sqrt(square);
        for (int i = 0; i < n; i++)
            x[i] = y[i] / length;
    }
    free(x);
    free(y);
    return length;
}
