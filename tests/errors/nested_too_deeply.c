#include <adgen/adgen.h>
#define C4(rest) x > 1 ? x : x > 2 ? 2 * x : x > 3 ? 3 * x : x > 4 ? x * x : rest
#define C16(rest) C4(C4(C4(C4(rest))))
#define C64(rest) C16(C16(C16(C16(rest))))
#define C256(rest) C64(C64(C64(C64(rest))))
#define C1024(rest) C256(C256(C256(C256(rest))))

ADGEN(grad)
double choices(double x)
{
    return C1024(0);
}
