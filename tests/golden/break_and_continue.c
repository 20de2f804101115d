#include <adgen/adgen.h>

ADGEN(grad, wrt(x))
double positive_prefix(int n, const double x[n], double limit)
{
    double product = 1;
    for (int i = 0; i < n; i++) {
        if (x[i] <= 0)
            continue;
        product *= x[i];
        if (product > limit)
            break;
    }
    return product;
}
