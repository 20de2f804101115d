/* A while loop with a constant bound keeps its values in a table, not on the tape. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad)
double newton_sqrt(double a)
{
    double y = 1;
    int k = 0;
    while (k < 60 && fabs(y * y - a) > 1e-13) {
        y = 0.5 * (y + a / y);
        k++;
    }
    return y;
}
