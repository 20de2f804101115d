/* The heat equation in two dimensions over time, with a conductivity that varies: the misfit of the last field. */
#include <adgen/adgen.h>
#include <stdlib.h>

ADGEN(grad, wrt(start, conductivity))
double heat(int m, int n, int steps, const double start[m][n], const double conductivity[m][n], double dt,
            const double target[m][n])
{
    double(*u)[n] = malloc(sizeof(double) * m * n), (*next)[n] = malloc(sizeof(double) * m * n);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            u[i][j] = next[i][j] = start[i][j];
    for (int s = 0; s < steps; s++) {
        for (int i = 1; i < m - 1; i++)
            for (int j = 1; j < n - 1; j++)
                next[i][j] = u[i][j]
                             + dt * conductivity[i][j]
                                   * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1] - 4 * u[i][j]);
        double(*swap)[n] = u;
        u = next;
        next = swap;
    }
    double misfit = 0;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            misfit += (u[i][j] - target[i][j]) * (u[i][j] - target[i][j]);
    free(u);
    free(next);
    return 0.5 * misfit;
}
