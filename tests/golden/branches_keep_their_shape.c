/* Early returns and branches: the reverse of a branch stands in the branch. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double piecewise(double x, double t)
{
    if (x < t)
        return x * x;
    double y = sin(x);
    if (y > 0.5)
        y = t * y;
    return x * y;
}
