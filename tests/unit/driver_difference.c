/* The unified diff of --check, applied to the old text, gives the new one. */
#include "unit.h"

#include <stdio.h>

#include "driver/difference.h"

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

/* Lines of one digit out of `variety`, some without a newline at the end of the text. */
static void make_text(Arena *arena, Text *text, unsigned lines, unsigned variety, unsigned *seed)
{
    text_puts(arena, text, "");
    for (unsigned i = 0; i < lines; i++)
        text_printf(arena, text, "%u\n", next_random(seed) % variety);
    if (text->count && next_random(seed) % 3 == 0)
        text->items[--text->count] = '\0';
}

/* Copies of the old lines with deletions, insertions and changes. */
static void change_text(Arena *arena, const Text *old, Text *new, unsigned percent, unsigned *seed)
{
    text_puts(arena, new, "");
    for (const char *at = old->items; *at;) {
        const size_t length = strcspn(at, "\n") + (strchr(at, '\n') != NULL);
        const unsigned dice = next_random(seed) % 100;
        if (dice < percent)
            text_puts(arena, new, "new\n");
        if (dice >= percent / 2)
            text_put(arena, new, at, length);
        at += length;
    }
}

/* Skips to behind the next newline. */
static const char *next_line(const char *at)
{
    const char *newline = strchr(at, '\n');
    return newline ? newline + 1 : at + strlen(at);
}

/* Applies a unified diff; lines that are to be kept or deleted must be those of the old text. */
static void apply(Arena *arena, const char *old, const char *patch, Text *result)
{
    unsigned line = 1;
    text_puts(arena, result, "");
    for (const char *at = next_line(next_line(patch)); *at; at = next_line(at)) {
        unsigned start = 0, count = 0;
        if (sscanf(at, "@@ -%u,%u", &start, &count) == 2) {
            for (const unsigned stop = start + (count == 0); line < stop; line++) {
                text_put(arena, result, old, (size_t)(next_line(old) - old));
                old = next_line(old);
            }
            continue;
        }
        const bool cut = strncmp(next_line(at), "\\ No newline", 12) == 0;
        const size_t length = (size_t)(next_line(at) - at) - 1 - cut;
        if (*at != '+') {
            assert_int_equal(next_line(old) - old, length);
            assert_memory_equal(old, at + 1, length);
            old = next_line(old);
            line++;
        }
        if (*at != '-')
            text_put(arena, result, at + 1, length);
        if (cut)
            at = next_line(at);
    }
    text_puts(arena, result, old);
}

static void check_pair(Arena *arena, const Text *old, const Text *new)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    const bool differs = difference_print(arena, "x", old->items, old->count, new->items,
                                          new->count, file);
    assert_int_equal(differs, strcmp(old->items, new->items) != 0);
    const long size = ftell(file);
    char *patch = arena_alloc(arena, (size_t)size + 1);
    rewind(file);
    assert_int_equal(fread(patch, 1, (size_t)size, file), size);
    fclose(file);
    Text result = {0};
    apply(arena, old->items, patch, &result);
    assert_string_equal(result.items, new->items);
}

static void applied_to_the_old_text_it_gives_the_new(void **state)
{
    (void)state;
    for (unsigned trial = 1; trial <= 400; trial++) {
        Arena arena = {0};
        unsigned seed = trial;
        Text old = {0}, new = {0};
        make_text(&arena, &old, next_random(&seed) % 60, trial % 2 ? 3 : 1000, &seed);
        change_text(&arena, &old, &new, trial % 50, &seed);
        check_pair(&arena, &old, &new);
        check_pair(&arena, &new, &old);
        arena_release(&arena);
    }
}

static void texts_that_differ_throughout_are_replaced_in_whole(void **state)
{
    (void)state;
    Arena arena = {0};
    unsigned seed = 1;
    Text old = {0}, new = {0};
    make_text(&arena, &old, 3000, 1000, &seed);
    make_text(&arena, &new, 3000, 1000, &seed);
    check_pair(&arena, &old, &new);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applied_to_the_old_text_it_gives_the_new),
        cmocka_unit_test(texts_that_differ_throughout_are_replaced_in_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
