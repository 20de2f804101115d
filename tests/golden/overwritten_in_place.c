/* What is lost by the assignment is cached, what still stands is read again. */
#include <adgen/adgen.h>

ADGEN(vjp, wrt(x), of(x))
void prefix(int n, double x[n])
{
    for (int i = 1; i < n; i++)
        x[i] = x[i - 1] * x[i];
}
