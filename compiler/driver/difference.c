/* The difference of two texts, line by line.
 *
 * The shortest edit by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (Algorithmica 1,
 * 1986): for d = 0, 1, ... the furthest place that d insertions and deletions reach on each diagonal
 * x - y = k; the path is then read back. Texts that differ in more than MAX_EDITS lines (after what they
 * have in common at both ends) are shown as replaced in whole. */
#include "driver/difference.h"

#include <string.h>

enum { MAX_EDITS = 1500, CONTEXT = 3 };

typedef struct Line {
    const char *text;
    size_t length; /* with its newline, if it has one */
} Line;

typedef VEC(Line) Lines;

static Lines split(Arena *arena, const char *text, size_t length)
{
    Lines lines = {0};
    for (const char *end = text + length; text < end;) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline + 1 : end;
        const Line line = {text, (size_t)(stop - text)};
        vec_push(arena, &lines, line);
        text = stop;
    }
    return lines;
}

static bool equal(Line a, Line b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* The texts, and which of their lines the edit touches. */
typedef struct Edit {
    Lines old, new;
    bool *deleted, *inserted;
} Edit;

/* A stretch of both texts: old lines [x0, x1), new lines [y0, y1). */
typedef struct Stretch {
    long x0, x1, y0, y1;
} Stretch;

static Stretch differing(const Edit *edit)
{
    Stretch s = {0, (long)edit->old.count, 0, (long)edit->new.count};
    while (s.x0 < s.x1 && s.y0 < s.y1 && equal(edit->old.items[s.x0], edit->new.items[s.y0])) {
        s.x0++;
        s.y0++;
    }
    while (s.x0 < s.x1 && s.y0 < s.y1 &&
           equal(edit->old.items[s.x1 - 1], edit->new.items[s.y1 - 1])) {
        s.x1--;
        s.y1--;
    }
    return s;
}

static void replace_whole(Edit *edit, Stretch s)
{
    for (long x = s.x0; x < s.x1; x++)
        edit->deleted[x] = true;
    for (long y = s.y0; y < s.y1; y++)
        edit->inserted[y] = true;
}

/* Does the best path to diagonal k in round d come from above (an insertion)? */
static bool comes_from_above(const long *reach, long d, long k)
{
    return k == -d || (k != d && reach[k - 1] < reach[k + 1]);
}

/* rounds[d][k]: the furthest x on diagonal k after d edits, for k = -d..d. The number of edits needed, or
 * -1 if they are too many. */
static long find_rounds(Arena *arena, const Edit *edit, Stretch s, long **rounds)
{
    const long width = s.x1 - s.x0, height = s.y1 - s.y0;
    for (long d = 0; d <= MAX_EDITS; d++) {
        rounds[d] = arena_new_array(arena, long, 2 * d + 1);
        rounds[d] += d;
        const long *before = d ? rounds[d - 1] : NULL;
        for (long k = -d; k <= d; k += 2) {
            long x = 0;
            if (d)
                x = comes_from_above(before, d, k) ? before[k + 1] : before[k - 1] + 1;
            while (x < width && x - k < height && x - k >= 0 &&
                   equal(edit->old.items[s.x0 + x], edit->new.items[s.y0 + x - k]))
                x++;
            rounds[d][k] = x;
            if (x >= width && x - k >= height)
                return d;
        }
    }
    return -1;
}

static void read_back(Edit *edit, Stretch s, long *const *rounds, long edits)
{
    long k = (s.x1 - s.x0) - (s.y1 - s.y0);
    for (long d = edits; d > 0; d--) {
        const long *before = rounds[d - 1];
        if (comes_from_above(before, d, k)) {
            k++;
            edit->inserted[s.y0 + before[k] - k] = true;
        } else {
            k--;
            edit->deleted[s.x0 + before[k]] = true;
        }
    }
}

static void find_edit(Arena *arena, Edit *edit)
{
    edit->deleted = arena_new_array(arena, bool, edit->old.count + 1);
    edit->inserted = arena_new_array(arena, bool, edit->new.count + 1);
    const Stretch s = differing(edit);
    long **rounds = arena_new_array(arena, long *, MAX_EDITS + 1);
    const long edits = find_rounds(arena, edit, s, rounds);
    if (edits < 0)
        replace_whole(edit, s);
    else
        read_back(edit, s, rounds, edits);
}

/* ---- printing ---- */

static void print_line(char sign, Line line, FILE *out)
{
    fputc(sign, out);
    fwrite(line.text, 1, line.length, out);
    if (line.text[line.length - 1] != '\n')
        fputs("\n\\ No newline at end of file\n", out);
}

/* "12,3": a start and a count as unified diffs number them. */
static void print_range(char sign, long start, long count, FILE *out)
{
    fprintf(out, "%c%ld,%ld ", sign, count ? start + 1 : start, count);
}

static void print_hunk(const Edit *edit, Stretch s, FILE *out)
{
    fputs("@@ ", out);
    print_range('-', s.x0, s.x1 - s.x0, out);
    print_range('+', s.y0, s.y1 - s.y0, out);
    fputs("@@\n", out);
    for (long x = s.x0, y = s.y0; x < s.x1 || y < s.y1;) {
        if (x < s.x1 && edit->deleted[x]) {
            print_line('-', edit->old.items[x++], out);
        } else if (y < s.y1 && edit->inserted[y]) {
            print_line('+', edit->new.items[y++], out);
        } else {
            print_line(' ', edit->old.items[x++], out);
            y++;
        }
    }
}

/* Walks both texts at once; `s` grows over edits until 2 * CONTEXT equal lines lie behind the last. */
static void print_hunks(const Edit *edit, FILE *out)
{
    const long width = (long)edit->old.count, height = (long)edit->new.count;
    Stretch s = {0};
    long quiet = 0; /* equal lines since the last edit */
    bool open = false;
    for (long x = 0, y = 0; x < width || y < height;) {
        const bool deleted = x < width && edit->deleted[x];
        const bool inserted = y < height && edit->inserted[y];
        if ((deleted || inserted) && !open) {
            const long context = x < CONTEXT ? x : CONTEXT;
            s = (Stretch){.x0 = x - context, .y0 = y - context};
            open = true;
        }
        x += deleted || !inserted;
        y += !deleted;
        quiet = deleted || inserted ? 0 : quiet + 1;
        const bool at_end = x >= width && y >= height;
        if (!open || (quiet <= 2 * CONTEXT && !at_end))
            continue;
        const long extra = quiet > CONTEXT ? quiet - CONTEXT : 0;
        s.x1 = x - extra;
        s.y1 = y - extra;
        print_hunk(edit, s, out);
        open = false;
    }
}

bool difference_print(Arena *arena, const char *path, const char *old, size_t old_length,
                      const char *new, size_t new_length, FILE *out)
{
    if (old && old_length == new_length && memcmp(old, new, new_length) == 0)
        return false;
    Edit edit = {.old = split(arena, old ? old : "", old ? old_length : 0),
                 .new = split(arena, new, new_length)};
    find_edit(arena, &edit);
    fprintf(out, "--- %s\n+++ %s\n", old ? path : "/dev/null", path);
    print_hunks(&edit, out);
    return true;
}
