#include "matrix_programs_grad.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <adgen/check.h>

double log_likelihood(int n, int d, const double *x, const double *mu, const double *S, double *L, double *r);
double ridge(int n, int d, const double *X, const double *y, double lambda, const double *other_X, const double *other_y);
double convolution_layer(const double *image, const double *kernel, const double *b, const double *W, const double *t);

static const double *numbers(void)
{
    static double x[200];
    unsigned long long state = 7;
    for (int i = 0; i < 200; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull; /* Knuth, MMIX */
        x[i] = (double)(state >> 11) / 4503599627370496.0 - 1;
    }
    return x;
}

/* ---- a function of one array, its gradient, and the Hessian times d ---- */

enum { LIKELIHOOD = 3 + 9, RIDGE = 12 + 4 + 1, LAYER = 54 + 3 + 12, MOST = LAYER };

static double likelihood(void *context, const double *x)
{
    double L[9], r[3];
    (void)context;
    return log_likelihood(4, 3, numbers(), x, x + 3, L, r);
}

static void likelihood_gradient(void *context, const double *x, double *x_bar)
{
    double L[9], r[3];
    (void)context;
    log_likelihood_grad(4, 3, numbers(), x, x_bar, x + 3, x_bar + 3, L, r);
}

static void likelihood_product(const double *x, const double *d, double *result)
{
    double L[9], r[3];
    log_likelihood_hvp(4, 3, numbers(), x, d, result, x + 3, d + 3, result + 3, L, r);
}

static double regression(void *context, const double *x)
{
    (void)context;
    return ridge(4, 3, x, x + 12, x[16], numbers(), numbers() + 12);
}

static void regression_gradient(void *context, const double *x, double *x_bar)
{
    (void)context;
    ridge_grad(4, 3, x, x_bar, x + 12, x_bar + 12, x[16], x_bar + 16, numbers(), numbers() + 12);
}

static void regression_product(const double *x, const double *d, double *result)
{
    ridge_hvp(4, 3, x, d, result, x + 12, d + 12, result + 12, x[16], d[16], result + 16, numbers(), numbers() + 12);
}

static const double target[4] = {0.1, 0.6, 0.2, 0.1};

static double layer(void *context, const double *x)
{
    (void)context;
    return convolution_layer(numbers() + 100, x, x + 54, x + 57, target);
}

static void layer_gradient(void *context, const double *x, double *x_bar)
{
    (void)context;
    convolution_layer_grad(numbers() + 100, x, x_bar, x + 54, x_bar + 54, x + 57, x_bar + 57, target);
}

static void layer_product(const double *x, const double *d, double *result)
{
    convolution_layer_hvp(numbers() + 100, x, d, result, x + 54, d + 54, result + 54, x + 57, d + 57, result + 57, target);
}

/* The product against differences of the gradient. */
static int check_product(const char *name, int n, const double *x, void gradient(void *, const double *, double *),
                         void product(const double *, const double *, double *))
{
    const double *d = numbers() + 20, h = 1e-5;
    double up[MOST], down[MOST], above[MOST] = {0}, below[MOST] = {0}, result[MOST] = {0};
    for (int i = 0; i < n; i++) {
        up[i] = x[i] + h * d[i];
        down[i] = x[i] - h * d[i];
    }
    gradient(NULL, up, above);
    gradient(NULL, down, below);
    product(x, d, result);
    int failures = 0;
    for (int i = 0; i < n; i++) {
        const double expected = (above[i] - below[i]) / (2 * h);
        if (!(fabs(result[i] - expected) <= 1e-6 * (1 + fabs(expected)))) {
            printf("%s: Hessian times d, component %d: %.12g, expected %.12g\n", name, i, result[i], expected);
            failures++;
        }
    }
    return failures;
}

/* In place, where only the program knows that it is. */
static int check_aliased_directions(void)
{
    double x[4] = {0.3, -0.2, 0.9, 0.1}, dots[4][3], expected[3][4];
    int failures = 0;
    for (int k = 0; k < 3; k++) {
        double y[4];
        memcpy(y, x, sizeof y);
        for (int i = 0; i < 4; i++)
            dots[i][k] = expected[k][i] = numbers()[4 * k + i];
        activate_once(4, y, expected[k], y, expected[k]);
    }
    activate_jvp(4, x, (const double(*)[3])dots, x, dots);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 3; k++)
            if (!(fabs(dots[i][k] - expected[k][i]) <= 1e-14)) {
                printf("direction %d of %d: %.17g, expected %.17g\n", k, i, dots[i][k], expected[k][i]);
                failures++;
            }
    return failures;
}

int main(void)
{
    double x[MOST];
    memcpy(x, numbers() + 50, sizeof x);
    int failures = check_aliased_directions();
    failures += (int)ad_check_gradient("layer", LAYER, x, layer, layer_gradient, NULL, NULL);
    failures += check_product("layer", LAYER, x, layer_gradient, layer_product);
    x[16] = 0.8;
    failures += (int)ad_check_gradient("ridge", RIDGE, x, regression, regression_gradient, NULL, NULL);
    failures += check_product("ridge", RIDGE, x, regression_gradient, regression_product);
    for (int i = 0; i < 3; i++)
        x[3 + 4 * i] = 4;
    failures += (int)ad_check_gradient("likelihood", LIKELIHOOD, x, likelihood, likelihood_gradient, NULL, NULL);
    failures += check_product("likelihood", LIKELIHOOD, x, likelihood_gradient, likelihood_product);
    return failures > 0;
}
