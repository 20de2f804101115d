#include <adgen/adgen.h>
#include <math.h>

/* returns before, inside and behind a loop */
ADGEN(grad, wrt(x))
double first_above(int n, const double x[n], double limit)
{
    if (n <= 0)
        return 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += x[i] * x[i];
        if (sum > limit)
            return sum * x[i];
    }
    return sqrt(sum);
}
