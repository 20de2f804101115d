/* Predators and prey, integrated by the classical Runge-Kutta method: how far the course is from observed numbers. */
#include <adgen/adgen.h>

static void growth(const double rate[4], const double state[2], double change[2])
{
    change[0] = rate[0] * state[0] - rate[1] * state[0] * state[1];
    change[1] = rate[2] * state[0] * state[1] - rate[3] * state[1];
}

ADGEN(grad, wrt(rate, start))
double rk4(int steps, double dt, const double rate[4], const double start[2], const double observed[steps][2])
{
    double u[2] = {start[0], start[1]}, k1[2], k2[2], k3[2], k4[2], at[2];
    double misfit = 0;
    for (int s = 0; s < steps; s++) {
        growth(rate, u, k1);
        for (int i = 0; i < 2; i++)
            at[i] = u[i] + 0.5 * dt * k1[i];
        growth(rate, at, k2);
        for (int i = 0; i < 2; i++)
            at[i] = u[i] + 0.5 * dt * k2[i];
        growth(rate, at, k3);
        for (int i = 0; i < 2; i++)
            at[i] = u[i] + dt * k3[i];
        growth(rate, at, k4);
        for (int i = 0; i < 2; i++) {
            u[i] += dt / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
            misfit += (u[i] - observed[s][i]) * (u[i] - observed[s][i]);
        }
    }
    return misfit;
}
