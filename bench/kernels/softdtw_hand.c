/* The gradient of softdtw.c by hand: the matrix of costs is kept, and the weights of the three ways with it; the adjoints
 * run back through it, a row at a time. */
#include <adgen/runtime.h>
#include <math.h>
#include <string.h>

double softdtw_hand(int m, int n, const double *restrict x, double *restrict x_bar, const double *restrict y, double gamma)
{
    const int width = n + 1;
    double *const rows = ad_alloc_array(double, 4 * width);
    double *restrict const weights = ad_alloc_array(double, 2 * m * n);
    double *above = rows, *row = rows + width;
    for (int j = 0; j <= n; j++)
        above[j] = j == 0 ? 0 : 1e10;
    const double scale = 1 / gamma;
    for (int i = 0; i < m; i++) {
        row[0] = 1e10;
        double *restrict const w = weights + 2 * i * n;
        for (int j = 0; j < n; j++) {
            const double a = above[j], b = above[j + 1], c = row[j];
            const double least = fmin(a, fmin(b, c));
            const double ea = exp((least - a) * scale), eb = exp((least - b) * scale), ec = exp((least - c) * scale);
            const double sum = ea + eb + ec, d = x[i] - y[j];
            w[2 * j] = ea / sum;
            w[2 * j + 1] = eb / sum;
            row[j + 1] = d * d + least - gamma * log(sum);
        }
        double *const t = above;
        above = row;
        row = t;
    }
    const double result = above[n];
    double *bar = rows + 2 * width, *before = rows + 3 * width; /* of a row, and of that above it */
    memset(bar, 0, sizeof(double) * 2 * (size_t)width);
    bar[n] = 1;
    for (int i = m - 1; i >= 0; i--) {
        const double *restrict const w = weights + 2 * i * n;
        memset(before, 0, sizeof(double) * (size_t)width);
        double sum = 0;
        for (int j = n - 1; j >= 0; j--) {
            const double r = bar[j + 1];
            sum += r * (x[i] - y[j]);
            before[j] += r * w[2 * j];
            before[j + 1] += r * w[2 * j + 1];
            bar[j] += r * (1 - w[2 * j] - w[2 * j + 1]);
        }
        x_bar[i] += 2 * sum;
        double *const t = bar;
        bar = before;
        before = t;
    }
    ad_free(weights);
    ad_free(rows);
    return result;
}
