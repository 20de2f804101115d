/* A signal filtered in the frequency domain, by a radix-2 FFT there and back: how far it is from another signal. */
#include <adgen/adgen.h>
#include <stdlib.h>

/* In place; n is a power of two; cosine and sine are of 2 pi k / n. */
static void transform(int n, const double cosine[n / 2], const double sine[n / 2], double re[n], double im[n])
{
    for (int i = 1, j = 0; i < n; i++) {
        int bit = n / 2;
        for (; j & bit; bit /= 2)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            double t = re[i];
            re[i] = re[j];
            re[j] = t;
            t = im[i];
            im[i] = im[j];
            im[j] = t;
        }
    }
    for (int half = 1; half < n; half *= 2)
        for (int i = 0; i < n; i += 2 * half)
            for (int k = 0; k < half; k++) {
                double c = cosine[k * (n / (2 * half))], s = sine[k * (n / (2 * half))];
                int p = i + k, q = p + half;
                double u = c * re[q] + s * im[q], v = c * im[q] - s * re[q];
                re[q] = re[p] - u;
                im[q] = im[p] - v;
                re[p] += u;
                im[p] += v;
            }
}

ADGEN(grad, wrt(signal, filter_re, filter_im))
double fft(int n, const double cosine[n / 2], const double sine[n / 2], const double signal[n],
           const double filter_re[n], const double filter_im[n], const double target[n])
{
    double *re = malloc(sizeof(double) * n), *im = malloc(sizeof(double) * n);
    for (int i = 0; i < n; i++) {
        re[i] = signal[i];
        im[i] = 0;
    }
    transform(n, cosine, sine, re, im);
    for (int i = 0; i < n; i++) {
        double t = re[i] * filter_re[i] - im[i] * filter_im[i];
        im[i] = re[i] * filter_im[i] + im[i] * filter_re[i];
        re[i] = t;
    }
    transform(n, cosine, sine, im, re); /* back: with the parts exchanged */
    double misfit = 0;
    for (int i = 0; i < n; i++) {
        double difference = re[i] / n - target[i];
        misfit += difference * difference + im[i] / n * (im[i] / n);
    }
    free(re);
    free(im);
    return 0.5 * misfit;
}
