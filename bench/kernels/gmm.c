/* Gaussian mixture model: the logarithm of its posterior.
 *
 * Component k has the weight exp(alphas[k]) (not normalised), a mean, and an inverse covariance Q'Q: Q is lower
 * triangular, its diagonal the exponentials of the first d numbers of icf[k], below it the others, by columns. The
 * prior of the components is a Wishart distribution. */
#include <adgen/adgen.h>
#include <math.h>

#define PI 3.14159265358979323846

static double log_sum_exp(int n, const double *x)
{
    double max = x[0];
    for (int i = 1; i < n; i++)
        if (x[i] > max)
            max = x[i];
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += exp(x[i] - max);
    return max + log(sum);
}

static double log_gamma_distribution(double a, int p)
{
    double result = 0.25 * p * (p - 1) * log(PI);
    for (int j = 1; j <= p; j++)
        result += lgamma(a + 0.5 * (1 - j));
    return result;
}

static double log_wishart_prior(int d, int k, const double icf[k][d * (d + 1) / 2], double gamma, int m)
{
    int n = d + m + 1;
    double c = n * d * (log(gamma) - 0.5 * log(2)) - log_gamma_distribution(0.5 * n, d);
    double result = 0;
    for (int i = 0; i < k; i++) {
        double frobenius = 0, sum_log_diagonal = 0;
        for (int j = 0; j < d; j++) {
            frobenius += exp(icf[i][j]) * exp(icf[i][j]);
            sum_log_diagonal += icf[i][j];
        }
        for (int j = d; j < d * (d + 1) / 2; j++)
            frobenius += icf[i][j] * icf[i][j];
        result += 0.5 * gamma * gamma * frobenius - m * sum_log_diagonal;
    }
    return result - k * c;
}

ADGEN(grad, wrt(alphas, means, icf))
double gmm(int d, int k, int n, const double alphas[k], const double means[k][d],
           const double icf[k][d * (d + 1) / 2], const double x[n][d], double gamma, int m)
{
    double diagonal[k][d], sums[k], centred[d], product[d], term[k];
    for (int c = 0; c < k; c++) {
        sums[c] = 0;
        for (int j = 0; j < d; j++) {
            diagonal[c][j] = exp(icf[c][j]);
            sums[c] += icf[c][j];
        }
    }
    double likelihood = 0;
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < d; j++) {
                centred[j] = x[i][j] - means[c][j];
                product[j] = diagonal[c][j] * centred[j];
            }
            int l = d;
            for (int j = 0; j < d; j++)
                for (int r = j + 1; r < d; r++) {
                    product[r] += icf[c][l] * centred[j];
                    l++;
                }
            double square = 0;
            for (int j = 0; j < d; j++)
                square += product[j] * product[j];
            term[c] = alphas[c] + sums[c] - 0.5 * square;
        }
        likelihood += log_sum_exp(k, term);
    }
    return -0.5 * n * d * log(2 * PI) + likelihood - n * log_sum_exp(k, alphas)
           + log_wishart_prior(d, k, icf, gamma, m);
}
