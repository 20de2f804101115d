/* Gaussian mixture models: d = 10 with 25 components, d = 64 with 50. */
#include "bench.h"
#include "gmm_grad.h"

double gmm(int d, int k, int n, const double alphas[k], const double means[k][d],
           const double icf[k][d * (d + 1) / 2], const double x[n][d], double gamma, int m);
double gmm_hand(int d, int k, int n, const double *restrict alphas, double *restrict alphas_bar,
                const double *restrict means, double *restrict means_bar, const double *restrict icf,
                double *restrict icf_bar, const double *restrict x, double gamma, int m);

typedef struct Data {
    int d, k, n;
    BenchActive alphas, means, icf;
    double *x;
} Data;

static void *make(Bench *bench, int d, int k, int n)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->d = d;
    p->k = k;
    p->n = n;
    p->alphas = bench_active(bench, (size_t)k, -1, 1);
    p->means = bench_active(bench, (size_t)(k * d), -1, 1);
    p->icf = bench_active(bench, (size_t)(k * (d * (d + 1) / 2)), -0.5, 0.5);
    p->x = bench_uniform(bench, (size_t)(n * d), -1, 1);
    return p;
}

static void *make_narrow(Bench *bench, BenchSize size)
{
    return size == BENCH_TINY ? make(bench, 3, 4, 9) : make(bench, 10, 25, size == BENCH_SMALL ? 200 : 10000);
}

static void *make_wide(Bench *bench, BenchSize size)
{
    return size == BENCH_TINY ? make(bench, 7, 2, 5) : make(bench, 64, 50, size == BENCH_SMALL ? 10 : 1000);
}

static double primal(void *data)
{
    const Data *const p = data;
    return gmm(p->d, p->k, p->n, p->alphas.x, (void *)p->means.x, (void *)p->icf.x, (void *)p->x, 1, 0);
}

static double hand(void *data)
{
    const Data *const p = data;
    return gmm_hand(p->d, p->k, p->n, p->alphas.x, p->alphas.hand, p->means.x, p->means.hand, p->icf.x, p->icf.hand,
                    p->x, 1, 0);
}

static double generated(void *data)
{
    const Data *const p = data;
    return gmm_grad(p->d, p->k, p->n, p->alphas.x, p->alphas.adgen, (void *)p->means.x, (void *)p->means.adgen,
                    (void *)p->icf.x, (void *)p->icf.adgen, (void *)p->x, 1, 0);
}

const BenchCase bench_gmm[] = {
    {"gmm-10-25", make_narrow, primal, hand, generated, 0, 0},
    {"gmm-64-50", make_wide, primal, hand, generated, 0, 0},
    {0},
};
