/* The logarithm of a sum of exponentials. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double lse(int n, const double x[n])
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
