/* What a loop finds as the largest, or as the nearest, has a derivative in one place. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double log_sum_exp(int n, const double x[n])
{
    double max = x[0];
    for (int i = 1; i < n; i++)
        if (x[i] > max)
            max = x[i];
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += exp(x[i] - max);
    return max + log(sum);
}

ADGEN(grad, wrt(centres))
double nearest(int n, int k, const double points[n][2], const double centres[k][2])
{
    double total = 0;
    for (int i = 0; i < n; i++) {
        double least = INFINITY;
        for (int c = 0; c < k; c++) {
            const double dx = points[i][0] - centres[c][0], dy = points[i][1] - centres[c][1];
            if (dx * dx + dy * dy < least)
                least = dx * dx + dy * dy;
        }
        total += least;
    }
    return total;
}
