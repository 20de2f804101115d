/* Times of matrix code, on one thread: the gradient of a network and of a log-determinant against their primals, and
 * the library's own product against the BLAS's. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cblas.h>

#include "layers_grad.h"

#include <adgen/linalg.h>

double network(int n, const double *W1, const double *W2, const double *W3, const double *X, double *H1, double *H2,
               double *Y);
double logdet_lapacke(int n, const double *A, double *L);
double logdet_helper(int n, const double *A, double *L);

enum { N = 512, M = 500, ROUNDS = 9 };

static double *data[8], *bar[4];

static double *numbers(void)
{
    static unsigned long long state = 20;
    double *x = malloc(sizeof(double) * N * N);
    for (int i = 0; x && i < N * N; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull; /* Knuth, MMIX */
        x[i] = ((double)(state >> 11) / 4503599627370496.0 - 1) / 16;
    }
    return x;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double sink;

static void clear(void)
{
    for (int k = 0; k < 4; k++)
        memset(bar[k], 0, sizeof(double) * N * N);
}

static void network_primal(void)
{
    sink += network(N, data[0], data[1], data[2], data[3], data[4], data[5], data[6]);
}

static void network_input_gradient(void)
{
    sink += network_input_grad(N, data[0], data[1], data[2], data[3], bar[3], data[4], data[5], data[6]);
}

static void network_gradient(void)
{
    sink += network_grad(N, data[0], bar[0], data[1], bar[1], data[2], bar[2], data[3], bar[3], data[4], data[5],
                         data[6]);
}

static void lapacke_primal(void) { sink += logdet_lapacke(M, data[7], data[4]); }
static void lapacke_gradient(void) { sink += logdet_lapacke_grad(M, data[7], bar[0], data[4]); }
static void helper_primal(void) { sink += logdet_helper(M, data[7], data[4]); }
static void helper_gradient(void) { sink += logdet_helper_grad(M, data[7], bar[0], data[4]); }

static void product_blas(void)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1, data[0], N, data[1], N, 0, data[4], N);
}

static void product_own(void)
{
    ad_gemm(AD_NO_TRANS, AD_NO_TRANS, N, N, N, 1, data[0], N, data[1], N, 0, data[4], N);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The two in turn; prints medians, and the median of the ratios. May that be the limit or less? */
static bool compare(const char *name, void first(void), void second(void), double limit)
{
    double times[2][ROUNDS], ratios[ROUNDS];
    for (int i = -1; i < ROUNDS; i++) {
        double t[3];
        clear();
        t[0] = now();
        first();
        t[1] = now();
        second();
        t[2] = now();
        if (i < 0)
            continue;
        times[0][i] = t[1] - t[0];
        times[1][i] = t[2] - t[1];
        ratios[i] = times[1][i] / times[0][i];
    }
    qsort(times[0], ROUNDS, sizeof(double), ascending);
    qsort(times[1], ROUNDS, sizeof(double), ascending);
    qsort(ratios, ROUNDS, sizeof(double), ascending);
    const double ratio = ratios[ROUNDS / 2];
    printf("%-46s %9.2f ms %9.2f ms   ratio %.2f (at most %.1f)\n", name, 1e3 * times[0][ROUNDS / 2],
           1e3 * times[1][ROUNDS / 2], ratio, limit);
    return ratio <= limit;
}

int main(void)
{
    for (int k = 0; k < 8; k++)
        data[k] = numbers();
    for (int k = 0; k < 4; k++)
        bar[k] = numbers();
    for (int i = 0; i < M; i++)
        data[7][i * M + i] += 30;
    bool good = compare("network, 512 wide, CBLAS: primal, X_bar", network_primal, network_input_gradient, 2.2);
    good = compare("network, 512 wide, CBLAS: primal, all four", network_primal, network_gradient, 3.2) && good;
    good = compare("log-determinant, n = 500, LAPACKE: the same", lapacke_primal, lapacke_gradient, 3) && good;
    good = compare("log-determinant, n = 500, helpers: the same", helper_primal, helper_gradient, 3) && good;
    good = compare("product, n = 512: CBLAS, libadgen", product_blas, product_own, 2.5) && good;
    for (int k = 0; k < 8; k++)
        free(data[k]);
    for (int k = 0; k < 4; k++)
        free(bar[k]);
    return !good || sink != sink;
}
