/* What multiplies a tangent is put together once, in front of the loop over the directions; short loops around such a loop are
 * left to the C compiler. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(jvp, directions(8))
void reaction(int n, const double u[restrict n], const double v[restrict n], double r[restrict n])
{
    for (int i = 1; i < n - 1; i++)
        r[i] = u[i - 1] - 2 * u[i] + u[i + 1] + u[i] * u[i] * v[i] - 0.5 * (1 - v[i]) * u[i] / v[i + 1];
}

/* nothing to put together: a product for each tangent as it is */
ADGEN(jvp, directions(4))
void turned(int n, const double x[n][3], const double a[3][3], double y[n][3])
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 3; j++) {
            y[i][j] = 0;
            for (int k = 0; k < 3; k++)
                y[i][j] += a[j][k] * x[i][k];
        }
}
