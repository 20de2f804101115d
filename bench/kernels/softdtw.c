/* Soft dynamic time warping: how far one series is from another, if their times may be stretched; the minimum over the
 * three ways to each pair of points is soft. */
#include <adgen/adgen.h>
#include <math.h>
#include <stdlib.h>

ADGEN(grad, wrt(x))
double softdtw(int m, int n, const double x[m], const double y[n], double gamma)
{
    double(*cost)[n + 1] = malloc(sizeof(double) * (m + 1) * (n + 1));
    for (int i = 0; i <= m; i++)
        for (int j = 0; j <= n; j++)
            cost[i][j] = i == 0 && j == 0 ? 0 : 1e10;
    for (int i = 1; i <= m; i++)
        for (int j = 1; j <= n; j++) {
            double a = cost[i - 1][j - 1], b = cost[i - 1][j], c = cost[i][j - 1];
            double least = fmin(a, fmin(b, c));
            double sum = exp((least - a) / gamma) + exp((least - b) / gamma) + exp((least - c) / gamma);
            cost[i][j] = (x[i - 1] - y[j - 1]) * (x[i - 1] - y[j - 1]) + least - gamma * log(sum);
        }
    double result = cost[m][n];
    free(cost);
    return result;
}
