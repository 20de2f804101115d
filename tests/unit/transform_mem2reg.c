/* Local variables become values: through ifs, loops, and what is not initialised. */
#include "pass_fixture.h"

#include "transform/dead_code.h"
#include "transform/passes.h"

static void promote(Function *function)
{
    mem2reg(function);
    remove_dead_code(function);
}

static void straight_line(void **state)
{
    (void)state;
    expect_body(promote, "%x: f64",
                "  %a: ptr<f64> = alloca\n"
                "  store %a, %x\n"
                "  %v = load %a\n"
                "  %w = mul %v, %v\n"
                "  store %a, %w\n"
                "  %r = load %a\n"
                "  return %r\n",
                "  %w = mul %x, %x\n"
                "  return %w\n");
}

static void an_if_assigns(void **state)
{
    (void)state;
    expect_body(promote, "%x: f64, %c: bool",
                "  %a: ptr<f64> = alloca\n"
                "  store %a, %x\n"
                "  if %c {\n"
                "    %w = mul %x, %x\n"
                "    store %a, %w\n"
                "    yield\n"
                "  } {\n"
                "    yield\n"
                "  }\n"
                "  %r = load %a\n"
                "  return %r\n",
                "  %r: f64 = if %c {\n"
                "    %w = mul %x, %x\n"
                "    yield %w\n"
                "  } {\n"
                "    yield %x\n"
                "  }\n"
                "  return %r\n");
}

/* Once, such an if left the variable as it was before. */
static void both_sides_assign_the_same(void **state)
{
    (void)state;
    expect_body(promote, "%x: f64, %y: f64, %c: bool",
                "  %a: ptr<f64> = alloca\n"
                "  store %a, %x\n"
                "  if %c {\n"
                "    store %a, %y\n"
                "    yield\n"
                "  } {\n"
                "    store %a, %y\n"
                "    yield\n"
                "  }\n"
                "  %r = load %a\n"
                "  return %r\n",
                "  return %y\n");
}

static void a_loop_carries_what_it_assigns(void **state)
{
    (void)state;
    expect_body(promote, "%x: f64, %n: int",
                "  %lo: int = const 0\n"
                "  %one: int = const 1\n"
                "  %a: ptr<f64> = alloca\n"
                "  %b: ptr<f64> = alloca\n"
                "  store %a, %x\n"
                "  store %b, %x\n"
                "  for.lt %lo, %n, %one { (%i)\n"
                "    %v = load %a\n"
                "    %u = load %b\n"
                "    %w = mul %v, %u\n"
                "    store %a, %w\n"
                "    yield\n"
                "  }\n"
                "  %r = load %a\n"
                "  return %r\n",
                "  %lo: int = const 0\n"
                "  %one: int = const 1\n"
                "  %r = for.lt %lo, %n, %one, %x { (%i, %v)\n"
                "    %w = mul %v, %x\n"
                "    yield %w\n"
                "  }\n"
                "  return %r\n");
}

static void a_while_tests_a_variable(void **state)
{
    (void)state;
    expect_body(promote, "%x: f64, %end: f64",
                "  %a: ptr<f64> = alloca\n"
                "  store %a, %x\n"
                "  while {\n"
                "    %v = load %a\n"
                "    %go = lt %v, %end\n"
                "    yield %go\n"
                "  } {\n"
                "    %u = load %a\n"
                "    %w = add %u, %u\n"
                "    store %a, %w\n"
                "    yield\n"
                "  }\n"
                "  %r = load %a\n"
                "  return %r\n",
                "  %r = while %x { (%v)\n"
                "    %go = lt %v, %end\n"
                "    yield %go\n"
                "  } { (%u)\n"
                "    %w = add %u, %u\n"
                "    yield %w\n"
                "  }\n"
                "  return %r\n");
}

static void what_is_not_initialised_is_undef(void **state)
{
    (void)state;
    expect_body(promote, "%x: f64, %c: bool",
                "  %a: ptr<f64> = alloca\n"
                "  if %c {\n"
                "    store %a, %x\n"
                "    yield\n"
                "  } {\n"
                "    yield\n"
                "  }\n"
                "  %r = load %a\n"
                "  return %r\n",
                "  %r: f64 = if %c {\n"
                "    yield %x\n"
                "  } {\n"
                "    %u: f64 = undef\n"
                "    yield %u\n"
                "  }\n"
                "  return %r\n");
}

/* In each iteration it is a new variable: nothing is carried. */
static void a_variable_of_the_body(void **state)
{
    (void)state;
    expect_body(promote, "%x: f64, %n: int, %p: ptr<f64>",
                "  %lo: int = const 0\n"
                "  %one: int = const 1\n"
                "  for.lt %lo, %n, %one { (%i)\n"
                "    %a: ptr<f64> = alloca\n"
                "    store %a, %x\n"
                "    %v = load %a\n"
                "    store %p, %v\n"
                "    yield\n"
                "  }\n"
                "  return %x\n",
                "  %lo: int = const 0\n"
                "  %one: int = const 1\n"
                "  for.lt %lo, %n, %one { (%i)\n"
                "    store %p, %x\n"
                "    yield\n"
                "  }\n"
                "  return %x\n");
}

static void an_address_that_escapes_stays(void **state)
{
    (void)state;
    static const char text[] = "declare @g -> void\n"
                               "func @f(%x: f64) -> f64 {\n"
                               "  %a: ptr<f64> = alloca\n"
                               "  store %a, %x\n"
                               "  call @g %a\n"
                               "  %r = load %a\n"
                               "  return %r\n"
                               "}\n";
    expect_pass(promote, text, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_line),
        cmocka_unit_test(an_if_assigns),
        cmocka_unit_test(both_sides_assign_the_same),
        cmocka_unit_test(a_loop_carries_what_it_assigns),
        cmocka_unit_test(a_while_tests_a_variable),
        cmocka_unit_test(what_is_not_initialised_is_undef),
        cmocka_unit_test(a_variable_of_the_body),
        cmocka_unit_test(an_address_that_escapes_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
