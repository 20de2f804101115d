/* An explicit ODE solver: a reaction-diffusion equation on a ring by Euler's method; the misfit of the last state. */
#include <adgen/adgen.h>
#include <stdlib.h>

ADGEN(grad, wrt(start, diffusion, rate))
double ode(int n, int steps, const double start[n], const double diffusion[n], double rate, double dt,
           const double target[n])
{
    double *u = malloc(sizeof(double) * n), *change = malloc(sizeof(double) * n);
    for (int i = 0; i < n; i++)
        u[i] = start[i];
    for (int s = 0; s < steps; s++) {
        for (int i = 0; i < n; i++) {
            int left = i == 0 ? n - 1 : i - 1;
            int right = i == n - 1 ? 0 : i + 1;
            change[i] = diffusion[i] * (u[left] - 2 * u[i] + u[right]) + rate * u[i] * (1 - u[i]);
        }
        for (int i = 0; i < n; i++)
            u[i] += dt * change[i];
    }
    double misfit = 0;
    for (int i = 0; i < n; i++)
        misfit += (u[i] - target[i]) * (u[i] - target[i]);
    free(change);
    free(u);
    return 0.5 * misfit;
}
