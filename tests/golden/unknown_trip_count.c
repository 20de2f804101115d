/* A loop whose length is not known before it runs leaves one record per iteration on the tape. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double iterate(double a, double b)
{
    double s = a;
    while (s < 100)
        s = s * s * b + sin(s) + 1;
    return s;
}
