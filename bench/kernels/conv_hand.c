/* The gradient of conv.c by hand: row by row of the result, so that the inner loops run along the image; a row of
 * residuals is all that is kept. */
#include <adgen/runtime.h>

double conv_hand(int m, int n, int k, const double *restrict image, double *restrict image_bar,
                 const double *restrict kernel, double *restrict kernel_bar, const double *restrict target)
{
    const int columns = n - k + 1;
    double *restrict const row = ad_alloc_array(double, columns);
    double misfit = 0;
    for (int i = 0; i <= m - k; i++) {
        for (int j = 0; j < columns; j++)
            row[j] = -target[i * columns + j];
        for (int p = 0; p < k; p++)
            for (int q = 0; q < k; q++) {
                const double weight = kernel[p * k + q];
                const double *restrict const in = image + (i + p) * n + q;
                for (int j = 0; j < columns; j++)
                    row[j] += weight * in[j];
            }
        for (int j = 0; j < columns; j++)
            misfit += row[j] * row[j];
        for (int p = 0; p < k; p++)
            for (int q = 0; q < k; q++) {
                const double weight = kernel[p * k + q];
                const double *restrict const in = image + (i + p) * n + q;
                double *restrict const in_bar = image_bar + (i + p) * n + q;
                double sum[4] = {0};
                int j = 0;
                for (; j + 4 <= columns; j += 4)
                    for (int l = 0; l < 4; l++) {
                        in_bar[j + l] += weight * row[j + l];
                        sum[l] += in[j + l] * row[j + l];
                    }
                for (; j < columns; j++) {
                    in_bar[j] += weight * row[j];
                    sum[0] += in[j] * row[j];
                }
                kernel_bar[p * k + q] += sum[0] + sum[1] + (sum[2] + sum[3]);
            }
    }
    ad_free(row);
    return 0.5 * misfit;
}
