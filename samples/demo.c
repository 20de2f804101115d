/* Logistic regression: the loss whose gradient ./bootstrap.sh demo shows. */
#include <adgen/adgen.h>
#include <math.h>

/* The mean of ln(1 + exp(-y (w.x + b))) over n points of dimension d, with labels y of -1 or 1. */
ADGEN(grad, wrt(w, b))
double logistic_loss(int n, int d, const double X[n][d], const double y[n], const double w[d],
                     double b)
{
    double loss = 0;
    for (int i = 0; i < n; i++) {
        double z = b;
        for (int j = 0; j < d; j++)
            z += X[i][j] * w[j];
        loss += log1p(exp(-y[i] * z));
    }
    return loss / n;
}
