#include <adgen/adgen.h>
#include <adgen/linalg.h>

ADGEN(grad, wrt(c, x))
double scaled(int n, double c, const double x[n], double y[n])
{
    ad_layer_norm(n, c, x, y);
    return ad_dot(n, y, 1, y, 1);
}

ADGEN(vjp, wrt(x), of(z))
ADGEN(jvp, wrt(x), of(z))
void third_derivative(int n, const double x[n], const double y[n], double z[n])
{
    ad_axpy_inverse_slope(n, 1, x, 1, y, 1, z, 1);
}
