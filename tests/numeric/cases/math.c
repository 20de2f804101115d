/* <math.h>: every function with a derivative, in its three precisions.
 *
 * DIRECTIONS 3
 * CHECK t_fabs 1 3 -2 2 single
 * CHECK t_sqrt 1 3 0.2 3 single
 * CHECK t_cbrt 1 3 0.2 3 single
 * CHECK t_exp 1 3 -1 1 single
 * CHECK t_exp2 1 3 -1 1 single
 * CHECK t_expm1 1 3 -1 1 single
 * CHECK t_log 1 3 0.3 3 single
 * CHECK t_log2 1 3 0.3 3 single
 * CHECK t_log10 1 3 0.3 3 single
 * CHECK t_log1p 1 3 -0.5 2 single
 * CHECK t_sin 1 3 -2 2 single
 * CHECK t_cos 1 3 -2 2 single
 * CHECK t_tan 1 3 -1 1 single
 * CHECK t_asin 1 3 -0.8 0.8 single
 * CHECK t_acos 1 3 -0.8 0.8 single
 * CHECK t_atan 1 3 -2 2 single
 * CHECK t_sinh 1 3 -1 1 single
 * CHECK t_cosh 1 3 -1 1 single
 * CHECK t_tanh 1 3 -1 1 single
 * CHECK t_asinh 1 3 -1 1 single
 * CHECK t_acosh 1 3 1.3 3 single
 * CHECK t_atanh 1 3 -0.8 0.8 single
 * CHECK t_erf 1 3 -1 1 single
 * CHECK t_erfc 1 3 -1 1 single
 * CHECK t_tgamma 1 3 0.6 2.5 single
 * CHECK t_lgamma 1 3 0.6 2.5 single
 * CHECK t_hypot 2 3 0.3 2 single
 * CHECK t_pow 2 3 0.4 2 single
 * CHECK t_atan2 2 3 0.3 2 single
 * CHECK t_fmax 2 3 -1 1 single
 * CHECK t_fmin 2 3 -1 1 single
 * CHECK t_fdim 2 3 -1 1 single
 * CHECK t_copysign 2 3 0.2 1 single
 * CHECK t_constant 2 9 2.1 2.4
 * CHECK t_fma 3 2 -1 1 single
 * CHECK t_remainders 2 3 5.1 6.9
 * CHECK t_splits 2 4 1.1 1.9
 * CHECK t_next 2 2 0.2 0.8
 * CHECK t_classes 2 2 0.2 0.8
 * CHECK t_power_constants 1 5 0.4 2
 */
#include <adgen/adgen.h>
#include <math.h>

