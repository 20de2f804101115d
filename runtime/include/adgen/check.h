/* Checks of derivatives, for a program's own tests: a gradient against finite differences, forward against
 * reverse mode, a gradient made by hand against a generated one.
 *
 *     static double f(void *context, const double *x) { return loss(3, x); }
 *     static void g(void *context, const double *x, double *x_bar) { loss_grad(3, x, x_bar); }
 *
 *     assert(ad_check_gradient("loss", 3, x, f, g, NULL, NULL) == 0);
 *
 * The functions come as pointers with a context of the caller's, which is handed through. Nothing is kept
 * between calls; work memory comes from ad_alloc. */
#ifndef ADGEN_CHECK_H
#define ADGEN_CHECK_H

#include <stdio.h>

#include <adgen/runtime.h>

#ifdef __cplusplus
extern "C" {
#endif

/* f: R^n -> R. */
typedef double AdScalarFunction(void *context, const double *x);
/* Adds the gradient at x to x_bar, as generated gradients do; x_bar comes with n zeros. */
typedef void AdGradientFunction(void *context, const double *x, double *x_bar);
/* y_dot = J(x) x_dot, m numbers: overwritten. */
typedef void AdForwardFunction(void *context, const double *x, const double *x_dot, double *y_dot);
/* Adds J(x)^T y_bar to x_bar, which comes with n zeros; y_bar is a copy that may be overwritten. */
typedef void AdReverseFunction(void *context, const double *x, double *x_bar, double *y_bar);

/* A null pointer to it, or zeros in it, mean the defaults. */
typedef struct AdCheckOptions {
    double tolerance;   /* relative to 1 + |derivative|; default 1e-6, for dot products 1e-11 */
    double step;        /* the largest step, relative to 1 + |x_i|; default 0.01 */
    FILE *output;       /* where the table goes; default: standard error */
    int print_all;      /* print every component, not only those that differ */
} AdCheckOptions;

/* Compares each component of the gradient at x (n numbers) with finite differences of f, and prints a table of those
 * that differ: their number, x_i, the gradient's value, that of the differences, their distance, and a word about it.
 *
 * Step control: central differences with steps h, h/2, h/4, ... are extrapolated to step 0 (Ridders 1982), and the
 * best estimate is taken with its error. A component differs if it is farther off than the tolerance and three times
 * that error. Where the differences from the left and from the right do not meet, there is a kink and no derivative:
 * that is reported too, and counts. Where f is not finite around x, smaller steps are taken.
 *
 * Returns the number of components that were reported. */
AD_PUBLIC int ad_check_gradient(const char *name, int n, const double *x, AdScalarFunction *f,
                                AdGradientFunction *gradient, void *context,
                                const AdCheckOptions *options);

/* Compares forward and reverse mode of one function R^n -> R^m at x: <y_bar, J h> = <J^T y_bar, h> for a few random
 * h and y_bar, to rounding. If they differ, a table tells for which components i of x (J^T y_bar)_i is not
 * <y_bar, J e_i>.
 *
 * Returns the number of components that differ; 0: they agree. The random numbers are the same every time. */
AD_PUBLIC int ad_check_dot_product(const char *name, int n, int m, const double *x, AdForwardFunction *forward,
                                   AdReverseFunction *reverse, void *context,
                                   const AdCheckOptions *options);

/* Compares two gradients of one function at x, component by component: one made by hand with the generated one, say.
 * The default tolerance is 1e-11. Returns the number of components that differ. */
AD_PUBLIC int ad_check_gradients_agree(const char *name, int n, const double *x, AdGradientFunction *first,
                                       AdGradientFunction *second, void *context,
                                       const AdCheckOptions *options);

#ifdef __cplusplus
}
#endif

#endif
