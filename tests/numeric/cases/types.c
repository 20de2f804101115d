/* Types: precisions mixed, conversions, integers of every kind, operators.
 *
 * DIRECTIONS 3
 * SPARSE
 * CHECK mixed_precision 3 3 0.3 1
 * CHECK conversions 2 4 1.2 1.8
 * CHECK integer_kinds 3 2 0.5 1.5
 * CHECK operators 3 5 0.5 1.5
 * CHECK compound 3 3 0.5 1.5
 * CHECK increments 4 2 0.5 1.5
 * CHECK booleans 3 2 0.1 0.9
 * CHECK enums 3 3 0.1 0.9
 * CHECK bits 3 1 0.1 0.9
 * CHECK comma_and_parens 2 2 0.1 0.9
 * CHECK asserted 3 1 0.1 0.9 no-matrix
 * CHECK float_arrays 4 2 0.3 0.9 single
 * CHECK largest_numbers 3 1 -1 1
 * CHECK conversions_in_a_row 3 2 -1 1
 * CHECK conversions_in_a_loop 3 2 -1 1
 * CHECK unsigned_meets_signed 3 1 -1 1
 * CHECK indices_that_wrap 5 1 0.3 1
 * CHECK indices_that_wrap_inside 5 1 0.3 1
 */
#include <adgen/adgen.h>
#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

ADGEN(vjp)
ADGEN(jvp)
void mixed_precision(const double x[3], double y[3])
{
    long double a = x[0];
    a = a * a + x[1];
    double b = (double)(a / 3.0L);
    a *= b;
    y[0] = (double)a;
    y[1] = b * 2.5f;
    y[2] = (double)sqrtl(a) + x[2];
}

