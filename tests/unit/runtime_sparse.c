/* Sets, patterns, colourings: every entry of a random sparse matrix is found again in its compressed product. */
#include "unit.h"

#include <adgen/sparse.h>
#include <string.h>

static unsigned long random_state = 1;

static long random_below(long n)
{
    random_state = random_state * 6364136223846793005UL + 1442695040888963407UL;
    return (long)(random_state >> 33) % n;
}

/* ---- sets ---- */

static void assert_row(const AdPattern *pattern, long row, const long *columns, long count)
{
    assert_int_equal(pattern->row_starts[row + 1] - pattern->row_starts[row], count);
    for (long k = 0; k < count; k++)
        assert_int_equal(pattern->column_indices[pattern->row_starts[row] + k], columns[k]);
}

static void unions_hold_each_member_once_in_order(void **state)
{
    (void)state;
    AdSets *sets = ad_sets_new();
    const long a = ad_set_join(sets, ad_set_of(sets, 5), ad_set_of(sets, 2));
    const long b = ad_set_join(sets, ad_set_of(sets, 7), ad_set_join(sets, a, ad_set_of(sets, 5)));
    long large = 0;
    for (long i = 40; i > 0; i--)
        large = ad_set_join(sets, large, ad_set_join(sets, ad_set_of(sets, i), ad_set_of(sets, i / 2)));
    AdPattern *pattern = ad_pattern_new(sets, (long[]){0, a, b, large}, 4, 41);
    long all[41];
    for (long i = 0; i < 41; i++)
        all[i] = i;
    assert_row(pattern, 0, NULL, 0);
    assert_row(pattern, 1, (long[]){2, 5}, 2);
    assert_row(pattern, 2, (long[]){2, 5, 7}, 3);
    assert_row(pattern, 3, all, 41);
    ad_pattern_free(pattern);
}

static void a_union_that_adds_nothing_is_the_set_itself(void **state)
{
    (void)state;
    AdSets *sets = ad_sets_new();
    const long a = ad_set_join(sets, ad_set_of(sets, 1), ad_set_of(sets, 2)), b = ad_set_of(sets, 2);
    assert_int_equal(ad_set_join(sets, a, b), a);
    assert_int_equal(ad_set_join(sets, b, a), a);
    assert_int_equal(ad_set_join(sets, a, 0), a);
    assert_int_equal(ad_set_join(sets, 0, a), a);
    long large = 0, other = 0;
    for (long i = 0; i < 20; i++)
        large = ad_set_join(sets, large, ad_set_of(sets, i)), other = ad_set_join(sets, other, ad_set_of(sets, i + 9));
    const long both = ad_set_join(sets, large, other);
    assert_int_equal(ad_set_join(sets, both, other), both);
    assert_int_equal(ad_set_join(sets, large, both), both);
    assert_int_equal(ad_set_join(sets, large, other), both);
    ad_sets_free(sets);
}

static void all_memory_goes_back_to_the_allocator(void **state)
{
    (void)state;
    AdMeter meter;
    ad_meter_init(&meter, (AdAllocator){0});
    const AdAllocator before = ad_set_allocator(ad_meter_allocator(&meter));
    AdSets *sets = ad_sets_new();
    long rows[300], set = 0;
    for (long i = 0; i < 300; i++)
        rows[i] = set = ad_set_join(sets, set, ad_set_of(sets, i));
    ad_pattern_free(ad_pattern_new(sets, rows, 300, 300));
    ad_pattern_free(NULL);
    ad_sets_free(NULL);
    ad_set_allocator(before);
    assert_int_equal(meter.bytes, 0);
    assert_true(meter.peak > 300 * 300 * sizeof(long) / 2);
}

/* ---- compressed products ---- */

enum { MAX = 60 };

typedef struct Matrix {
    long rows, columns, entry[MAX][MAX];
} Matrix;

static void set_rows(const Matrix *m, AdSets *sets, long *row_sets)
{
    for (long i = 0; i < m->rows; i++) {
        row_sets[i] = 0;
        for (long j = 0; j < m->columns; j++)
            if (m->entry[i][j])
                row_sets[i] = ad_set_join(sets, row_sets[i], ad_set_of(sets, j));
    }
}

/* What the directions (seeds) give, and the entries that are read out of it. */
static void assert_entries_are_found(const Matrix *m, const AdPattern *pattern)
{
    static long product[MAX][MAX];
    memset(product, 0, sizeof product);
    for (long i = 0; i < m->rows; i++)
        for (long j = 0; j < m->columns; j++)
            product[pattern->by_row ? j : i][pattern->color[pattern->by_row ? i : j]] += m->entry[i][j];
    long found = 0, wanted = 0;
    for (long i = 0; i < m->rows; i++)
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++) {
            assert_int_equal(product[pattern->entry_place[k]][pattern->entry_color[k]],
                             m->entry[i][pattern->column_indices[k]]);
            assert_true(k == pattern->row_starts[i] ||
                        pattern->column_indices[k] > pattern->column_indices[k - 1]);
            found += m->entry[i][pattern->column_indices[k]] != 0;
        }
    for (long i = 0; i < m->rows; i++)
        for (long j = 0; j < m->columns; j++)
            wanted += m->entry[i][j] != 0;
    assert_int_equal(found, wanted);
}

static long colors_of(const Matrix *m)
{
    long row_sets[MAX];
    AdSets *sets = ad_sets_new();
    set_rows(m, sets, row_sets);
    AdPattern *pattern = ad_pattern_new(sets, row_sets, m->rows, m->columns);
    assert_int_equal(pattern->rows, m->rows);
    assert_int_equal(pattern->columns, m->columns);
    assert_entries_are_found(m, pattern);
    const long colors = pattern->by_row ? -pattern->colors : pattern->colors;
    ad_pattern_free(pattern);
    return colors;
}

