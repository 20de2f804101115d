/* The derivatives of ln gamma: psi, and the derivatives of psi.
 *
 * For x > 0 the recurrence moves x to where the asymptotic series has converged (Abramowitz & Stegun,
 * Handbook of Mathematical Functions, 6.3.6, 6.3.18 and 6.4.6, 6.4.11); for x < 0 the reflection formula
 * (6.3.7, 6.4.7). Around the positive zero of psi, where the series would cancel, its Taylor series is
 * used, with the zero known to more digits than one number holds.
 *
 * All is computed in long double. Errors, where that has 64 bits: below 1 ulp for double; for long double
 * 10 ulp, and beyond order 10 about as many as the order. Near the negative zeros the terms of the
 * reflection formula cancel and the error is that of the terms. */
#include "internal.h"

#include <math.h>

typedef long double Real;

enum { MAX_ORDER = 100, MIN_ASYMPTOTIC = 10 };

static const Real pi = 3.14159265358979323846264338327950288L;

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

/* Bernoulli numbers B2, B4, ... */
static const Real bernoulli[] = {
    1.0L / 6,          -1.0L / 30,       1.0L / 42,         -1.0L / 30,
    5.0L / 66,         -691.0L / 2730,   7.0L / 6,          -3617.0L / 510,
    43867.0L / 798,    -174611.0L / 330, 854513.0L / 138,   -236364091.0L / 2730,
    8553103.0L / 6,    -23749461029.0L / 870, 8615841276005.0L / 14322,
};

/* The positive zero of psi is zero_high + zero_low; psi(zero + h) = sum of zero_taylor[k] h^(k + 1), where
 * the coefficients are (-1)^k times the Hurwitz zeta function at (k + 2, zero). */
static const Real zero_high = 0x1.762d86356be3fp+0L;
static const Real zero_low = 9.54999542996569771518419907597e-17L;
static const Real zero_radius = 0.3L;
static const Real zero_taylor[] = {
    0.9676722454476211704274L,        -0.4427631689835921060929L,
    0.2584997609556510106244L,        -0.1639427054424065275043L,
    0.1078240506912623657572L,        -0.07219956125645471092612L,
    0.04880428816414310722509L,       -0.03316112647484735929226L,
    0.02259764823221810465962L,       -0.0154247659049489591388L,
    0.01053879161661217538812L,       -0.00720453438635686824097L,
    0.004926781395729853446354L,      -0.003369801655439328082793L,
    0.002305126326734927836938L,      -0.001576936771430197259271L,
    0.001078825201916296580692L,      -0.000738070938996005129566L,
    0.0005049532658346020351774L,     -0.0003454680251063076995556L,
    0.0002363560156402705279237L,     -0.0001617062209197480344936L,
    0.0001106337276874741090409L,     -0.00007569179582195065919238L,
    0.00005178575795222080868993L,    -0.0000354300709476596063157L,
    0.00002424006611860131765268L,    -0.00001658424227185413337524L,
    0.0000113463845846638498067L,     -0.000007762817668462094425268L,
};

/* c[0] + c[1] x + ... + c[count - 1] x^(count - 1) */
static Real polynomial(const Real *c, int count, Real x)
{
    Real sum = 0;
    for (int k = count - 1; k >= 0; k--)
        sum = sum * x + c[k];
    return sum;
}

/* cot(pi x), exact in the argument: only its distance to the nearest integer counts. */
static Real cot_pi(Real x)
{
    const Real r = x - rintl(x), a = fabsl(r);
    const Real s = a > 0.25L ? cosl(pi * (0.5L - a)) : sinl(pi * a);
    const Real c = a > 0.25L ? sinl(pi * (0.5L - a)) : cosl(pi * a);
    return copysignl(c / s, r);
}

/* ---- psi ---- */

static Real digamma_near_zero(Real x)
{
    const Real h = (x - zero_high) - zero_low;
    return h * polynomial(zero_taylor, COUNT(zero_taylor), h);
}

