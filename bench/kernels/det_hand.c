/* The gradient of det.c by hand: det(A) times the transposed inverse, which the factors of the elimination give. */
#include <adgen/runtime.h>
#include <math.h>
#include <string.h>

static void swap_rows(int n, double *restrict a, double *restrict b)
{
    for (int j = 0; j < n; j++) {
        const double t = a[j];
        a[j] = b[j];
        b[j] = t;
    }
}

static void subtract(int n, double factor, const double *restrict from, double *restrict row)
{
    for (int j = 0; j < n; j++)
        row[j] -= factor * from[j];
}

/* P A = L U, in place; row i of P A is row order[i] of A. Returns the determinant. */
static double factorize(int n, double *restrict U, int *restrict order)
{
    double result = 1;
    for (int k = 0; k < n; k++) {
        int pivot = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(U[i * n + k]) > fabs(U[pivot * n + k]))
                pivot = i;
        if (pivot != k) {
            swap_rows(n, U + k * n, U + pivot * n);
            const int t = order[k];
            order[k] = order[pivot];
            order[pivot] = t;
            result = -result;
        }
        result *= U[k * n + k];
        const double inverse = 1 / U[k * n + k];
        for (int i = k + 1; i < n; i++) {
            U[i * n + k] *= inverse;
            subtract(n - k - 1, U[i * n + k], U + k * n + k + 1, U + i * n + k + 1);
        }
    }
    return result;
}

/* With P A = L U, X = det U^-1 L^-1: first det L^-1, lower triangular, then back substitution, all along rows. Row
 * order[i] of the gradient is column i of X. */
double det_hand(int n, const double *restrict A, double *restrict A_bar)
{
    double *restrict const U = ad_alloc_array(double, n * n);
    double *restrict const X = ad_alloc_zeroed_array(double, n * n);
    int *restrict const order = ad_alloc_array(int, n);
    memcpy(U, A, sizeof(double) * (size_t)(n * n));
    for (int i = 0; i < n; i++)
        order[i] = i;
    const double result = factorize(n, U, order);
    for (int i = 0; i < n; i++) {
        X[i * n + i] = result;
        for (int k = 0; k < i; k++)
            subtract(k + 1, U[i * n + k], X + k * n, X + i * n);
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            subtract(n, U[i * n + k], X + k * n, X + i * n);
        const double inverse = 1 / U[i * n + i];
        for (int j = 0; j < n; j++)
            X[i * n + j] *= inverse;
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            A_bar[order[i] * n + j] += X[j * n + i];
    ad_free(order);
    ad_free(X);
    ad_free(U);
    return result;
}
