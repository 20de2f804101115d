/* Loops over directions leave out what is zero, and nothing else. */
#include "pass_fixture.h"

#include "analysis/directions.h"
#include "transform/passes.h"

/* `seeds` is the identity of eight directions; then `body`. */
static const char *with_seeds(Arena *arena, const char *body)
{
    return arena_format(arena,
                        "func @f(%%n: int, %%w: f64) -> f64 {\n"
                        "  %%zero: int = const 0\n  %%one: int = const 1\n  %%two: int = const 2\n  %%four: int = const 4\n"
                        "  %%eight: int = const 8\n  %%all: int = const 64\n  %%none: f64 = const 0\n  %%unit: f64 = const 1\n"
                        "  %%seeds: ptr<f64> = alloca %%eight, %%eight !tangent\n"
                        "  %%y: ptr<f64> = alloca %%four, %%eight !tangent\n"
                        "  zero %%seeds, %%all\n"
                        "  for.lt %%zero, %%eight, %%one { (%%j: int)\n"
                        "    %%p: ptr<f64> = index %%seeds, %%j, %%eight, %%j\n    store %%p, %%unit\n    yield\n  }\n"
                        "%s}\n",
                        body);
}

static void narrow(Function *function)
{
    const DirectionLoops loops = directions_find(function->module->arena, function);
    narrow_directions(&loops);
}

static void expect_narrowed(const char *before, const char *after)
{
    Arena arena = {0};
    expect_pass(narrow, with_seeds(&arena, before), with_seeds(&arena, after));
    arena_release(&arena);
}

#define READ_Y                                                                                                  \
    "  %q: ptr<f64> = index %y, %two, %eight, %four\n  %r = load %q\n  return %r\n"

/* The seeds of a loop's own columns: the range moves with the counter. y is set to zero first, so all of it may be read. */
#define GROUPS(range_made, lower, upper)                                                                        \
    "  %count: int = const 32\n  zero %y, %count\n"                                                             \
    "  for.lt %zero, %four, %one { (%g: int)\n" range_made                                                      \
    "    %c: int = mul %two, %g\n"                                                                              \
    "    for.lt " lower ", " upper ", %one !tangent { (%d: int)\n"                                              \
    "      %s: ptr<f64> = index %seeds, %c, %eight, %d\n      %a = load %s\n"                                   \
    "      %b = mul %a, %w !relaxed\n"                                                                          \
    "      %t: ptr<f64> = index %y, %g, %eight, %d\n      store %t, %b\n      yield\n    }\n    yield\n  }\n"

static void own_columns(void **state)
{
    (void)state;
    expect_narrowed(GROUPS("", "%zero", "%eight") READ_Y,
                    "  %count: int = const 32\n  zero %y, %count\n"
                    "  for.lt %zero, %four, %one { (%g: int)\n"
                    "    %factor: int = const 2\n    %first = mul %factor, %g\n"
                    "    %c: int = mul %two, %g\n"
                    "    %again: int = const 2\n    %start = mul %again, %g\n    %width: int = const 2\n    %end = add %start, %width\n"
                    "    for.lt %first, %end, %one !tangent { (%d: int)\n"
                    "      %s: ptr<f64> = index %seeds, %c, %eight, %d\n      %a = load %s\n"
                    "      %b = mul %a, %w !relaxed\n"
                    "      %t: ptr<f64> = index %y, %g, %eight, %d\n      store %t, %b\n      yield\n    }\n    yield\n  }\n" READ_Y);
}

static void expect_kept(const char *body)
{
    expect_narrowed(body, body);
}

/* Products are zero where a factor is in arithmetic of real numbers only. */
static void not_relaxed(void **state)
{
    (void)state;
    expect_kept("  for.lt %zero, %eight, %one !tangent { (%d: int)\n"
                "    %s: ptr<f64> = index %seeds, %two, %eight, %d\n    %a = load %s\n    %b = mul %a, %w\n"
                "    %t: ptr<f64> = index %y, %two, %eight, %d\n    store %t, %b\n    yield\n  }\n" READ_Y);
}

/* What is read afterwards must be there: nothing else sets it to zero. */
#define ONE_ROW(made, lower, upper)                                                                             \
    "  for.lt %zero, %four, %one { (%g: int)\n" made                                                            \
    "    for.lt " lower ", " upper ", %one !tangent { (%d: int)\n"                                              \
    "      %s: ptr<f64> = index %seeds, %g, %eight, %d\n      %a = load %s\n"                                   \
    "      %t: ptr<f64> = index %y, %two, %eight, %d\n      store %t, %a\n      yield\n    }\n    yield\n  }\n"

#define READ_AT(lane) "  %q: ptr<f64> = index %y, %two, %eight, " lane "\n  %r = load %q\n  return %r\n"

static void read_behind(void **state)
{
    (void)state;
    expect_narrowed(ONE_ROW("", "%zero", "%eight") READ_AT("%zero"),
                    ONE_ROW("    %low: int = const 0\n    %high: int = const 4\n", "%low", "%high") READ_AT("%zero"));
    expect_narrowed(ONE_ROW("", "%zero", "%eight") READ_AT("%n"), ONE_ROW("", "%zero", "%eight") READ_AT("%n"));
}

/* A row that is not known, and one whose address goes elsewhere. */
static void unknown_row(void **state)
{
    (void)state;
    expect_kept("  for.lt %zero, %n, %one { (%g: int)\n"
                "    for.lt %zero, %eight, %one !tangent { (%d: int)\n"
                "      %s: ptr<f64> = index %seeds, %g, %eight, %d\n      %a = load %s\n"
                "      %t: ptr<f64> = index %y, %two, %eight, %d\n      store %t, %a\n      yield\n    }\n    yield\n  }\n" READ_Y);
}

static void chosen_address(void **state)
{
    (void)state;
    expect_kept("  %go = lt %n, %two\n  %e: ptr<f64> = select %go, %y, %seeds\n  store %e, %w\n"
                "  for.lt %zero, %eight, %one !tangent { (%d: int)\n"
                "    %s: ptr<f64> = index %seeds, %two, %eight, %d\n    %a = load %s\n"
                "    %t: ptr<f64> = index %y, %two, %eight, %d\n    store %t, %a\n    yield\n  }\n" READ_Y);
}

/* Zeros that are stored where zeros are. */
static void zeros_again(void **state)
{
    (void)state;
    expect_narrowed("  %count: int = const 32\n  zero %y, %count\n"
                    "  for.lt %zero, %eight, %one !tangent { (%d: int)\n"
                    "    %t: ptr<f64> = index %y, %two, %eight, %d\n    store %t, %none\n    yield\n  }\n" READ_Y,
                    "  %count: int = const 32\n  zero %y, %count\n" READ_Y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_columns),    cmocka_unit_test(not_relaxed),    cmocka_unit_test(read_behind),
        cmocka_unit_test(unknown_row),    cmocka_unit_test(chosen_address), cmocka_unit_test(zeros_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
