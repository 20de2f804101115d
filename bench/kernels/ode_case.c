/* An explicit ODE: 100 steps of 200 unknowns, 100 steps of 20000. */
#include "bench.h"
#include "ode_grad.h"

double ode(int n, int steps, const double start[n], const double diffusion[n], double rate, double dt,
           const double target[n]);
double ode_hand(int n, int steps, const double *restrict start, double *restrict start_bar,
                const double *restrict diffusion, double *restrict diffusion_bar, double rate,
                double *restrict rate_bar, double dt, const double *restrict target);

typedef struct Data {
    int n, steps;
    BenchActive start, diffusion, rate;
    double *target;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){7, 200, 20000}[size];
    p->steps = (int[]){5, 100, 100}[size];
    p->start = bench_active(bench, (size_t)p->n, 0, 1);
    p->diffusion = bench_active(bench, (size_t)p->n, 0.5, 1);
    p->rate = bench_active(bench, 1, 0.5, 1);
    p->target = bench_uniform(bench, (size_t)p->n, 0, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return ode(p->n, p->steps, p->start.x, p->diffusion.x, *p->rate.x, 0.1, p->target);
}

static double hand(void *data)
{
    const Data *const p = data;
    return ode_hand(p->n, p->steps, p->start.x, p->start.hand, p->diffusion.x, p->diffusion.hand, *p->rate.x,
                    p->rate.hand, 0.1, p->target);
}

static double generated(void *data)
{
    const Data *const p = data;
    return ode_grad(p->n, p->steps, p->start.x, p->start.adgen, p->diffusion.x, p->diffusion.adgen, *p->rate.x,
                    p->rate.adgen, 0.1, p->target);
}

const BenchCase bench_ode[] = {{"ode", make, primal, hand, generated, 0, 0}, {0}};
