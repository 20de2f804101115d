/* Convolution of an image with a small kernel: how far the result is from another image. */
#include <adgen/adgen.h>

ADGEN(grad, wrt(image, kernel))
double conv(int m, int n, int k, const double image[m][n], const double kernel[k][k],
            const double target[m - k + 1][n - k + 1])
{
    double misfit = 0;
    for (int i = 0; i <= m - k; i++)
        for (int j = 0; j <= n - k; j++) {
            double sum = 0;
            for (int p = 0; p < k; p++)
                for (int q = 0; q < k; q++)
                    sum += kernel[p][q] * image[i + p][j + q];
            misfit += (sum - target[i][j]) * (sum - target[i][j]);
        }
    return 0.5 * misfit;
}
