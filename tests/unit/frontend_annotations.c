/* The annotation language: what it accepts, and that no bytes hurt it. */
#include "unit.h"

#include "frontend/annotations.h"

typedef struct Fixture {
    Arena arena;
    Sources sources;
    Strings strings;
    Types types;
    Diagnostics diags;
    Module module;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    diagnostics_init(&f->diags, &f->arena, &f->sources);
    strings_init(&f->strings, &f->arena);
    types_init(&f->types, &f->arena);
    module_init(&f->module, &f->arena, &f->strings, &f->types, &f->sources, &f->diags);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    types_release(&f->types);
    strings_release(&f->strings);
    arena_release(&f->arena);
    free(f);
    return 0;
}

static Request parse(Fixture *f, const char *text)
{
    Request request;
    if (!annotation_parse(&f->module, text, (SourceLoc){0}, &request))
        fail_msg("not accepted: %s", text);
    assert_int_equal(f->diags.errors, 0);
    return request;
}

static void reject(Fixture *f, const char *text)
{
    Request request;
    const unsigned errors = f->diags.errors;
    f->diags.list.count = 0; /* else an equal message would count as known */
    if (annotation_parse(&f->module, text, (SourceLoc){0}, &request))
        fail_msg("accepted: %s", text);
    if (f->diags.errors != errors + 1)
        fail_msg("not one error for: %s", text);
}

static void every_mode_has_a_word(void **state)
{
    for (int mode = 0; mode < MODE_COUNT; mode++)
        assert_int_equal(parse(*state, mode_text((Mode)mode)).mode, mode);
}

static void clauses_are_lists_of_names(void **state)
{
    const Request r = parse(*state, " vjp , wrt( a,b_2 ) , of(return, y) , work(t) , name(rev) ");
    assert_int_equal(r.mode, MODE_VJP);
    assert_true(r.wrt.present && r.of.present && r.work.present);
    assert_int_equal(r.wrt.count, 2);
    assert_string_equal(r.wrt.items[1].name, "b_2");
    assert_null(r.wrt.items[1].extent);
    assert_string_equal(r.of.items[0].name, "return");
    assert_string_equal(r.work.items[0].name, "t");
    assert_string_equal(r.name, "rev");
    assert_int_equal(r.directions, 0);
}

static void directions_are_a_constant(void **state)
{
    assert_int_equal(parse(*state, "jvp, directions(8)").directions, 8);
    assert_int_equal(parse(*state, "hvp, directions(1024)").directions, 1024);
}

static void extents_have_precedence(void **state)
{
    const Request r = parse(*state, "grad, wrt(x[2 * n + m % (k - 1) - -3])");
    const Extent *e = r.wrt.items[0].extent; /* ((2 * n) + (m % (k - 1))) - (-3) */
    assert_int_equal(e->operator, '-');
    assert_int_equal(e->right->kind, EXTENT_NEGATE);
    assert_int_equal(e->right->left->value, 3);
    e = e->left;
    assert_int_equal(e->operator, '+');
    assert_int_equal(e->left->operator, '*');
    assert_int_equal(e->left->left->value, 2);
    assert_string_equal(e->left->right->name, "n");
    assert_int_equal(e->right->operator, '%');
    assert_int_equal(e->right->right->operator, '-');
}

static void mistakes_are_one_error_each(void **state)
{
    static const char *const texts[] = {
        "", " ", "gradient", "grad wrt(x)", "grad,", "grad, wrt", "grad, wrt(", "grad, wrt()",
        "grad, wrt(x", "grad, wrt(x))", "grad, wrt(x,)", "grad, wrt(1)", "grad, wrt(x[)",
        "grad, wrt(x[])", "grad, wrt(x[n)", "grad, wrt(x[n]])", "grad, wrt(x[n + ])",
        "grad, wrt(x[3n])", "grad, wrt(x[99999999999999999999])", "grad, wrt(x), wrt(y)",
        "grad, name()", "grad, name(int)", "grad, name(a), name(b)", "grad, within(x)",
        "jvp, directions()", "jvp, directions(K)", "jvp, directions(0)", "jvp, directions(-1)",
        "jvp, directions(1025)", "jvp, directions(2 + 1)", "grad, directions(2)", "grad;", "grad\x80",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        reject(*state, texts[i]);
}

static void deep_extents_are_refused(void **state)
{
    enum { DEPTH = 100000 };
    char *text = malloc(DEPTH + 64);
    assert_non_null(text);
    const char *const units[] = {"(", "-", "1+"};
    for (unsigned u = 0; u < 3; u++) {
        strcpy(text, "grad, wrt(x[");
        for (char *end = text + strlen(text); end < text + DEPTH; end += strlen(units[u]))
            strcpy(end, units[u]);
        reject(*state, text);
    }
    free(text);
}

static void inactive_and_custom_are_words_of_their_own(void **state)
{
    Fixture *f = *state;
    Custom custom;
    assert_true(annotation_is_inactive("inactive"));
    assert_true(annotation_is_inactive(" inactive "));
    assert_false(annotation_is_inactive("inactive, wrt(x)"));
    assert_false(annotation_is_inactive("inactively"));
    assert_false(annotation_parse_custom(&f->module, "grad", (SourceLoc){0}, &custom));
    assert_true(annotation_parse_custom(&f->module, "custom, jvp(a), vjp(b)", (SourceLoc){0}, &custom));
    assert_false(custom.failed);
    assert_string_equal(custom.jvp, "a");
    assert_string_equal(custom.vjp, "b");
    assert_true(annotation_parse_custom(&f->module, "custom, jvp(a), jvp(b)", (SourceLoc){0}, &custom));
    assert_true(custom.failed);
}

/* Every prefix of a long annotation, and every copy of it with one byte replaced. */
static void no_bytes_hurt(void **state)
{
    Fixture *f = *state;
    static const char whole[] = "vjp, wrt(a[2 * (n + 1) % m], b), of(return), name(f), work(t[-n])";
    Request request;
    for (size_t at = 0; at < sizeof whole - 1; at++) {
        char text[sizeof whole];
        memcpy(text, whole, sizeof whole);
        for (int byte = 1; byte < 256; byte++) {
            text[at] = (char)byte;
            annotation_parse(&f->module, text, (SourceLoc){0}, &request);
        }
        text[at] = '\0';
        annotation_parse(&f->module, text, (SourceLoc){0}, &request);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_mode_has_a_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clauses_are_lists_of_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(directions_are_a_constant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(extents_have_precedence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_one_error_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deep_extents_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(inactive_and_custom_are_words_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_bytes_hurt, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
