/* Programs of matrix code as somebody would write them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <adgen/adgen.h>
#include <adgen/linalg.h>

/* The log-density of n observations that are normal with mean mu and covariance S, but for a constant. */
ADGEN(grad, wrt(mu, S), work(L, r))
ADGEN(hvp, wrt(mu, S), work(L, r))
double log_likelihood(int n, int d, const double *x, const double mu[d], const double S[d * d], double L[d * d],
                      double r[d])
{
    ad_copy(d * d, S, 1, L, 1);
    if (ad_potrf(AD_LOWER, d, L, d))
        return -INFINITY;
    double sum = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < d; j++)
            r[j] = x[i * d + j] - mu[j];
        ad_trsv(AD_LOWER, AD_NO_TRANS, AD_NON_UNIT, d, L, d, r, 1);
        sum += ad_dot(d, r, 1, r, 1);
    }
    return -0.5 * sum - n * ad_logdet(d, L, d);
}

/* The error of a ridge regression on other data. */
ADGEN(grad, wrt(X, y, lambda))
ADGEN(hvp, wrt(X, y, lambda))
double ridge(int n, int d, const double X[n * d], const double y[n], double lambda, const double other_X[n * d],
             const double other_y[n])
{
    double *A = calloc((size_t)d * (size_t)d, sizeof *A), *w = malloc((size_t)d * sizeof *w);
    double *r = malloc((size_t)n * sizeof *r);
    int *pivots = malloc((size_t)d * sizeof *pivots);
    for (int i = 0; i < d; i++)
        A[i * d + i] = lambda;
    ad_gemm(AD_TRANS, AD_NO_TRANS, d, d, n, 1, X, d, X, d, 1, A, d);
    ad_gemv(AD_TRANS, n, d, 1, X, d, y, 1, 0, w, 1);
    ad_solve(d, 1, A, d, pivots, w, 1);
    ad_copy(n, other_y, 1, r, 1);
    ad_gemv(AD_NO_TRANS, n, d, 1, other_X, d, w, 1, -1, r, 1);
    const double error = 0.5 * ad_dot(n, r, 1, r, 1);
    free(pivots);
    free(r);
    free(w);
    free(A);
    return error;
}

/* Convolution, bias, relu, mean, a full layer, cross entropy. */
ADGEN(grad, wrt(kernel, b, W))
ADGEN(hvp, wrt(kernel, b, W))
double convolution_layer(const double image[72], const double kernel[54], const double b[3], const double W[12],
                         const double t[4])
{
    double h[48], a[48], p[3], z[4];
    ad_conv2d(2, 3, 6, 6, 3, 3, image, kernel, h);
    for (int c = 0; c < 3; c++)
        ad_shift(16, b[c], h + 16 * c, 1);
    ad_relu(48, h, a);
    for (int c = 0; c < 3; c++)
        p[c] = ad_sum(16, a + 16 * c, 1) / 16;
    ad_gemv(AD_NO_TRANS, 4, 3, 1, W, 3, p, 1, 0, z, 1);
    return ad_cross_entropy(4, z, t);
}

/* y may be x. */
ADGEN(jvp, directions(3))
ADGEN(jvp, name(activate_once))
void activate(int n, const double *x, double *y)
{
    ad_softmax(n, x, y);
}
