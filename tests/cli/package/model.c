#include <adgen/adgen.h>

#include "scale.h"

#ifndef PLAIN
#error "the definitions of the target are missing"
#endif

ADGEN(grad)
double model(double x)
{
    return FACTOR * SCALE * x * x;
}
