/* F. A deep network in matrix form: 1/2 ||y - W3 relu(W2 relu(W1 x))||^2, one data point. */
#include "modes.h"

static void layer(int m, int n, double W[m][n], const double x[n], double out[m])
{
    for (int i = 0; i < m; i++) {
        out[i] = 0;
        for (int j = 0; j < n; j++)
            out[i] += W[i][j] * x[j];
    }
}

static void relu(int n, double v[n])
{
    for (int i = 0; i < n; i++)
        if (!(v[i] > 0))
            v[i] = 0;
}

SCALAR_MODES(wrt(W1, W2, W3))
double deep_loss(int n, int h, int m, double W1[h][n], double W2[h][h],
                 double W3[m][h], const double x[n], const double y[m])
{
    double a[h], b[h], out[m];
    layer(h, n, W1, x, a);
    relu(h, a);
    layer(h, h, W2, a, b);
    relu(h, b);
    layer(m, h, W3, b, out);
    double loss = 0;
    for (int i = 0; i < m; i++)
        loss += (y[i] - out[i]) * (y[i] - out[i]);
    return loss / 2;
}
