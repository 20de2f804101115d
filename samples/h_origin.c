/* H. Where there is no derivative: y^3 / (x^2 + y^2), 0 at the origin. Along (a, b) the limit of f(ta, tb) / t is
 * b^3 / (a^2 + b^2), which is not linear in (a, b). adgen warns at the comparison. */
#include "modes.h"

SCALAR_MODES(wrt(x, y))
double ratio(double x, double y)
{
    if (x == 0 && y == 0)
        return 0;
    return y * y * y / (x * x + y * y);
}