/* ln z - 1 / (2z) - sum of B2k / (2k z^2k) */
static Real digamma_asymptotic(Real z)
{
    const Real step = 1 / (z * z);
    Real power = step, sum = 0;
    for (int k = 1; k <= COUNT(bernoulli); k++, power *= step)
        sum += bernoulli[k - 1] / (2 * k) * power;
    return logl(z) - 1 / (2 * z) - sum;
}

static Real digamma_positive(Real x)
{
    if (fabsl(x - zero_high) < zero_radius)
        return digamma_near_zero(x);
    Real sum = 0;
    for (; x < MIN_ASYMPTOTIC; x += 1)
        sum += 1 / x;
    return digamma_asymptotic(x) - sum;
}

static Real digamma(Real x)
{
    if (isnan(x) || x == (Real)INFINITY)
        return x;
    if (x == 0)
        return copysignl((Real)INFINITY, -x);
    if (x > 0)
        return digamma_positive(x);
    if (x == floorl(x)) /* -inf too */
        return (Real)NAN;
    return digamma_positive(1 - x) - pi * cot_pi(x);
}

/* ---- derivatives of psi ---- */

/* The absolute value: (n-1)! / z^n + n! / (2 z^(n+1)) + sum of B2k (2k+n-1)! / ((2k)! z^(2k+n)) */
static Real polygamma_asymptotic(int n, Real factorial, Real z)
{
    const Real first = factorial / n * powl(z, -n);
    Real factor = first, sum = 0;
    for (int k = 1; k <= COUNT(bernoulli); k++) {
        factor *= (Real)(2 * k + n - 1) * (2 * k + n - 2) / ((Real)(2 * k) * (2 * k - 1) * z * z);
        sum += bernoulli[k - 1] * factor;
    }
    return first + first * n / (2 * z) + sum;
}

static Real polygamma_positive(int n, Real x)
{
    const Real sign = n % 2 ? 1 : -1;
    Real factorial = 1, sum = 0;
    for (int k = 2; k <= n; k++)
        factorial *= k;
    for (; x < MIN_ASYMPTOTIC + n; x += 1)
        sum += powl(x, -(n + 1));
    return sign * (factorial * sum + polygamma_asymptotic(n, factorial, x));
}

/* The n-th derivative of cot(pi x), divided by pi^n: the polynomial P_n in c = cot(pi x), where P_0 = c and
 * P_k+1 = -(1 + c^2) P_k'. Its coefficients have one sign and it has a parity: nothing cancels. */
static Real cot_pi_derivative(int n, Real c)
{
    Real p[MAX_ORDER + 2] = {0, 1};
    for (int order = 0; order < n; order++) {
        Real next[MAX_ORDER + 2] = {0};
        for (int k = 1; k <= order + 1; k++) {
            next[k - 1] -= (Real)k * p[k];
            next[k + 1] -= (Real)k * p[k];
        }
        for (int k = 0; k < n + 2; k++)
            p[k] = next[k];
    }
    return polynomial(p, n + 2, c);
}

static Real polygamma_at_pole(int n, Real x)
{
    if (n % 2)
        return (Real)INFINITY;
    return x == 0 ? copysignl((Real)INFINITY, -x) : (Real)NAN;
}

static Real polygamma(int n, Real x)
{
    if (n == 0)
        return digamma(x);
    if (n < 0 || n > MAX_ORDER || isnan(x) || x == -(Real)INFINITY)
        return (Real)NAN;
    if (x == (Real)INFINITY)
        return n % 2 ? 0.0L : -0.0L;
    if (x > 0)
        return polygamma_positive(n, x);
    if (x == floorl(x))
        return polygamma_at_pole(n, x);
    const Real reflected = polygamma_positive(n, 1 - x);
    return (n % 2 ? -reflected : reflected) - powl(pi, n + 1) * cot_pi_derivative(n, cot_pi(x));
}

/* ---- the functions ---- */

double ad_digamma(double x) { return (double)digamma(x); }
float ad_digammaf(float x) { return (float)digamma(x); }
long double ad_digammal(long double x) { return digamma(x); }

double ad_polygamma(int order, double x) { return (double)polygamma(order, x); }
float ad_polygammaf(int order, float x) { return (float)polygamma(order, x); }
long double ad_polygammal(int order, long double x) { return polygamma(order, x); }
