#include <adgen/adgen.h>

/* The pointer may lead into x, which is overwritten: its companion would be a copy, of how many numbers? */
ADGEN(jvp, wrt(x), of(return))
ADGEN(hvp, wrt(x), of(return))
double pointed_to(int k, double *x)
{
    double b[3] = {x[0], x[1], 1};
    double *p = k > 0 ? b : x;
    x[0] *= 2;
    for (int i = 0; i < k; i++)
        p = p == b ? x : b;
    return p[1] * x[0];
}
