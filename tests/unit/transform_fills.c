/* Which arrays need not be set to zero first: those that are overwritten entirely before they are read. */
#include "pass_fixture.h"

#include "transform/passes.h"

#define BEGIN                                                                                        \
    "  %zero: int = const 0\n  %one: int = const 1\n  %two: int = const 2\n  %three: int = const 3\n" \
    "  %five: int = const 5\n  %fifteen: int = const 15\n  %none: f64 = const 0\n"                   \
    "  %all: int = mul %n, %fifteen\n  %a: ptr<f64> = alloc %all\n"
#define FILL "  zero %a, %all\n"
#define LOOPS(rows, columns, index, work)                                                  \
    "  for.lt %zero, " rows ", %one { (%i: int)\n    for.lt %zero, " columns ", %one { (%j: int)\n" \
    "      for.lt %zero, %five, %one { (%k: int)\n" index work                              \
    "        yield\n      }\n      yield\n    }\n    yield\n  }\n"
#define PLACE "        %r = mul %i, %three\n        %s = add %r, %j\n        %p: ptr<f64> = index %a, %s, %five, %k\n"
#define END "  %q: ptr<f64> = index %a, %two\n  %x = load %q\n  free %a\n  return %x\n"

static void expect_kept(const char *text)
{
    expect_body(drop_overwritten_fills, "%n: int, %w: f64", text, text);
}

static void overwritten(void **state)
{
    (void)state;
    expect_body(drop_overwritten_fills, "%n: int, %w: f64",
                BEGIN FILL LOOPS("%n", "%three", PLACE, "        store %p, %w\n") END,
                BEGIN LOOPS("%n", "%three", PLACE, "        store %p, %w\n") END);
    expect_body(drop_overwritten_fills, "%n: int, %w: f64",
                BEGIN FILL LOOPS("%n", "%three", PLACE, "        store %p, %w\n        accumulate %p, %w\n") END,
                BEGIN LOOPS("%n", "%three", PLACE, "        store %p, %w\n        accumulate %p, %w\n") END);
}

static void not_all_of_it(void **state)
{
    (void)state;
    expect_kept(BEGIN FILL LOOPS("%n", "%two", PLACE, "        store %p, %w\n") END);
    expect_kept(BEGIN FILL LOOPS("%two", "%three", PLACE, "        store %p, %w\n") END);
    expect_kept(BEGIN FILL LOOPS("%n", "%three", "        %s = add %i, %j\n        %p: ptr<f64> = index %a, %s, %five, %k\n", "        store %p, %w\n") END);
    expect_kept(BEGIN FILL LOOPS("%n", "%three", PLACE, "        %go = lt %j, %i\n        if %go {\n          store %p, %w\n          yield\n        } {\n          yield\n        }\n") END);
}

static void read_before(void **state)
{
    (void)state;
    expect_kept(BEGIN FILL "  %e = load %a\n" LOOPS("%n", "%three", PLACE, "        store %p, %e\n") END);
    expect_kept(BEGIN FILL LOOPS("%n", "%three", PLACE, "        %e = load %p\n        store %p, %e\n") END);
    expect_kept(BEGIN FILL LOOPS("%n", "%three", PLACE, "        store %p, %w\n        %o: ptr<f64> = index %a, %k\n        %e = load %o\n        store %p, %e\n") END);
    expect_kept(BEGIN FILL LOOPS("%n", "%three", PLACE, "        accumulate %p, %w\n") END);
}

/* Fewer rounds than the array has rows, where the number of these does not fit. */
static void narrowed_bound(void **state)
{
    (void)state;
    const char *text = "  %zero: int = const 0\n  %one: int = const 1\n  %three: long = const 3\n  %five: int = const 3\n"
                       "  %all = mul %n, %three\n  %a: ptr<f64> = alloc %all\n  zero %a, %all\n  %rows: int = convert %n\n"
                       "  for.lt %zero, %rows, %one { (%i: int)\n    for.lt %zero, %five, %one { (%j: int)\n"
                       "      %p: ptr<f64> = index %a, %i, %five, %j\n      store %p, %w\n      yield\n    }\n    yield\n  }\n"
                       "  %x = load %a\n  free %a\n  return %x\n";
    expect_body(drop_overwritten_fills, "%n: long, %w: f64", text, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overwritten),
        cmocka_unit_test(not_all_of_it),
        cmocka_unit_test(read_before),
        cmocka_unit_test(narrowed_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
