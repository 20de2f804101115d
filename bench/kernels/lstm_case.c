/* LSTM: two layers of 14 numbers, sequences of 100 and 4000. */
#include "bench.h"
#include "lstm_grad.h"

double lstm(int l, int d, int n, const double weights[l][4][d], const double biases[l][4][d], const double extra[3][d],
            const double state[l][2][d], const double sequence[n][d]);
double lstm_hand(int l, int d, int n, const double *restrict weights, double *restrict weights_bar,
                 const double *restrict biases, double *restrict biases_bar, const double *restrict extra,
                 double *restrict extra_bar, const double *restrict state, const double *restrict sequence);

typedef struct Data {
    int l, d, n;
    BenchActive weights, biases, extra;
    double *state, *sequence;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->l = size == BENCH_TINY ? 3 : 2;
    p->d = size == BENCH_TINY ? 3 : 14;
    p->n = (int[]){6, 100, 4000}[size];
    p->weights = bench_active(bench, (size_t)(4 * p->l * p->d), -1, 1);
    p->biases = bench_active(bench, (size_t)(4 * p->l * p->d), -1, 1);
    p->extra = bench_active(bench, (size_t)(3 * p->d), -1, 1);
    p->state = bench_uniform(bench, (size_t)(2 * p->l * p->d), -1, 1);
    p->sequence = bench_uniform(bench, (size_t)(p->n * p->d), 0, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return lstm(p->l, p->d, p->n, (void *)p->weights.x, (void *)p->biases.x, (void *)p->extra.x, (void *)p->state,
                (void *)p->sequence);
}

static double hand(void *data)
{
    const Data *const p = data;
    return lstm_hand(p->l, p->d, p->n, p->weights.x, p->weights.hand, p->biases.x, p->biases.hand, p->extra.x,
                     p->extra.hand, p->state, p->sequence);
}

static double generated(void *data)
{
    const Data *const p = data;
    return lstm_grad(p->l, p->d, p->n, (void *)p->weights.x, (void *)p->weights.adgen, (void *)p->biases.x,
                     (void *)p->biases.adgen, (void *)p->extra.x, (void *)p->extra.adgen, (void *)p->state,
                     (void *)p->sequence);
}

const BenchCase bench_lstm[] = {{"lstm", make, primal, hand, generated, 0, 0}, {0}};
