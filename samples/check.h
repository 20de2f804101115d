/* How the samples compare a derivative with its closed form, and print both. */
#ifndef SAMPLES_CHECK_H
#define SAMPLES_CHECK_H

#include <math.h>
#include <stdio.h>

static int check_failures;

/* Relative to the size of the expected value; prints a line either way. */
static inline void check(const char *what, double got, double expected)
{
    const double scale = fabs(expected) > 1 ? fabs(expected) : 1;
    const int ok = fabs(got - expected) <= 1e-12 * scale || (isnan(got) && isnan(expected));
    printf("  %-34s %22.15g %22.15g  %s\n", what, got, expected, ok ? "ok" : "DIFFERS");
    check_failures += !ok;
}

static inline void heading(const char *text)
{
    printf("%-36s %22s %22s\n", text, "adgen", "closed form");
}

/* Numbers in (-1, 1), the same every time: a linear congruential generator (Knuth, MMIX). */
static inline double random_number(void)
{
    static unsigned long long state = 20;
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(state >> 11) / 4503599627370496.0 - 1;
}

static inline void fill_random(int n, double v[])
{
    for (int i = 0; i < n; i++)
        v[i] = random_number();
}

static inline double dot(int n, const double a[], const double b[])
{
    double s = 0;
    for (int i = 0; i < n; i++)
        s += a[i] * b[i];
    return s;
}

#endif
