#include <adgen/adgen.h>
#define T4(x) x + x + x + x
#define T16(x) T4(T4(x))
#define T256(x) T16(T16(x))
#define T1024(x) T4(T256(x))
#define T4096(x) T16(T256(x))

ADGEN(grad)
double sum(double x)
{
    return T4096(x);
}
