#include <adgen/adgen.h>

/* The two parts of the block, in front of the label and behind it, are blocks of their own. */
ADGEN(vjp, wrt(x), of(y))
void f(int n, int m, const double x[n], double y[1])
{
    for (int i = 0; i < 4; i++)
        if (x[i] > 3)
            return;
    double b[m];
    for (int i = 0; i < m; i++)
        b[i] = x[i] * x[i];
    for (int i = 0; i < 2; i++)
        if (x[i] > 2)
            goto skip;
    b[0] = 2;
skip:
    y[0] += b[m - 1];
}
