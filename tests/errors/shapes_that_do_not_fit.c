/* Exercise F: W1 is 3 x 2 for x in R^2; given as 2 x 3 it is reported, not computed. */
#include <adgen/adgen.h>

static void layer(double W[3][2], const double x[2], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = W[i][0] * x[0] + W[i][1] * x[1];
}

static double dot(const double (*rows)[2])
{
    return rows[0][0] * rows[0][1];
}

ADGEN(grad, wrt(W1))
double loss(double W1[2][3], const double x[2])
{
    double v[3], right[1][2] = {{1, 2}};
    layer(W1, x, v);
    return v[0] + v[1] * v[2] * dot(right);
}
