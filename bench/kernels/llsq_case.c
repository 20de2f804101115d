/* Least squares with 12 power features. */
#include "bench.h"
#include "llsq_grad.h"

double llsq(int n, int m, const double t[n], const double y[n], const double w[m]);
double llsq_hand(int n, int m, const double t[restrict n], const double y[restrict n], const double w[restrict m],
                 double w_bar[restrict m]);

typedef struct Data {
    int n, m;
    double *t, *y;
    BenchActive w;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){15, 5000, 500000}[size];
    p->m = size == BENCH_TINY ? 4 : 12;
    p->t = bench_uniform(bench, (size_t)p->n, -1, 1);
    p->y = bench_uniform(bench, (size_t)p->n, -1, 1);
    p->w = bench_active(bench, (size_t)p->m, -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return llsq(p->n, p->m, p->t, p->y, p->w.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return llsq_hand(p->n, p->m, p->t, p->y, p->w.x, p->w.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return llsq_grad(p->n, p->m, p->t, p->y, p->w.x, p->w.adgen);
}

const BenchCase bench_llsq[] = {{"llsq", make, primal, hand, generated, 0, 0}, {0}};
