/* The gradient of gmm.c by hand: value and gradient in one pass over the points; of a point only the two
 * vectors of each component are kept. */
#include <adgen/runtime.h>
#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

/* x becomes its softmax. */
static double log_sum_exp(int n, double *restrict x)
{
    double max = x[0];
    for (int i = 1; i < n; i++)
        max = x[i] > max ? x[i] : max;
    double sum = 0;
    for (int i = 0; i < n; i++) {
        x[i] = exp(x[i] - max);
        sum += x[i];
    }
    const double scale = 1 / sum;
    for (int i = 0; i < n; i++)
        x[i] *= scale;
    return max + log(sum);
}

static double wishart_constant(int d, double gamma, int m)
{
    const int n = d + m + 1;
    double log_gamma = 0.25 * d * (d - 1) * log(PI);
    for (int j = 1; j <= d; j++)
        log_gamma += lgamma(0.5 * n + 0.5 * (1 - j));
    return n * d * (log(gamma) - 0.5 * log(2)) - log_gamma;
}

/* One component at one point: its term, and Q (x - mean). */
static double quadratic(int d, const double *restrict x, const double *restrict mean, const double *restrict diagonal,
                        const double *restrict lower, double *restrict centred, double *restrict product)
{
    for (int j = 0; j < d; j++) {
        centred[j] = x[j] - mean[j];
        product[j] = diagonal[j] * centred[j];
    }
    for (int j = 0; j < d - 1; j++) {
        const double c = centred[j];
        for (int r = j + 1; r < d; r++)
            product[r] += lower[r - j - 1] * c;
        lower += d - 1 - j;
    }
    double square = 0;
    for (int j = 0; j < d; j++)
        square += product[j] * product[j];
    return square;
}

static void quadratic_reverse(int d, double weight, const double *restrict diagonal, const double *restrict lower,
                              double *restrict mean_bar, double *restrict diagonal_bar, double *restrict lower_bar,
                              const double *restrict centred, double *restrict product)
{
    for (int j = 0; j < d; j++)
        product[j] *= -weight; /* the adjoint of the product */
    for (int j = 0; j < d; j++) {
        const double c = centred[j];
        double sum = product[j] * diagonal[j];
        diagonal_bar[j] += product[j] * c;
        for (int r = j + 1; r < d; r++) {
            lower_bar[r - j - 1] += product[r] * c;
            sum += lower[r - j - 1] * product[r];
        }
        mean_bar[j] -= sum;
        lower += d - 1 - j;
        lower_bar += d - 1 - j;
    }
}

/* The prior, and what comes from the diagonals. */
static double prior(int d, int k, int size, const double *restrict icf, double *restrict icf_bar,
                    const double *restrict diagonal, const double *restrict diagonal_bar, const double *restrict weights,
                    double gamma, int m)
{
    double result = 0;
    const double square = gamma * gamma;
    for (int c = 0; c < k; c++, icf += size, icf_bar += size, diagonal += d, diagonal_bar += d) {
        double frobenius = 0, sum = 0;
        for (int j = 0; j < d; j++) {
            frobenius += diagonal[j] * diagonal[j];
            sum += icf[j];
            icf_bar[j] += (square * diagonal[j] + diagonal_bar[j]) * diagonal[j] - m + weights[c];
        }
        for (int j = d; j < size; j++) {
            frobenius += icf[j] * icf[j];
            icf_bar[j] += square * icf[j];
        }
        result += 0.5 * square * frobenius - m * sum;
    }
    return result;
}

double gmm_hand(int d, int k, int n, const double *restrict alphas, double *restrict alphas_bar,
                const double *restrict means, double *restrict means_bar, const double *restrict icf,
                double *restrict icf_bar, const double *restrict x, double gamma, int m)
{
    const int size = d * (d + 1) / 2;
    double *restrict const memory = ad_alloc_array(double, 4 * k * d + 3 * k);
    double *restrict const diagonal = memory, *restrict const diagonal_bar = diagonal + k * d;
    double *restrict const centred = diagonal_bar + k * d, *restrict const product = centred + k * d;
    double *restrict const sums = product + k * d, *restrict const weights = sums + k, *restrict const term = weights + k;
    memset(diagonal_bar, 0, sizeof(double) * (size_t)(k * d));
    memset(weights, 0, sizeof(double) * (size_t)k);
    for (int c = 0; c < k; c++) {
        sums[c] = alphas[c];
        for (int j = 0; j < d; j++) {
            diagonal[c * d + j] = exp(icf[c * size + j]);
            sums[c] += icf[c * size + j];
        }
    }
    double likelihood = 0;
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < k; c++)
            term[c] = sums[c] - 0.5 * quadratic(d, x + i * d, means + c * d, diagonal + c * d, icf + c * size + d,
                                                centred + c * d, product + c * d);
        likelihood += log_sum_exp(k, term);
        for (int c = 0; c < k; c++) {
            weights[c] += term[c];
            quadratic_reverse(d, term[c], diagonal + c * d, icf + c * size + d, means_bar + c * d, diagonal_bar + c * d,
                              icf_bar + c * size + d, centred + c * d, product + c * d);
        }
    }
    memcpy(term, alphas, sizeof(double) * (size_t)k);
    likelihood -= n * log_sum_exp(k, term);
    for (int c = 0; c < k; c++)
        alphas_bar[c] += weights[c] - n * term[c];
    likelihood += prior(d, k, size, icf, icf_bar, diagonal, diagonal_bar, weights, gamma, m);
    ad_free(memory);
    return -0.5 * n * d * log(2 * PI) + likelihood - k * wishart_constant(d, gamma, m);
}
