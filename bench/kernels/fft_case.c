/* Signals of 1024 and of 2^17 samples. */
#include "bench.h"
#include "fft_grad.h"

#include <math.h>

double fft(int n, const double cosine[n / 2], const double sine[n / 2], const double signal[n],
           const double filter_re[n], const double filter_im[n], const double target[n]);
double fft_hand(int n, const double *restrict cosine, const double *restrict sine, const double *restrict signal,
                double *restrict signal_bar, const double *restrict filter_re, double *restrict filter_re_bar,
                const double *restrict filter_im, double *restrict filter_im_bar, const double *restrict target);

typedef struct Data {
    int n;
    double *cosine, *sine, *target;
    BenchActive signal, filter_re, filter_im;
} Data;

static void *make(Bench *bench, BenchSize size)
{
    Data *const p = bench_alloc(bench, 1, sizeof *p);
    p->n = (int[]){16, 1024, 1 << 17}[size];
    p->cosine = bench_zeros(bench, (size_t)p->n / 2);
    p->sine = bench_zeros(bench, (size_t)p->n / 2);
    for (int k = 0; k < p->n / 2; k++) {
        const double angle = 8 * atan(1) * k / p->n;
        p->cosine[k] = cos(angle);
        p->sine[k] = sin(angle);
    }
    p->signal = bench_active(bench, (size_t)p->n, -1, 1);
    p->filter_re = bench_active(bench, (size_t)p->n, -1, 1);
    p->filter_im = bench_active(bench, (size_t)p->n, -1, 1);
    p->target = bench_uniform(bench, (size_t)p->n, -1, 1);
    return p;
}

static double primal(void *data)
{
    const Data *const p = data;
    return fft(p->n, p->cosine, p->sine, p->signal.x, p->filter_re.x, p->filter_im.x, p->target);
}

static double hand(void *data)
{
    const Data *const p = data;
    return fft_hand(p->n, p->cosine, p->sine, p->signal.x, p->signal.hand, p->filter_re.x, p->filter_re.hand,
                    p->filter_im.x, p->filter_im.hand, p->target);
}

static double generated(void *data)
{
    const Data *const p = data;
    return fft_grad(p->n, p->cosine, p->sine, p->signal.x, p->signal.adgen, p->filter_re.x, p->filter_re.adgen,
                    p->filter_im.x, p->filter_im.adgen, p->target);
}

const BenchCase bench_fft[] = {{"fft", make, primal, hand, generated, 0, 0}, {0}};
