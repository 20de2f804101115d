/* Simplification: one test per class of rule. What is exact holds everywhere, identities of real numbers
 * only for relaxed ops; what C leaves undefined is left alone. */
#include "pass_fixture.h"

#include "transform/passes.h"

static const char params[] = "%x: f64, %y: f64, %i: int, %u: uint, %c: bool, %p: ptr<f64>";

typedef struct Rule {
    const char *before, *after;
} Rule;

static void check_rules(const Rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_body(simplify, params, rules[i].before, rules[i].after);
}

#define CHECK_RULES(rules) check_rules(rules, sizeof(rules) / sizeof *(rules))
#define UNCHANGED(text) {text, text}

static void constants_are_folded(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %a: f64 = const 0.1\n  %b: f64 = const 0.2\n  %r = add %a, %b\n  return %r\n",
         "  %r: f64 = const 0.30000000000000004\n  return %r\n"},
        {"  %a: f32 = const 16777216\n  %b: f32 = const 1\n  %s = add %a, %b\n"
         "  %r: f64 = convert %s\n  return %r\n",
         "  %r: f64 = const 16777216\n  return %r\n"},
        {"  %a: int = const 7\n  %b: int = const 2\n  %q = div %a, %b\n"
         "  %r: f64 = convert %q\n  return %r\n",
         "  %r: f64 = const 3\n  return %r\n"},
        {"  %a: int = const -1\n  %b: uint = convert %a\n  %one: uint = const 1\n"
         "  %less = lt %one, %b\n  %r: f64 = convert %less\n  return %r\n",
         "  %r: f64 = const 1\n  return %r\n"},
        {"  %t: bool = const 1\n  %r = select %t, %x, %y\n  return %r\n", "  return %x\n"},
    };
    CHECK_RULES(rules);
}

static void what_is_undefined_is_left_alone(void **state)
{
    (void)state;
    static const Rule rules[] = {
        UNCHANGED("  %a: int = const 2147483647\n  %b: int = const 1\n  %s = add %a, %b\n"
                  "  %r: f64 = convert %s\n  return %r\n"),
        UNCHANGED("  %a: int = const 1\n  %b: int = const 0\n  %s = div %a, %b\n"
                  "  %r: f64 = convert %s\n  return %r\n"),
        UNCHANGED("  %a: f64 = const 1\n  %b: f64 = const 0\n  %r = div %a, %b\n  return %r\n"),
    };
    CHECK_RULES(rules);
}

static void exact_identities(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %a: f64 = const 1\n  %r = mul %x, %a\n  return %r\n", "  return %x\n"},
        {"  %a: f64 = const 1\n  %r = div %x, %a\n  return %r\n", "  return %x\n"},
        {"  %a: f64 = const 0\n  %r = sub %x, %a\n  return %r\n", "  return %x\n"},
        {"  %a: f64 = const -0\n  %r = add %x, %a\n  return %r\n", "  return %x\n"},
        {"  %a = neg %x\n  %r = neg %a\n  return %r\n", "  return %x\n"},
        /* 0 + -0 is 0, inf * 0 is NaN, x - x may be NaN */
        UNCHANGED("  %a: f64 = const 0\n  %r = add %x, %a\n  return %r\n"),
        UNCHANGED("  %a: f64 = const 0\n  %r = mul %x, %a\n  return %r\n"),
        UNCHANGED("  %r = sub %x, %x\n  return %r\n"),
    };
    CHECK_RULES(rules);
}

static void relaxed_identities(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %a: f64 = const 0\n  %r = add %x, %a !relaxed\n  return %r\n", "  return %x\n"},
        {"  %a: f64 = const 0\n  %r = mul %x, %a !relaxed\n  return %r\n",
         "  %r: f64 = const 0\n  return %r\n"},
        {"  %r = sub %x, %x !relaxed\n  return %r\n", "  %r: f64 = const 0 !relaxed\n  return %r\n"},
        {"  %r = add %x, %x !relaxed\n  return %r\n",
         "  %a: f64 = const 2 !relaxed\n  %r = mul %a, %x !relaxed\n  return %r\n"},
        {"  %a = neg %y !relaxed\n  %r = add %x, %a !relaxed\n  return %r\n",
         "  %r = sub %x, %y !relaxed\n  return %r\n"},
        {"  %a = neg %x !relaxed\n  %b = mul %a, %y !relaxed\n  %r = add %y, %b !relaxed\n"
         "  return %r\n",
         "  %b = mul %x, %y !relaxed\n  %r = sub %y, %b !relaxed\n  return %r\n"},
    };
    CHECK_RULES(rules);
}

static void integers(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %one: int = const 1\n  %a = add %i, %one\n  %b = sub %a, %one\n"
         "  %r: f64 = convert %b\n  return %r\n",
         "  %r: f64 = convert %i\n  return %r\n"},
        {"  %zero: uint = const 0\n  %a = mul %u, %zero\n  %r: f64 = convert %a\n  return %r\n",
         "  %r: f64 = const 0\n  return %r\n"},
        /* the sum of the two is no int */
        UNCHANGED("  %a: int = const 2147483647\n  %b = add %i, %a\n  %d = add %b, %a\n"
                  "  %r: f64 = convert %d\n  return %r\n"),
    };
    CHECK_RULES(rules);
}

