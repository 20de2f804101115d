/* Logistic regression with 32 features. */
#include "bench.h"
#include "logreg_grad.h"

double logreg(int n, int d, const double X[n][d], const double y[n], const double w[d], double b);
double logreg_hand(int n, int d, const double X[restrict n][d], const double y[restrict n],
                   const double w[restrict d], double w_bar[restrict d], double b, double *restrict b_bar);

typedef struct Data {
    int n, d;
    void *X;
    double *y;
    BenchActive w, b;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){11, 400, 100000}[size];
    p->d = size == BENCH_TINY ? 5 : 32;
    p->X = bench_uniform(bench, (size_t)(p->n * p->d), -1, 1);
    p->y = bench_uniform(bench, (size_t)p->n, -1, 1);
    for (int i = 0; i < p->n; i++)
        p->y[i] = p->y[i] < 0 ? -1 : 1;
    p->w = bench_active(bench, (size_t)p->d, -1, 1);
    p->b = bench_active(bench, 1, -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return logreg(p->n, p->d, p->X, p->y, p->w.x, *p->b.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return logreg_hand(p->n, p->d, p->X, p->y, p->w.x, p->w.hand, *p->b.x, p->b.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return logreg_grad(p->n, p->d, p->X, p->y, p->w.x, p->w.adgen, *p->b.x, p->b.adgen);
}

const BenchCase bench_logreg[] = {{"logreg", make, primal, hand, generated, 0, 0}, {0}};
