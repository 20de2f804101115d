/* What every random program includes. IS(condition) stands around each comparison of data and INT(x) around each
 * conversion of data to an integer. In the traced builds, which the oracles run, they and the functions with kinks
 * are recorded: finite differences count only where every probe takes the same way. With FUZZ_EXTENDED besides,
 * the program computes in long double throughout. */
#ifndef ADGEN_FUZZ_PROGRAM_H
#define ADGEN_FUZZ_PROGRAM_H

#include <adgen/adgen.h>
#include <math.h>
#include <stdint.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef long double extended;

#ifdef FUZZ_EXTENDED
#define real long double
#include "linear.h"
static long double fuzz_shared[4] = {0.7, -0.3, 0.45, 1.1}, fuzz_scratch[3];
#else
#ifdef FUZZ_INTERPRETED
#define real double
#include "linear.h"
#else
#include <adgen/linalg.h>
#endif
extern double fuzz_shared[4], fuzz_scratch[3]; /* what runs the programs defines them */
#endif

#ifndef FUZZ_TRACED
#define IS(condition) (condition)
#define INT(x) ((int)(x))
#else
unsigned long fuzz_trace; /* hash of all decisions */
int fuzz_ties;            /* decisions between equals: no differences there */

static inline int fuzz_decide(int value)
{
    fuzz_trace = (fuzz_trace ^ (unsigned long)(value + 7)) * 1099511628211ul;
    return value;
}

static inline void fuzz_compare(long double x, long double y)
{
    fuzz_ties += x == y;
    fuzz_decide(x > y);
}

#define IS(condition) fuzz_decide(condition)
#define INT(x) fuzz_decide((int)(x))

#ifdef FUZZ_EXTENDED
#define FUZZ_FUNCTION(name, kink)                                                                  \
    static inline long double fuzz_##name(long double x)                                           \
    {                                                                                              \
        fuzz_decide((int)(kink));                                                                  \
        return name##l(x);                                                                         \
    }                                                                                              \
    static inline long double fuzz_##name##f(long double x) { return fuzz_##name(x); }             \
    static inline long double fuzz_##name##l(long double x) { return fuzz_##name(x); }
#define FUZZ_FUNCTION_2(name)                                                                      \
    static inline long double fuzz_##name(long double x, long double y)                            \
    {                                                                                              \
        fuzz_compare(x, y);                                                                        \
        return name##l(x, y);                                                                      \
    }                                                                                              \
    static inline long double fuzz_##name##f(long double x, long double y)                         \
    {                                                                                              \
        return fuzz_##name(x, y);                                                                  \
    }                                                                                              \
    static inline long double fuzz_##name##l(long double x, long double y)                         \
    {                                                                                              \
        return fuzz_##name(x, y);                                                                  \
    }
#else
#define FUZZ_FUNCTION(name, kink)                                                                  \
    static inline double fuzz_##name(double x)                                                     \
    {                                                                                              \
        fuzz_decide((int)(kink));                                                                  \
        return name(x);                                                                            \
    }                                                                                              \
    static inline float fuzz_##name##f(float x)                                                    \
    {                                                                                              \
        fuzz_decide((int)(kink));                                                                  \
        return name##f(x);                                                                         \
    }                                                                                              \
    static inline long double fuzz_##name##l(long double x)                                        \
    {                                                                                              \
        fuzz_decide((int)(kink));                                                                  \
        return name##l(x);                                                                         \
    }
#define FUZZ_FUNCTION_2(name)                                                                      \
    static inline double fuzz_##name(double x, double y)                                           \
    {                                                                                              \
        fuzz_compare(x, y);                                                                        \
        return name(x, y);                                                                         \
    }                                                                                              \
    static inline float fuzz_##name##f(float x, float y)                                           \
    {                                                                                              \
        fuzz_compare(x, y);                                                                        \
        return name##f(x, y);                                                                      \
    }                                                                                              \
    static inline long double fuzz_##name##l(long double x, long double y)                         \
    {                                                                                              \
        fuzz_compare(x, y);                                                                        \
        return name##l(x, y);                                                                      \
    }
