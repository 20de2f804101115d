/* Determinants of 7 x 7 and 9 x 9. */
#include "bench.h"
#include "minors_grad.h"

double minors(int n, const double a[n][n]);
double minors_hand(int n, const double *restrict a, double *restrict a_bar);

typedef struct Data {
    int n;
    BenchActive a;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){4, 7, 9}[size];
    p->a = bench_active(bench, (size_t)(p->n * p->n), -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return minors(p->n, (void *)p->a.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return minors_hand(p->n, p->a.x, p->a.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return minors_grad(p->n, (void *)p->a.x, (void *)p->a.adgen);
}

const BenchCase bench_minors[] = {{"minors", make, primal, hand, generated, 0, 0}, {0}};
