/* Arrays, allocators, and what happens when memory runs out. */
#include "unit.h"

#include <adgen/runtime.h>

static const AdAllocator from_malloc = {0};

static void arrays_hold_their_elements(void **state)
{
    (void)state;
    double *a = ad_alloc_array(double, 1000);
    for (int i = 0; i < 1000; i++)
        a[i] = i;
    assert_true(a[999] == 999.0);
    int *z = ad_alloc_zeroed_array(int, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(z[i], 0);
    ad_free(z);
    ad_free(a);
    ad_free(NULL);
}

static void empty_arrays_are_no_null_pointers(void **state)
{
    (void)state;
    for (int n = -3; n <= 0; n++) {
        double *a = ad_alloc_array(double, n), *b = ad_alloc_zeroed_array(double, n);
        assert_non_null(a);
        assert_non_null(b);
        ad_free(b);
        ad_free(a);
    }
    const size_t wrapped = (size_t)0 - 1; /* n - 1 where n is an unsigned zero */
    double *a = ad_alloc_array(double, wrapped);
    assert_non_null(a);
    ad_free(a);
}

/* ---- out of memory ---- */

typedef struct Escape {
    jmp_buf back;
    size_t wanted;
    int calls;
} Escape;

static int leave(void *context, size_t size)
{
    Escape *escape = context;
    escape->wanted = size;
    escape->calls++;
    longjmp(escape->back, 1);
}

static void sizes_that_overflow_reach_the_handler(void **state)
{
    (void)state;
    Escape escape = {.calls = 0};
    ad_set_out_of_memory(leave, &escape);
    if (!setjmp(escape.back))
        ad_alloc_array(double, PTRDIFF_MAX / 4);
    if (escape.calls == 1 && !setjmp(escape.back))
        ad_alloc_zeroed_array(double, PTRDIFF_MAX);
    if (escape.calls == 2 && !setjmp(escape.back))
        ad_alloc(SIZE_MAX);
    ad_set_out_of_memory(NULL, NULL);
    assert_int_equal(escape.calls, 3);
}

/* An allocator that fails at the n-th call and at every later one, until room is made. */
typedef struct Failing {
    int left;
} Failing;

static void *failing_allocate(void *context, size_t size)
{
    Failing *failing = context;
    return failing->left-- > 0 ? malloc(size) : NULL;
}

static void failing_deallocate(void *context, void *memory)
{
    (void)context;
    free(memory);
}

static int make_room(void *context, size_t size)
{
    Failing *failing = context;
    (void)size;
    failing->left = 1;
    return 1;
}

static void handler_can_make_room(void **state)
{
    (void)state;
    Failing failing = {0};
    ad_set_allocator((AdAllocator){failing_allocate, failing_deallocate, &failing});
    ad_set_out_of_memory(make_room, &failing);
    double *a = ad_alloc_zeroed_array(double, 10);
    assert_true(a[9] == 0);
    ad_free(a);
    ad_set_out_of_memory(NULL, NULL);
    ad_set_allocator(from_malloc);
}

/* Something like a generated function: an array, a tape with two kinds of record, another array. */
static double use_memory(int n)
{
    double sum = 0;
    double *a = ad_alloc_zeroed_array(double, n);
    AdTape tape;
    ad_tape_init_aligned(&tape, sizeof(double));
    for (int i = 0; i < n; i++)
        *(double *)ad_tape_push(&tape, sizeof(double)) = i;
    double *b = ad_alloc_array(double, n);
    for (int i = n - 1; i >= 0; i--)
        b[i] = a[i] + *(double *)ad_tape_pop(&tape, sizeof(double));
    for (int i = 0; i < n; i++)
        sum += b[i];
    ad_free(b);
    ad_tape_release(&tape);
    ad_free(a);
    return sum;
}

/* Runs in an arena of `size` bytes; -1 if that was too little. */
static double use_arena(void *buffer, size_t size, Escape *escape)
{
    AdArena arena;
    ad_arena_init(&arena, buffer, size);
    ad_set_allocator(ad_arena_allocator(&arena));
    ad_set_out_of_memory(leave, escape);
    return setjmp(escape->back) ? -1 : use_memory(100);
}

/* Every allocation fails once; with an arena nothing is lost when the handler leaves. */
static void every_failure_reaches_the_handler(void **state)
{
    (void)state;
    static char buffer[200000];
    int failures = 0;
    ad_set_tape_block_size(64);
    for (size_t size = 0; size < sizeof buffer; size += 1000) {
        Escape escape = {.calls = 0};
        const double sum = use_arena(buffer, size, &escape);
        assert_true(escape.calls ? sum == -1 : sum == 4950);
        failures += escape.calls;
    }
    ad_set_tape_block_size(0);
    ad_set_out_of_memory(NULL, NULL);
    ad_set_allocator(from_malloc);
    assert_true(failures > 3 && failures < 190);
}

/* ---- arena and meter ---- */

static void arena_uses_freed_space_again(void **state)
{
    (void)state;
    char buffer[1003];
    AdArena arena;
    ad_arena_init(&arena, buffer + 3, 1000);
    ad_set_allocator(ad_arena_allocator(&arena));
    for (int round = 0; round < 100; round++) {
        double *a = ad_alloc_array(double, 30), *b = ad_alloc_array(double, 30);
        assert_int_equal((uintptr_t)a % _Alignof(max_align_t), 0);
        assert_true(b >= a + 30);
        a[29] = b[29] = 1;
        if (round % 2) { /* in the wrong order, too */
            ad_free(a);
            ad_free(b);
        } else {
            ad_free(b);
            ad_free(a);
        }
        assert_ptr_equal(arena.cursor, arena.begin);
    }
    assert_true(arena.peak >= 480 && arena.peak <= 600);
    ad_set_allocator(from_malloc);
}

static void arena_too_small_for_its_alignment_is_empty(void **state)
{
    (void)state;
    _Alignas(max_align_t) char buffer[64];
    AdArena arena;
    ad_arena_init(&arena, buffer + 1, 5);
    const AdAllocator allocator = ad_arena_allocator(&arena);
    assert_null(allocator.allocate(allocator.context, 1));
}

static void meter_counts(void **state)
{
    (void)state;
    AdMeter meter;
    ad_meter_init(&meter, from_malloc);
    const AdAllocator before = ad_set_allocator(ad_meter_allocator(&meter));
    assert_null(before.allocate);
    double *a = ad_alloc_array(double, 10), *b = ad_alloc_array(double, 20);
    ad_free(a);
    double *c = ad_alloc_array(double, 5);
    assert_int_equal(meter.bytes, 25 * sizeof(double));
    ad_free(b);
    ad_free(c);
    assert_int_equal(meter.bytes, 0);
    assert_int_equal(meter.peak, 30 * sizeof(double));
    assert_int_equal(meter.allocations, 3);
    ad_set_allocator(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_hold_their_elements),
        cmocka_unit_test(empty_arrays_are_no_null_pointers),
        cmocka_unit_test(sizes_that_overflow_reach_the_handler),
        cmocka_unit_test(handler_can_make_room),
        cmocka_unit_test(every_failure_reaches_the_handler),
        cmocka_unit_test(arena_uses_freed_space_again),
        cmocka_unit_test(arena_too_small_for_its_alignment_is_empty),
        cmocka_unit_test(meter_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
