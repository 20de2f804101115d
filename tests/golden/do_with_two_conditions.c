#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double fixed_point(double a)
{
    double x = 1, step;
    int tries = 0;
    do {
        step = cos(a * x) - x;
        x += step;
    } while (fabs(step) > 1e-12 && ++tries < 1000);
    return x;
}
