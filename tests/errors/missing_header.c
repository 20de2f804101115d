#include <adgen/adgen.h>
#include "no_such_header.h"

ADGEN(grad)
double f(double x)
{
    return x;
}
