/* Determinants of 40 x 40 and 500 x 500. */
#include "bench.h"
#include "det_grad.h"

double det(int n, const double A[n][n]);
double det_hand(int n, const double *restrict A, double *restrict A_bar);

typedef struct Data {
    int n;
    BenchActive A;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){7, 40, 400}[size];
    const double scale = (double[]){1, 0.25, 0.0785}[size]; /* so that the determinant is not out of range */
    p->A = bench_active(bench, (size_t)(p->n * p->n), -scale, scale);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return det(p->n, (void *)p->A.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return det_hand(p->n, p->A.x, p->A.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return det_grad(p->n, (void *)p->A.x, (void *)p->A.adgen);
}

const BenchCase bench_det[] = {{"det", make, primal, hand, generated, 0, 0}, {0}};
