/* The gradient of cholesky.c by hand: the adjoint of the covariance K is half of K^-1 - (K^-1 y) (K^-1 y)^T. The inverse takes the
 * place of the factor, row by row; the exponentials are kept above the diagonal. */
#include <adgen/runtime.h>
#include <math.h>
#include <string.h>

/* Without -ffast-math a C compiler may not make several sums of one, and with it takes these apart. */
static double dot(int n, const double *restrict a, const double *restrict b)
{
    double sum = 0;
    int k = 0;
#ifndef __FAST_MATH__
    double sums[8] = {0};
    for (; k + 8 <= n; k += 8)
        for (int l = 0; l < 8; l++)
            sums[l] += a[k + l] * b[k + l];
    for (int l = 0; l < 8; l++)
        sum += sums[l];
#endif
    for (; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}

/* The covariance, on and below the diagonal; exp(...) above. */
static void covariance(int n, int d, const double *restrict x, const double *restrict scale, double amplitude,
                       double noise, double *restrict A)
{
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            double square = 0;
            for (int k = 0; k < d; k++) {
                const double u = scale[k] * (x[i * d + k] - x[j * d + k]);
                square += u * u;
            }
            A[j * n + i] = exp(-0.5 * square);
            A[i * n + j] = amplitude * A[j * n + i];
        }
        A[i * n + i] = amplitude + noise;
    }
}

/* The factor, and z = L^-1 y. Returns the value. */
static double factor(int n, double *restrict A, const double *restrict y, double *restrict z)
{
    double result = 0;
    for (int i = 0; i < n; i++) {
        double *restrict const row = A + i * n;
        for (int j = 0; j < i; j++)
            row[j] = (row[j] - dot(j, row, A + j * n)) / A[j * n + j];
        row[i] = sqrt(row[i] - dot(i, row, row));
        z[i] = (y[i] - dot(i, row, z)) / row[i];
        result += log(row[i]) + 0.5 * z[i] * z[i];
    }
    return result;
}

/* L^-1 in place of L; `row` is scratch. */
static void invert(int n, double *restrict A, double *restrict row)
{
    for (int i = 0; i < n; i++) {
        const double inverse = 1 / A[i * n + i];
        memset(row, 0, sizeof(double) * (size_t)n);
        int k = 0;
        for (; k + 1 < i; k += 2) { /* two rows in one pass */
            const double first = -inverse * A[i * n + k], second = -inverse * A[i * n + k + 1];
            const double *restrict const above = A + k * n, *restrict const below = above + n;
            for (int j = 0; j <= k; j++)
                row[j] += first * above[j] + second * below[j];
            row[k + 1] += second * below[k + 1];
        }
        for (; k < i; k++)
            for (int j = 0; j <= k; j++)
                row[j] -= inverse * A[i * n + k] * A[k * n + j];
        memcpy(A + i * n, row, sizeof(double) * (size_t)i);
        A[i * n + i] = inverse;
    }
}

/* A row of L^-1 moves to `row`, zeros after it, to make place for sums; alpha = L^-T z grows. */
static void take_row(int n, int k, double *restrict A, double z, double *restrict row, double *restrict alpha)
{
    memcpy(row, A + k * n, sizeof(double) * (size_t)(k + 1));
    memset(A + k * n, 0, sizeof(double) * (size_t)(k + 1));
    memset(row + k + 1, 0, sizeof(double) * (size_t)(n - k - 1));
    for (int j = 0; j <= k; j++)
        alpha[j] += z * row[j];
}

/* L^-T L^-1 - alpha alpha^T in place of L^-1, two rows of L^-1 in one pass; `rows` and `alpha` are scratch. */
static void square(int n, double *restrict A, const double *restrict z, double *restrict rows, double *restrict alpha)
{
    double *restrict const first = rows, *restrict const second = rows + n;
    memset(alpha, 0, sizeof(double) * (size_t)n);
    for (int k = 0; k < n; k += 2) {
        const int last = k + 1 < n ? k + 1 : k;
        take_row(n, k, A, z[k], first, alpha);
        if (last > k)
            take_row(n, last, A, z[last], second, alpha);
        else
            memset(second, 0, sizeof(double) * (size_t)n);
        for (int i = 0; i <= last; i++) {
            double *restrict const sums = A + i * n;
            for (int j = 0; j <= i; j++)
                sums[j] += first[i] * first[j] + second[i] * second[j];
        }
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            A[i * n + j] -= alpha[i] * alpha[j];
}

double cholesky_hand(int n, int d, const double *restrict x, const double *restrict y, const double *restrict scale,
                     double *restrict scale_bar, double amplitude, double *restrict amplitude_bar, double noise,
                     double *restrict noise_bar)
{
    double *const A = ad_alloc_array(double, n * n), *const memory = ad_alloc_array(double, 4 * n);
    covariance(n, d, x, scale, amplitude, noise, A);
    const double result = factor(n, A, y, memory);
    invert(n, A, memory + n);
    square(n, A, memory, memory + n, memory + 3 * n);
    double trace = 0, sum = 0, scale_sums[d]; /* sums of the pairs' adjoints, each pair counted once */
    for (int k = 0; k < d; k++)
        scale_sums[k] = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            const double g = A[i * n + j] * A[j * n + i];
            sum += g;
            for (int k = 0; k < d; k++) {
                const double u = x[i * d + k] - x[j * d + k];
                scale_sums[k] += g * u * u;
            }
        }
        trace += A[i * n + i];
    }
    *amplitude_bar += sum + 0.5 * trace;
    *noise_bar += 0.5 * trace;
    for (int k = 0; k < d; k++)
        scale_bar[k] -= amplitude * scale[k] * scale_sums[k];
    ad_free(memory);
    ad_free(A);
    return result;
}
