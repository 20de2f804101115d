/* Sums over data that are used nonlinearly: their adjoints are known behind the loop only. The reverse loop runs each iteration
 * again, as far as it needs, and keeps nothing for all data; what an iteration keeps serves the next one, too. */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(grad, wrt(w, b))
double root_of_loss(int n, int d, const double X[n][d], const double y[n], const double w[d], double b, double fit[restrict n])
{
    double loss = 0;
    for (int i = 0; i < n; i++) {
        double z = b;
        for (int j = 0; j < d; j++)
            z += X[i][j] * w[j];
        fit[i] = tanh(z);
        loss += log1p(exp(-y[i] * z));
    }
    return sqrt(loss / n);
}

ADGEN(grad, wrt(c))
double squared_likelihood(int n, int k, int d, const double X[n][d], const double c[k][d])
{
    double total = 0;
    double lik[k];
    for (int i = 0; i < n; i++) {
        double most = -INFINITY;
        for (int a = 0; a < k; a++) {
            double q = 0;
            for (int j = 0; j < d; j++) {
                double delta = X[i][j] - c[a][j];
                q += delta * delta;
            }
            lik[a] = -0.5 * q;
            if (lik[a] > most)
                most = lik[a];
        }
        double s = 0;
        for (int a = 0; a < k; a++)
            s += exp(lik[a] - most);
        total += most + log(s);
    }
    return total * total;
}
