/* Diagnostics: order, repetitions, notes, warnings by name, the line and the caret. */
#include "unit.h"

#include <stdio.h>

#include "base/diag.h"

typedef struct Setup {
    Arena arena;
    Sources sources;
    Diagnostics diags;
    unsigned file;
} Setup;

static const char text[] = "first\n\tsecond line\nd\xc3\xa9j\xc3\xa0 vu\nlast";

static void set_up(Setup *s)
{
    *s = (Setup){0};
    s->file = source_add(&s->arena, &s->sources, "dir/a.c", text, sizeof text - 1);
    diagnostics_init(&s->diags, &s->arena, &s->sources);
}

static SourceLoc at(const Setup *s, unsigned line, unsigned column)
{
    return (SourceLoc){s->file, line, column};
}

static void assert_prints(Setup *s, const char *expected)
{
    char printed[4096];
    FILE *file = tmpfile();
    assert_non_null(file);
    diag_print(&s->diags, file);
    rewind(file);
    printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(printed, expected);
    arena_release(&s->arena);
}

static void messages_come_in_the_order_of_the_source(void **state)
{
    (void)state;
    Setup s;
    set_up(&s);
    diag_text(&s.diags, SEVERITY_ERROR, NULL, at(&s, 4, 1), "third");
    diag_text(&s.diags, SEVERITY_NOTE, NULL, at(&s, 1, 1), "its note");
    diag_text(&s.diags, SEVERITY_WARNING, "some", at(&s, 2, 2), "second");
    diag_text(&s.diags, SEVERITY_ERROR, NULL, (SourceLoc){0}, "first");
    assert_int_equal(s.diags.errors, 2);
    assert_int_equal(s.diags.warnings, 1);
    assert_prints(&s, "adgen: error: first\n"
                      "dir/a.c:2:2: warning: second [-Wsome]\n"
                      "    2 | \tsecond line\n"
                      "      | \t^\n"
                      "dir/a.c:4:1: error: third\n"
                      "    4 | last\n"
                      "      | ^\n"
                      "dir/a.c:1:1: note: its note\n"
                      "    1 | first\n"
                      "      | ^\n");
}

static void the_caret_stands_below_characters_not_bytes(void **state)
{
    (void)state;
    Setup s;
    set_up(&s);
    diag_text(&s.diags, SEVERITY_ERROR, NULL, at(&s, 3, 8), "here");
    diag_text(&s.diags, SEVERITY_ERROR, NULL, at(&s, 99, 1), "past the end");
    assert_prints(&s, "dir/a.c:3:8: error: here\n"
                      "    3 | d\xc3\xa9j\xc3\xa0 vu\n"
                      "      |      ^\n"
                      "dir/a.c:99:1: error: past the end\n");
}

static void a_message_is_said_once_and_its_notes_too(void **state)
{
    (void)state;
    Setup s;
    set_up(&s);
    for (int i = 0; i < 3; i++) {
        const bool said = diag(&s.diags, MSG_NO_SUCH_FILE, (SourceLoc){0}, "x");
        assert_int_equal(said, i == 0);
        diag_text(&s.diags, SEVERITY_NOTE, NULL, (SourceLoc){0}, "why");
    }
    assert_int_equal(s.diags.errors, 1);
    assert_prints(&s, "adgen: error: cannot read 'x'\nadgen: note: why\n");
}

/* What -W options make of a warning: '-' nothing, 'w' a warning, 'e' an error. */
static char outcome(const char *const *options)
{
    Setup s;
    set_up(&s);
    for (; *options; options++)
        assert_true(diag_set_warning(&s.diags, *options));
    const bool said = diag(&s.diags, MSG_ACTIVE_EQUALITY, at(&s, 1, 1));
    const char result = !said ? '-' : s.diags.errors ? 'e' : 'w';
    arena_release(&s.arena);
    return result;
}

static void warnings_are_set_by_name(void **state)
{
    (void)state;
#define OUTCOME(...) outcome((const char *const[]){__VA_ARGS__})
    assert_int_equal(OUTCOME(NULL), 'w');
    assert_int_equal(OUTCOME("no-active-equality", NULL), '-');
    assert_int_equal(OUTCOME("no-active-equality", "active-equality", NULL), 'w');
    assert_int_equal(OUTCOME("error", NULL), 'e');
    assert_int_equal(OUTCOME("error", "no-error", NULL), 'w');
    assert_int_equal(OUTCOME("error=active-equality", NULL), 'e');
    assert_int_equal(OUTCOME("error", "no-error=active-equality", NULL), 'w');
    assert_int_equal(OUTCOME("error", "no-active-equality", "everything", NULL), '-');
    assert_int_equal(OUTCOME("all", "extra", "everything", NULL), 'w');
    Setup s;
    set_up(&s);
    assert_false(diag_set_warning(&s.diags, "nonsense"));
    assert_false(diag_set_warning(&s.diags, "error=nonsense"));
    s.diags.no_warnings = true;
    assert_false(diag(&s.diags, MSG_ACTIVE_EQUALITY, at(&s, 1, 1)));
    diag_text(&s.diags, SEVERITY_NOTE, NULL, at(&s, 1, 1), "dropped with its warning");
    assert_prints(&s, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_in_the_order_of_the_source),
        cmocka_unit_test(the_caret_stands_below_characters_not_bytes),
        cmocka_unit_test(a_message_is_said_once_and_its_notes_too),
        cmocka_unit_test(warnings_are_set_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
