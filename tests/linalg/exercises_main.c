/* Compares the derivatives of the exercises, written as loops, by the helpers and by CBLAS, to 1e-12. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "b_vectors_grad.h"
#include "exercises_cblas_grad.h"
#include "exercises_grad.h"
#include "f_deep_grad.h"

enum { MAX = 16 };

static int failures;

static double number(void)
{
    static unsigned long long state = 20;
    state = state * 6364136223846793005ull + 1442695040888963407ull; /* Knuth, MMIX */
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static void fill(double *x)
{
    for (int i = 0; i < MAX; i++)
        x[i] = number();
}

/* The arguments: matrices and vectors of any of the sizes, and the adjoints, of three versions. */
static double a[MAX], b[MAX], c[MAX], d[MAX], x[MAX], value[3], bar[3][4][MAX], out[3][MAX];

static void prepare(void)
{
    double *const data[] = {a, b, c, d, x};
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        fill(data[i]);
    memset(bar, 0, sizeof bar);
    memset(out, 0, sizeof out);
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < MAX; i++)
            bar[k][3][i] = x[i]; /* a seed */
}

static void compare(const char *name)
{
    double worst = 0;
    for (int k = 1; k < 3; k++) {
        worst = fmax(worst, fabs(value[k] - value[0]));
        for (int i = 0; i < MAX; i++)
            worst = fmax(worst, fabs(out[k][i] - out[0][i]));
        for (int j = 0; j < 3; j++)
            for (int i = 0; i < MAX; i++)
                worst = fmax(worst, fabs(bar[k][j][i] - bar[0][j][i]));
    }
    printf("  %-16s %.1e\n", name, worst);
    failures += !(worst <= 1e-12);
}

#define ROWS(p, n) ((double(*)[n])(void *)(p))
/* One call for each version: the loops take matrices as arrays of rows. */
#define SCALAR(name, loops, calls)                                                                           \
    prepare();                                                                                               \
    value[0] = name##_grad loops;                                                                            \
    for (int k = 1; k < 3; k++)                                                                              \
        value[k] = (k == 1 ? h_##name##_grad : c_##name##_grad) calls;                                       \
    compare(#name)
#define MATRIX(name, loops, calls)                                                                           \
    prepare();                                                                                               \
    name##_vjp loops;                                                                                        \
    for (int k = 1; k < 3; k++)                                                                              \
        (k == 1 ? h_##name##_vjp : c_##name##_vjp)calls;                                                     \
    compare(#name)

int main(void)
{
    MATRIX(matrix_vector, (ROWS(a, 2), ROWS(bar[0][0], 2), b, out[0], bar[0][3]), (a, bar[k][0], b, out[k], bar[k][3]));
    MATRIX(gram, (ROWS(a, 3), ROWS(b, 2), ROWS(bar[0][0], 2), ROWS(c, 3), ROWS(out[0], 3), ROWS(bar[0][3], 3)),
           (a, b, bar[k][0], c, out[k], bar[k][3]));
    SCALAR(bilinear, (a, ROWS(b, 2), ROWS(bar[0][0], 2), c), (a, b, bar[k][0], c));
    SCALAR(gram_form, (a, ROWS(b, 3), ROWS(c, 2), ROWS(bar[0][0], 2), ROWS(d, 3), x), (a, b, c, bar[k][0], d, x));
    MATRIX(sandwich, (ROWS(a, 3), ROWS(b, 3), ROWS(bar[0][0], 3), ROWS(c, 3), ROWS(d, 3), ROWS(out[0], 3), ROWS(bar[0][3], 3)),
           (a, b, bar[k][0], c, d, out[k], bar[k][3]));
    MATRIX(fourth_power, (ROWS(a, 3), ROWS(bar[0][0], 3), ROWS(b, 3), ROWS(out[0], 3), ROWS(bar[0][3], 3)),
           (a, bar[k][0], b, out[k], bar[k][3]));
    SCALAR(linear, (4, a, x, bar[0][0]), (4, a, x, bar[k][0]));
    SCALAR(quadratic, (4, ROWS(a, 4), x, bar[0][0]), (4, a, x, bar[k][0]));
    SCALAR(mixed_form, (3, 4, x, bar[0][0], ROWS(a, 4), b, bar[0][1], ROWS(c, 3), d, 0.5),
           (3, 4, x, bar[k][0], a, b, bar[k][1], c, d, 0.5));
    SCALAR(residual_norm, (3, 4, ROWS(a, 4), x, bar[0][0], b), (3, 4, a, x, bar[k][0], b));
    SCALAR(half_square, (4, x, bar[0][0]), (4, x, bar[k][0]));
    SCALAR(half_norm, (4, x, bar[0][0]), (4, x, bar[k][0]));
    SCALAR(affine_form, (4, x, bar[0][0], ROWS(a, 4), b), (4, x, bar[k][0], a, b));
    SCALAR(one_residual, (4, x, bar[0][0], a, 0.3), (4, x, bar[k][0], a, 0.3));
    SCALAR(all_residuals, (3, 4, ROWS(a, 4), x, bar[0][0], b), (3, 4, a, x, bar[k][0], b));
    SCALAR(layer_error, (3, 4, ROWS(a, 4), ROWS(bar[0][0], 4), x, b, c), (3, 4, a, bar[k][0], x, b, c));
    SCALAR(deep_loss, (2, 3, 2, ROWS(a, 2), ROWS(bar[0][0], 2), ROWS(b, 3), ROWS(bar[0][1], 3), ROWS(c, 3), ROWS(bar[0][2], 3), x, d),
           (2, 3, 2, a, bar[k][0], b, bar[k][1], c, bar[k][2], x, d));
    return failures > 0;
}
