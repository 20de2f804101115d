/* The data structure: placing, changing and erasing ops keeps the lists of ops and uses right; clones
 * are whole; what an op may do follows from the table. */
#include "ir_fixture.h"

#include "ir/builder.h"
#include "ir/verify.h"

static const char loop[] = "declare @pure -> f64 pure\n"
                           "declare @print -> f64\n"
                           "func @f(%n: int, %m: int, %x: f64, %p: ptr<f64>) -> f64 {\n"
                           "  %zero: f64 = const 0\n"
                           "  %s = for.lt %n, %m, %n, %zero { (%i, %a)\n"
                           "    %y = mul %x, %x\n"
                           "    %b = add %a, %y\n"
                           "    yield %b\n"
                           "  }\n"
                           "  %q = div %n, %m\n"
                           "  %h = div %x, %x\n"
                           "  %v = load %p\n"
                           "  store %p, %v\n"
                           "  %c = call @pure\n"
                           "  %d = call @print\n"
                           "  return %s\n"
                           "}\n";

static Op *nth(const Function *function, unsigned n)
{
    Op *op = function->body->first;
    for (; n > 0; n--)
        op = op->next;
    return op;
}

static void assert_well_formed(IrFixture *f, const Function *function)
{
    const char *error = verify_function(&f->arena, function);
    if (error)
        fail_msg("%s", error);
}

static unsigned count_uses(const Value *value)
{
    unsigned count = 0;
    for (const Use *use = value->uses; use; use = use->next)
        count++;
    return count;
}

static void operands_come_and_go(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, loop);
    Value *n = function->body->args.items[0], *m = function->body->args.items[1];
    Value *x = function->body->args.items[2];
    assert_int_equal(count_uses(n), 3);
    value_replace_uses(n, m);
    assert_false(value_has_uses(n));
    assert_int_equal(count_uses(m), 5);
    assert_well_formed(&f, function);
    Op *for_op = nth(function, 1);
    op_add_operand(for_op, x);
    op_add_result(for_op, x->type, "extra");
    Value *arg = region_add_arg(for_op->regions[0], x->type, "extra");
    op_add_operand(region_terminator(for_op->regions[0]), arg);
    assert_well_formed(&f, function);
    assert_int_equal(loop_num_carried(for_op), 2);
    assert_ptr_equal(loop_carried_init(for_op, 1), x);
    assert_ptr_equal(loop_carried_next(for_op, 1), arg);
    op_remove_operand(region_terminator(for_op->regions[0]), 1);
    op_remove_operand(for_op, 4);
    op_remove_result(for_op, 1);
    region_remove_arg(for_op->regions[0], 2);
    assert_well_formed(&f, function);
    fixture_release(&f);
}

static void erasing_takes_nested_uses_along(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, loop);
    Value *x = function->body->args.items[2];
    assert_int_equal(count_uses(x), 4);
    op_set_operand(region_terminator(function->body), 0, x);
    op_erase(nth(function, 1));
    assert_int_equal(count_uses(x), 3);
    assert_well_formed(&f, function);
    fixture_release(&f);
}

static void ops_may_do_what_the_table_says(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, loop);
    assert_true(op_is_removable(nth(function, 1)));
    assert_false(op_is_speculatable(nth(function, 2))); /* an integer division can trap */
    assert_true(op_is_speculatable(nth(function, 3)));
    assert_false(op_is_speculatable(nth(function, 4)));
    assert_true(op_is_removable(nth(function, 4)));
    assert_false(op_is_removable(nth(function, 5)));
    assert_true(op_is_removable(nth(function, 6)));
    assert_false(op_is_removable(nth(function, 7)));
    assert_false(op_is_removable(nth(function, 8)));
    fixture_release(&f);
}

static void places_are_found(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, loop);
    Op *for_op = nth(function, 1), *inner = for_op->regions[0]->first;
    assert_ptr_equal(op_ancestor_in(function->body, inner), for_op);
    assert_null(op_ancestor_in(for_op->regions[0], for_op));
    assert_true(region_contains(function->body, for_op->regions[0]));
    assert_false(region_contains(for_op->regions[0], function->body));
    assert_true(op_precedes(for_op, nth(function, 3)));
    assert_false(op_precedes(nth(function, 3), for_op));
    assert_ptr_equal(value_region(for_op->regions[0]->args.items[0]), for_op->regions[0]);
    assert_ptr_equal(value_region(inner->results[0]), for_op->regions[0]);
    fixture_release(&f);
}

static void a_clone_is_the_same_and_stands_alone(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, loop);
    Function *clone = function_clone(function);
    assert_well_formed(&f, clone);
    assert_ptr_equal(module_find(&f.module, "f"), function);
    Text original = {0}, copy = {0};
    op_set_operand(function->body->last, 0, function->body->args.items[2]);
    while (function->body->first != function->body->last)
        op_erase(function->body->last->prev);
    ir_print_function(&f.arena, &copy, clone);
    assert_well_formed(&f, clone);
    IrFixture again;
    fixture_init(&again);
    ir_print_function(&f.arena, &original, fixture_read(&again, loop));
    assert_string_equal(original.items, copy.items);
    fixture_release(&again);
    fixture_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_come_and_go),
        cmocka_unit_test(erasing_takes_nested_uses_along),
        cmocka_unit_test(ops_may_do_what_the_table_says),
        cmocka_unit_test(places_are_found),
        cmocka_unit_test(a_clone_is_the_same_and_stands_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
