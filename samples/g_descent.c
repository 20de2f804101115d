/* G. Descent on L(w) = 1/2 (w x - y)^2. */
#include "modes.h"

SCALAR_MODES(wrt(w))
double squared_error(double w, double x, double y)
{
    const double r = w * x - y;
    return 0.5 * r * r;
}
