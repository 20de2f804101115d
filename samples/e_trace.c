/* E. An evaluation trace: f(x1, x2, x3) = (x1 x2 sin x3 + e^(x1 x2)) / x3, one operation at a time.
 *
 * `trace` computes every intermediate value v[i]; `nudge[i]`, zero, is added to it, so that the derivative with respect to nudge[i] is the
 * adjoint of v[i]. `operations` takes every value as given: its Jacobian holds the partial of each operation in each operand, so the
 * pattern of that Jacobian is the computational graph. */
#include "modes.h"

#include <math.h>

VECTOR_MODES(wrt(x, nudge), of(v))
void trace(const double x[3], const double nudge[6], double v[6])
{
    v[0] = x[0] * x[1] + nudge[0];
    v[1] = sin(x[2]) + nudge[1];
    v[2] = v[0] * v[1] + nudge[2];
    v[3] = exp(v[0]) + nudge[3];
    v[4] = v[2] + v[3] + nudge[4];
    v[5] = v[4] / x[2] + nudge[5];
}

ADGEN(jacobian, sparse, wrt(u), of(v))
void operations(const double u[9], double v[6])
{
    const double *x = u, *w = u + 3;
    v[0] = x[0] * x[1];
    v[1] = sin(x[2]);
    v[2] = w[0] * w[1];
    v[3] = exp(w[0]);
    v[4] = w[2] + w[3];
    v[5] = w[4] / x[2];
}

SCALAR_MODES(wrt(x))
double quotient(const double x[3])
{
    return (x[0] * x[1] * sin(x[2]) + exp(x[0] * x[1])) / x[2];
}
