/* What networks are made of, on arrays, each with its tangent and its adjoint.
 *
 * An adjoint takes y_bar out (zero stays behind) before it adds to x_bar, element by element: so y may be x
 * itself, and y_bar x_bar, where the adjoint reads nothing but y. */
#include "linalg.h"

#include <math.h>

static void check(const char *function, int n)
{
    (void)function, (void)n;
    AD_REQUIRE_SIZE(function, n);
}

/* ---- elementwise ---- */

static real sigmoid(real x)
{
    if (x >= 0)
        return 1 / (1 + AD_MATH(exp)(-x));
    const real e = AD_MATH(exp)(x);
    return e / (1 + e);
}

static real softplus(real x)
{
    return x > 0 ? x + AD_MATH(log1p)(AD_MATH(exp)(-x)) : AD_MATH(log1p)(AD_MATH(exp)(x));
}

static real relu(real x)
{
    return x > 0 || isnan(x) ? x : 0;
}

static real normal_distribution(real x)
{
    return (real)0.5 * AD_MATH(erfc)(x * (real)-0.70710678118654752440);
}

static real gelu(real x)
{
    return x * normal_distribution(x);
}

/* The derivatives, of what the adjoint has at hand: y, for gelu x. */
static real sigmoid_slope(real y) { return y * (1 - y); }
static real tanh_slope(real y) { return (1 - y) * (1 + y); }
static real relu_slope(real y) { return y > 0; }
static real softplus_slope(real y) { return -AD_MATH(expm1)(-y); }
static real gelu_slope(real x)
{
    const real density = (real)0.39894228040143267794 * AD_MATH(exp)(x * x / -2);
    return normal_distribution(x) + x * density;
}

/* How the slopes change with what they are computed of. */
static real sigmoid_bend(real y) { return 1 - 2 * y; }
static real tanh_bend(real y) { return -2 * y; }
static real relu_bend(real y) { return 0 * y; }
static real softplus_bend(real y) { return AD_MATH(exp)(-y); }
static real gelu_bend(real x)
{
    return (real)0.39894228040143267794 * AD_MATH(exp)(x * x / -2) * (2 - x * x);
}