ADGEN(vjp)
ADGEN(jvp)
void t_fabs(const double x[1], double y[3])
{
    y[0] = fabs(x[0]);
    y[1] = fabsf((float)x[0]);
    y[2] = (double)fabsl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_sqrt(const double x[1], double y[3])
{
    y[0] = sqrt(x[0]);
    y[1] = sqrtf((float)x[0]);
    y[2] = (double)sqrtl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_cbrt(const double x[1], double y[3])
{
    y[0] = cbrt(x[0]);
    y[1] = cbrtf((float)x[0]);
    y[2] = (double)cbrtl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_exp(const double x[1], double y[3])
{
    y[0] = exp(x[0]);
    y[1] = expf((float)x[0]);
    y[2] = (double)expl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_exp2(const double x[1], double y[3])
{
    y[0] = exp2(x[0]);
    y[1] = exp2f((float)x[0]);
    y[2] = (double)exp2l((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_expm1(const double x[1], double y[3])
{
    y[0] = expm1(x[0]);
    y[1] = expm1f((float)x[0]);
    y[2] = (double)expm1l((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_log(const double x[1], double y[3])
{
    y[0] = log(x[0]);
    y[1] = logf((float)x[0]);
    y[2] = (double)logl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_log2(const double x[1], double y[3])
{
    y[0] = log2(x[0]);
    y[1] = log2f((float)x[0]);
    y[2] = (double)log2l((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_log10(const double x[1], double y[3])
{
    y[0] = log10(x[0]);
    y[1] = log10f((float)x[0]);
    y[2] = (double)log10l((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_log1p(const double x[1], double y[3])
{
    y[0] = log1p(x[0]);
    y[1] = log1pf((float)x[0]);
    y[2] = (double)log1pl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_sin(const double x[1], double y[3])
{
    y[0] = sin(x[0]);
    y[1] = sinf((float)x[0]);
    y[2] = (double)sinl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_cos(const double x[1], double y[3])
{
    y[0] = cos(x[0]);
    y[1] = cosf((float)x[0]);
    y[2] = (double)cosl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_tan(const double x[1], double y[3])
{
    y[0] = tan(x[0]);
    y[1] = tanf((float)x[0]);
    y[2] = (double)tanl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_asin(const double x[1], double y[3])
{
    y[0] = asin(x[0]);
    y[1] = asinf((float)x[0]);
    y[2] = (double)asinl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_acos(const double x[1], double y[3])
{
    y[0] = acos(x[0]);
    y[1] = acosf((float)x[0]);
    y[2] = (double)acosl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_atan(const double x[1], double y[3])
{
    y[0] = atan(x[0]);
    y[1] = atanf((float)x[0]);
    y[2] = (double)atanl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_sinh(const double x[1], double y[3])
{
    y[0] = sinh(x[0]);
    y[1] = sinhf((float)x[0]);
    y[2] = (double)sinhl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_cosh(const double x[1], double y[3])
{
    y[0] = cosh(x[0]);
    y[1] = coshf((float)x[0]);
    y[2] = (double)coshl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_tanh(const double x[1], double y[3])
{
    y[0] = tanh(x[0]);
    y[1] = tanhf((float)x[0]);
    y[2] = (double)tanhl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_asinh(const double x[1], double y[3])
{
    y[0] = asinh(x[0]);
    y[1] = asinhf((float)x[0]);
    y[2] = (double)asinhl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_acosh(const double x[1], double y[3])
{
    y[0] = acosh(x[0]);
    y[1] = acoshf((float)x[0]);
    y[2] = (double)acoshl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_atanh(const double x[1], double y[3])
{
    y[0] = atanh(x[0]);
    y[1] = atanhf((float)x[0]);
    y[2] = (double)atanhl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_erf(const double x[1], double y[3])
{
    y[0] = erf(x[0]);
    y[1] = erff((float)x[0]);
    y[2] = (double)erfl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_erfc(const double x[1], double y[3])
{
    y[0] = erfc(x[0]);
    y[1] = erfcf((float)x[0]);
    y[2] = (double)erfcl((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_tgamma(const double x[1], double y[3])
{
    y[0] = tgamma(x[0]);
    y[1] = tgammaf((float)x[0]);
    y[2] = (double)tgammal((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_lgamma(const double x[1], double y[3])
{
    y[0] = lgamma(x[0]);
    y[1] = lgammaf((float)x[0]);
    y[2] = (double)lgammal((long double)x[0]) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void t_hypot(const double x[2], double y[3])
{
    y[0] = hypot(x[0], x[1]);
    y[1] = hypotf((float)x[0], (float)x[1]);
    y[2] = (double)hypotl(x[0], x[1]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_pow(const double x[2], double y[3])
{
    y[0] = pow(x[0], x[1]);
    y[1] = powf((float)x[0], (float)x[1]);
    y[2] = (double)powl(x[0], x[1]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_atan2(const double x[2], double y[3])
{
    y[0] = atan2(x[0], x[1]);
    y[1] = atan2f((float)x[0], (float)x[1]);
    y[2] = (double)atan2l(x[0], x[1]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_fmax(const double x[2], double y[3])
{
    y[0] = fmax(x[0], x[1]);
    y[1] = fmaxf((float)x[0], (float)x[1]);
    y[2] = (double)fmaxl(x[0], x[1]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_fmin(const double x[2], double y[3])
{
    y[0] = fmin(x[0], x[1]);
    y[1] = fminf((float)x[0], (float)x[1]);
    y[2] = (double)fminl(x[0], x[1]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_fdim(const double x[2], double y[3])
{
    y[0] = fdim(x[0], x[1]);
    y[1] = fdimf((float)x[0], (float)x[1]);
    y[2] = (double)fdiml(x[0], x[1]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_copysign(const double x[2], double y[3])
{
    y[0] = copysign(x[0], x[1]);
    y[1] = copysignf((float)x[0], (float)x[1]);
    y[2] = (double)copysignl(x[0], x[1]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_constant(const double x[2], double y[9])
{
    y[0] = trunc(x[0]) * x[1];
    y[1] = floor(x[0]) * x[1];
    y[2] = ceil(x[0]) * x[1];
    y[3] = round(x[0]) * x[1];
    y[4] = rint(x[0]) * x[1];
    y[5] = nearbyint(x[0]) * x[1];
    y[6] = logb(x[0]) * x[1];
    y[7] = (double)(lrint(x[0]) + llround(x[1]) + lround(x[0]) + llrint(x[1])) * x[0];
    y[8] = ilogb(x[0]) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void t_fma(const double x[3], double y[2])
{
    y[0] = fma(x[0], x[1], x[2]);
    y[1] = (double)fmal(x[0], x[0], x[1]) + fmaf((float)x[0], 2, 1);
}

ADGEN(vjp)
ADGEN(jvp)
void t_remainders(const double x[2], double y[3])
{
    int q;
    y[0] = fmod(x[0], 0.2 * x[1]);
    y[1] = remainder(x[0], 0.1 * x[1] + 1.7);
    y[2] = remquo(x[0], 0.1 * x[1] + 1.7, &q);
    y[2] += q % 2;
}

ADGEN(vjp)
ADGEN(jvp)
void t_splits(const double x[2], double y[4])
{
    int e;
    double whole;
    y[0] = frexp(x[0] * x[1], &e);
    y[1] = ldexp(x[0], e + 2);
    y[2] = modf(x[0] * 1.0001, &whole) * x[1] + whole;
    y[3] = scalbn(x[1], 3) + scalbln(x[0], -2L);
}

ADGEN(vjp)
ADGEN(jvp)
void t_next(const double x[2], double y[2])
{
    y[0] = nextafter(x[0] * x[0], 2) + x[1];
    y[1] = nexttoward(x[1] * x[1], 2.0L);
}

ADGEN(vjp)
ADGEN(jvp)
void t_classes(const double x[2], double y[2])
{
    y[0] = isnan(x[0]) ? 0 : isfinite(x[1]) ? x[0] * x[1] : 1;
    y[1] = signbit(x[0]) || isinf(x[0]) || !isnormal(x[1]) ? 1 : x[1] * x[1];
    if (isgreater(x[0], x[1]))
        y[1] *= x[0];
    if (islessequal(x[0], x[1]))
        y[1] *= 2;
}

ADGEN(vjp)
ADGEN(jvp)
void t_power_constants(const double x[1], double y[5])
{
    y[0] = pow(x[0], 2) + pow(x[0], 3);
    y[1] = pow(x[0], 0.5);
    y[2] = pow(2, x[0]);
    y[3] = pow(x[0], -1);
    y[4] = pow(x[0], 0) + pow(-x[0], 3);
}
