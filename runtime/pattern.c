/* Sparse patterns: from sets to compressed rows, and to where each entry's value is found. */
#include <string.h>

#include "sparse.h"

enum { FORWARD_COST = 5, REVERSE_COST = 8 }; /* of a direction, and of a seed */

/* The transpose; its rows are ascending. */
static Rows transpose(const Rows *rows, long columns)
{
    Rows out = {.count = columns,
                .starts = ad_alloc_zeroed_array(long, columns + 2),
                .indices = ad_alloc_array(long, rows->starts[rows->count])};
    long *next = out.starts + 1; /* counted one place ahead, so that filling moves them into place */
    for (long k = 0; k < rows->starts[rows->count]; k++)
        next[rows->indices[k] + 1]++;
    for (long j = 0; j < columns; j++)
        next[j + 1] += next[j];
    for (long i = 0; i < rows->count; i++)
        for (long k = rows->starts[i]; k < rows->starts[i + 1]; k++)
            out.indices[next[rows->indices[k]]++] = i;
    return out;
}

static void release(Rows *rows)
{
    ad_free(rows->indices);
    ad_free(rows->starts);
}

/* Entries that stand on one side of the diagonal are put on the other as well. */
static Rows symmetric(const Rows *rows, const Rows *mirrored)
{
    const long n = rows->count;
    Rows out = {.count = n,
                .starts = ad_alloc_array(long, n + 1),
                .indices = ad_alloc_array(long, 2 * rows->starts[n])};
    long count = 0;
    for (long i = 0; i < n; i++) {
        long a = rows->starts[i], b = mirrored->starts[i];
        out.starts[i] = count;
        while (a < rows->starts[i + 1] || b < mirrored->starts[i + 1]) {
            const long x = a < rows->starts[i + 1] ? rows->indices[a] : n;
            const long y = b < mirrored->starts[i + 1] ? mirrored->indices[b] : n;
            out.indices[count++] = x < y ? x : y;
            a += x <= y;
            b += y <= x;
        }
    }
    out.starts[n] = count;
    return out;
}

static AdPattern *new_pattern(const Rows *rows, long columns)
{
    AdPattern *pattern = ad_alloc(sizeof *pattern);
    *pattern = (AdPattern){.rows = rows->count,
                           .columns = columns,
                           .nonzeros = rows->starts[rows->count],
                           .row_starts = rows->starts,
                           .column_indices = rows->indices};
    return pattern;
}

void ad_pattern_free(AdPattern *pattern)
{
    if (!pattern)
        return;
    ad_free(pattern->entry_place);
    ad_free(pattern->entry_color);
    ad_free(pattern->color);
    ad_free(pattern->column_indices);
    ad_free(pattern->row_starts);
    ad_free(pattern);
}

void ad_pattern_check(const AdPattern *pattern, long rows, long columns)
{
    if (pattern->rows != rows)
        ad_fail("a sparse pattern for another number of rows than %zu", (size_t)rows);
    if (pattern->columns != columns)
        ad_fail("a sparse pattern for another number of columns than %zu", (size_t)columns);
}

/* Has row i of `here` an entry that `pattern` lacks there? Both are ascending. */
static int row_lacks(const AdPattern *pattern, const AdPattern *here, long i)
{
    long at = pattern->row_starts[i];
    for (long k = here->row_starts[i]; k < here->row_starts[i + 1]; k++) {
        while (at < pattern->row_starts[i + 1] && pattern->column_indices[at] < here->column_indices[k])
            at++;
        if (at == pattern->row_starts[i + 1] || pattern->column_indices[at] != here->column_indices[k])
            return 1;
    }
    return 0;
}

void ad_pattern_require(const AdPattern *pattern, AdPattern *here)
{
    for (long i = 0; i < here->rows; i++)
        if (row_lacks(pattern, here, i))
            ad_fail("other branches are taken here than where the sparse pattern was made, which lacks entries of row "
                    "%zu: make it anew at this point",
                    (size_t)i);
    ad_pattern_free(here);
}

/* ---- Jacobians ---- */

