/* Derivatives that do not agree are not timed: the generated one against the one by hand, and that against
 * finite differences. */
#include "internal.h"

#include <math.h>
#include <stdio.h>

/* Of values, and of derivatives relative to the largest in their array; beside it, rounding in proportion to the sum
 * of the array: sums are added in another order in each function. */
static const double TOLERANCE = 1e-9, FLOAT_TOLERANCE = 2e-4, ROUNDING = 1e-12;
static const double DIFFERENCES = 1e-6, FLOAT_DIFFERENCES = 2e-2;

static bool near(double a, double b, double scale, double tolerance)
{
    return fabs(a - b) <= tolerance * scale; /* false for NaN */
}

static bool value_agrees(const BenchCase *kernel, const char *who, double value, double expected, double tolerance)
{
    if (near(value, expected, fabs(expected) + 1e-30, tolerance))
        return true;
    fprintf(stderr, "%s: value of %s %.17g, of the primal %.17g\n", kernel->name, who, value, expected);
    return false;
}

static bool array_agrees(const BenchCase *kernel, const BenchArray *a, int number)
{
    double largest = 1e-30, sum = 0, difference = 0;
    size_t where = 0;
    for (size_t i = 0; i < a->n; i++) {
        const double hand = bench_get(a, a->hand, i);
        const double d = fabs(hand - bench_get(a, a->adgen, i));
        if (fabs(hand) > largest)
            largest = fabs(hand);
        sum += fabs(hand);
        if (!(d <= difference)) {
            difference = d;
            where = i;
        }
    }
    if (difference <= largest * (a->is_float ? FLOAT_TOLERANCE : TOLERANCE) + sum * ROUNDING)
        return true; /* false for NaN */
    fprintf(stderr, "%s: derivative %d, element %zu: by hand %.17g, generated %.17g\n", kernel->name, number, where,
           bench_get(a, a->hand, where), bench_get(a, a->adgen, where));
    return false;
}

static bool has_float(const Bench *bench)
{
    for (int k = 0; k < bench->array_count; k++)
        if (bench->arrays[k].is_float)
            return true;
    return false;
}

bool bench_agrees(const BenchCase *kernel, Bench *bench, void *data)
{
    const double tolerance = has_float(bench) ? FLOAT_TOLERANCE : TOLERANCE;
    bench_clear(bench);
    const double primal = kernel->primal(data);
    bool agrees = value_agrees(kernel, "the gradient by hand", kernel->hand(data), primal, tolerance);
    agrees &= value_agrees(kernel, "the generated gradient", kernel->adgen(data), primal, tolerance);
    for (int k = 0; k < bench->array_count; k++)
        if (bench->arrays[k].adgen)
            agrees &= array_agrees(kernel, &bench->arrays[k], k);
    return agrees;
}

/* ---- Finite differences ---- */

/* The direction: a fixed pattern without zeros, scaled with the independent. */
static double direction(const BenchArray *a, const double *x, size_t i, int number)
{
    (void)a;
    const unsigned pattern = (unsigned)(i * 2654435761u + (unsigned)number * 40503u) >> 7 & 1023;
    return ((double)pattern / 512 - 0.9995) * (0.1 + fabs(x[i]));
}

typedef struct Probe {
    const BenchCase *kernel;
    Bench *bench;
    void *data;
    double **x; /* the independents where the derivative is taken */
    int number;
} Probe;

static double value_at(const Probe *p, double t)
{
    for (int k = 0; k < p->bench->array_count; k++) {
        const BenchArray *const a = &p->bench->arrays[k];
        for (size_t i = 0; a->x && i < a->n; i++)
            bench_set(a, a->x, i, p->x[k][i] + t * direction(a, p->x[k], i, p->number));
    }
    return p->kernel->objective ? p->kernel->objective(p->data) : p->kernel->primal(p->data);
}

static double central(const Probe *p, double t)
{
    return (value_at(p, t) - value_at(p, -t)) / (2 * t);
}

/* Along one direction; by two steps, extrapolated. */
static bool direction_agrees(const Probe *p, bool is_float)
{
    const double t = is_float ? 0.02 : 1e-4;
    const double coarse = central(p, t), fine = central(p, t / 2);
    const double differences = (4 * fine - coarse) / 3;
    value_at(p, 0);
    double derivative = 0, scale = 1e-30;
    for (int k = 0; k < p->bench->array_count; k++) {
        const BenchArray *const a = &p->bench->arrays[k];
        for (size_t i = 0; a->x && i < a->n; i++) {
            const double term = bench_get(a, a->hand, i) * direction(a, p->x[k], i, p->number);
            derivative += term;
            scale += fabs(term);
        }
    }
    if (near(derivative, differences, scale, is_float ? FLOAT_DIFFERENCES : DIFFERENCES))
        return true;
    fprintf(stderr, "%s: along a direction: by hand %.12g, differences %.12g (%.3g of the terms)\n", p->kernel->name,
           derivative, differences, fabs(derivative - differences) / scale);
    return false;
}

bool bench_differences_agree(const BenchCase *kernel, Bench *bench, void *data)
{
    double *x[BENCH_MAX_ARRAYS] = {NULL};
    for (int k = 0; k < bench->array_count; k++) {
        const BenchArray *const a = &bench->arrays[k];
        x[k] = bench_zeros(bench, a->n);
        for (size_t i = 0; a->x && i < a->n; i++)
            x[k][i] = bench_get(a, a->x, i);
    }
    bench_clear(bench);
    kernel->hand(data);
    if (kernel->contract)
        kernel->contract(data);
    bool agrees = true;
    for (int number = 0; number < 4; number++)
        agrees &= direction_agrees(&(Probe){kernel, bench, data, x, number}, has_float(bench));
    return agrees;
}
