/* A network 20 - 32 - 10. */
#include "bench.h"
#include "mlp_grad.h"

double mlp(int n, int d, int h, int o, const double X[n][d], const int label[n], const double W1[h][d],
           const double b1[h], const double W2[o][h], const double b2[o]);
double mlp_hand(int n, int d, int h, int o, const double X[restrict n][d], const int label[restrict n],
                const double W1[restrict h][d], double W1_bar[restrict h][d], const double b1[restrict h],
                double b1_bar[restrict h], const double W2[restrict o][h], double W2_bar[restrict o][h],
                const double b2[restrict o], double b2_bar[restrict o]);

typedef struct Data {
    int n, d, h, o;
    int *label;
    void *X;
    BenchActive W1, b1, W2, b2;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    const int tiny = size == BENCH_TINY;
    p->n = (int[]){7, 200, 20000}[size];
    p->d = tiny ? 4 : 20;
    p->h = tiny ? 5 : 32;
    p->o = tiny ? 3 : 10;
    p->X = bench_uniform(bench, (size_t)(p->n * p->d), -1, 1);
    p->label = bench_alloc(bench, (size_t)p->n, sizeof(int));
    for (int i = 0; i < p->n; i++)
        p->label[i] = (int)bench_random(bench, 0, p->o);
    p->W1 = bench_active(bench, (size_t)(p->h * p->d), -0.5, 0.5);
    p->b1 = bench_active(bench, (size_t)p->h, -1, 1);
    p->W2 = bench_active(bench, (size_t)(p->o * p->h), -0.5, 0.5);
    p->b2 = bench_active(bench, (size_t)p->o, -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return mlp(p->n, p->d, p->h, p->o, p->X, p->label, (void *)p->W1.x, p->b1.x, (void *)p->W2.x, p->b2.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return mlp_hand(p->n, p->d, p->h, p->o, p->X, p->label, (void *)p->W1.x, (void *)p->W1.hand, p->b1.x, p->b1.hand,
                    (void *)p->W2.x, (void *)p->W2.hand, p->b2.x, p->b2.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return mlp_grad(p->n, p->d, p->h, p->o, p->X, p->label, (void *)p->W1.x, (void *)p->W1.adgen, p->b1.x, p->b1.adgen,
                    (void *)p->W2.x, (void *)p->W2.adgen, p->b2.x, p->b2.adgen);
}

const BenchCase bench_mlp[] = {{"mlp", make, primal, hand, generated, 0, 0}, {0}};
