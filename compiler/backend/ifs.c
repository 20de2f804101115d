/* if: its results are variables, declared in front, that each branch gives a value. */
#include "backend/statements.h"

static void yield_results(Printer *p, const Op *op, unsigned which)
{
    const Op *yield = region_terminator(op->regions[which]);
    const unsigned n = op->num_results;
    Variable **variables = arena_new_array(p->arena, Variable *, n);
    Value **values = arena_new_array(p->arena, Value *, n);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++) {
        if (is_undefined(p, op_operand(yield, i)))
            continue;
        variables[count] = p->placement->variables[op->results[i]->id];
        values[count++] = op_operand(yield, i);
    }
    assign_values(p, variables, values, count);
}

bool only_yields(const Printer *p, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        if (op->kind != OP_YIELD && !is_folded(p, op))
            return false;
    return true;
}

static bool is_available_outside(const Printer *p, const Op *op, const Value *value)
{
    if (!p->placement->folded[value->id])
        return !region_contains(op->regions[0], value_region(value)) &&
               !region_contains(op->regions[1], value_region(value)) &&
               !op_is_loop(value->op ? value->op->kind : OP_COUNT);
    return value_is_const(value);
}

/* Is it undefined, or chosen by an if one side of which is? */
static bool may_be_undefined(const Printer *p, const Value *value, unsigned depth)
{
    enum { MAX_DEPTH = 8 };
    const Op *op = value->op;
    if (is_undefined(p, value))
        return true;
    if (!op || op->kind != OP_IF || depth == MAX_DEPTH)
        return false;
    for (unsigned r = 0; r < 2; r++)
        if (may_be_undefined(p, op_operand(region_terminator(op->regions[r]), value->index), depth + 1))
            return true;
    return false;
}

/* Declares the results in front; `ready[i]` if the else side's value was put in already. */
static void declare_results(Printer *p, const Op *op, bool *ready)
{
    const Op *yield = region_terminator(op->regions[1]);
    const bool bare = only_yields(p, op->regions[1]);
    for (unsigned i = 0; i < op->num_results; i++) {
        Variable *variable = p->placement->variables[op->results[i]->id];
        const Value *other = op_operand(yield, i);
        if (variable->is_declared) {
            ready[i] = bare && is_in_place(p, variable, other);
            continue;
        }
        ready[i] = is_undefined(p, other) || (bare && is_available_outside(p, op, other));
        if (ready[i])
            assign_variable(p, variable, other);
        else if (may_be_undefined(p, other, 0) || may_be_undefined(p, op_operand(region_terminator(op->regions[0]), i), 0))
            print_line(p, "%s = %s;", print_declaration(p, variable), zero_text(other->type));
        else
            print_line(p, "%s;", print_declaration(p, variable));
    }
}

static void print_branch(Printer *p, const Op *op, unsigned which)
{
    size_t scope;
    open_block(p, &scope);
    print_region(p, op->regions[which]);
    yield_results(p, op, which);
    close_block(p, scope);
}

static bool side_is_empty(const Printer *p, const Op *op, unsigned which, const bool *ready)
{
    if (!only_yields(p, op->regions[which]))
        return false;
    const Op *yield = region_terminator(op->regions[which]);
    for (unsigned i = 0; i < op->num_results; i++) {
        const Variable *variable = p->placement->variables[op->results[i]->id];
        const bool nothing = is_undefined(p, op_operand(yield, i)) ||
                             is_in_place(p, variable, op_operand(yield, i)) ||
                             (which == 1 && ready[i]);
        if (!nothing)
            return false;
    }
    return true;
}

const char *print_negation(Printer *p, const Value *condition)
{
    const char *text = print_value(p, condition, PREC_UNARY);
    return text[0] == '!' ? text + 1 : arena_format(p->arena, "!%s", text);
}

void print_if(Printer *p, const Op *op)
{
    bool *ready = arena_new_array(p->arena, bool, op->num_results);
    const Value *condition = op_operand(op, 0);
    /* read before the results are declared: they may take its name's place */
    const char *test = print_value(p, condition, PREC_COMMA);
    const char *negation = print_negation(p, condition);
    declare_results(p, op, ready);
    const bool no_then = side_is_empty(p, op, 0, ready), no_else = side_is_empty(p, op, 1, ready);
    if (no_then && no_else)
        return;
    print_line(p, "if (%s) {", no_then ? negation : test);
    const size_t start = p->out->count;
    print_branch(p, op, no_then ? 1 : 0);
    if (no_then || no_else) {
        close_brace(p, start);
        return;
    }
    print_line(p, "} else {");
    print_branch(p, op, 1);
    print_line(p, "}");
}
