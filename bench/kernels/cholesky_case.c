/* Gaussian processes over 60 and 500 points in three dimensions. */
#include "bench.h"
#include "cholesky_grad.h"

double cholesky(int n, int d, const double x[n][d], const double y[n], const double scale[d], double amplitude,
                double noise);
double cholesky_hand(int n, int d, const double *restrict x, const double *restrict y, const double *restrict scale,
                     double *restrict scale_bar, double amplitude, double *restrict amplitude_bar, double noise,
                     double *restrict noise_bar);

typedef struct Data {
    int n, d;
    double *x, *y;
    BenchActive scale, amplitude, noise;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){7, 60, 500}[size];
    p->d = 3;
    p->x = bench_uniform(bench, (size_t)(p->n * p->d), -1, 1);
    p->y = bench_uniform(bench, (size_t)p->n, -1, 1);
    p->scale = bench_active(bench, (size_t)p->d, 0.5, 2);
    p->amplitude = bench_active(bench, 1, 0.5, 1);
    p->noise = bench_active(bench, 1, 0.1, 0.2);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return cholesky(p->n, p->d, (void *)p->x, p->y, p->scale.x, *p->amplitude.x, *p->noise.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return cholesky_hand(p->n, p->d, p->x, p->y, p->scale.x, p->scale.hand, *p->amplitude.x, p->amplitude.hand,
                         *p->noise.x, p->noise.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return cholesky_grad(p->n, p->d, (void *)p->x, p->y, p->scale.x, p->scale.adgen, *p->amplitude.x, p->amplitude.adgen,
                         *p->noise.x, p->noise.adgen);
}

const BenchCase bench_cholesky[] = {{"cholesky", make, primal, hand, generated, 0, 0}, {0}};
