/* Predators and prey over 500 and 200000 steps. */
#include "bench.h"
#include "rk4_grad.h"

double rk4(int steps, double dt, const double rate[4], const double start[2], const double observed[steps][2]);
double rk4_hand(int steps, double dt, const double *restrict rate, double *restrict rate_bar, const double *restrict start,
                double *restrict start_bar, const double *restrict observed);

typedef struct Data {
    int steps;
    double dt;
    BenchActive rate, start;
    double *observed;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->steps = (int[]){7, 500, 200000}[size];
    p->dt = 10.0 / p->steps;
    p->rate = bench_active(bench, 4, 0.5, 1);
    p->start = bench_active(bench, 2, 0.5, 1.5);
    p->observed = bench_uniform(bench, (size_t)(2 * p->steps), 0.5, 1.5);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return rk4(p->steps, p->dt, p->rate.x, p->start.x, (void *)p->observed);
}

static double hand(void *data)
{
    const Data *const p = data;
    return rk4_hand(p->steps, p->dt, p->rate.x, p->rate.hand, p->start.x, p->start.hand, p->observed);
}

static double generated(void *data)
{
    const Data *const p = data;
    return rk4_grad(p->steps, p->dt, p->rate.x, p->rate.adgen, p->start.x, p->start.adgen, (void *)p->observed);
}

const BenchCase bench_rk4[] = {{"rk4", make, primal, hand, generated, 0, 0}, {0}};
