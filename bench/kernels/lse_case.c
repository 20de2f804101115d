/* Log-sum-exp of a vector. */
#include "bench.h"
#include "lse_grad.h"

double lse(int n, const double x[n]);
double lse_hand(int n, const double x[restrict n], double x_bar[restrict n]);

typedef struct Data {
    int n;
    BenchActive x;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){13, 10000, 2000000}[size];
    p->x = bench_active(bench, (size_t)p->n, -3, 3);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return lse(p->n, p->x.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return lse_hand(p->n, p->x.x, p->x.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return lse_grad(p->n, p->x.x, p->x.adgen);
}

const BenchCase bench_lse[] = {{"lse", make, primal, hand, generated, 0, 0}, {0}};
