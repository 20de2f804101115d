#include <adgen/adgen.h>
#define FOREVER for (;;)
#define COUNT(i, n) for (int i = 0; i < (n); i++)
#define FROM_HERE(i, n) for (; i < (n); i++)

ADGEN(grad)
double sums(double x)
{
    double s = 0;
    COUNT(i, 3)
        s += x;
    int k = 0;
    FROM_HERE(k, 5)
        s *= x;
    FOREVER {
        if (s > 100)
            break;
        s = s * s + 1;
    }
    return s;
}
