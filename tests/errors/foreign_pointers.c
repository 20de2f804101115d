#include <adgen/adgen.h>

/* pointers to what has no companion, beside pointers to what has one */
ADGEN(grad, wrt(a))
double mixed(const double *a, const double *b, int n)
{
    const double *rows[2] = {a, b};
    double s = 0;
    for (int i = 0; i < n; i++)
        s += rows[i % 2][i];
    return s;
}

struct box { double *data; };

ADGEN(grad, wrt(a), of(return))
double kept(struct box *other, double *a, int n)
{
    other->data = a;
    return other->data[n];
}
