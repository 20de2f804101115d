/* An arm depends on its own two angles: of the eight directions only those are computed. */
#include <adgen/adgen.h>
#include <math.h>

enum { CHAINS = 4 };

ADGEN(jacobian, wrt(angles), of(ends))
void arms(const double angles[CHAINS][2], const double lengths[CHAINS], double ends[CHAINS][3])
{
    double turn[2];
    for (int c = 0; c < CHAINS; c++) {
        turn[0] = cos(angles[c][0]) * lengths[c];
        turn[1] = sin(angles[c][1]);
        ends[c][0] = turn[0];
        ends[c][1] = turn[0] * turn[1];
        ends[c][2] = turn[1] - lengths[c];
    }
}

/* The two factors of a point depend on columns of their own: one loop over the directions for each. */
ADGEN(jacobian, wrt(x), of(y))
void points(const double x[24], const double w[60], double y[60])
{
    double scale[2], levels[20];
    for (int i = 0; i < 2; i++)
        scale[i] = exp(x[i] * x[3 - i]);
    for (int i = 0; i < 20; i++)
        levels[i] = x[4 + i] * x[4 + i];
    for (int v = 0; v < 60; v++)
        y[v] = (scale[0] * w[v] + scale[1]) * (levels[v / 3] - levels[v % 20]);
}
