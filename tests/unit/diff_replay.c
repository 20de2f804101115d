/* Strategies: which loop over data is fused, replayed or stored. */
#include "ir_fixture.h"

#include "diff/strategy.h"

typedef struct Case {
    const char *body;   /* %v: x[i]; %a: the carried value; yields %b */
    const char *behind; /* of %s, the last one; returns */
    bool of_data;       /* derivatives with respect to x, else to w */
    DiffOptions options;
} Case;

static Op *first_loop(Function *function)
{
    for (Op *op = function->body->first; op; op = op->next)
        if (op_is_loop(op->kind))
            return op;
    return NULL;
}

static Strategy chosen(Case test)
{
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(
        &f, arena_format(&f.arena,
                         "func @f(%%n: int, %%w: f64, %%x: ptr<f64> rank 1) -> f64 {\n"
                         "  shape %%x, %%n\n  %%lo: int = const 0\n  %%one: int = const 1\n  %%zero: f64 = const 0\n"
                         "  %%s = for.lt %%lo, %%n, %%one, %%zero { (%%i, %%a)\n"
                         "    %%p = index %%x, %%i\n    %%v = load %%p\n%s    yield %%b\n  }\n%s}\n",
                         test.body, test.behind));
    count_trips(function);
    const bool independent[3] = {false, !test.of_data, test.of_data}, dependent[3] = {false};
    Reversal reversal = {.arena = &f.arena,
                         .primal = function,
                         .rules = rules_new(&f.arena),
                         .options = &test.options,
                         .seeded = dependent};
    const ActivitySeeds seeds = {independent, dependent, independent, true, false};
    reversal.activity = activity_compute(&f.arena, function, reversal.rules, &seeds);
    reversal.reloads = reloads_compute(&f.arena, function, false);
    strategies_choose(&reversal);
    const Strategy strategy = strategy_of(&reversal, first_loop(function));
    fixture_release(&f);
    return strategy;
}

static const char loss[] = "    %z = mul %v, %w\n    %e = exp %z\n    %l = log1p %e\n    %b = add %a, %l\n";
static const char sum[] = "  return %s\n", root[] = "  %r = sqrt %s\n  return %r\n";

static void known_before_it_is_fused(void **state)
{
    (void)state;
    assert_int_equal(chosen((Case){loss, sum, false, {0}}), STRATEGY_FUSE);
    assert_int_equal(chosen((Case){loss, sum, true, {0}}), STRATEGY_FUSE);
}

static void memory_does_not_grow_with_data_alone(void **state)
{
    (void)state;
    assert_int_equal(chosen((Case){loss, root, false, {0}}), STRATEGY_REPLAY);
}

/* An adjoint for each iteration is there anyway, and an exponential costs more than a number that is kept. */
static void one_number_for_each_unknown_is_kept(void **state)
{
    (void)state;
    assert_int_equal(chosen((Case){loss, root, true, {0}}), STRATEGY_STORE);
}

static void what_is_cheaper_again_is_replayed(void **state)
{
    (void)state;
    static const char branches[] = "    %c = lt %v, %zero\n    %d = mul %v, %v\n"
                                   "    %m: f64 = if %c { yield %d } { yield %v }\n"
                                   "    %k: f64 = if %c { yield %v } { yield %d }\n"
                                   "    %l = mul %m, %k\n    %b = add %a, %l\n";
    assert_int_equal(chosen((Case){branches, root, true, {0}}), STRATEGY_REPLAY);
}

static void nothing_kept_is_stored(void **state)
{
    (void)state;
    static const char square[] = "    %l = mul %v, %v\n    %b = add %a, %l\n";
    assert_int_equal(chosen((Case){square, root, true, {0}}), STRATEGY_STORE);
}

static void iterations_that_depend_on_each_other_are_stored(void **state)
{
    (void)state;
    static const char state_of_before[] = "    %z = mul %a, %w\n    %e = exp %z\n    %b = add %e, %v\n";
    assert_int_equal(chosen((Case){state_of_before, root, false, {0}}), STRATEGY_STORE);
    assert_int_equal(chosen((Case){state_of_before, root, false, {.always_replay = true}}), STRATEGY_STORE);
}

static void data_that_are_overwritten_are_stored(void **state)
{
    (void)state;
    static const char clears[] = "  store %x, %w\n  %r = sqrt %s\n  return %r\n";
    assert_int_equal(chosen((Case){loss, clears, false, {0}}), STRATEGY_STORE);
}

static void options(void **state)
{
    (void)state;
    assert_int_equal(chosen((Case){loss, root, true, {.always_replay = true}}), STRATEGY_REPLAY);
    assert_int_equal(chosen((Case){loss, sum, false, {.no_fuse = true}}), STRATEGY_REPLAY);
    assert_int_equal(chosen((Case){loss, root, false, {.no_replay = true}}), STRATEGY_STORE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_before_it_is_fused),
        cmocka_unit_test(memory_does_not_grow_with_data_alone),
        cmocka_unit_test(one_number_for_each_unknown_is_kept),
        cmocka_unit_test(what_is_cheaper_again_is_replayed),
        cmocka_unit_test(nothing_kept_is_stored),
        cmocka_unit_test(iterations_that_depend_on_each_other_are_stored),
        cmocka_unit_test(data_that_are_overwritten_are_stored),
        cmocka_unit_test(options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
