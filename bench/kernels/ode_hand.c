/* The gradient of ode.c by hand: the states are kept, each with its two neighbours across the ends of the ring, so that
 * both sweeps are one loop without branches per step. */
#include <adgen/runtime.h>
#include <string.h>

double ode_hand(int n, int steps, const double *restrict start, double *restrict start_bar,
                const double *restrict diffusion, double *restrict diffusion_bar, double rate,
                double *restrict rate_bar, double dt, const double *restrict target)
{
    const int stride = n + 2;
    double *const states = ad_alloc_array(double, (steps + 1) * stride);
    double *const memory = ad_alloc_array(double, 2 * stride + 2 * n);
    double *u_bar = memory, *before_bar = memory + stride;
    double *restrict const g = memory + 2 * stride, *restrict const r = g + n;
    memset(g, 0, sizeof(double) * 2 * (size_t)n);
    memcpy(states + 1, start, sizeof(double) * (size_t)n);
    for (int s = 0; s < steps; s++) {
        double *restrict const u = states + s * stride + 1, *restrict const next = u + stride;
        u[-1] = u[n - 1];
        u[n] = u[0];
        for (int i = 0; i < n; i++)
            next[i] = u[i] + dt * (diffusion[i] * (u[i - 1] - 2 * u[i] + u[i + 1]) + rate * u[i] * (1 - u[i]));
    }
    double misfit = 0, rate_sum = 0; /* the sum over steps stays a vector, r */
    const double *restrict const last = states + steps * stride + 1;
    for (int i = 0; i < n; i++) {
        const double difference = last[i] - target[i];
        misfit += difference * difference;
        u_bar[1 + i] = difference;
    }
    for (int s = steps - 1; s >= 0; s--) {
        const double *restrict const u = states + s * stride + 1;
        const double *restrict const after = u_bar + 1;
        double *restrict const before = before_bar + 1;
        for (int i = 1; i < n - 1; i++)
            before[i] = after[i] * (1 + dt * (rate * (1 - 2 * u[i]) - 2 * diffusion[i]))
                        + dt * (diffusion[i - 1] * after[i - 1] + diffusion[i + 1] * after[i + 1]);
        before[0] = after[0] * (1 + dt * (rate * (1 - 2 * u[0]) - 2 * diffusion[0]))
                    + dt * (diffusion[n - 1] * after[n - 1] + diffusion[1] * after[1]);
        before[n - 1] = after[n - 1] * (1 + dt * (rate * (1 - 2 * u[n - 1]) - 2 * diffusion[n - 1]))
                        + dt * (diffusion[n - 2] * after[n - 2] + diffusion[0] * after[0]);
        for (int i = 0; i < n; i++) {
            g[i] += after[i] * (u[i - 1] - 2 * u[i] + u[i + 1]);
            r[i] += after[i] * u[i] * (1 - u[i]);
        }
        double *const t = u_bar;
        u_bar = before_bar;
        before_bar = t;
    }
    for (int i = 0; i < n; i++) {
        start_bar[i] += u_bar[1 + i];
        diffusion_bar[i] += dt * g[i];
        rate_sum += r[i];
    }
    *rate_bar += dt * rate_sum;
    ad_free(memory);
    ad_free(states);
    return 0.5 * misfit;
}
