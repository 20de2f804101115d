/* Sparse Jacobians and Hessians of functions whose inputs and outputs are structs, beside the dense ones. */
#include "structs.h"

#include <adgen/adgen.h>
#include <math.h>

/* arrays of structs with structs and arrays in them */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(cells_dense))
void cells(int n, const struct Cell c[n], struct Cell out[n])
{
    for (int i = 0; i < n; i++) {
        out[i] = c[i];
        if (i)
            out[i].at.x += c[i - 1].v[2] * c[i].at.y;
        for (int k = 0; k < 2; k++)
            out[i].v[k] = c[i].v[k + 1] * c[i].v[k];
    }
}

/* by value, as a result, and beside numbers */
ADGEN(jacobian, sparse)
ADGEN(jacobian, name(turned_dense))
Point turned(Point p, double a, const double z[2])
{
    const Point q = {p.x * a, p.y + z[1]};
    return q;
}

/* in place; integers and float members */
ADGEN(jacobian, sparse, wrt(m[n], g), of(m[n]))
ADGEN(jacobian, wrt(m[n], g), of(m[n]), name(moved_dense))
void moved(int n, struct Mixed *m, double g)
{
    for (int i = n - 1; i > 0; i--) {
        m[i].f *= (float)m[i - 1].d;
        m[i].d += m[i].count * g;
    }
}

/* a chain of points; local structs, copied and chosen by value */
ADGEN(hessian, sparse)
ADGEN(hessian, name(stretch_dense))
double stretch(int n, const Point p[n], double k)
{
    double e = 0;
    for (int i = 1; i < n; i++) {
        const Point d = {p[i].x - p[i - 1].x, p[i].y - p[i - 1].y};
        Point both[2] = {d, p[i]};
        e += k * (both[0].x * both[0].x + both[0].y * both[0].y) * both[i % 2].x;
    }
    return e;
}