static long symmetric_colors_of(const Matrix *m)
{
    long row_sets[MAX];
    AdSets *sets = ad_sets_new();
    set_rows(m, sets, row_sets);
    AdPattern *pattern = ad_pattern_new_symmetric(sets, row_sets, m->rows);
    assert_entries_are_found(m, pattern);
    const long colors = pattern->colors;
    ad_pattern_free(pattern);
    return colors;
}

static Matrix random_matrix(long rows, long columns, long percent)
{
    Matrix m = {.rows = rows, .columns = columns};
    for (long i = 0; i < rows; i++)
        for (long j = 0; j < columns; j++)
            m.entry[i][j] = random_below(100) < percent ? 1 + random_below(1000) : 0;
    return m;
}

static void random_matrices_are_found_again(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        const Matrix m = random_matrix(1 + random_below(MAX), 1 + random_below(MAX), random_below(40));
        colors_of(&m);
    }
}

static void random_symmetric_matrices_are_found_again(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        Matrix m = random_matrix(1 + random_below(MAX), MAX, random_below(25));
        m.columns = m.rows;
        for (long i = 0; i < m.rows; i++)
            for (long j = 0; j < i; j++)
                m.entry[i][j] = m.entry[j][i];
        if (round % 3 == 0) /* one that all depend on */
            for (long i = 0; i < m.rows; i++)
                m.entry[m.rows / 2][i] = m.entry[i][m.rows / 2] = i + 1;
        symmetric_colors_of(&m);
    }
}

static void band_matrices_take_as_many_colors_as_the_band_is_wide(void **state)
{
    (void)state;
    Matrix m = {.rows = MAX, .columns = MAX};
    for (long i = 0; i < MAX; i++)
        for (long j = i ? i - 1 : 0; j <= i + 1 && j < MAX; j++)
            m.entry[i][j] = 1 + i + j;
    assert_int_equal(colors_of(&m), 3);
    assert_int_equal(symmetric_colors_of(&m), 3);
}

static void an_arrow_takes_two_colors(void **state)
{
    (void)state;
    Matrix m = {.rows = MAX, .columns = MAX};
    for (long i = 0; i < MAX; i++)
        m.entry[i][i] = m.entry[0][i] = m.entry[i][0] = 3 + i;
    assert_int_equal(symmetric_colors_of(&m), 2);
    for (long i = 1; i < MAX; i++)
        m.entry[0][i] = 0;
    assert_int_equal(colors_of(&m), 2);
    for (long i = 1; i < MAX; i++)
        m.entry[0][i] = i, m.entry[i][0] = 0;
    assert_int_equal(colors_of(&m), -2); /* by row */
}

static void empty_matrices_are_patterns(void **state)
{
    (void)state;
    Matrix m = {.rows = 0, .columns = 4};
    colors_of(&m);
    m = (Matrix){.rows = 4, .columns = 0};
    colors_of(&m);
    m = (Matrix){.rows = 4, .columns = 4};
    colors_of(&m);
    symmetric_colors_of(&m);
    m = (Matrix){.rows = 0, .columns = 0};
    symmetric_colors_of(&m);
}

/* An entry on one side only, as a sweep may find it, is put on the other. */
static void patterns_of_hessians_are_made_symmetric(void **state)
{
    (void)state;
    AdSets *sets = ad_sets_new();
    const long row_sets[] = {ad_set_of(sets, 2), ad_set_of(sets, 1), 0};
    AdPattern *pattern = ad_pattern_new_symmetric(sets, row_sets, 3);
    assert_row(pattern, 0, (long[]){2}, 1);
    assert_row(pattern, 1, (long[]){1}, 1);
    assert_row(pattern, 2, (long[]){0}, 1);
    assert_int_equal(pattern->entry_place[0], pattern->entry_place[2]);
    assert_int_equal(pattern->entry_color[0], pattern->entry_color[2]);
    ad_pattern_free(pattern);
}

/* Time and memory grow with the entries: a million rows are a matter of a second. */
static void large_patterns_take_linear_time(void **state)
{
    (void)state;
    enum { N = 200000 };
    AdSets *sets = ad_sets_new();
    long *leaf = malloc(sizeof(long) * N), *row_sets = malloc(sizeof(long) * N);
    for (long i = 0; i < N; i++)
        leaf[i] = ad_set_of(sets, i);
    for (long i = 0; i < N; i++)
        row_sets[i] = ad_set_join(sets, leaf[i ? i - 1 : 0], ad_set_join(sets, leaf[i], leaf[0]));
    AdPattern *pattern = ad_pattern_new_symmetric(sets, row_sets, N); /* and an arrow */
    assert_true(pattern->colors <= 5);
    assert_int_equal(pattern->nonzeros, 5L * N - 6);
    ad_pattern_free(pattern);
    free(row_sets);
    free(leaf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unions_hold_each_member_once_in_order),
        cmocka_unit_test(a_union_that_adds_nothing_is_the_set_itself),
        cmocka_unit_test(all_memory_goes_back_to_the_allocator),
        cmocka_unit_test(random_matrices_are_found_again),
        cmocka_unit_test(random_symmetric_matrices_are_found_again),
        cmocka_unit_test(band_matrices_take_as_many_colors_as_the_band_is_wide),
        cmocka_unit_test(an_arrow_takes_two_colors),
        cmocka_unit_test(empty_matrices_are_patterns),
        cmocka_unit_test(patterns_of_hessians_are_made_symmetric),
        cmocka_unit_test(large_patterns_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
