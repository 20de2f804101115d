/* A state that is carried over time is copied once per step; what only overlapping parameters could overwrite is kept only if they
 * overlap. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(start, rate))
double diffusion(int n, int steps, const double start[n], double rate, const double target[n])
{
    double u[n], change[n];
    for (int i = 0; i < n; i++)
        u[i] = start[i];
    for (int s = 0; s < steps; s++) {
        for (int i = 1; i < n - 1; i++)
            change[i] = u[i] * (u[i - 1] - 2 * u[i] + u[i + 1]);
        for (int i = 1; i < n - 1; i++)
            u[i] += rate * change[i];
    }
    double misfit = 0;
    for (int i = 0; i < n; i++)
        misfit += (u[i] - target[i]) * (u[i] - target[i]);
    return misfit;
}

ADGEN(vjp)
void layer(int n, int m, const double weights[m][n], const double x[n], double y[m])
{
    for (int i = 0; i < m; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++)
            sum += weights[i][j] * x[j];
        y[i] = exp(sum);
    }
}
