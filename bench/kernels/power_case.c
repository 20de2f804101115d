/* 10 steps with 300 rows of 7 entries, and with 30000. */
#include "bench.h"
#include "power_grad.h"

double power(int n, int steps, const int first[n + 1], const int column[], const double value[first[n]]);
double power_hand(int n, int steps, const int *restrict first, const int *restrict column, const double *restrict value,
                  double *restrict value_bar);

enum { ENTRIES = 7 };

typedef struct Data {
    int n, steps;
    int *first, *column;
    BenchActive value;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){5, 300, 30000}[size];
    p->steps = size == BENCH_TINY ? 3 : 10;
    p->first = bench_alloc(bench, (size_t)p->n + 1, sizeof(int));
    p->column = bench_alloc(bench, (size_t)(p->n * ENTRIES), sizeof(int));
    for (int i = 0; i < p->n; i++) {
        p->first[i + 1] = p->first[i] + ENTRIES;
        for (int k = 0; k < ENTRIES; k++)
            p->column[ENTRIES * i + k] = (int)bench_random(bench, 0, p->n - 0.001);
    }
    p->value = bench_active(bench, (size_t)(p->n * ENTRIES), 0.1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return power(p->n, p->steps, p->first, p->column, p->value.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return power_hand(p->n, p->steps, p->first, p->column, p->value.x, p->value.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return power_grad(p->n, p->steps, p->first, p->column, p->value.x, p->value.adgen);
}

const BenchCase bench_power[] = {{"power", make, primal, hand, generated, 0, 0}, {0}};
