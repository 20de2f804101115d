/* What the modes cost, each against what it is to be compared with: see bench/README.md. With --check nothing is timed. */
#include "modes_grad.h"

#include <adgen/runtime.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 9, K = 8 };

static int failures;
static int only_check;
static double sink;

/* Process time, in seconds. */
static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

typedef void Work(void *context);

static double measure_once(Work *work, void *context)
{
    for (long repeats = 1;; repeats *= 2) {
        const double start = now();
        for (long i = 0; i < repeats; i++)
            work(context);
        const double taken = now() - start;
        if (taken > 2e-3)
            return taken / (double)repeats;
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of the ratios of rounds in which both run in turn. */
static double ratio(Work *work, Work *reference, void *context)
{
    double ratios[ROUNDS];
    if (only_check) {
        work(context);
        reference(context);
        return 0;
    }
    for (int i = 0; i < ROUNDS; i++)
        ratios[i] = measure_once(work, context) / measure_once(reference, context);
    qsort(ratios, ROUNDS, sizeof *ratios, ascending);
    return ratios[ROUNDS / 2];
}

static void report(const char *what, double got, double limit)
{
    const int fits = got <= limit;
    if (only_check)
        return;
    printf("%-46s %8.2f  (at most %.2f)%s\n", what, got, limit, fits ? "" : "  TOO MUCH");
    failures += !fits;
}

static double *numbers(size_t n)
{
    double *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = 0.1 + (double)(i * 2654435761u % 1000) / 1250;
    return x;
}

/* ---- jvp ---- */

typedef struct Vectors {
    int m, n;
    double *a, *b, *y, *a_dot, *b_dot, *y_dot;
} Vectors;

static void reaction_one(void *context)
{
    const Vectors *v = context;
    reaction_jvp(v->n, v->a, v->a_dot, v->b, v->b_dot, v->y, v->y_dot);
}

static void reaction_eight(void *context)
{
    const Vectors *v = context;
    reaction_jvp8(v->n, v->a, (const double (*)[K])v->a_dot, v->b, (const double (*)[K])v->b_dot, v->y,
                  (double (*)[K])v->y_dot);
}

static void waves_one(void *context)
{
    const Vectors *v = context;
    waves_jvp(v->n, v->a, v->a_dot, v->y, v->y_dot);
}

static void waves_eight(void *context)
{
    const Vectors *v = context;
    waves_jvp8(v->n, v->a, (const double (*)[K])v->a_dot, v->y, (double (*)[K])v->y_dot);
}

static void layer_one(void *context)
{
    const Vectors *v = context;
    layer_jvp(v->m, v->n, (const double (*)[v->n])v->a, (const double (*)[v->n])v->a_dot, v->b, v->b_dot, v->y,
              v->y_dot);
}

static void layer_eight(void *context)
{
    const Vectors *v = context;
    layer_jvp8(v->m, v->n, (const double (*)[v->n])v->a, (const double (*)[K])v->a_dot, v->b,
               (const double (*)[K])v->b_dot, v->y, (double (*)[K])v->y_dot);
}

/* Direction number 3 of eight is what a single one gives. */
static void same_direction(const char *what, Work *one, Work *eight, Vectors *v, size_t a, size_t b, size_t y)
{
    const Vectors kept = *v;
    double *single[3] = {numbers(a), numbers(b), numbers(y)};
    const double *from[2] = {v->a_dot, v->b_dot};
    const size_t counts[2] = {a, b};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < counts[k]; i++)
            single[k][i] = from[k][K * i + 3];
    memset(v->y_dot, 0, K * y * sizeof *v->y_dot);
    memset(single[2], 0, y * sizeof **single);
    eight(v);
    v->a_dot = single[0], v->b_dot = single[1], v->y_dot = single[2];
    one(v);
    *v = kept;
    for (size_t i = 0; i < y; i++)
        if (!(fabs(v->y_dot[K * i + 3] - single[2][i]) <= 1e-12 * (1 + fabs(single[2][i])))) {
            printf("FAILED %s: a direction of eight differs from a single one at %zu\n", what, i);
            failures++;
        }
    for (int k = 0; k < 3; k++)
        free(single[k]);
}

static void directions(void)
{
    enum { SIZE = 256, ROWS = 48 };
    Vectors v = {ROWS, SIZE,           numbers(SIZE * ROWS),     numbers(SIZE),    numbers(SIZE),
                 numbers(K * SIZE * ROWS), numbers(K * SIZE), numbers(K * SIZE)};
    same_direction("reaction", reaction_one, reaction_eight, &v, SIZE, SIZE, SIZE);
    same_direction("waves", waves_one, waves_eight, &v, SIZE, SIZE, SIZE);
    report("jvp in 8 directions / jvp: reaction", ratio(reaction_eight, reaction_one, &v), 7);
    report("jvp in 8 directions / jvp: waves", ratio(waves_eight, waves_one, &v), 2.5);
    v.n = 32;
    same_direction("layer", layer_one, layer_eight, &v, 32 * ROWS, 32, ROWS);
    report("jvp in 8 directions / jvp: layer", ratio(layer_eight, layer_one, &v), 2.5);
    free(v.a), free(v.b), free(v.y), free(v.a_dot), free(v.b_dot), free(v.y_dot);
}

/* ---- hvp ---- */

typedef struct Loss {
    int n, d, h;
    double *X, *y, *w, *w_dot, *bar;
} Loss;

static void logreg_once(void *context)
{
    const Loss *l = context;
    sink += logreg_grad(l->n, l->d, (const double (*)[l->d])l->X, l->y, l->w, l->bar, 0.1, &sink);
}

static void logreg_twice(void *context)
{
    const Loss *l = context;
    sink += logreg_hvp(l->n, l->d, (const double (*)[l->d])l->X, l->y, l->w, l->w_dot, l->bar, 0.1, 1, &sink);
}

static void valley_once(void *context)
{
    const Loss *l = context;
    sink += valley_grad(l->n, l->X, l->bar);
}

static void valley_twice(void *context)
{
    const Loss *l = context;
    sink += valley_hvp(l->n, l->X, l->w_dot, l->bar);
}

static void springs_once(void *context)
{
    const Loss *l = context;
    sink += springs_grad(l->n, (const double (*)[3])l->X, (double (*)[3])l->bar, l->y);
}

static void springs_twice(void *context)
{
    const Loss *l = context;
    sink += springs_hvp(l->n, (const double (*)[3])l->X, (const double (*)[3])l->w_dot, (double (*)[3])l->bar, l->y);
}

static void network_once(void *context)
{
    const Loss *l = context;
    sink += network_grad(l->n, l->d, l->h, (const double (*)[l->d])l->X, l->y, l->w, l->bar);
}

static void network_twice(void *context)
{
    const Loss *l = context;
    sink += network_hvp(l->n, l->d, l->h, (const double (*)[l->d])l->X, l->y, l->w, l->w_dot, l->bar);
}

static void second_derivatives(void)
{
    enum { N = 400, D = 24, H = 10 };
    Loss l = {N, D, H, numbers(N * D), numbers(N), numbers(H * (D + 1)), numbers(N * D), numbers(N * D)};
    report("hvp / grad: logreg", ratio(logreg_twice, logreg_once, &l), 3);
    report("hvp / grad: network", ratio(network_twice, network_once, &l), 3);
    report("hvp / grad: valley", ratio(valley_twice, valley_once, &l), 3);
    report("hvp / grad: springs", ratio(springs_twice, springs_once, &l), 3);
    free(l.X), free(l.y), free(l.w), free(l.w_dot), free(l.bar);
}

/* ---- bundle adjustment ---- */

typedef struct Bundle {
    double camera[11], point[3], weight, observed[2], error[2], jacobian[30];
} Bundle;

static void bundle_at_once(void *context)
{
    Bundle *b = context;
    bundle_jacobian(b->camera, b->point, b->weight, b->observed, b->error, b->jacobian);
}

static void bundle_by_tangents(void *context)
{
    Bundle *b = context;
    for (int j = 0; j < 15; j++) {
        double direction[15] = {0}, dot[2];
        direction[j] = 1;
        bundle_jvp(b->camera, direction, b->point, &direction[11], b->weight, direction[14], b->observed, b->error,
                   dot);
        b->jacobian[j] = dot[0];
        b->jacobian[15 + j] = dot[1];
    }
}

static void few_rows(void)
{
    Bundle b = {{0.1, 0.2, 0.3, 1, 2, 3, 500, 320, 240, 0.01, 0.001}, {4, 5, 20}, 1, {300, 200}, {0}, {0}};
    Bundle other = b;
    bundle_at_once(&b);
    bundle_by_tangents(&other);
    for (int i = 0; i < 30; i++)
        if (!(fabs(b.jacobian[i] - other.jacobian[i]) <= 1e-11 * (1 + fabs(b.jacobian[i])))) {
            printf("FAILED bundle adjustment: entry %d of the Jacobian: %g, %g\n", i, b.jacobian[i], other.jacobian[i]);
            failures++;
        }
    report("bundle adjustment: Jacobian / 15 tangents", ratio(bundle_at_once, bundle_by_tangents, &b), 0.25);
}

/* ---- sparse ---- */

typedef struct Cost {
    double seconds;
    size_t bytes;
} Cost;

typedef AdPattern *MakePattern(int n, const double *x, double *y);
typedef void MakeValues(int n, const double *x, double *y, const AdPattern *pattern, double *values);

static AdPattern *beam_pattern(int n, const double *x, double *y)
{
    (void)y;
    return beam_hessian_pattern(n, x);
}

static void beam_values(int n, const double *x, double *y, const AdPattern *pattern, double *values)
{
    *y = beam_hessian(n, x, pattern, values);
}

static AdPattern *stencil_pattern(int n, const double *x, double *y)
{
    return stencil_jacobian_pattern(n, x, y);
}

static void stencil_values(int n, const double *x, double *y, const AdPattern *pattern, double *values)
{
    stencil_jacobian(n, x, y, pattern, values);
}

/* The pattern and the entries, with all the memory that the runtime is asked for. */
static Cost sparse_cost(int n, MakePattern *make, MakeValues *evaluate, long *nonzeros)
{
    double *x = numbers((size_t)n), *y = numbers((size_t)n);
    AdMeter meter;
    ad_meter_init(&meter, (AdAllocator){0});
    const AdAllocator before = ad_set_allocator(ad_meter_allocator(&meter));
    const double start = now();
    AdPattern *pattern = make(n, x, y);
    double *values = malloc((size_t)pattern->nonzeros * sizeof *values);
    evaluate(n, x, y, pattern, values);
    const double seconds = now() - start;
    *nonzeros = pattern->nonzeros;
    sink += values[pattern->nonzeros - 1];
    ad_pattern_free(pattern);
    ad_set_allocator(before);
    free(values), free(x), free(y);
    return (Cost){seconds, meter.peak};
}

static void sparse(const char *name, MakePattern *make, MakeValues *evaluate)
{
    enum { SMALL = 10000, LARGE = 1000000 };
    long few, many;
    if (only_check) {
        sparse_cost(SMALL, make, evaluate, &few);
        return;
    }
    Cost small = {1e300, 0}, large = {1e300, 0};
    for (int i = 0; i < 3; i++) {
        const Cost a = sparse_cost(SMALL, make, evaluate, &few), b = sparse_cost(LARGE, make, evaluate, &many);
        small = a.seconds < small.seconds ? a : small;
        large = b.seconds < large.seconds ? b : large;
    }
    printf("%s: n = 10^6 in %.3f s and %.1f MB, %ld entries; n = 10^4 in %.5f s and %.2f MB\n", name, large.seconds,
           (double)large.bytes / 1e6, many, small.seconds, (double)small.bytes / 1e6);
    report("  time per unknown, n = 10^6 / n = 10^4", large.seconds / small.seconds / 100, 4);
    report("  memory per unknown, n = 10^6 / n = 10^4", (double)large.bytes / (double)small.bytes / 100, 1.5);
}

int main(int argc, char **argv)
{
    only_check = argc > 1 && strcmp(argv[1], "--check") == 0;
    directions();
    second_derivatives();
    few_rows();
    sparse("sparse Jacobian of a stencil", stencil_pattern, stencil_values);
    sparse("sparse Hessian of a beam", beam_pattern, beam_values);
    return failures != 0 || sink == 0;
}
