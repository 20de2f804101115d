/* The harness's own view of a kernel's data. */
#ifndef BENCH_INTERNAL_H
#define BENCH_INTERNAL_H

#include "bench.h"

enum { BENCH_MAX_ARRAYS = 16 };

/* One array of derivatives: by hand, by adgen, and the independent it belongs to, each null if there is none. */
typedef struct BenchArray {
    void *x, *hand, *adgen;
    size_t n;
    bool is_float;
} BenchArray;

struct Bench {
    BenchArray arrays[BENCH_MAX_ARRAYS];
    int array_count;
    struct BenchMemory *memory;
    unsigned long long seed;
};

void bench_init(Bench *bench);
void bench_release(Bench *bench);

/* Sets all derivatives to zero. */
void bench_clear(const Bench *bench);

/* Element i of an array of either type. */
double bench_get(const BenchArray *array, const void *part, size_t i);
void bench_set(const BenchArray *array, void *part, size_t i, double value);

/* Runs the three functions once and compares values and derivatives; prints what differs. */
bool bench_agrees(const BenchCase *kernel, Bench *bench, void *data);

/* Compares the gradient by hand with finite differences. */
bool bench_differences_agree(const BenchCase *kernel, Bench *bench, void *data);

/* The times and the memory of a kernel. Times in seconds per call: medians; ratios: medians over the rounds,
 * in each of which all three ran. */
typedef struct BenchTimes {
    double primal, hand, adgen;
    double hand_to_primal, adgen_to_primal, adgen_to_hand;
    size_t hand_bytes, adgen_bytes; /* peak of what came from the runtime's allocator */
} BenchTimes;

void bench_measure(const BenchCase *kernel, void *data, double seconds, BenchTimes *times);

#endif
