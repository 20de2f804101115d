/* The program of the benchmark: checks its kernels, and times them.
 *
 *     bench [--check] [--size small|large] [--seconds S] [KERNEL...]
 *
 * Prints a line per kernel and size: name, size, seconds per call of the primal, the gradient by hand and the
 * generated one, the ratios hand/primal, generated/primal, generated/hand, peak bytes of both gradients.
 * --check: tiny data, each function once, derivatives compared, finite differences too, nothing timed. Exit status 1 if
 * derivatives differ, which is said on standard error; such a kernel is not timed. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* kernels.inc: KERNEL(name) for each NAME_case.c, which defines bench_NAME, cases ended by one without a name. */
#define KERNEL(name) extern const BenchCase bench_##name[];
#include "kernels.inc"
#undef KERNEL

static const struct {
    const char *file;
    const BenchCase *cases;
} KERNELS[] = {
#define KERNEL(name) {#name, bench_##name},
#include "kernels.inc"
#undef KERNEL
};

typedef struct Options {
    bool check_only;
    bool sizes[BENCH_LARGE + 1];
    double seconds;
    char **kernels;
    int kernel_count;
} Options;

static const char *const SIZE_NAMES[] = {"tiny", "small", "large"};

static void usage(void)
{
    fprintf(stderr, "usage: bench [--check] [--size small|large] [--seconds S] [KERNEL...]\n");
    exit(2);
}

static void read_options(int count, char **arguments, Options *o)
{
    *o = (Options){.sizes = {false, true, true}, .seconds = 0.3};
    int i = 1;
    for (; i < count && strncmp(arguments[i], "--", 2) == 0; i++) {
        if (!strcmp(arguments[i], "--check")) {
            o->check_only = true;
        } else if (!strcmp(arguments[i], "--size") && i + 1 < count) {
            i++;
            for (int s = BENCH_SMALL; s <= BENCH_LARGE; s++)
                o->sizes[s] = !strcmp(arguments[i], SIZE_NAMES[s]);
            if (!o->sizes[BENCH_SMALL] && !o->sizes[BENCH_LARGE])
                usage();
        } else if (!strcmp(arguments[i], "--seconds") && i + 1 < count) {
            o->seconds = atof(arguments[++i]);
        } else {
            usage();
        }
    }
    o->kernels = arguments + i;
    o->kernel_count = count - i;
}

/* Kernels can be asked for by the name of their file, too. */
static bool is_wanted(const Options *o, const char *file, const char *name)
{
    for (int i = 0; i < o->kernel_count; i++)
        if (!strcmp(o->kernels[i], name) || !strcmp(o->kernels[i], file))
            return true;
    return o->kernel_count == 0;
}

static bool check(const BenchCase *kernel)
{
    Bench bench;
    bench_init(&bench);
    void *const data = kernel->make(&bench, BENCH_TINY);
    bool right = bench_agrees(kernel, &bench, data);
    right &= bench_differences_agree(kernel, &bench, data);
    bench_release(&bench);
    return right;
}

static bool measure(const BenchCase *kernel, BenchSize size, double seconds)
{
    Bench bench;
    bench_init(&bench);
    void *const data = kernel->make(&bench, size);
    const bool right = bench_agrees(kernel, &bench, data);
    if (right) {
        BenchTimes t;
        bench_measure(kernel, data, seconds, &t);
        printf("%s %s %.4g %.4g %.4g %.3f %.3f %.3f %zu %zu\n", kernel->name, SIZE_NAMES[size], t.primal, t.hand,
               t.adgen, t.hand_to_primal, t.adgen_to_primal, t.adgen_to_hand, t.hand_bytes, t.adgen_bytes);
        fflush(stdout);
    }
    bench_release(&bench);
    return right;
}

static bool run(const BenchCase *kernel, const Options *o)
{
    bool right = check(kernel);
    for (int size = BENCH_SMALL; right && !o->check_only && size <= BENCH_LARGE; size++)
        if (o->sizes[size])
            right &= measure(kernel, (BenchSize)size, o->seconds);
    return right;
}

int main(int count, char **arguments)
{
    Options options;
    read_options(count, arguments, &options);
    int done = 0, wrong = 0;
    for (size_t k = 0; k < sizeof KERNELS / sizeof *KERNELS; k++)
        for (const BenchCase *kernel = KERNELS[k].cases; kernel->name; kernel++)
            if (is_wanted(&options, KERNELS[k].file, kernel->name)) {
                done++;
                wrong += !run(kernel, &options);
            }
    if (done < options.kernel_count || done == 0)
        fprintf(stderr, "bench: no such kernel\n");
    return wrong > 0 || done < options.kernel_count || done == 0;
}