ADGEN(vjp)
ADGEN(jvp)
void conversions(const double x[2], double y[4])
{
    int n = 3;
    y[0] = x[0] * n + (double)n / 2;
    y[1] = (int)x[0] * x[1];
    y[2] = x[0] - (int)x[0] + (long)x[1];
    y[3] = (x[0] > 1) * x[1] + !n + (unsigned char)300 * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void integer_kinds(const double x[3], double y[2])
{
    int8_t a = -3;
    uint16_t b = 65535;
    unsigned c = 4000000000u;
    long long d = 1;
    size_t e = 2;
    char f = 'a';
    b++;
    d += a + b;
    y[0] = x[0] * a + x[1] * c + x[2] * d;
    y[1] = x[e] * (f - 'a' + 1) + (a < 0 ? x[0] : x[1]) + (c > 3000000000u) * x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void operators(const double x[3], double y[5])
{
    double a = x[0], b = x[1], c = x[2];
    y[0] = a - (b - c) - (a + b);
    y[1] = a / (b / c) / (a * b);
    y[2] = -a * -b - -c;
    y[3] = a * (b + c * (a - b / (c + a)));
    y[4] = a < b == b < c ? a * b : a && b || c ? b * c : a;
}

ADGEN(vjp)
ADGEN(jvp)
void compound(const double x[3], double y[3])
{
    double a = x[0], b = x[1];
    int k = 7;
    a += x[1];
    a *= a;
    a /= x[2];
    a -= 2 * a * a;
    k <<= 2;
    k >>= 1;
    k |= 1;
    k &= 13;
    k ^= 3;
    k %= 9;
    y[0] = a * k;
    y[1] = y[0];
    y[1] *= y[0] += x[0];
    y[2] = (a = x[1] * x[2]) * b;
}

ADGEN(vjp)
ADGEN(jvp)
void increments(const double x[4], double y[2])
{
    int i = 0;
    double s = x[i++];
    s *= x[++i];
    s -= x[--i];
    double t = s++;
    --t;
    y[0] = s * t;
    y[1] = x[i--] * x[3];
    y[1] *= x[i];
}

ADGEN(vjp)
ADGEN(jvp)
void booleans(const double x[3], double y[2])
{
    bool big = x[0] > 0.5, small = !big;
    y[0] = big * x[1] + small * x[2];
    y[1] = big ^ (x[1] > x[2]) ? x[0] * x[1] : x[0] * x[2];
}

enum kind { LINEAR, SQUARE = 5, CUBE };

static double apply(enum kind kind, double x)
{
    if (kind == LINEAR)
        return x;
    return kind == SQUARE ? x * x : x * x * x;
}

ADGEN(vjp)
ADGEN(jvp)
void enums(const double x[3], double y[3])
{
    enum kind kinds[] = {CUBE, LINEAR, SQUARE};
    for (int i = 0; i < 3; i++)
        y[i] = apply(kinds[i], x[i]);
}

ADGEN(vjp)
ADGEN(jvp)
void bits(const double x[3], double y[1])
{
    unsigned mask = 0xA5u;
    double s = 0;
    for (int i = 0; i < 8; i++)
        if (mask >> i & 1u)
            s = s * x[i % 3] + x[(i * 7 + (int)(mask & 3u)) % 3] * (~i & 3);
    y[0] = s;
}

#define SQUARE_OF(v) ((v) * (v))

ADGEN(vjp)
ADGEN(jvp)
void comma_and_parens(const double x[2], double y[2])
{
    double a, b;
    a = (b = x[0], b * x[1]);
    for (int i = 0, j = 3; i < j; i++, j--)
        a += SQUARE_OF(b), b = a * 0.3;
    y[0] = SQUARE_OF(a + b);
    y[1] = (a, b);
}

static float norm(int n, const float v[])
{
    float s = 0;
    for (int i = 0; i < n; i++)
        s += v[i] * v[i];
    return sqrtf(s) * 0.1f;
}

ADGEN(vjp)
ADGEN(jvp)
void float_arrays(const double x[4], double y[2])
{
    float t[4];
    for (int i = 0; i < 4; i++)
        t[i] = (float)(x[i] * 2);
    y[0] = norm(4, t);
    y[1] = norm(2, t + 1) * x[0];
}

ADGEN(vjp)
ADGEN(jvp)
void asserted(const double x[3], double y[1])
{
    double s = 1;
    for (int i = 0; i < 3; i++) {
        assert(x[i] > 0 && x[i] < 1);
        s *= 1 + x[i];
        if (s > 100)
            printf("never printed: %g\n", s);
    }
    y[0] = s;
}

ADGEN(vjp)
ADGEN(jvp)
void largest_numbers(const double x[3], double y[1])
{
    long long low = -9223372036854775807LL - 1;
    int small = -2147483647 - 1;
    unsigned u = 4000000000u, ones = -1;
    unsigned long ul = 18446744073709551615ul;
    y[0] = x[0] * (double)low * 1e-18 + x[1] * small * 1e-9 + x[2] * u * 1e-9 + x[0] * x[1] * ((double)ul / 1e19) + x[2] * x[2] * ones * 1e-9;
    if (x[0] > 1e308 * 10 || x[1] < ul)
        y[0] *= x[1];
}

ADGEN(vjp)
ADGEN(jvp)
void conversions_in_a_row(const double x[3], double y[2])
{
    int n = x[0] > 2 ? 1 : -1;
    unsigned u = n, of_short;
    float f = 16777217 + n + 1;
    long l = 9007199254740992L + 2 + n;
    short s = -3;
    unsigned short us = s;
    unsigned char c = s;
    unsigned long ul = n;
    of_short = s;
    y[0] = x[0] * u * 1e-9 + x[1] * (f - 16777216) + (l - 9007199254740992.0) * x[2] + x[0] * us * 1e-4;
    y[1] = x[0] * c + x[1] * of_short * 1e-9 + x[2] * (double)ul * 1e-19 + x[1] * (float)(unsigned)n * 1e-9 +
           x[0] * (double)((float)(16777217 + (n + 1)) - 16777216.0f);
}

static double scaled(float k, unsigned n)
{
    return (double)k * n;
}

ADGEN(vjp)
ADGEN(jvp)
void conversions_in_a_loop(const double x[3], double y[2])
{
    double s = 0;
    for (int i = -2; i < 3; i++) {
        unsigned k = i;
        float f = i * 16777217;
        s += x[0] * (double)k * 1e-9 + x[1] * f * 1e-8 + scaled(i * 16777217, i) * 1e-17 * x[2];
        s += (unsigned char)i * x[1] + (signed char)(i * 60) * x[0];
    }
    y[0] = s;
    y[1] = s * s;
}

ADGEN(vjp)
ADGEN(jvp)
void unsigned_meets_signed(const double x[3], double y[1])
{
    int n = x[0] > 2 ? 1 : -1;
    unsigned u = 3;
    y[0] = (u + n > 1 ? x[0] : x[1]) * (n < (int)u ? x[2] : 1) * ((unsigned)n > u ? x[0] : x[1]);
    y[0] += (u - 5) / 2 * 1e-9 * x[1] + (unsigned long)(u - 5) * 1e-10 * x[0] + (u * n >> 1) * 1e-9 * x[2];
}

/* 4294967295 more is one less. */
ADGEN(vjp) ADGEN(jvp)
void indices_that_wrap(const double x[5], double y[1])
{
    double t[6], s = 0;
    for (int i = 0; i < 5; i++)
        t[i] = x[i] * x[i];
    for (unsigned i = 1; i < 5; i++) {
        double a = sin(t[i - 1u]);
        t[i + 0xffffffffu] = a * a;
        s += a * t[i - 1u] * t[i];
    }
    y[0] = s;
}

ADGEN(vjp) ADGEN(jvp)
void indices_that_wrap_inside(const double x[5], double y[1])
{
    double t[6], s = 0;
    for (int i = 0; i < 5; i++)
        t[i] = x[i] * x[i];
    for (unsigned i = 2; i < 5; i++)
        for (unsigned j = 1; j < i; j++) {
            t[i - 4294967295u - 2u] *= x[j];
            s += t[i - 1u] * t[i + 4294967294u];
        }
    y[0] = s;
}
