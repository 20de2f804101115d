/* Portfolios of 500 and of 200000 calls, in single precision. */
#include "bench.h"
#include "optionsf_grad.h"

float optionsf(int n, const float spot[n], const float strike[n], const float years[n], const float volatility[n], float rate);
float optionsf_hand(int n, const float *restrict spot, float *restrict spot_bar, const float *restrict strike, const float *restrict years,
          const float *restrict volatility, float *restrict volatility_bar, float rate, float *restrict rate_bar);

typedef struct Data {
    int n;
    BenchActiveFloat spot, volatility, rate;
    float *strike, *years;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){6, 500, 200000}[size];
    p->spot = bench_active_float(bench, (size_t)p->n, 0.8, 1.2);
    p->volatility = bench_active_float(bench, (size_t)p->n, 0.1, 0.5);
    p->rate = bench_active_float(bench, 1, 0.01, 0.05);
    p->strike = bench_uniform_float(bench, (size_t)p->n, 0.8, 1.2);
    p->years = bench_uniform_float(bench, (size_t)p->n, 0.2, 2);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return optionsf(p->n, p->spot.x, p->strike, p->years, p->volatility.x, *p->rate.x);
}

static double hand(void *data)
{
    const Data *const p = data;
    return optionsf_hand(p->n, p->spot.x, p->spot.hand, p->strike, p->years, p->volatility.x, p->volatility.hand, *p->rate.x,
                   p->rate.hand);
}

static double generated(void *data)
{
    const Data *const p = data;
    return optionsf_grad(p->n, p->spot.x, p->spot.adgen, p->strike, p->years, p->volatility.x, p->volatility.adgen, *p->rate.x,
                   p->rate.adgen);
}

const BenchCase bench_optionsf[] = {{"optionsf", make, primal, hand, generated, 0, 0}, {0}};
