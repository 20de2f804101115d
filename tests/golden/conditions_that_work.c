#include <adgen/adgen.h>

ADGEN(grad, wrt(x))
double fill_up(int n, const double x[n], double limit)
{
    int i = 0;
    double sum = 0, moment = 0;
    while (i < n && (sum += x[i] * x[i]) < limit)
        moment += i++ * sum;
    return moment + sum;
}
