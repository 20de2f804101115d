/* The gradient of logreg.c by hand: one pass over the data, nothing stored. */
#include <math.h>

double logreg_hand(int n, int d, const double X[restrict n][d], const double y[restrict n],
                   const double w[restrict d], double w_bar[restrict d], double b, double *restrict b_bar)
{
    double loss = 0, b_sum = 0;
    const double scale = 1.0 / n;
    for (int i = 0; i < n; i++) {
        const double *restrict row = X[i];
        double z = b;
        for (int j = 0; j < d; j++)
            z += row[j] * w[j];
        const double e = exp(-y[i] * z);
        loss += log1p(e);
        const double z_bar = -y[i] * e / (1 + e) * scale;
        for (int j = 0; j < d; j++)
            w_bar[j] += z_bar * row[j];
        b_sum += z_bar;
    }
    *b_bar += b_sum;
    return loss / n;
}
