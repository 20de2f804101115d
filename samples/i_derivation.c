/* I. Checking a derivation: -ln softmax(z)[k]. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(z))
ADGEN(jvp, wrt(z))
double surprise(int n, const double z[n], int k)
{
    double largest = z[0];
    for (int i = 1; i < n; i++)
        largest = fmax(largest, z[i]);
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += exp(z[i] - largest);
    return log(sum) + largest - z[k];
}
