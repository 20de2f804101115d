/* Two series of 50 points, and of 1000. */
#include "bench.h"
#include "softdtw_grad.h"

double softdtw(int m, int n, const double x[m], const double y[n], double gamma);
double softdtw_hand(int m, int n, const double *restrict x, double *restrict x_bar, const double *restrict y, double gamma);

typedef struct Data {
    int m, n;
    BenchActive x;
    double *y;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->m = (int[]){4, 50, 1000}[size];
    p->n = (int[]){5, 50, 1000}[size];
    p->x = bench_active(bench, (size_t)p->m, -1, 1);
    p->y = bench_uniform(bench, (size_t)p->n, -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return softdtw(p->m, p->n, p->x.x, p->y, 0.5);
}

static double hand(void *data)
{
    const Data *const p = data;
    return softdtw_hand(p->m, p->n, p->x.x, p->x.hand, p->y, 0.5);
}

static double generated(void *data)
{
    const Data *const p = data;
    return softdtw_grad(p->m, p->n, p->x.x, p->x.adgen, p->y, 0.5);
}

const BenchCase bench_softdtw[] = {{"softdtw", make, primal, hand, generated, 0, 0}, {0}};
