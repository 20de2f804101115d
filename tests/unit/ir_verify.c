/* The verifier: what is not well formed is found, and named. */
#include "ir_fixture.h"

#include "ir/builder.h"
#include "ir/verify.h"

/* Texts that can be read, of functions that are not well formed. */
static void broken_functions_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *body, *message;
    } cases[] = {
        {"%y: f32 = sin %x return %y", "not floating"},
        {"%y: bool = lt %x, %n return", "compare types"},
        {"%y: int = and %x, %x return", "not integers"},
        {"%y: f64 = polygamma %x, %x return", "not (int, floating)"},
        {"%y: f64 = ldexp %x, %x return", "not (floating, integer)"},
        {"%y: bool = land %n, %n return", "not bool"},
        {"%y: f32 = load %p return", "load of another type"},
        {"store %p, %n return", "store of another type"},
        {"%q: ptr<f32> = index %p, %n return", "index types"},
        {"%q = index %p, %n, %n return", "index types"},
        {"%q = index %p return", "operands are missing"},
        {"%q = index %p, %x return", "an index or extent that is no integer"},
        {"%a: int = alloca return", "memory without a pointer"},
        {"zero %p, %x return", "an index or extent that is no integer"},
        {"%y = select %n, %x, %x return", "select types"},
        {"%q: ptr<f64> = field #0 %p return", "a field that does not exist"},
        {"%f: int = field #0 %s return", "field of another type"},
        {"%f: f64 = extract #7 %v return", "a field that does not exist"},
        {"%f = insert #0 %v, %n return", "insert of another type"},
        {"%c: f64 = call @g return", "a result of another type"},
        {"tape_release %p return", "not a tape"},
        {"if %n {yield} {yield} return", "a condition that is no bool"},
        {"if %b {yield} {} return", "a region without yield"},
        {"%y: f64 = if %b {yield %x} {yield %n} return", "yields another type"},
        {"%y: f64 = if %b {yield %x} {yield} return", "yields another number of values"},
        {"for.lt %n, %n {yield} return", "bounds are missing"},
        {"for.lt %n, %n, %x {(%i) yield} return", "bounds of several types"},
        {"for.lt %n, %n, %n {yield} return", "a counter of another type"},
        {"%y = for.lt %n, %n, %n, %x {(%i) yield} return", "wrong number of region arguments"},
        {"%y = while %x {(%a) yield %a} {(%a) yield %a} return", "the condition yields no bool"},
        {"return return", "a terminator in the middle"},
        {"yield", "the body does not end in return"},
        {"%y: void = undef return", "a value without type"},
        {"return %x", "a void function returns a value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        IrFixture f;
        fixture_init(&f);
        /* an op begins on a line of its own where operands come before it */
        Text body = {0};
        for (const char *at = cases[i].body; *at; at++) {
            const bool ends = strncmp(at, " return", 7) == 0 && at[7] == '\0';
            text_put(&f.arena, &body, ends ? "\n" : at, 1);
        }
        const char *text = arena_format(&f.arena,
                                        "record <struct S> {x: f64}\ndeclare @g -> int\n"
                                        "func @f(%%x: f64, %%n: int, %%b: bool, %%p: ptr<f64>, "
                                        "%%s: ptr<record<struct S>>, %%v: record<struct S>) -> void "
                                        "{\n%s\n}\n", body.items);
        if (ir_read(&f.module, "test.ir", text))
            fail_msg("accepted: %s", cases[i].body);
        if (!strstr(f.diags.list.items[0].text, cases[i].message))
            fail_msg("%s: %s, expected: %s", cases[i].body, f.diags.list.items[0].text,
                     cases[i].message);
        fixture_release(&f);
    }
}

static const char two_ops[] = "func @f(%x: f64) -> f64 {\n"
                              "  %y = sin %x\n"
                              "  %z = cos %y\n"
                              "  return %z\n"
                              "}\n";

static void assert_found(IrFixture *f, const Function *function, const char *message)
{
    const char *error = verify_function(&f->arena, function);
    assert_non_null(error);
    if (!strstr(error, message))
        fail_msg("%s, expected: %s", error, message);
    fixture_release(f);
}

static void a_use_before_its_definition_is_found(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, two_ops);
    assert_null(verify_function(&f.arena, function));
    Op *sine = function->body->first, *cosine = sine->next;
    op_detach(cosine);
    op_insert_before(cosine, sine);
    assert_found(&f, function, "is not defined here");
}

static void a_use_out_of_its_region_is_found(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, "func @f(%c: bool, %x: f64) -> f64 {\n"
                                          "  if %c {\n"
                                          "    %y = sin %x\n"
                                          "    yield\n"
                                          "  } { yield }\n"
                                          "  return %x\n"
                                          "}\n");
    Op *branch = function->body->first;
    op_set_operand(function->body->last, 0, branch->regions[0]->first->results[0]);
    assert_found(&f, function, "is not defined here");
}

static void a_broken_list_of_uses_is_found(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, two_ops);
    function->body->args.items[0]->uses = NULL;
    assert_found(&f, function, "a broken list of uses");
}

static void an_op_in_two_regions_is_found(void **state)
{
    (void)state;
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, two_ops);
    function->body->first->parent = region_new(function, NULL);
    assert_found(&f, function, "an op in two regions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_functions_are_found),
        cmocka_unit_test(a_use_before_its_definition_is_found),
        cmocka_unit_test(a_use_out_of_its_region_is_found),
        cmocka_unit_test(a_broken_list_of_uses_is_found),
        cmocka_unit_test(an_op_in_two_regions_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
