/* Tests of passes: a function before and after, in the text form of the IR. */
#ifndef ADGEN_TESTS_PASS_FIXTURE_H
#define ADGEN_TESTS_PASS_FIXTURE_H

#include "ir_fixture.h"

#include "ir/verify.h"

static inline void forget_names(Op *op, void *context)
{
    (void)context;
    for (unsigned i = 0; i < op->num_results; i++)
        op->results[i]->name = NULL;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (size_t i = 0; i < op->regions[r]->args.count; i++)
            op->regions[r]->args.items[i]->name = NULL;
}

/* The last function of the text, with values numbered in order and without names: two functions that
 * differ in names only look the same. */
static inline const char *canonical(Arena *arena, const char *text)
{
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, text);
    region_walk(function->body, forget_names, NULL);
    Text out = {0};
    ir_print_function(arena, &out, function);
    fixture_release(&f);
    return out.items;
}

typedef void Pass(Function *function);

/* The last function of `before` becomes that of `after`. */
static inline void expect_pass(Pass *pass, const char *before, const char *after)
{
    IrFixture f;
    fixture_init(&f);
    Function *function = fixture_read(&f, before);
    pass(function);
    const char *wrong = verify_function(&f.arena, function);
    if (wrong)
        fail_msg("%s", wrong);
    Text text = {0};
    ir_print_module(&f.arena, &text, &f.module);
    assert_string_equal(canonical(&f.arena, text.items), canonical(&f.arena, after));
    fixture_release(&f);
}

/* The same, where only the body matters: `params` are those of a function that returns an f64. */
static inline void expect_body(Pass *pass, const char *params, const char *before, const char *after)
{
    Arena arena = {0};
    expect_pass(pass, arena_format(&arena, "func @f(%s) -> f64 {\n%s}\n", params, before),
                arena_format(&arena, "func @f(%s) -> f64 {\n%s}\n", params, after));
    arena_release(&arena);
}

#endif
