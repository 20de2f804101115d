/* What a NAME_case.c uses to describe a kernel of the benchmark: its data, and how its primal, the gradient
 * written by hand and the generated one are called. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>

/* Tiny: for the test suite, checked against finite differences. Small: data that stay in a core's cache.
 * Large: data that do not. */
typedef enum BenchSize { BENCH_TINY, BENCH_SMALL, BENCH_LARGE } BenchSize;

/* The data of one kernel at one size. */
typedef struct Bench Bench;

/* What the harness calls; `data` is what `make` returned. The three functions return the value of the
 * kernel; the gradients are added to what the arrays of `data` hold, as generated code does. */
typedef struct BenchCase {
    const char *name;
    void *(*make)(Bench *bench, BenchSize size);
    double (*primal)(void *data);
    double (*hand)(void *data);
    double (*adgen)(void *data);
    /* Where the result is a Jacobian: a number made of the outputs, and its gradient made of the Jacobian
     * `hand` left; for the finite differences. Else null. */
    double (*objective)(void *data);
    void (*contract)(void *data);
} BenchCase;

/* An independent with its two gradients. */
typedef struct BenchActive {
    double *x, *hand, *adgen;
} BenchActive;

typedef struct BenchActiveFloat {
    float *x, *hand, *adgen;
} BenchActiveFloat;

/* ---- For `make`. All memory belongs to `bench`; random numbers are the same in each run. ---- */

void *bench_alloc(Bench *bench, size_t count, size_t size); /* zeroed */
double *bench_zeros(Bench *bench, size_t n);
double *bench_uniform(Bench *bench, size_t n, double low, double high);
float *bench_uniform_float(Bench *bench, size_t n, double low, double high);
double bench_random(Bench *bench, double low, double high);

/* An independent of n random numbers, and its gradients. */
BenchActive bench_active(Bench *bench, size_t n, double low, double high);
BenchActiveFloat bench_active_float(Bench *bench, size_t n, double low, double high);

/* An independent whose gradient is not a result of its own: `contract` writes `hand`. */
BenchActive bench_perturbed(Bench *bench, size_t n, double low, double high);

/* A result that is no gradient (a Jacobian): overwritten by both; `x` is null. */
BenchActive bench_result(Bench *bench, size_t n);

#endif