static void truth_values(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %a: int = convert %c\n  %zero: int = const 0\n  %t = ne %a, %zero\n"
         "  %r = select %t, %x, %y\n  return %r\n",
         "  %r = select %c, %x, %y\n  return %r\n"},
        {"  %a: int = convert %c\n  %two: int = const 2\n  %t = ge %a, %two\n"
         "  %r = select %t, %x, %y\n  return %r\n",
         "  return %y\n"},
        {"  %a = lnot %c\n  %b = lnot %a\n  %r = select %b, %x, %y\n  return %r\n",
         "  %r = select %c, %x, %y\n  return %r\n"},
    };
    CHECK_RULES(rules);
}

static void addresses(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %zero: int = const 0\n  %q = index %p, %zero\n  %r = load %q\n  return %r\n",
         "  %r = load %p\n  return %r\n"},
        {"  %one: int = const 1\n  %q = index %p, %i\n  %s = index %q, %one\n  %r = load %s\n"
         "  return %r\n",
         "  %one: int = const 1\n  %j = add %i, %one\n  %s = index %p, %j\n  %r = load %s\n"
         "  return %r\n"},
        /* a row, walked by j */
        {"  %three: int = const 3\n  %zero: int = const 0\n  %one: int = const 1\n"
         "  %q = index %p, %i, %three, %zero\n  %s = index %q, %one\n  %r = load %s\n  return %r\n",
         "  %three: int = const 3\n  %one: int = const 1\n"
         "  %s = index %p, %i, %three, %one\n  %r = load %s\n  return %r\n"},
        /* all rows, walked by one index: it must not become a subscript outside its row */
        UNCHANGED("  %three: int = const 3\n  %zero: int = const 0\n"
                  "  %q = index %p, %zero, %three, %zero\n  %s = index %q, %i\n  %r = load %s\n"
                  "  return %r\n"),
    };
    CHECK_RULES(rules);
}

static void common_subexpressions(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %a = mul %x, %y\n  %b = mul %y, %x\n  %r = sub %a, %b\n  return %r\n",
         "  %a = mul %x, %y\n  %r = sub %a, %a\n  return %r\n"},
        /* of two the one that a primal value depends on stays exact */
        {"  %a = mul %x, %y !relaxed\n  %b = mul %x, %y\n  %r = div %a, %b\n  return %r\n",
         "  %a = mul %x, %y\n  %r = div %a, %a\n  return %r\n"},
        /* loads: the same memory, nothing written between */
        {"  %a = load %p\n  %b = load %p\n  %r = mul %a, %b\n  return %r\n",
         "  %a = load %p\n  %r = mul %a, %a\n  return %r\n"},
        {"  store %p, %x\n  %a = load %p\n  return %a\n", "  store %p, %x\n  return %x\n"},
        UNCHANGED("  %q = index %p, %i\n  %a = load %p\n  store %q, %x\n  %b = load %p\n"
                  "  %r = mul %a, %b\n  return %r\n"),
        /* what one side computes is not there on the other */
        UNCHANGED("  %r: f64 = if %c {\n    %a = sin %x\n    yield %a\n  } {\n    %b = sin %x\n"
                  "    %d = neg %b\n    yield %d\n  }\n  return %r\n"),
    };
    CHECK_RULES(rules);
}

static void ifs(void **state)
{
    (void)state;
    static const Rule rules[] = {
        /* a constant condition */
        {"  %t: bool = const 0\n  %r: f64 = if %t {\n    yield %x\n  } {\n    %a = sin %y\n"
         "    yield %a\n  }\n  return %r\n",
         "  %a = sin %y\n  return %a\n"},
        /* the same on both sides */
        {"  %r: f64 = if %c {\n    yield %x\n  } {\n    yield %x\n  }\n  return %r\n",
         "  return %x\n"},
        /* neighbours with one condition; what stands between moves to the front */
        {"  %a: f64 = if %c {\n    %s = sin %x\n    yield %s\n  } {\n    yield %x\n  }\n"
         "  %m = mul %y, %y\n"
         "  %r: f64 = if %c {\n    %t = mul %a, %m\n    yield %t\n  } {\n    yield %a\n  }\n"
         "  return %r\n",
         "  %m = mul %y, %y\n"
         "  %r: f64 = if %c {\n    %s = sin %x\n    %t = mul %s, %m\n    yield %t\n  } {\n"
         "    yield %x\n  }\n  return %r\n"},
        /* what stands between depends on the first and is read by the second */
        UNCHANGED("  %a: f64 = if %c {\n    %s = sin %x\n    yield %s\n  } {\n    yield %x\n  }\n"
                  "  %m = mul %a, %y\n"
                  "  %r: f64 = if %c {\n    %t = cos %m\n    yield %t\n  } {\n    yield %a\n  }\n"
                  "  return %r\n"),
    };
    CHECK_RULES(rules);
}