static long longest(const Rows *rows)
{
    long most = 0;
    for (long i = 0; i < rows->count; i++)
        if (rows->starts[i + 1] - rows->starts[i] > most)
            most = rows->starts[i + 1] - rows->starts[i];
    return most;
}

static void place_entries(AdPattern *pattern)
{
    long *color = ad_alloc_array(long, pattern->nonzeros), *place = ad_alloc_array(long, pattern->nonzeros);
    for (long i = 0; i < pattern->rows; i++)
        for (long k = pattern->row_starts[i]; k < pattern->row_starts[i + 1]; k++) {
            const long j = pattern->column_indices[k];
            color[k] = pattern->color[pattern->by_row ? i : j];
            place[k] = pattern->by_row ? j : i;
        }
    pattern->entry_color = color;
    pattern->entry_place = place;
}

AdPattern *ad_pattern_new(AdSets *sets, const long *row_sets, long rows, long columns)
{
    Rows unsorted = sets_members(sets, row_sets, rows, columns);
    ad_sets_free(sets);
    Rows by_column = transpose(&unsorted, columns);
    release(&unsorted);
    const Rows by_row = transpose(&by_column, rows);
    AdPattern *pattern = new_pattern(&by_row, columns);
    /* columns that meet in a row need as many colors as they are */
    pattern->by_row = longest(&by_column) * REVERSE_COST < longest(&by_row) * FORWARD_COST;
    long *color = ad_alloc_array(long, pattern->by_row ? rows : columns);
    pattern->colors =
        pattern->by_row ? color_apart(&by_row, &by_column, color) : color_apart(&by_column, &by_row, color);
    pattern->color = color;
    place_entries(pattern);
    release(&by_column);
    return pattern;
}

/* ---- Hessians ---- */

static long entry_at(const Rows *rows, long i, long j)
{
    long low = rows->starts[i], high = rows->starts[i + 1] - 1;
    while (low < high) {
        const long middle = low + (high - low) / 2;
        if (rows->indices[middle] < j)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* An entry (i, j) of the lower triangle is found in the direction of j's color if no other entry of row i is, else
 * in that of i's color at row j: that is what a star colouring promises. The mirrored entry is found there, too. */
static void place_symmetric_entries(AdPattern *pattern, const Rows *rows)
{
    const long n = rows->count;
    long *color = ad_alloc_array(long, pattern->nonzeros), *place = ad_alloc_array(long, pattern->nonzeros);
    long *times = ad_alloc_zeroed_array(long, pattern->colors);
    for (long i = 0; i < n; i++) {
        for (long k = rows->starts[i]; k < rows->starts[i + 1]; k++)
            times[pattern->color[rows->indices[k]]]++;
        for (long k = rows->starts[i]; k < rows->starts[i + 1] && rows->indices[k] <= i; k++) {
            const long j = rows->indices[k];
            const int is_alone = times[pattern->color[j]] == 1;
            color[k] = pattern->color[is_alone ? j : i];
            place[k] = is_alone ? i : j;
            const long mirrored = entry_at(rows, j, i);
            color[mirrored] = color[k];
            place[mirrored] = place[k];
        }
        for (long k = rows->starts[i]; k < rows->starts[i + 1]; k++)
            times[pattern->color[rows->indices[k]]] = 0;
    }
    ad_free(times);
    pattern->entry_color = color;
    pattern->entry_place = place;
}

AdPattern *ad_pattern_new_symmetric(AdSets *sets, const long *row_sets, long rows)
{
    Rows unsorted = sets_members(sets, row_sets, rows, rows);
    ad_sets_free(sets);
    Rows mirrored = transpose(&unsorted, rows);
    release(&unsorted);
    Rows sorted = transpose(&mirrored, rows);
    const Rows graph = symmetric(&sorted, &mirrored);
    release(&sorted);
    release(&mirrored);
    AdPattern *pattern = new_pattern(&graph, rows);
    long *color = ad_alloc_array(long, rows);
    pattern->colors = color_stars(&graph, color);
    pattern->color = color;
    place_symmetric_entries(pattern, &graph);
    return pattern;
}
