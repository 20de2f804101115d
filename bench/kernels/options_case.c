/* Portfolios of 500 and of 200000 calls, in double precision. */
#include "bench.h"
#include "options_grad.h"

double options(int n, const double spot[n], const double strike[n], const double years[n], const double volatility[n], double rate);
double options_hand(int n, const double *restrict spot, double *restrict spot_bar, const double *restrict strike, const double *restrict years,
          const double *restrict volatility, double *restrict volatility_bar, double rate, double *restrict rate_bar);

typedef struct Data {
    int n;
    BenchActive spot, volatility, rate;
    double *strike, *years;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){6, 500, 200000}[size];
    p->spot = bench_active(bench, (size_t)p->n, 0.8, 1.2);
    p->volatility = bench_active(bench, (size_t)p->n, 0.1, 0.5);
    p->rate = bench_active(bench, 1, 0.01, 0.05);
    p->strike = bench_uniform(bench, (size_t)p->n, 0.8, 1.2);
    p->years = bench_uniform(bench, (size_t)p->n, 0.2, 2);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return options(p->n, p->spot.x, p->strike, p->years, p->volatility.x, *p->rate.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return options_hand(p->n, p->spot.x, p->spot.hand, p->strike, p->years, p->volatility.x, p->volatility.hand, *p->rate.x,
                   p->rate.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return options_grad(p->n, p->spot.x, p->spot.adgen, p->strike, p->years, p->volatility.x, p->volatility.adgen, *p->rate.x,
                   p->rate.adgen);
}

const BenchCase bench_options[] = {{"options", make, primal, hand, generated, 0, 0}, {0}};
