/* A pointer to what has a derivative, or to constants of the function's own: their tangents are there, too, and zero. */
#include <adgen/adgen.h>
#include <math.h>

struct cell {
    double a;
    double w[2];
};

ADGEN(jvp, wrt(x, y), of(y))
void chosen(int n, int m, const double x[n], double y[m])
{
    struct cell cells[2] = {{tanh(x[1]), {0.319, 0.5}}, {.a = 0.25}};
    const double *q = x[2] >= 0 ? y + 2 : cells[1].w;
    y[0] += sin(x[1] * q[1]) * y[1];
}
