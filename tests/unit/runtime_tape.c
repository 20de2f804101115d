/* The tape: records of any size come back in opposite order, whatever the size of its blocks. */
#include "unit.h"

#include <adgen/runtime.h>

static void check_random_walk(size_t block_size, size_t alignment, unsigned seed)
{
    enum { MAX_RECORDS = 400 };
    static size_t sizes[MAX_RECORDS];
    static unsigned char *places[MAX_RECORDS];
    int count = 0;
    AdTape tape;
    ad_set_tape_block_size(block_size);
    ad_tape_init_aligned(&tape, alignment);
    for (int step = 0; step < 4000; step++) {
        seed = seed * 1664525u + 1013904223u;
        const int up = (seed >> 16) % 100 < (step % 1000 < 500 ? 80u : 20u);
        if (up && count < MAX_RECORDS) {
            sizes[count] = 1 + (seed >> 24) % 70;
            places[count] = ad_tape_push(&tape, sizes[count]);
            assert_int_equal((uintptr_t)places[count] % alignment, 0);
            memset(places[count], count & 255, sizes[count]);
            count++;
        } else if (!up && count > 0) {
            count--;
            assert_ptr_equal(ad_tape_top(&tape, sizes[count]), places[count]);
            const unsigned char *record = ad_tape_pop(&tape, sizes[count]);
            assert_ptr_equal(record, places[count]);
            for (size_t i = 0; i < sizes[count]; i++)
                assert_int_equal(record[i], count & 255);
        }
    }
    ad_tape_release(&tape);
    ad_set_tape_block_size(0);
}

static void records_come_back_in_opposite_order(void **state)
{
    (void)state;
    const size_t block_sizes[] = {0, 1, 8, 16, 24, 64, 100, 5000};
    for (unsigned i = 0; i < sizeof block_sizes / sizeof *block_sizes; i++)
        for (size_t alignment = 1; alignment <= _Alignof(max_align_t); alignment *= 2)
            check_random_walk(block_sizes[i], alignment, i + 1);
}

static void short_tapes_use_no_heap(void **state)
{
    (void)state;
    AdTape tape;
    ad_tape_init_aligned(&tape, sizeof(double));
    for (int i = 0; i < 128; i++)
        *(double *)ad_tape_push(&tape, sizeof(double)) = i;
    assert_int_equal(ad_tape_bytes(&tape), 0);
    ad_tape_push(&tape, 1);
    assert_true(ad_tape_bytes(&tape) > 0);
    ad_tape_release(&tape);
}

static void a_sweep_up_and_down_at_a_border_allocates_once(void **state)
{
    (void)state;
    AdMeter meter;
    ad_meter_init(&meter, (AdAllocator){0});
    const AdAllocator before = ad_set_allocator(ad_meter_allocator(&meter));
    AdTape tape;
    ad_tape_init(&tape);
    ad_set_allocator(before); /* the tape keeps the one it began with */
    ad_tape_push(&tape, AD_TAPE_INLINE_SIZE);
    for (int i = 0; i < 100; i++) {
        ad_tape_push(&tape, 100);
        ad_tape_pop(&tape, 100);
    }
    assert_int_equal(meter.allocations, 1);
    ad_tape_release(&tape);
    assert_int_equal(meter.bytes, 0);
}

static void blocks_grow_and_stay_few(void **state)
{
    (void)state;
    enum { RECORDS = 1000000 };
    AdMeter meter;
    ad_meter_init(&meter, (AdAllocator){0});
    const AdAllocator before = ad_set_allocator(ad_meter_allocator(&meter));
    AdTape tape;
    ad_tape_init_aligned(&tape, sizeof(double));
    for (int i = 0; i < RECORDS; i++)
        *(double *)ad_tape_push(&tape, sizeof(double)) = i;
    assert_true(meter.allocations < 20);
    assert_true(ad_tape_bytes(&tape) < 1.15 * RECORDS * sizeof(double) + 8192);
    for (int i = RECORDS - 1; i >= 0; i--)
        assert_true(*(double *)ad_tape_pop(&tape, sizeof(double)) == i);
    ad_tape_release(&tape);
    ad_set_allocator(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back_in_opposite_order),
        cmocka_unit_test(short_tapes_use_no_heap),
        cmocka_unit_test(a_sweep_up_and_down_at_a_border_allocates_once),
        cmocka_unit_test(blocks_grow_and_stay_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
