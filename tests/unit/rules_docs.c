/* docs/ir.md has a row for every op, and the row tells what the tables say. */
#include "ir_fixture.h"

#include <stdio.h>

#include "rules/rules.h"

static char *read_whole(Arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot read %s", path);
    Text text = {0};
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        text_put(arena, &text, part, n);
    fclose(file);
    return text.items;
}

static const char *count_text(Arena *arena, int count)
{
    return count < 0 ? "any" : arena_format(arena, "%d", count);
}

static const char *derivative_text(Arena *arena, const Rules *rules, OpKind kind)
{
    const RuleKind rule = rule_kind(rules, kind);
    if (rule != RULE_FORMULA)
        return rule == RULE_CONSTANT ? "0" : "–";
    Text text = {0};
    for (unsigned i = 0; i < 3 && rule_formula(kind, 0, i); i++)
        text_printf(arena, &text, "%s`%s`", i ? ", " : "", rule_formula(kind, 0, i));
    return text.items;
}

static void every_op_has_its_row(void **state)
{
    (void)state;
    static const char *const effects[] = {"pure", "reads", "writes", "allocates", "control"};
    const char *folder = getenv("ADGEN_SOURCE_DIR");
    if (!folder)
        skip();
    Arena arena = {0};
    const Rules *rules = rules_new(&arena);
    const char *page = read_whole(&arena, arena_format(&arena, "%s/docs/ir.md", folder));
    unsigned missing = 0;
    for (unsigned kind = 0; kind < OP_COUNT; kind++) {
        const OpInfo *op = &op_table[kind];
        const char *row = arena_format(
            &arena, "| `%s` | %s | %s | %s | %d | %s |", op->text,
            count_text(&arena, op->num_operands), count_text(&arena, op->num_results),
            effects[op->effect], op->cost, derivative_text(&arena, rules, (OpKind)kind));
        if (strstr(page, row))
            continue;
        print_error("docs/ir.md needs the row\n%s meaning |\n", row);
        missing++;
    }
    arena_release(&arena);
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_op_has_its_row)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
