#include <adgen/adgen.h>
#include <stdint.h>

ADGEN(grad)
double bits(double x)
{
    double y = x * x;
    int64_t i = *(int64_t *)&y;
    return (double)i;
}

ADGEN(grad)
double address(double x)
{
    double y = x * x;
    intptr_t where = (intptr_t)&y;
    return *(double *)where;
}

ADGEN(grad)
double buffer(double x)
{
    char bytes[8];
    *(double *)bytes = x;
    return *(double *)bytes;
}

ADGEN(grad)
double erased(double x, const double *table, const int *flags)
{
    double y[2] = {x, x};
    const void *any = table;
    return y[flags[0]] * *(const double *)any;
}
