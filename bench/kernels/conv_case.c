/* Convolution with 5 x 5: images of 40 x 40 and 600 x 800. */
#include "bench.h"
#include "conv_grad.h"

double conv(int m, int n, int k, const double image[m][n], const double kernel[k][k],
            const double target[m - k + 1][n - k + 1]);
double conv_hand(int m, int n, int k, const double *restrict image, double *restrict image_bar,
                 const double *restrict kernel, double *restrict kernel_bar, const double *restrict target);

typedef struct Data {
    int m, n, k;
    BenchActive image, kernel;
    double *target;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->m = (int[]){6, 40, 600}[size];
    p->n = (int[]){7, 40, 800}[size];
    p->k = size == BENCH_TINY ? 3 : 5;
    p->image = bench_active(bench, (size_t)(p->m * p->n), -1, 1);
    p->kernel = bench_active(bench, (size_t)(p->k * p->k), -1, 1);
    p->target = bench_uniform(bench, (size_t)(p->m * p->n), -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return conv(p->m, p->n, p->k, (void *)p->image.x, (void *)p->kernel.x, (void *)p->target);
}

static double hand(void *data)
{
    const Data *const p = data;
    return conv_hand(p->m, p->n, p->k, p->image.x, p->image.hand, p->kernel.x, p->kernel.hand, p->target);
}

static double generated(void *data)
{
    const Data *const p = data;
    return conv_grad(p->m, p->n, p->k, (void *)p->image.x, (void *)p->image.adgen, (void *)p->kernel.x,
                     (void *)p->kernel.adgen, (void *)p->target);
}

const BenchCase bench_conv[] = {{"conv", make, primal, hand, generated, 0, 0}, {0}};
