/* Writing results: temporary files that are renamed when all of them stand; and --check's diffs. */
#define _POSIX_C_SOURCE 200809L
#include "driver/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *output_read(Arena *arena, const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    Text text = {0};
    char buffer[4096];
    size_t count;
    text_puts(arena, &text, "");
    while ((count = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_put(arena, &text, buffer, count);
    fclose(file);
    *length = text.count;
    return text.items;
}

static bool write_temporary(const char *path, const OutputFile *file)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return false;
    const bool written = fwrite(file->text, 1, file->length, out) == file->length;
    return (fclose(out) == 0) && written;
}

static bool report(const char *path)
{
    fprintf(stderr, "adgen: error: cannot write '%s': %s\n", path, strerror(errno));
    return false;
}

bool output_write(Arena *arena, const OutputFile *files, size_t count)
{
    const char **temporary = arena_new_array(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        temporary[i] = arena_format(arena, "%s.%ld.tmp", files[i].path, (long)getpid());
        if (!write_temporary(temporary[i], &files[i])) {
            report(files[i].path);
            for (size_t k = 0; k <= i; k++)
                remove(temporary[k]);
            return false;
        }
    }
    for (size_t i = 0; i < count; i++)
        if (rename(temporary[i], files[i].path) != 0) {
            report(files[i].path);
            for (size_t k = i; k < count; k++)
                remove(temporary[k]);
            return false;
        }
    return true;
}

/* ---- diffs ---- */

typedef struct Line {
    const char *text;
    size_t length;
} Line;

typedef struct Lines {
    VEC(Line) list;
} Lines;

static Lines split(Arena *arena, const char *text, size_t length)
{
    Lines lines = {0};
    for (const char *end = text + length; text < end;) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const Line line = {text, (size_t)((newline ? newline : end) - text)};
        vec_push(arena, &lines.list, line);
        text += line.length + 1;
    }
    return lines;
}

static bool same_line(Line a, Line b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static void print_lines(const Lines *lines, size_t from, size_t to, char mark)
{
    for (size_t i = from; i < to; i++)
        printf("%c%.*s\n", mark, (int)lines->list.items[i].length, lines->list.items[i].text);
}

/* One hunk: from the first line that differs to the last. */
static void print_diff(const char *path, const Lines *old, const Lines *new)
{
    enum { CONTEXT = 3 };
    size_t head = 0, old_end = old->list.count, new_end = new->list.count;
    while (head < old_end && head < new_end &&
           same_line(old->list.items[head], new->list.items[head]))
        head++;
    while (old_end > head && new_end > head &&
           same_line(old->list.items[old_end - 1], new->list.items[new_end - 1]))
        old_end--, new_end--;
    const size_t from = head > CONTEXT ? head - CONTEXT : 0;
    const size_t left = old->list.count - old_end;
    const size_t tail = left < CONTEXT ? left : CONTEXT;
    printf("--- %s\n+++ %s (generated)\n", path, path);
    printf("@@ -%zu,%zu +%zu,%zu @@\n", from + (old_end + tail > from), old_end + tail - from,
           from + (new_end + tail > from), new_end + tail - from);
    print_lines(old, from, head, ' ');
    print_lines(old, head, old_end, '-');
    print_lines(new, head, new_end, '+');
    print_lines(old, old_end, old_end + tail, ' ');
}

bool output_check(Arena *arena, const OutputFile *files, size_t count)
{
    bool same = true;
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        const char *text = output_read(arena, files[i].path, &length);
        if (text && length == files[i].length && memcmp(text, files[i].text, length) == 0)
            continue;
        const Lines old = split(arena, text ? text : "", length);
        const Lines new = split(arena, files[i].text, files[i].length);
        print_diff(files[i].path, &old, &new);
        same = false;
    }
    return same;
}
