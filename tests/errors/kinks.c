/* adgen: -Wkink */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double kinks(double x, double y, int n)
{
    double s = fabs(x) + fmax(x, y) + floor(y);
    if (x * y > 1)
        s += x;
    while (s < y)
        s *= 2;
    if (n > 3)
        s += fabs((double)n);
    return s;
}

ADGEN(grad)
double smooth(double x)
{
    double y = sin(x);
    for (int i = 0; i < 3; i++)
        y = y * y + x;
    return y;
}
