/* The gradient of fft.c by hand: the transform is linear, its adjoint the transform back. There it decimates in frequency
 * and back in time, so that nothing is permuted but the filter; kept is the spectrum of the signal. */
#include <adgen/runtime.h>
#include <string.h>

/* Sums and differences of neighbours: the step of the transform whose factors are all one. */
static void pairs(int n, double *restrict x)
{
    for (int i = 0; i < n; i += 2) {
        const double a = x[i], b = x[i + 1];
        x[i] = a + b;
        x[i + 1] = a - b;
    }
}

/* Leaves the spectrum in the order of reversed bits. */
static void there(int n, const double *restrict cosine, const double *restrict sine, double *restrict re,
                  double *restrict im)
{
    for (int half = n / 2, step = 1; half > 1; half /= 2, step *= 2)
        for (int i = 0; i < n; i += 2 * half) {
            double *restrict const re_p = re + i, *restrict const re_q = re_p + half;
            double *restrict const im_p = im + i, *restrict const im_q = im_p + half;
            for (int k = 0; k < half; k++) {
                const double c = cosine[k * step], s = sine[k * step];
                const double u = re_p[k] - re_q[k], v = im_p[k] - im_q[k];
                re_p[k] += re_q[k];
                im_p[k] += im_q[k];
                re_q[k] = c * u + s * v;
                im_q[k] = c * v - s * u;
            }
        }
    pairs(n, re);
    pairs(n, im);
}

/* Takes what `there` left; not divided by n. */
static void back(int n, const double *restrict cosine, const double *restrict sine, double *restrict re,
                 double *restrict im)
{
    pairs(n, re);
    pairs(n, im);
    for (int half = 2, step = n / 4; half < n; half *= 2, step /= 2)
        for (int i = 0; i < n; i += 2 * half) {
            double *restrict const re_p = re + i, *restrict const re_q = re_p + half;
            double *restrict const im_p = im + i, *restrict const im_q = im_p + half;
            for (int k = 0; k < half; k++) {
                const double c = cosine[k * step], s = sine[k * step];
                const double u = c * re_q[k] - s * im_q[k], v = c * im_q[k] + s * re_q[k];
                re_q[k] = re_p[k] - u;
                im_q[k] = im_p[k] - v;
                re_p[k] += u;
                im_p[k] += v;
            }
        }
}

double fft_hand(int n, const double *restrict cosine, const double *restrict sine, const double *restrict signal,
                double *restrict signal_bar, const double *restrict filter_re, double *restrict filter_re_bar,
                const double *restrict filter_im, double *restrict filter_im_bar, const double *restrict target)
{
    double *const memory = ad_alloc_array(double, 4 * n);
    int *restrict const reversed = ad_alloc_array(int, n);
    double *restrict const re = memory, *restrict const im = memory + n;
    double *restrict const spectrum_re = memory + 2 * n, *restrict const spectrum_im = memory + 3 * n;
    reversed[0] = 0;
    for (int i = 1; i < n; i++)
        reversed[i] = reversed[i / 2] / 2 + (i % 2) * (n / 2);
    memcpy(spectrum_re, signal, sizeof(double) * (size_t)n);
    memset(spectrum_im, 0, sizeof(double) * (size_t)n);
    there(n, cosine, sine, spectrum_re, spectrum_im);
    for (int i = 0; i < n; i++) {
        const double f = filter_re[reversed[i]], g = filter_im[reversed[i]];
        re[i] = spectrum_re[i] * f - spectrum_im[i] * g;
        im[i] = spectrum_re[i] * g + spectrum_im[i] * f;
    }
    back(n, cosine, sine, re, im);
    const double scale = 1.0 / n;
    double misfit = 0;
    for (int i = 0; i < n; i++) {
        const double difference = re[i] * scale - target[i], rest = im[i] * scale;
        misfit += difference * difference + rest * rest;
        re[i] = difference * scale;
        im[i] = rest * scale;
    }
    there(n, cosine, sine, re, im);
    for (int i = 0; i < n; i++) {
        const int j = reversed[i];
        const double f = filter_re[j], g = filter_im[j], u = re[i], v = im[i];
        filter_re_bar[j] += u * spectrum_re[i] + v * spectrum_im[i];
        filter_im_bar[j] += v * spectrum_re[i] - u * spectrum_im[i];
        re[i] = u * f + v * g;
        im[i] = v * f - u * g;
    }
    back(n, cosine, sine, re, im);
    for (int i = 0; i < n; i++)
        signal_bar[i] += re[i];
    ad_free(reversed);
    ad_free(memory);
    return 0.5 * misfit;
}