#endif

FUZZ_FUNCTION(fabs, x > 0)
FUZZ_FUNCTION(floor, floorl(x))
FUZZ_FUNCTION(ceil, ceill(x))
FUZZ_FUNCTION(trunc, truncl(x))
FUZZ_FUNCTION(round, roundl(x))
FUZZ_FUNCTION(rint, rintl(x))
FUZZ_FUNCTION_2(fmax)
FUZZ_FUNCTION_2(fmin)
FUZZ_FUNCTION_2(fdim)
#define fabs fuzz_fabs
#define fabsf fuzz_fabsf
#define fabsl fuzz_fabsl
#define floor fuzz_floor
#define floorf fuzz_floorf
#define floorl fuzz_floorl
#define ceil fuzz_ceil
#define ceilf fuzz_ceilf
#define ceill fuzz_ceill
#define trunc fuzz_trunc
#define truncf fuzz_truncf
#define truncl fuzz_truncl
#define round fuzz_round
#define roundf fuzz_roundf
#define roundl fuzz_roundl
#define rint fuzz_rint
#define rintf fuzz_rintf
#define rintl fuzz_rintl
#define fmax fuzz_fmax
#define fmaxf fuzz_fmaxf
#define fmaxl fuzz_fmaxl
#define fmin fuzz_fmin
#define fminf fuzz_fminf
#define fminl fuzz_fminl
#define fdim fuzz_fdim
#define fdimf fuzz_fdimf
#define fdiml fuzz_fdiml
#endif

#ifdef FUZZ_EXTENDED
/* name(x), namef(x) and namel(x) are all namel(x) */
#define sqrt sqrtl
#define sqrtf sqrtl
#define cbrt cbrtl
#define cbrtf cbrtl
#define hypot hypotl
#define hypotf hypotl
#define pow powl
#define powf powl
#define exp expl
#define expf expl
#define exp2 exp2l
#define exp2f exp2l
#define expm1 expm1l
#define expm1f expm1l
#define log logl
#define logf logl
#define log2 log2l
#define log2f log2l
#define log10 log10l
#define log10f log10l
#define log1p log1pl
#define log1pf log1pl
#define sin sinl
#define sinf sinl
#define cos cosl
#define cosf cosl
#define tan tanl
#define tanf tanl
#define asin asinl
#define asinf asinl
#define acos acosl
#define acosf acosl
#define atan atanl
#define atanf atanl
#define atan2 atan2l
#define atan2f atan2l
#define sinh sinhl
#define sinhf sinhl
#define cosh coshl
#define coshf coshl
#define tanh tanhl
#define tanhf tanhl
#define asinh asinhl
#define asinhf asinhl
#define acosh acoshl
#define acoshf acoshl
#define atanh atanhl
#define atanhf atanhl
#define erf erfl
#define erff erfl
#define erfc erfcl
#define erfcf erfcl
#define tgamma tgammal
#define tgammaf tgammal
#define lgamma lgammal
#define lgammaf lgammal
#define fma fmal
#define fmaf fmal
#define fmod fmodl
#define fmodf fmodl
#define copysign copysignl
#define copysignf copysignl
#define ldexp ldexpl
#define ldexpf ldexpl
#define float extended
#define double extended
#endif

/* The structs that programs use, and functions on them. */
union word {
    unsigned whole;
    unsigned short halves[2];
    unsigned char bytes[4];
};

struct cell {
    double a;
    int tag;
    double w[2];
};

struct node {
    double value;
    struct node *next;
};

static inline struct cell cell_scaled(struct cell c, double s)
{
    c.a *= 0.5 * sin(s);
    c.w[1] = cos(c.w[0] * s);
    return c;
}

static inline void cell_mix(struct cell *c, const struct cell *d)
{
    c->w[0] = 0.3 * c->a * d->w[1];
    c->a = sin(d->a + c->w[0]);
}

#endif
