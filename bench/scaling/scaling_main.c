/* The time of a gradient per data point, and per step in time, as their number grows, and its memory: see bench/README.md. With
 * --check little data, and no times. */
#include "scaling_grad.h"

#include <adgen/runtime.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 2, ROUNDS = 5, FEW = 1000, MANY = 10000000, MANY_STEPS = 1000000, SOME = 100000, FEW_STEPS = 100 };

/* The largest time for each of them over the smallest. Small data stay in the cache, and the smallest number is a few calls'
 * worth; what steps keep goes through memory, which the gradient of data does not. */
static const double limit_data = 1.5, limit_steps = 3;

typedef double Gradient(int n, int d, const double x[n][d], const double label[n], const double w[d], double w_bar[d],
                        double b, double *b_bar);

static const struct {
    const char *name;
    Gradient *gradient;
} sums[] = {
    {"mean loss", loss_grad},
    {"root of a mean loss", root_of_loss_grad},
    {"product of means", product_of_means_grad},
    {"square of a likelihood", squared_likelihood_grad},
    {"square of roots by Newton's method", squared_roots_grad},
};

static int failures;
static double (*points)[WIDTH], *labels;
static double sink;

static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void run_sum(size_t which, int n)
{
    const double w[WIDTH] = {0.5, -0.25};
    double w_bar[WIDTH] = {0}, b_bar = 0;
    const double (*x)[WIDTH] = (const double (*)[WIDTH])points; /* C11 does not convert it by itself */
    sink += sums[which].gradient(n, WIDTH, x, labels, w, w_bar, 0.125, &b_bar) + b_bar + w_bar[0];
}

static void run_steps(size_t which, int n)
{
    double start_bar = 0, length_bar = 0;
    (void)which;
    sink += swing_grad(n, 1, &start_bar, 1.5, &length_bar) + start_bar + length_bar;
}

typedef void Run(size_t which, int n);

/* Seconds for each of the n; the median of several rounds. */
static double time_each(Run *run, size_t which, int n)
{
    double taken[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        long repeats = 0;
        const double start = now();
        do {
            run(which, n);
            repeats++;
        } while (now() - start < 0.02);
        taken[r] = (now() - start) / ((double)repeats * n);
    }
    for (int i = 0; i < ROUNDS; i++)
        for (int k = i + 1; k < ROUNDS; k++)
            if (taken[k] < taken[i]) {
                const double other = taken[i];
                taken[i] = taken[k];
                taken[k] = other;
            }
    return taken[ROUNDS / 2];
}

static size_t memory(Run *run, size_t which, int n)
{
    AdMeter meter;
    ad_meter_init(&meter, (AdAllocator){0});
    const AdAllocator before = ad_set_allocator(ad_meter_allocator(&meter));
    run(which, n);
    ad_set_allocator(before);
    return meter.peak;
}

static void fail(const char *name, const char *why)
{
    printf("  %s: %s\n", name, why);
    failures++;
}

static void time_all(const char *name, Run *run, size_t which, int few, int many, double limit)
{
    double least = INFINITY, most = 0;
    printf("%-36s", name);
    for (int n = few; n <= many; n *= 10) {
        const double each = time_each(run, which, n);
        least = each < least ? each : least;
        most = each > most ? each : most;
        printf(" %7.2f", 1e9 * each);
        fflush(stdout);
        if (n == many)
            break;
    }
    printf("\n");
    if (most > limit * least)
        fail(name, "the time for each is not constant");
}

int main(int argc, char **argv)
{
    const int only_check = argc > 1 && strcmp(argv[1], "--check") == 0;
    const int many = only_check ? SOME : MANY;
    points = malloc(sizeof *points * (size_t)many);
    labels = malloc(sizeof *labels * (size_t)many);
    if (!points || !labels)
        return 1;
    for (int i = 0; i < many; i++) {
        labels[i] = i % 3 ? 1 : -1;
        for (int j = 0; j < WIDTH; j++)
            points[i][j] = (double)((unsigned)(WIDTH * i + j) * 2654435761u % 1000) / 500 - 1;
    }
    if (!only_check)
        printf("ns for each, n = %d, %d, ...\n", FEW, 10 * FEW);
    for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
        if (memory(run_sum, k, many) > memory(run_sum, k, FEW))
            fail(sums[k].name, "its memory grows with the number of data");
        if (!only_check)
            time_all(sums[k].name, run_sum, k, FEW, many, limit_data);
    }
    if (memory(run_steps, 0, SOME) > 16 * SOME + 1000)
        fail("steps in time", "it keeps more than two numbers for each step");
    if (!only_check) {
        printf("ns for each, n = %d, %d, ...\n", FEW_STEPS, 10 * FEW_STEPS);
        time_all("steps in time", run_steps, 0, FEW_STEPS, MANY_STEPS, limit_steps);
    }
    free(points);
    free(labels);
    return failures != 0 || isnan(sink);
}
