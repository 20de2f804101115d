/* A hidden Markov model of 16 states and 10 symbols: sequences of 200 and 20000. */
#include "bench.h"
#include "hmm_grad.h"

double hmm(int states, int symbols, int n, const double initial[states], const double transition[states][states],
           const double emission[states][symbols], const int observed[n]);
double hmm_hand(int states, int symbols, int n, const double *restrict initial, double *restrict initial_bar,
                const double *restrict transition, double *restrict transition_bar, const double *restrict emission,
                double *restrict emission_bar, const int *restrict observed);

typedef struct Data {
    int states, symbols, n;
    BenchActive initial, transition, emission;
    int *observed;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->states = size == BENCH_TINY ? 4 : 16;
    p->symbols = size == BENCH_TINY ? 3 : 10;
    p->n = (int[]){7, 200, 20000}[size];
    p->initial = bench_active(bench, (size_t)p->states, 0.01, 0.2);
    p->transition = bench_active(bench, (size_t)(p->states * p->states), 0.01, 0.2);
    p->emission = bench_active(bench, (size_t)(p->states * p->symbols), 0.01, 0.2);
    p->observed = bench_alloc(bench, (size_t)p->n, sizeof(int));
    for (int t = 0; t < p->n; t++)
        p->observed[t] = (int)bench_random(bench, 0, p->symbols);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return hmm(p->states, p->symbols, p->n, p->initial.x, (void *)p->transition.x, (void *)p->emission.x, p->observed);
}

static double hand(void *data)
{
    const Data *const p = data;
    return hmm_hand(p->states, p->symbols, p->n, p->initial.x, p->initial.hand, p->transition.x, p->transition.hand,
                    p->emission.x, p->emission.hand, p->observed);
}

static double generated(void *data)
{
    const Data *const p = data;
    return hmm_grad(p->states, p->symbols, p->n, p->initial.x, p->initial.adgen, (void *)p->transition.x,
                    (void *)p->transition.adgen, (void *)p->emission.x, (void *)p->emission.adgen, p->observed);
}

const BenchCase bench_hmm[] = {{"hmm", make, primal, hand, generated, 0, 0}, {0}};
