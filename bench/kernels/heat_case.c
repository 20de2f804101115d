/* The heat equation: 24 x 24 over 30 steps, 200 x 300 over 40. */
#include "bench.h"
#include "heat_grad.h"

double heat(int m, int n, int steps, const double start[m][n], const double conductivity[m][n], double dt,
            const double target[m][n]);
double heat_hand(int m, int n, int steps, const double *restrict start, double *restrict start_bar,
                 const double *restrict conductivity, double *restrict conductivity_bar, double dt,
                 const double *restrict target);

typedef struct Data {
    int m, n, steps;
    BenchActive start, conductivity;
    double *target;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->m = (int[]){5, 24, 200}[size];
    p->n = (int[]){6, 24, 300}[size];
    p->steps = (int[]){3, 30, 40}[size];
    const size_t cells = (size_t)(p->m * p->n);
    p->start = bench_active(bench, cells, 0, 1);
    p->conductivity = bench_active(bench, cells, 0.5, 1);
    p->target = bench_uniform(bench, cells, 0, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return heat(p->m, p->n, p->steps, (void *)p->start.x, (void *)p->conductivity.x, 0.2, (void *)p->target);
}

static double hand(void *data)
{
    const Data *const p = data;
    return heat_hand(p->m, p->n, p->steps, p->start.x, p->start.hand, p->conductivity.x, p->conductivity.hand, 0.2,
                     p->target);
}

static double generated(void *data)
{
    const Data *const p = data;
    return heat_grad(p->m, p->n, p->steps, (void *)p->start.x, (void *)p->start.adgen, (void *)p->conductivity.x,
                     (void *)p->conductivity.adgen, 0.2, (void *)p->target);
}

const BenchCase bench_heat[] = {{"heat", make, primal, hand, generated, 0, 0}, {0}};
