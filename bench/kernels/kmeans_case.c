/* k-means: 20 centres in 8 dimensions. */
#include "bench.h"
#include "kmeans_grad.h"

double kmeans(int n, int k, int d, const double points[n][d], const double centres[k][d]);
double kmeans_hand(int n, int k, int d, const double points[restrict n][d], const double centres[restrict k][d],
                   double centres_bar[restrict k][d]);

typedef struct Data {
    int n, k, d;
    void *points;
    BenchActive centres;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){17, 1000, 100000}[size];
    p->k = size == BENCH_TINY ? 3 : 20;
    p->d = size == BENCH_TINY ? 2 : 8;
    p->points = bench_uniform(bench, (size_t)(p->n * p->d), -1, 1);
    p->centres = bench_active(bench, (size_t)(p->k * p->d), -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return kmeans(p->n, p->k, p->d, p->points, (void *)p->centres.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return kmeans_hand(p->n, p->k, p->d, p->points, (void *)p->centres.x, (void *)p->centres.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return kmeans_grad(p->n, p->k, p->d, p->points, (void *)p->centres.x, (void *)p->centres.adgen);
}

const BenchCase bench_kmeans[] = {{"kmeans", make, primal, hand, generated, 0, 0}, {0}};
