/* The gradient of rk4.c by hand: the states of all steps are kept; the stages of a step are computed again when it is
 * reversed, and everything stays in registers. */
#include <adgen/runtime.h>

typedef struct Pair {
    double x, y;
} Pair;

static inline Pair growth(const double *rate, Pair u)
{
    return (Pair){rate[0] * u.x - rate[1] * u.x * u.y, rate[2] * u.x * u.y - rate[3] * u.y};
}

static inline Pair step(Pair u, double h, Pair k)
{
    return (Pair){u.x + h * k.x, u.y + h * k.y};
}

/* What k's adjoint does to the state, and to the rates. */
static inline Pair growth_reverse(const double *rate, double *sums, Pair u, Pair k)
{
    const double product = u.x * u.y;
    sums[0] += k.x * u.x;
    sums[1] -= k.x * product;
    sums[2] += k.y * product;
    sums[3] -= k.y * u.y;
    const double cross = k.y * rate[2] - k.x * rate[1];
    return (Pair){k.x * rate[0] + cross * u.y, cross * u.x - k.y * rate[3]};
}

double rk4_hand(int steps, double dt, const double *restrict rate, double *restrict rate_bar, const double *restrict start,
                double *restrict start_bar, const double *restrict observed)
{
    Pair *restrict const states = ad_alloc_array(Pair, steps + 1);
    const double r[4] = {rate[0], rate[1], rate[2], rate[3]}, sixth = dt / 6;
    Pair u = {start[0], start[1]};
    double misfit = 0;
    for (int s = 0; s < steps; s++) {
        states[s] = u;
        const Pair k1 = growth(r, u), k2 = growth(r, step(u, 0.5 * dt, k1)), k3 = growth(r, step(u, 0.5 * dt, k2));
        const Pair k4 = growth(r, step(u, dt, k3));
        u.x += sixth * (k1.x + 2 * k2.x + 2 * k3.x + k4.x);
        u.y += sixth * (k1.y + 2 * k2.y + 2 * k3.y + k4.y);
        const double dx = u.x - observed[2 * s], dy = u.y - observed[2 * s + 1];
        misfit += dx * dx;
        misfit += dy * dy;
    }
    states[steps] = u;
    double sums[4] = {0, 0, 0, 0};
    Pair bar = {0, 0};
    for (int s = steps - 1; s >= 0; s--) {
        const Pair after = states[s + 1], v = states[s];
        bar.x += 2 * (after.x - observed[2 * s]);
        bar.y += 2 * (after.y - observed[2 * s + 1]);
        const Pair a1 = step(v, 0.5 * dt, growth(r, v)), a2 = step(v, 0.5 * dt, growth(r, a1));
        const Pair a3 = step(v, dt, growth(r, a2));
        const Pair k = {sixth * bar.x, sixth * bar.y};
        const Pair b3 = growth_reverse(r, sums, a3, k);
        const Pair b2 = growth_reverse(r, sums, a2, (Pair){2 * k.x + dt * b3.x, 2 * k.y + dt * b3.y});
        const Pair b1 = growth_reverse(r, sums, a1, (Pair){2 * k.x + 0.5 * dt * b2.x, 2 * k.y + 0.5 * dt * b2.y});
        const Pair b0 = growth_reverse(r, sums, v, (Pair){k.x + 0.5 * dt * b1.x, k.y + 0.5 * dt * b1.y});
        bar.x += b0.x + b1.x + b2.x + b3.x;
        bar.y += b0.y + b1.y + b2.y + b3.y;
    }
    for (int i = 0; i < 4; i++)
        rate_bar[i] += sums[i];
    start_bar[0] += bar.x;
    start_bar[1] += bar.y;
    ad_free(states);
    return misfit;
}
