/* Memory of generated code: arrays, the installed allocator, what happens when there is no more.
 *
 * This is the only file of the runtime that calls malloc. What is installed is kept per thread: the
 * signature of a generated function leaves no room to pass it. */
#include "internal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Settings {
    AdAllocator allocator; /* null functions: malloc */
    AdOutOfMemory *out_of_memory;
    void *out_of_memory_context;
} Settings;

static _Thread_local Settings settings;

void ad_fail(const char *format, size_t number)
{
    fputs("adgen: ", stderr);
    fprintf(stderr, format, number);
    fputc('\n', stderr);
    abort();
}

void ad_fail_argument(const char *function, const char *what)
{
    fprintf(stderr, "adgen: ad_%s: %s\n", function, what);
    abort();
}

/* ---- settings ---- */

AdAllocator ad_current_allocator(void)
{
    return settings.allocator;
}

AdAllocator ad_set_allocator(AdAllocator allocator)
{
    const AdAllocator before = settings.allocator;
    settings.allocator = allocator;
    return before;
}

void ad_set_out_of_memory(AdOutOfMemory *handler, void *context)
{
    settings.out_of_memory = handler;
    settings.out_of_memory_context = context;
}

/* ---- one piece of memory ---- */

void *ad_allocator_take(const AdAllocator *allocator, size_t size)
{
    if (size > PTRDIFF_MAX)
        return NULL;
    if (!allocator->allocate)
        return malloc(size ? size : 1);
    return allocator->allocate(allocator->context, size ? size : 1);
}

void ad_allocator_give_back(const AdAllocator *allocator, void *memory)
{
    if (!memory)
        return;
    if (!allocator->allocate)
        free(memory);
    else if (allocator->deallocate)
        allocator->deallocate(allocator->context, memory);
}

static void ask_for_room(size_t size)
{
    const int retry =
        settings.out_of_memory && settings.out_of_memory(settings.out_of_memory_context, size);
    if (!retry || size > PTRDIFF_MAX)
        ad_fail("out of memory: %zu bytes wanted", size);
}

void *ad_allocator_require(const AdAllocator *allocator, size_t size)
{
    void *memory;
    while (!(memory = ad_allocator_take(allocator, size)))
        ask_for_room(size);
    return memory;
}

/* calloc, because the system clears large arrays as they are first touched. */
static void *require_zeroed(const AdAllocator *allocator, size_t size)
{
    if (allocator->allocate)
        return memset(ad_allocator_require(allocator, size), 0, size);
    void *memory;
    while (!(memory = size > PTRDIFF_MAX ? NULL : calloc(size ? size : 1, 1)))
        ask_for_room(size);
    return memory;
}

/* ---- what generated code calls ---- */

void *ad_calloc(size_t count, size_t size)
{
    const AdAllocator plain = {0};
    return require_zeroed(&plain, size && count > PTRDIFF_MAX / size ? SIZE_MAX : count * size);
}

int ad_bytes_overlap(const void *p, size_t p_size, const void *q, size_t q_size)
{
    const uintptr_t first = (uintptr_t)p, second = (uintptr_t)q;
    return first < second + q_size && second < first + p_size;
}

void ad_tape_free_pointers(AdTape *tape)
{
    while (tape->block->previous || tape->cursor != tape->begin)
        free(*(void **)ad_tape_pop(tape, sizeof(void *)));
    ad_tape_release(tape);
}

void *ad_alloc(size_t size)
{
    return ad_allocator_require(&settings.allocator, size);
}

void *ad_alloc_zeroed(size_t size)
{
    return require_zeroed(&settings.allocator, size);
}

void ad_free(void *memory)
{
    ad_allocator_give_back(&settings.allocator, memory);
}

/* The bytes of an array; SIZE_MAX, which nobody has, where the product overflows. */
static size_t array_size(size_t size, ptrdiff_t count)
{
    if (count <= 0)
        return 0;
    return (size_t)count > PTRDIFF_MAX / size ? SIZE_MAX : (size_t)count * size;
}

void *ad_alloc_elements(size_t size, ptrdiff_t count)
{
    return ad_alloc(array_size(size, count));
}

void *ad_alloc_zeroed_elements(size_t size, ptrdiff_t count)
{
    return ad_alloc_zeroed(array_size(size, count));
}
