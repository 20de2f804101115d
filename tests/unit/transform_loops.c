/* Loops: which `while`s count, and what moves in front of a loop or behind it. */
#include "pass_fixture.h"

#include "transform/passes.h"

static void raise(Function *function)
{
    raise_loops(function, RAISE_ALL);
    simplify(function);
}

static void upward(void **state)
{
    (void)state;
    expect_body(raise, "%x: f64, %n: int",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %k, %s = while %lo, %x { (%i, %a)\n    %go = lt %i, %n\n    yield %go\n"
                "  } { (%i, %a)\n    %b = mul %a, %a\n    %j = add %i, %one\n    yield %j, %b\n  }\n"
                "  return %s\n",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %s = for.lt %lo, %n, %one, %x { (%i, %a)\n    %b = mul %a, %a\n    yield %b\n  }\n"
                "  return %s\n");
}

/* The counter behind the loop is its bound, or where it began if there was no round. */
static void the_counter_is_read_behind(void **state)
{
    (void)state;
    expect_body(raise, "%x: f64, %n: int, %p: ptr<f64>",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %k = while %lo { (%i)\n    %go = le %i, %n\n    yield %go\n"
                "  } { (%i)\n    store %p, %x\n    %j = add %i, %one\n    yield %j\n  }\n"
                "  %r: f64 = convert %k\n  return %r\n",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  for.le %lo, %n, %one { (%i)\n    store %p, %x\n    yield\n  }\n"
                "  %e = add %n, %one\n  %ran = ge %n, %lo\n  %k = select %ran, %e, %lo\n"
                "  %r: f64 = convert %k\n  return %r\n");
}

/* An unsigned counter may wrap around: i <= n need not end, and steps of two may jump over the bound. */
static void unsigned_counters(void **state)
{
    (void)state;
    static const char *const conditions[] = {"le %i, %n", "ne %i, %n", "ge %i, %n"};
    for (size_t c = 0; c < 3; c++) {
        Arena arena = {0};
        const char *text = arena_format(
            &arena, "  %%two: uint = const 2\n"
                    "  %%k, %%s = while %%m, %%x { (%%i, %%a)\n    %%go = %s\n    yield %%go\n"
                    "  } { (%%i, %%a)\n    %%b = mul %%a, %%a\n    %%j = add %%i, %%two\n"
                    "    yield %%j, %%b\n  }\n"
                    "  return %%s\n", conditions[c]);
        expect_body(raise, "%x: f64, %m: uint, %n: uint", text, text);
        arena_release(&arena);
    }
}

static void not_equal(void **state)
{
    (void)state;
    expect_body(raise, "%x: f64, %n: int",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %k, %s = while %lo, %x { (%i, %a)\n    %go = ne %i, %n\n    yield %go\n"
                "  } { (%i, %a)\n    %b = mul %a, %a\n    %j = add %i, %one\n    yield %j, %b\n  }\n"
                "  return %s\n",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %s = for.lt %lo, %n, %one, %x { (%i, %a)\n    %b = mul %a, %a\n    yield %b\n  }\n"
                "  return %s\n");
}

/* A bound in memory that the loop does not write is read once; one that it may write is not. */
static void bounds_in_memory(void **state)
{
    (void)state;
    expect_body(raise, "%x: f64, %p: ptr<f64>, %n: ptr<int>",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %k = while %lo { (%i)\n    %m = load %n\n    %go = lt %i, %m\n    yield %go\n"
                "  } { (%i)\n    %q = index %p, %i\n    store %q, %x\n    %j = add %i, %one\n"
                "    yield %j\n  }\n"
                "  return %x\n",
                "  %lo: int = const 0\n  %one: int = const 1\n  %m = load %n\n"
                "  for.lt %lo, %m, %one { (%i)\n    %q = index %p, %i\n    store %q, %x\n    yield\n  }\n"
                "  return %x\n");
    static const char written[] =
        "  %lo: int = const 0\n  %one: int = const 1\n"
        "  %k = while %lo { (%i)\n    %m = load %n\n    %go = lt %i, %m\n    yield %go\n"
        "  } { (%i)\n    %q = index %n, %i\n    store %q, %one\n    %j = add %i, %one\n"
        "    yield %j\n  }\n"
        "  return %x\n";
    expect_body(raise, "%x: f64, %n: ptr<int>", written, written);
}

static void walking_pointers(void **state)
{
    (void)state;
    expect_body(raise, "%x: f64, %p: ptr<f64>, %n: int",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %k, %s, %e = while %lo, %x, %p { (%i, %a, %q)\n    %go = lt %i, %n\n    yield %go\n"
                "  } { (%i, %a, %q)\n    %v = load %q\n    %b = mul %a, %v\n"
                "    %t = index %q, %one\n    %j = add %i, %one\n    yield %j, %b, %t\n  }\n"
                "  return %s\n",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %s = for.lt %lo, %n, %one, %x { (%i, %a)\n    %q = index %p, %i\n"
                "    %v = load %q\n    %b = mul %a, %v\n    yield %b\n  }\n"
                "  return %s\n");
}

/* while (n-- > 0) */
static void conditions_with_effects(void **state)
{
    (void)state;
    expect_body(raise, "%x: f64, %n: int",
                "  %t: bool = const 1\n  %zero: int = const 0\n  %one: int = const 1\n"
                "  %f: bool = const 0\n"
                "  %g, %k, %s = while %t, %n, %x { (%go, %i, %a)\n    yield %go\n"
                "  } { (%go, %i, %a)\n"
                "    %c = gt %i, %zero\n    %j = sub %i, %one\n"
                "    %b: f64, %h: bool = if %c {\n      %m = mul %a, %a\n      yield %m, %go\n"
                "    } {\n      yield %a, %f\n    }\n"
                "    yield %h, %j, %b\n  }\n"
                "  %r: f64 = convert %k\n  %sum = add %r, %s\n  return %sum\n",
                "  %zero: int = const 0\n  %one: int = const 1\n  %down: int = const -1\n"
                "  %s = for.gt %n, %zero, %down, %x { (%i, %a)\n    %m = mul %a, %a\n    yield %m\n  }\n"
                "  %ran = gt %n, %zero\n  %e = select %ran, %zero, %n\n  %k = sub %e, %one\n"
                "  %r: f64 = convert %k\n  %sum = add %r, %s\n  return %sum\n");
}

/* do ... while (++i < n): once at least. */
static void do_loops(void **state)
{
    (void)state;
    expect_body(raise, "%x: f64, %n: int",
                "  %t: bool = const 1\n  %lo: int = const 0\n  %one: int = const 1\n"
                "  %g, %k, %s = while %t, %lo, %x { (%go, %i, %a)\n    yield %go\n"
                "  } { (%go, %i, %a)\n    %m = mul %a, %a\n    %j = add %i, %one\n"
                "    %c = lt %j, %n\n    yield %c, %j, %m\n  }\n"
                "  return %s\n",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %c = gt %n, %lo\n  %m = select %c, %n, %one\n"
                "  %s = for.lt %lo, %m, %one, %x { (%i, %a)\n    %b = mul %a, %a\n    yield %b\n  }\n"
                "  return %s\n");
}

/* ---- hoisting ---- */

static void invariants_leave(void **state)
{
    (void)state;
    expect_body(hoist_invariants, "%x: f64, %y: f64, %n: int",
                "  %lo: int = const 0\n  %one: int = const 1\n"
                "  %s = for.lt %lo, %n, %one, %x { (%i, %a)\n    %e = mul %x, %y\n    %f = sin %e\n"
                "    %b = mul %a, %f\n    yield %b\n  }\n"
                "  return %s\n",
                "  %lo: int = const 0\n  %one: int = const 1\n  %e = mul %x, %y\n  %f = sin %e\n"
                "  %s = for.lt %lo, %n, %one, %x { (%i, %a)\n    %b = mul %a, %f\n    yield %b\n  }\n"
                "  return %s\n");
}

/* An accumulation at one address becomes a sum, added once if there was a round. */
static void sums_in_registers(void **state)
{
    (void)state;
    expect_body(gather_sums, "%x: ptr<f64>, %p: ptr<f64>, %n: int",
                "  %lo: int = const 0\n  %one: int = const 1\n  %r: f64 = const 1\n"
                "  for.lt %lo, %n, %one { (%i)\n    %v: f64 = convert %i\n"
                "    accumulate %p, %v !relaxed\n    yield\n  }\n"
                "  return %r\n",
                "  %lo: int = const 0\n  %one: int = const 1\n  %r: f64 = const 1\n"
                "  %z: f64 = const 0 !relaxed\n"
                "  %s = for.lt %lo, %n, %one, %z { (%i, %a)\n    %v: f64 = convert %i\n"
                "    %b = add %a, %v !relaxed\n    yield %b\n  }\n"
                "  %ran = lt %lo, %n !relaxed\n"
                "  if %ran !relaxed {\n    accumulate %p, %s !relaxed\n    yield\n  } {\n    yield\n  }\n"
                "  return %r\n");
}

/* The loop reads what may be the same memory. */
static void sums_that_are_read_stay(void **state)
{
    (void)state;
    static const char text[] =
        "  %lo: int = const 0\n  %one: int = const 1\n  %r: f64 = const 1\n"
        "  for.lt %lo, %n, %one { (%i)\n    %q = index %x, %i\n    %v = load %q\n"
        "    accumulate %p, %v !relaxed\n    yield\n  }\n"
        "  return %r\n";
    expect_body(gather_sums, "%x: ptr<f64>, %p: ptr<f64>, %n: int", text, text);
}

/* ---- reverse loops that run forward ---- */

/* Row i is added to where row j is read; does the loop over i begin behind row j? */
static void expect_direction(const char *first, bool forward)
{
    Arena arena = {0};
    const char *text = "  %%one: int = const 1\n  %%zero: f64 = const 0\n"
                       "  for.lt %%m, %%n, %%one { (%%j: int)\n    %%next = add %%j, %%one\n"
                       "    for.lt %s, %%n, %%one %s!adjoint { (%%i: int)\n"
                       "      %%p = index %%a, %%i, %%n, %%m\n      %%v = load %%p\n      store %%p, %%zero\n"
                       "      %%q = index %%a, %%j, %%n, %%j\n      accumulate %%q, %%v !adjoint\n      yield\n    }\n    yield\n  }\n"
                       "  return %%zero\n";
    expect_body(run_forward, "%a: ptr<f64>, %m: int, %n: int", arena_format(&arena, text, first, "!reversed "),
                arena_format(&arena, text, first, forward ? "" : "!reversed "));
    arena_release(&arena);
}

static void rows_below_row_j(void **state)
{
    (void)state;
    expect_direction("%next", true);
    expect_direction("%j", false);
    expect_direction("%m", false);
}

/* ---- loops that change places ---- */

#define TURN_START "  %lo: int = const 0\n  %one: int = const 1\n  %zero: f64 = const 0\n"
#define TURN_LOOP(counter, upper) "for.lt %lo, " upper ", %one !adjoint { (" counter ")\n"
#define TURN_END "    yield !adjoint\n  }\n"

static void turn(Function *function)
{
    interchange_loops(function);
    simplify(function);
}

static void turn_only(Function *function)
{
    assert_false(interchange_loops(function));
}

static void strides_change_places(void **state)
{
    (void)state;
    expect_body(turn, "%g: ptr<f64> restrict, %b: ptr<f64> restrict, %n: int",
                TURN_START TURN_LOOP("%j: int", "%n")
                "    %q = index %g, %j\n    %r = load %q\n    store %q, %zero\n"
                TURN_LOOP("%k: int", "%n") "      %p = index %b, %k, %n, %j\n      accumulate %p, %r !adjoint\n" TURN_END TURN_END
                "  return %zero\n",
                TURN_START TURN_LOOP("%k: int", "%n") TURN_LOOP("%j: int", "%n")
                "      %q = index %g, %j\n      %r = load %q\n      %p = index %b, %k, %n, %j\n      accumulate %p, %r !adjoint\n"
                TURN_END TURN_END
                TURN_LOOP("%j: int", "%n") "    %q = index %g, %j\n    store %q, %zero\n" TURN_END
                "  return %zero\n");
}

/* What the outer loop does before the inner one, the inner loop's bound, what it does inside, what the outer one does behind it. */
typedef struct Stays {
    const char *why, *before, *bound, *inside, *behind;
} Stays;

static void strides_that_stay(void **state)
{
    (void)state;
    static const Stays cases[] = {
        {"one row after the other already", "", "%n", "%p = index %b, %j, %n, %k\n accumulate %p, %r !adjoint\n", ""},
        {"a triangle", "", "%j", "%p = index %b, %k, %n, %j\n accumulate %p, %r !adjoint\n", ""},
        {"it reads what it adds to", "", "%n",
         "%p = index %b, %k, %n, %j\n %v = load %p\n accumulate %p, %v !adjoint\n", ""},
        {"it stores", "", "%n", "%p = index %b, %k, %n, %j\n store %p, %r\n", ""},
        {"the next iteration needs what this one leaves", "", "%n", "%p = index %b, %k, %n, %j\n accumulate %p, %r !adjoint\n",
         "%i = add %j, %one\n %s = index %g, %i\n accumulate %s, %r !adjoint\n"},
        {"what it reads is complete just before", "accumulate %q, %x !adjoint\n", "%n",
         "%p = index %b, %k, %n, %j\n %v = load %q\n accumulate %p, %v !adjoint\n", ""},
        {"what it adds to is read behind it", "", "%n", "%p = index %b, %k, %n, %j\n accumulate %p, %r !adjoint\n",
         "%s = index %b, %j\n %v = load %s\n store %q, %v\n"},
        {"may be the same memory", "", "%n", "%p = index %c, %k, %n, %j\n accumulate %p, %r !adjoint\n", "store %d, %x\n"},
        {"something unknown is called", "", "%n", "%p = index %b, %k, %n, %j\n accumulate %p, %r !adjoint\n", "call @other %b\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = {0};
        const Stays *c = &cases[i];
        const char *text = arena_format(
            &arena,
            "declare @other -> void\n"
            "func @f(%%g: ptr<f64> restrict, %%b: ptr<f64> restrict, %%c: ptr<f64>, %%d: ptr<f64>, %%x: f64, %%n: int) -> f64 {\n"
            "  %%lo: int = const 0\n  %%one: int = const 1\n  %%zero: f64 = const 0\n" "for.lt %%lo, %%n, %%one !adjoint { (%%j: int)\n %%q = index %%g, %%j\n %%r = load %%q\n %s"
            "for.lt %%lo, %s, %%one !adjoint { (%%k: int)\n %s yield !adjoint\n }\n %s yield !adjoint\n }\n return %%zero\n}\n",
            c->before, c->bound, c->inside, c->behind);
        print_message("%s\n", c->why);
        expect_pass(turn_only, text, text);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upward),
        cmocka_unit_test(the_counter_is_read_behind),
        cmocka_unit_test(unsigned_counters),
        cmocka_unit_test(not_equal),
        cmocka_unit_test(bounds_in_memory),
        cmocka_unit_test(walking_pointers),
        cmocka_unit_test(conditions_with_effects),
        cmocka_unit_test(do_loops),
        cmocka_unit_test(invariants_leave),
        cmocka_unit_test(sums_in_registers),
        cmocka_unit_test(sums_that_are_read_stay),
        cmocka_unit_test(rows_below_row_j),
        cmocka_unit_test(strides_change_places),
        cmocka_unit_test(strides_that_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
