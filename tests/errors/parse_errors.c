#include <adgen/adgen.h>

ADGEN(grad)
double f(double x)
{
    double y = x *;
    return y + z;
}