static void accumulations(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  accumulate %p, %x\n  accumulate %p, %y\n  return %x\n",
         "  %s = add %x, %y !relaxed\n  accumulate %p, %s !relaxed\n  return %x\n"},
        {"  %zero: f64 = const 0\n  store %p, %zero\n  accumulate %p, %y\n  return %x\n",
         "  store %p, %y\n  return %x\n"},
        {"  %s: f64 = if %c {\n    yield %x\n  } {\n    %zero: f64 = const 0\n    yield %zero\n  }\n"
         "  accumulate %p, %s\n  return %x\n",
         "  if %c {\n    accumulate %p, %x\n    yield\n  } {\n    yield\n  }\n  return %x\n"},
        /* what is read between stays between */
        UNCHANGED("  accumulate %p, %x\n  %r = load %p\n  accumulate %p, %y\n  return %r\n"),
    };
    CHECK_RULES(rules);
}

static void loops(void **state)
{
    (void)state;
    static const Rule rules[] = {
        /* a carried value that never changes */
        {"  %lo: int = const 0\n  %one: int = const 1\n"
         "  %s, %t = for.lt %lo, %i, %one, %x, %y { (%k, %a, %b)\n"
         "    %n = mul %a, %b\n    yield %n, %b\n  }\n"
         "  %r = add %s, %t\n  return %r\n",
         "  %lo: int = const 0\n  %one: int = const 1\n"
         "  %s = for.lt %lo, %i, %one, %x { (%k, %a)\n    %n = mul %a, %y\n    yield %n\n  }\n"
         "  %r = add %s, %y\n  return %r\n"},
        /* two that start and go on alike */
        {"  %lo: int = const 0\n  %one: int = const 1\n"
         "  %s, %t = for.lt %lo, %i, %one, %x, %x { (%k, %a, %b)\n"
         "    %n = mul %a, %b\n    yield %n, %n\n  }\n"
         "  %r = add %s, %t\n  return %r\n",
         "  %lo: int = const 0\n  %one: int = const 1\n"
         "  %s = for.lt %lo, %i, %one, %x { (%k, %a)\n    %n = mul %a, %a\n    yield %n\n  }\n"
         "  %r = add %s, %s\n  return %r\n"},
        /* constant bounds without a round */
        {"  %lo: uint = const 1\n  %one: uint = const 1\n"
         "  %s = for.lt %lo, %lo, %one, %x { (%k, %a)\n    %n = mul %a, %y\n"
         "    store %p, %n\n    yield %n\n  }\n"
         "  return %s\n",
         "  return %x\n"},
        /* one that only feeds itself, and a loop that does nothing else */
        {"  %lo: int = const 0\n  %one: int = const 1\n"
         "  %s = for.lt %lo, %i, %one, %x { (%k, %a)\n    %n = mul %a, %y\n    yield %n\n  }\n"
         "  return %x\n",
         "  return %x\n"},
    };
    CHECK_RULES(rules);
}

static void dead_stores_into_locals(void **state)
{
    (void)state;
    static const Rule rules[] = {
        {"  %n: int = const 3\n  %a: ptr<f64> = alloca %n\n  %q = index %a, %i\n"
         "  store %q, %x\n  accumulate %q, %y\n  return %x\n",
         "  return %x\n"},
    };
    CHECK_RULES(rules);
}

/* Once, looking for what the ops between depend on took twice as long with each of them. */
static void long_chains_between_ifs(void **state)
{
    (void)state;
    Arena arena = {0};
    Text text = {0};
    text_puts(&arena, &text, "func @f(%x: f64, %c: bool) -> f64 {\n"
                             "  %a: f64 = if %c {\n    %s = sin %x\n    yield %s\n  } {\n"
                             "    yield %x\n  }\n  %y0 = mul %x, %x\n");
    for (int i = 1; i < 60; i++)
        text_printf(&arena, &text, "  %%y%d = mul %%y%d, %%y%d\n", i, i - 1, i - 1);
    text_puts(&arena, &text, "  %r: f64 = if %c {\n    %t = mul %a, %y59\n    yield %t\n  } {\n"
                             "    yield %a\n  }\n  return %r\n}\n");
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, text.items);
    simplify(function);
    unsigned ifs = 0;
    for (const Op *op = function->body->first; op; op = op->next)
        ifs += op->kind == OP_IF;
    assert_int_equal(ifs, 1);
    fixture_release(&f);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_are_folded),
        cmocka_unit_test(what_is_undefined_is_left_alone),
        cmocka_unit_test(exact_identities),
        cmocka_unit_test(relaxed_identities),
        cmocka_unit_test(integers),
        cmocka_unit_test(truth_values),
        cmocka_unit_test(addresses),
        cmocka_unit_test(common_subexpressions),
        cmocka_unit_test(ifs),
        cmocka_unit_test(accumulations),
        cmocka_unit_test(loops),
        cmocka_unit_test(dead_stores_into_locals),
        cmocka_unit_test(long_chains_between_ifs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