#define ELEMENTWISE(name, value)                                                                             \
    void AD_(name)(int n, const real *x, real *y)                                                            \
    {                                                                                                        \
        check(#name, n);                                                                                     \
        for (int i = 0; i < n; i++)                                                                          \
            y[i] = value(x[i]);                                                                              \
    }                                                                                                        \
    void AD_(name##_forward)(int n, const real *at, const real *x_dot, real *y_dot)                          \
    {                                                                                                        \
        check(#name "_forward", n);                                                                          \
        for (int i = 0; i < n; i++)                                                                          \
            y_dot[i] = name##_slope(at[i]) * x_dot[i];                                                       \
    }                                                                                                        \
    void AD_(name##_reverse)(int n, const real *at, real *y_bar, real *x_bar)                                \
    {                                                                                                        \
        check(#name "_reverse", n);                                                                          \
        for (int i = 0; i < n; i++) {                                                                        \
            const real taken = y_bar[i];                                                                     \
            y_bar[i] = 0;                                                                                    \
            x_bar[i] += taken * name##_slope(at[i]);                                                         \
        }                                                                                                    \
    }                                                                                                        \
    void AD_(name##_curve)(int n, const real *at, const real *at_dot, const real *y_bar, real *x_bar_dot)    \
    {                                                                                                        \
        check(#name "_curve", n);                                                                            \
        for (int i = 0; i < n; i++)                                                                          \
            x_bar_dot[i] += y_bar[i] * at_dot[i] * name##_bend(at[i]);                                       \
    }

ELEMENTWISE(sigmoid, sigmoid)
ELEMENTWISE(tanh, AD_MATH(tanh))
ELEMENTWISE(relu, relu)
ELEMENTWISE(softplus, softplus)
ELEMENTWISE(gelu, gelu)

/* ---- softmax and its like: shifted by the largest element, so that nothing overflows ---- */

static real largest(int n, const real *x)
{
    real most = -INFINITY;
    for (int i = 0; i < n; i++)
        if (x[i] > most || isnan(x[i]))
            most = x[i];
    return most;
}

void AD_(softmax)(int n, const real *x, real *y)
{
    check("softmax", n);
    const real most = largest(n, x);
    real sum = 0;
    for (int i = 0; i < n; i++) {
        y[i] = AD_MATH(exp)(x[i] - most);
        sum += y[i];
    }
    for (int i = 0; i < n; i++)
        y[i] /= sum;
}

void AD_(softmax_forward)(int n, const real *y, const real *x_dot, real *y_dot)
{
    check("softmax_forward", n);
    const real mean = AD_(view_dot)(n, y, 1, x_dot, 1);
    for (int i = 0; i < n; i++)
        y_dot[i] = y[i] * (x_dot[i] - mean);
}

void AD_(softmax_reverse)(int n, const real *y, real *y_bar, real *x_bar)
{
    check("softmax_reverse", n);
    const real mean = AD_(view_dot)(n, y, 1, y_bar, 1);
    for (int i = 0; i < n; i++) {
        const real taken = y_bar[i];
        y_bar[i] = 0;
        x_bar[i] += y[i] * (taken - mean);
    }
}

void AD_(softmax_curve)(int n, const real *y, const real *y_dot, const real *y_bar, real *x_bar_dot)
{
    check("softmax_curve", n);
    const real mean = AD_(view_dot)(n, y, 1, y_bar, 1), change = AD_(view_dot)(n, y_dot, 1, y_bar, 1);
    for (int i = 0; i < n; i++)
        x_bar_dot[i] += y_dot[i] * (y_bar[i] - mean) - y[i] * change;
}

real AD_(logsumexp)(int n, const real *x)
{
    check("logsumexp", n);
    const real most = largest(n, x);
    if (isinf(most) || isnan(most))
        return most;
    real sum = 0;
    for (int i = 0; i < n; i++)
        sum += AD_MATH(exp)(x[i] - most);
    return most + AD_MATH(log)(sum);
}

real AD_(logsumexp_forward)(int n, const real *x, real r, const real *x_dot)
{
    check("logsumexp_forward", n);
    real sum = 0;
    for (int i = 0; i < n; i++)
        sum += AD_MATH(exp)(x[i] - r) * x_dot[i];
    return sum;
}

void AD_(logsumexp_reverse)(int n, const real *x, real r, real r_bar, real *x_bar)
{
    check("logsumexp_reverse", n);
    for (int i = 0; r_bar != 0 && i < n; i++)
        x_bar[i] += r_bar * AD_MATH(exp)(x[i] - r);
}

void AD_(logsumexp_curve)(int n, const real *x, real r, real r_bar, const real *x_dot, real *x_bar_dot)
{
    check("logsumexp_curve", n);
    for (int i = 0; r_bar != 0 && i < n; i++)
        x_bar_dot[i] += r_bar * AD_MATH(exp)(x[i] - r) * x_dot[i];
}

/* ---- cross entropy of softmax(x) and a distribution t ---- */

static real sum_of(int n, const real *x)
{
    real sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

real AD_(cross_entropy)(int n, const real *x, const real *t)
{
    check("cross_entropy", n);
    const real total = AD_(logsumexp)(n, x);
    real sum = 0;
    for (int i = 0; i < n; i++)
        sum += t[i] * (total - x[i]);
    return sum;
}

/* ---- normalisation of a layer ---- */

/* The mean, and 1 / sqrt(variance + eps). */
static real mean_of(int n, const real *x, real eps, real *scale)
{
    const real mean = sum_of(n, x) / (real)(n > 0 ? n : 1);
    real variance = 0;
    for (int i = 0; i < n; i++)
        variance += (x[i] - mean) * (x[i] - mean);
    *scale = 1 / AD_MATH(sqrt)(variance / (real)(n > 0 ? n : 1) + eps);
    return mean;
}

void AD_(layer_norm)(int n, real eps, const real *x, real *y)
{
    check("layer_norm", n);
    real scale;
    const real mean = mean_of(n, x, eps, &scale);
    for (int i = 0; i < n; i++)
        y[i] = (x[i] - mean) * scale;
}

/* Jacobian and transpose are one: (I - 1 1^T / n - y y^T / n) / sqrt(variance + eps). */
typedef struct Slope {
    real mean, scale, along_ones, along_y;
} Slope;

static Slope slope_of(int n, real eps, const real *x, const real *direction)
{
    Slope s = {0};
    s.mean = mean_of(n, x, eps, &s.scale);
    for (int i = 0; i < n; i++) {
        s.along_ones += direction[i] / (real)n;
        s.along_y += direction[i] * (x[i] - s.mean) * s.scale / (real)n;
    }
    return s;
}

void AD_(layer_norm_forward)(int n, real eps, const real *x, const real *x_dot, real *y_dot)
{
    check("layer_norm_forward", n);
    const Slope s = slope_of(n, eps, x, x_dot);
    for (int i = 0; i < n; i++)
        y_dot[i] = s.scale * (x_dot[i] - s.along_ones - (x[i] - s.mean) * s.scale * s.along_y);
}

void AD_(layer_norm_reverse)(int n, real eps, const real *x, real *y_bar, real *x_bar)
{
    check("layer_norm_reverse", n);
    const Slope s = slope_of(n, eps, x, y_bar);
    for (int i = 0; i < n; i++) {
        const real taken = y_bar[i];
        y_bar[i] = 0;
        x_bar[i] += s.scale * (taken - s.along_ones - (x[i] - s.mean) * s.scale * s.along_y);
    }
}

/* With c = x - mean, s = 1 / sqrt(variance + eps) and w = y_bar, the adjoint is s (w - mean w - s^2 c mean(c w)). Its
 * tangent, with dc = dx - mean dx, ds = -s^3 mean(c dx):
 * ds (w - mean w) - 3 s^2 ds c mean(c w) - s^3 (dc mean(c w) + c mean(dc w)) */
void AD_(layer_norm_curve)(int n, real eps, const real *x, const real *x_dot, const real *y_bar, real *x_bar_dot)
{
    check("layer_norm_curve", n);
    const Slope along = slope_of(n, eps, x, y_bar), change = slope_of(n, eps, x, x_dot);
    const real s = along.scale, ds = -s * s * change.along_y, c_w = along.along_y / s;
    real dc_w = 0;
    for (int i = 0; i < n; i++)
        dc_w += (x_dot[i] - change.along_ones) * y_bar[i] / (real)n;
    for (int i = 0; i < n; i++) {
        const real c = x[i] - along.mean, dc = x_dot[i] - change.along_ones;
        x_bar_dot[i] += ds * (y_bar[i] - along.along_ones) - 3 * s * s * ds * c * c_w - s * s * s * (dc * c_w + c * dc_w);
    }
}
