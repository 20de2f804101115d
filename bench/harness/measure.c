/* Times: the three functions in turn in each round, in alternating order, in process CPU time. */
#define _POSIX_C_SOURCE 199309L
#include "internal.h"

#include <adgen/runtime.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef double Function(void *data);

enum { PRIMAL, HAND, GENERATED, FUNCTIONS, MIN_ROUNDS = 7, MAX_ROUNDS = 301 };

/* What one measurement should last, so that the clock's grain and its call do not count. */
static const double SLICE = 1e-3;

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double seconds_of(Function *function, void *data, long calls)
{
    const double start = cpu_seconds();
    for (long i = 0; i < calls; i++)
        function(data);
    return (cpu_seconds() - start) / (double)calls;
}

/* How many calls make a measurement long enough. */
static long calls_for(Function *function, void *data)
{
    long calls = 1;
    double seconds = seconds_of(function, data, calls);
    while (seconds * (double)calls < SLICE / 2 && calls < 1L << 30) {
        calls *= 4;
        seconds = seconds_of(function, data, calls);
    }
    const long enough = (long)(SLICE / (seconds + 1e-12));
    return enough < 1 ? 1 : enough;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, int n)
{
    double sorted[MAX_ROUNDS];
    memcpy(sorted, values, sizeof(double) * (size_t)n);
    qsort(sorted, (size_t)n, sizeof(double), compare);
    return n % 2 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
}

static double median_ratio(const double *a, const double *b, int n)
{
    double ratio[MAX_ROUNDS];
    for (int i = 0; i < n; i++)
        ratio[i] = a[i] / b[i];
    return median(ratio, n);
}

static size_t peak_of(Function *function, void *data)
{
    AdMeter meter;
    ad_meter_init(&meter, (AdAllocator){NULL, NULL, NULL});
    const AdAllocator before = ad_set_allocator(ad_meter_allocator(&meter));
    function(data);
    ad_set_allocator(before);
    return meter.peak;
}

void bench_measure(const BenchCase *kernel, void *data, double seconds, BenchTimes *times)
{
    Function *const functions[FUNCTIONS] = {kernel->primal, kernel->hand, kernel->adgen};
    static double spent[FUNCTIONS][MAX_ROUNDS];
    long calls[FUNCTIONS];
    for (int f = 0; f < FUNCTIONS; f++)
        calls[f] = calls_for(functions[f], data);
    const double start = cpu_seconds();
    int rounds = 0;
    while (rounds < MAX_ROUNDS && (rounds < MIN_ROUNDS || cpu_seconds() - start < seconds)) {
        for (int f = 0; f < FUNCTIONS; f++) {
            const int g = rounds % 2 ? FUNCTIONS - 1 - f : f;
            spent[g][rounds] = seconds_of(functions[g], data, calls[g]);
        }
        rounds++;
    }
    *times = (BenchTimes){
        .primal = median(spent[PRIMAL], rounds),
        .hand = median(spent[HAND], rounds),
        .adgen = median(spent[GENERATED], rounds),
        .hand_to_primal = median_ratio(spent[HAND], spent[PRIMAL], rounds),
        .adgen_to_primal = median_ratio(spent[GENERATED], spent[PRIMAL], rounds),
        .adgen_to_hand = median_ratio(spent[GENERATED], spent[HAND], rounds),
        .hand_bytes = peak_of(kernel->hand, data),
        .adgen_bytes = peak_of(kernel->adgen, data),
    };
}
