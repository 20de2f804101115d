#include <adgen/adgen.h>

extern double scale;
double scale = 1;

static double scaled(double v)
{
    return v * scale;
}

ADGEN(grad)
double hides(double scale)
{
    return scaled(scale);
}

static double offset = 3; /* static: the copy gets another name */

static double moved(double v)
{
    return v + offset;
}

ADGEN(grad)
double shadows(double offset)
{
    return moved(offset);
}
