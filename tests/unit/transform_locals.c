/* Small arrays become values; calls become the bodies that they run. */
#include "pass_fixture.h"

#include "transform/passes.h"

static void elements_at_constant_places(void **state)
{
    (void)state;
    expect_body(scalar_replacement, "%x: f64",
                "  %two: int = const 2\n  %zero: int = const 0\n  %one: int = const 1\n"
                "  %a: ptr<f64> = alloca %two\n  zero %a, %two\n"
                "  %p = index %a, %one\n  store %p, %x\n  accumulate %p, %x\n"
                "  %u = load %p\n  %v = load %a\n  %r = mul %u, %v\n  return %r\n",
                "  %two: int = const 2\n  %zero: int = const 0\n  %one: int = const 1\n"
                "  %z0: f64 = const 0\n  %z1: f64 = const 0\n"
                "  %s = add %x, %x !relaxed\n  %r = mul %s, %z0\n  return %r\n");
}

static void a_variable_index_keeps_the_array(void **state)
{
    (void)state;
    static const char text[] = "  %two: int = const 2\n  %a: ptr<f64> = alloca %two\n"
                               "  store %a, %x\n  %p = index %a, %i\n  %r = load %p\n  return %r\n";
    expect_body(scalar_replacement, "%x: f64, %i: int", text, text);
}

static void a_large_array_stays(void **state)
{
    (void)state;
    static const char text[] = "  %n: int = const 33\n  %a: ptr<f64> = alloca %n\n"
                               "  store %a, %x\n  %r = load %a\n  return %r\n";
    expect_body(scalar_replacement, "%x: f64", text, text);
}

/* ---- calls ---- */

static void inline_all(Function *function)
{
    inline_calls(function);
}

static void bodies_take_the_place_of_calls(void **state)
{
    (void)state;
    expect_pass(inline_all,
                "func @twice(%a: f64) -> f64 {\n  %r = add %a, %a\n  return %r\n}\n"
                "func @g(%p: ptr<f64>) -> void {\n  %n: int = const 3\n  shape %p, %n\n"
                "  %v = load %p\n  %w: f64 = call @twice %v\n  store %p, %w\n  return\n}\n"
                "func @f(%p: ptr<f64>, %x: f64) -> f64 {\n  call @g %p\n  %r: f64 = call @twice %x\n"
                "  return %r\n}\n",
                "func @f(%p: ptr<f64>, %x: f64) -> f64 {\n  %n: int = const 3\n  %v = load %p\n"
                "  %w = add %v, %v\n  store %p, %w\n  %r = add %x, %x\n  return %r\n}\n");
}

static void recursive_calls_stay(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(
        &f, "func @odd(%a: f64) -> f64 {\n  %r: f64 = call @even %a\n  return %r\n}\n"
            "func @even(%a: f64) -> f64 {\n  %r: f64 = call @odd %a\n  return %r\n}\n");
    inline_calls(function);
    const Function *root = function;
    const Op *call = root->body->first;
    assert_true(root->is_recursive); /* with the other one inside */
    assert_int_equal(call->kind, OP_CALL);
    assert_ptr_equal(call->callee, root);
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_at_constant_places),
        cmocka_unit_test(a_variable_index_keeps_the_array),
        cmocka_unit_test(a_large_array_stays),
        cmocka_unit_test(bodies_take_the_place_of_calls),
        cmocka_unit_test(recursive_calls_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
