#include <adgen/adgen.h>
#include <math.h>

enum kind { LINEAR, SQUARED, LOGARITHMIC };

/* cases that end, one that falls through, a default that returns */
ADGEN(grad)
double penalty(enum kind kind, double x, double scale)
{
    double value = scale;
    switch (kind) {
    case SQUARED:
        value *= x;
        /* fall through */
    case LINEAR:
        value *= x;
        break;
    case LOGARITHMIC:
        value *= log(x);
        break;
    default:
        return 0;
    }
    return value + x;
}
