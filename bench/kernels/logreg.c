/* Logistic regression: the mean loss over the data. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(w, b))
double logreg(int n, int d, const double X[n][d], const double y[n], const double w[d], double b)
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
