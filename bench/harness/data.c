/* The data of a kernel: arrays, random numbers. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct BenchMemory {
    struct BenchMemory *next;
    max_align_t align[];
} BenchMemory;

void bench_init(Bench *bench)
{
    memset(bench, 0, sizeof *bench);
    bench->seed = 0x9e3779b97f4a7c15u;
}

void bench_release(Bench *bench)
{
    while (bench->memory) {
        BenchMemory *const memory = bench->memory;
        bench->memory = memory->next;
        free(memory);
    }
}

static void fail(const char *text)
{
    fprintf(stderr, "bench: %s\n", text);
    exit(2);
}

void *bench_alloc(Bench *bench, size_t count, size_t size)
{
    BenchMemory *const memory = calloc(1, sizeof *memory + count * size);
    if (!memory)
        fail("out of memory");
    memory->next = bench->memory;
    bench->memory = memory;
    return memory->align;
}

double *bench_zeros(Bench *bench, size_t n)
{
    return bench_alloc(bench, n, sizeof(double));
}

/* xorshift64* */
double bench_random(Bench *bench, double low, double high)
{
    unsigned long long s = bench->seed;
    s ^= s >> 12;
    s ^= s << 25;
    s ^= s >> 27;
    bench->seed = s;
    const double unit = (double)((s * 0x2545f4914f6cdd1du) >> 11) / 9007199254740992.0;
    return low + (high - low) * unit;
}

double *bench_uniform(Bench *bench, size_t n, double low, double high)
{
    double *const x = bench_zeros(bench, n);
    for (size_t i = 0; i < n; i++)
        x[i] = bench_random(bench, low, high);
    return x;
}

float *bench_uniform_float(Bench *bench, size_t n, double low, double high)
{
    float *const x = bench_alloc(bench, n, sizeof(float));
    for (size_t i = 0; i < n; i++)
        x[i] = (float)bench_random(bench, low, high);
    return x;
}

static void add_array(Bench *bench, void *x, void *hand, void *adgen, size_t n, bool is_float)
{
    if (bench->array_count == BENCH_MAX_ARRAYS)
        fail("too many arrays");
    bench->arrays[bench->array_count++] = (BenchArray){x, hand, adgen, n, is_float};
}

BenchActive bench_active(Bench *bench, size_t n, double low, double high)
{
    const BenchActive a = {bench_uniform(bench, n, low, high), bench_zeros(bench, n), bench_zeros(bench, n)};
    add_array(bench, a.x, a.hand, a.adgen, n, false);
    return a;
}

BenchActiveFloat bench_active_float(Bench *bench, size_t n, double low, double high)
{
    const BenchActiveFloat a = {bench_uniform_float(bench, n, low, high),
                                bench_alloc(bench, n, sizeof(float)), bench_alloc(bench, n, sizeof(float))};
    add_array(bench, a.x, a.hand, a.adgen, n, true);
    return a;
}

BenchActive bench_perturbed(Bench *bench, size_t n, double low, double high)
{
    const BenchActive a = {bench_uniform(bench, n, low, high), bench_zeros(bench, n), NULL};
    add_array(bench, a.x, a.hand, NULL, n, false);
    return a;
}

BenchActive bench_result(Bench *bench, size_t n)
{
    const BenchActive a = {NULL, bench_zeros(bench, n), bench_zeros(bench, n)};
    add_array(bench, NULL, a.hand, a.adgen, n, false);
    return a;
}

void bench_clear(const Bench *bench)
{
    for (int k = 0; k < bench->array_count; k++) {
        const BenchArray *const a = &bench->arrays[k];
        const size_t size = a->n * (a->is_float ? sizeof(float) : sizeof(double));
        if (a->hand)
            memset(a->hand, 0, size);
        if (a->adgen)
            memset(a->adgen, 0, size);
    }
}

double bench_get(const BenchArray *array, const void *part, size_t i)
{
    return array->is_float ? (double)((const float *)part)[i] : ((const double *)part)[i];
}

void bench_set(const BenchArray *array, void *part, size_t i, double value)
{
    if (array->is_float)
        ((float *)part)[i] = (float)value;
    else
        ((double *)part)[i] = value;
}
