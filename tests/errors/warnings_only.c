#include <adgen/adgen.h>

ADGEN(grad)
double kinks(double x, double y)
{
    if (x == y)
        return (int)x;
    return x * y;
}
