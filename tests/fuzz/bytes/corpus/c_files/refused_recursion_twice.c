#include <adgen/adgen.h>
#include <stdlib.h>

static double buffered(const double *x, int n)
{
    double s = x[0];
    for (int i = 0; i < n; i++) {
        double *t = malloc(sizeof *t);
        t[0] = s * x[5];
        s += buffered(t, n - 1);
        free(t);
    }
    return s;
}

ADGEN(grad)
ADGEN(grad)
double frees_in_a_loop(const double x[1])
{
    return buffered(x, 2);
}
