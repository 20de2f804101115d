/* The gradient of lse.c by hand: the softmax, from the exponentials that the sum needs anyway. The maximum
 * does not matter to the value, so its derivative is left out. */
#include <adgen/runtime.h>
#include <math.h>

double lse_hand(int n, const double x[restrict n], double x_bar[restrict n])
{
    double *restrict e = ad_alloc_array(double, n);
    double max = x[0];
    for (int i = 1; i < n; i++)
        max = x[i] > max ? x[i] : max;
    double sum = 0;
    for (int i = 0; i < n; i++) {
        e[i] = exp(x[i] - max);
        sum += e[i];
    }
    const double scale = 1 / sum;
    for (int i = 0; i < n; i++)
        x_bar[i] += e[i] * scale;
    ad_free(e);
    return max + log(sum);
}
