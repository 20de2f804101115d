/* A Kalman filter of 8 states: series of 100 and 10000 observations. */
#include "bench.h"
#include "kalman_grad.h"

double kalman(int n, int steps, const double transition[n][n], const double process[n], const double observation[n],
              double noise, const double y[steps]);
double kalman_hand(int n, int steps, const double *restrict transition, double *restrict transition_bar,
                   const double *restrict process, double *restrict process_bar, const double *restrict observation,
                   double noise, double *restrict noise_bar, const double *restrict y);

typedef struct Data {
    int n, steps;
    BenchActive transition, process, noise;
    double *observation, *y;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = size == BENCH_TINY ? 3 : 8;
    p->steps = (int[]){6, 100, 10000}[size];
    p->transition = bench_active(bench, (size_t)(p->n * p->n), -0.4, 0.4);
    p->process = bench_active(bench, (size_t)p->n, 0.5, 1);
    p->noise = bench_active(bench, 1, 0.5, 1);
    p->observation = bench_uniform(bench, (size_t)p->n, -1, 1);
    p->y = bench_uniform(bench, (size_t)p->steps, -2, 2);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return kalman(p->n, p->steps, (void *)p->transition.x, p->process.x, p->observation, *p->noise.x, p->y);
}

static double hand(void *data)
{
    const Data *const p = data;
    return kalman_hand(p->n, p->steps, p->transition.x, p->transition.hand, p->process.x, p->process.hand, p->observation,
                       *p->noise.x, p->noise.hand, p->y);
}

static double generated(void *data)
{
    const Data *const p = data;
    return kalman_grad(p->n, p->steps, (void *)p->transition.x, (void *)p->transition.adgen, p->process.x, p->process.adgen,
                       p->observation, *p->noise.x, p->noise.adgen, p->y);
}

const BenchCase bench_kalman[] = {{"kalman", make, primal, hand, generated, 0, 0}, {0}};
