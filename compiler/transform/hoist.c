/* Loop-invariant computations move in front of their loops.
 *
 *     for ... { %c = mul %a, %b; ... }     becomes     %c = mul %a, %b; for ... { ... }
 *
 * Algorithm. Inner loops first; an op moves if it can be executed anywhere, all its operands come from
 * outside, and it costs something: constants, addresses and conversions stay where they are used.
 *
 * Divisions of a reverse sweep by what does not change in the loop become products with its reciprocal, formed once.
 *
 * And sums: an accumulation at an address that does not change in the loop, where nothing else in the loop
 * reads or overwrites that memory, becomes a carried sum that starts at zero and is added once, behind the
 * loop. Accumulations commute, so this holds under aliasing too.
 *
 * Requires: SSA. Keeps: every value. */
#include "analysis/memory.h"
#include "ir/builder.h"
#include "transform/passes.h"

static bool is_outside(const Op *loop, const Value *value)
{
    for (unsigned r = 0; r < loop->num_regions; r++)
        if (region_contains(loop->regions[r], value_region(value)))
            return false;
    return true;
}

static bool operands_outside(const Op *loop, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!is_outside(loop, op_operand(op, i)))
            return false;
    return true;
}

static bool is_worth_moving(const Op *op)
{
    if (!op_is_speculatable(op) || op_table[op->kind].cost == 0 || op->kind == OP_INDEX ||
        op->kind == OP_CONVERT || op_is_compare(op->kind))
        return false;
    return type_is_floating(op->results[0]->type);
}

/* ---- divisions ---- */

static bool is_for_derivatives(const Op *op, unsigned depth);

/* Sums, products and quotients of derivatives are all that it is used for. */
static bool is_used_for_derivatives(const Value *value, unsigned depth)
{
    for (const Use *use = value->uses; use; use = use->next) {
        const OpKind kind = use->user->kind;
        const bool is_share = kind == OP_ACCUMULATE && use == &use->user->operands[1];
        const bool is_factor = kind == OP_ADD || kind == OP_SUB || kind == OP_MUL || kind == OP_DIV || kind == OP_NEG;
        if (!is_share && !(is_factor && is_for_derivatives(use->user, depth + 1)))
            return false;
    }
    return true;
}

/* Does no primal value depend on it? It may be a primal value that the reverse sweep computes again. */
static bool is_for_derivatives(const Op *op, unsigned depth)
{
    enum { MAX_DEPTH = 8 };
    return (op->flags & OP_FLAG_ADJOINT) &&
           ((op->flags & OP_FLAG_RELAXED) || (depth < MAX_DEPTH && is_used_for_derivatives(op->results[0], depth)));
}

static bool is_division_by_invariant(const Op *loop, const Op *op)
{
    return op->kind == OP_DIV && type_is_floating(op->results[0]->type) && is_for_derivatives(op, 0) &&
           !value_is_const(op_operand(op, 1)) && is_outside(loop, op_operand(op, 1)) &&
           !is_outside(loop, op_operand(op, 0));
}

static void multiply_instead(Op *loop, Op *op)
{
    Value *divisor = op_operand(op, 1);
    Builder before = builder_before(loop);
    before.flags = op->flags | OP_FLAG_RELAXED;
    before.loc = op->loc;
    Value *reciprocal = build_binary(&before, OP_DIV, build_float(&before, divisor->type, 1), divisor);
    Builder b = builder_before(op);
    b.flags = op->flags | OP_FLAG_RELAXED;
    b.loc = op->loc;
    Value *product = build_binary(&b, OP_MUL, op_operand(op, 0), reciprocal);
    product->name = op->results[0]->name;
    value_replace_uses(op->results[0], product);
    op_erase(op);
}

static void multiply_by_reciprocals(Op *loop)
{
    for (Op *op = loop_body(loop)->first, *next; op; op = next) {
        next = op->next;
        if (is_division_by_invariant(loop, op))
            multiply_instead(loop, op);
    }
}

/* ---- sums ---- */

/* The address, made again in front of the loop; NULL if it depends on the loop. */
static bool address_is_invariant(const Op *loop, const Value *pointer)
{
    if (is_outside(loop, pointer))
        return true;
    const Op *op = pointer->op;
    return op && op->kind == OP_INDEX && operands_outside(loop, op);
}

static bool touched_otherwise(const Op *loop, const Value *pointer, const Op *except)
{
    for (unsigned r = 0; r < loop->num_regions; r++)
        for (const Op *op = loop->regions[r]->first; op; op = op->next) {
            if (op == except)
                continue;
            if (op->num_regions) {
                if (touched_otherwise(op, pointer, except))
                    return true;
            } else if (op->kind != OP_ACCUMULATE &&
                       (op_may_read(op, pointer) || op_may_write(op, pointer))) {
                return true;
            }
        }
    return false;
}

static bool surely_runs(const Op *loop)
{
    const Value *lower = op_operand(loop, 0), *upper = op_operand(loop, 1);
    if (!value_is_const(lower) || !value_is_const(upper))
        return false;
    const int64_t a = lower->op->int_value, b = upper->op->int_value;
    return op_operand(loop, 2)->op->int_value > 0 ? a < b : a > b;
}

/* Where the loop may not run, its memory must not be touched: it may not be there. */
static Builder behind(Op *loop, const Value *pointer, const Op *accumulate)
{
    Builder b = builder_before(loop->next);
    b.loc = accumulate->loc;
    b.flags = accumulate->flags;
    if (surely_runs(loop) || pointer_object(pointer).kind == OBJECT_LOCAL)
        return b;
    Value *runs = build_binary(&b, loop->compare, op_operand(loop, 0), op_operand(loop, 1));
    Op *guard = build_if(&b, runs, NULL, 0);
    for (unsigned r = 0; r < 2; r++) {
        Builder end = builder_at_end(guard->regions[r]);
        build_yield(&end, NULL, 0);
    }
    Builder inside = builder_before(guard->regions[0]->first);
    inside.loc = b.loc;
    inside.flags = b.flags;
    return inside;
}

static void gather_sum(Op *loop, Op *accumulate)
{
    Value *pointer = op_operand(accumulate, 0), *share = op_operand(accumulate, 1);
    const Object object = pointer_object(pointer);
    const char *base = object.value ? object.value->name : NULL;
    Strings *strings = loop->function->module->strings;
    const char *name = base ? intern_format(strings, "%s_sum", base) : "sum";
    Builder before = builder_before(loop);
    before.flags = OP_FLAG_RELAXED;
    op_add_operand(loop, build_zero(&before, share->type));
    Value *result = op_add_result(loop, share->type, name);
    Value *arg = NULL;
    for (unsigned r = 0; r < loop->num_regions; r++) {
        Value *added = region_add_arg(loop->regions[r], share->type, name);
        if (loop->regions[r] == loop_body(loop))
            arg = added;
    }
    Builder b = builder_before(accumulate);
    b.flags = accumulate->flags | OP_FLAG_RELAXED;
    op_add_operand(region_terminator(loop_body(loop)), build_binary(&b, OP_ADD, arg, share));
    Builder after = behind(loop, pointer, accumulate);
    if (!is_outside(loop, pointer)) {
        Op *address = pointer->op;
        Value **map = arena_new_array(loop->function->module->arena, Value *,
                                      loop->function->num_values);
        pointer = build_clone(&after, address, map)->results[0];
    }
    build_accumulate(&after, pointer, result);
    op_erase(accumulate);
}

static void gather_sums_of(Op *loop)
{
    for (Op *op = loop_body(loop)->first, *next; op; op = next) {
        next = op->next;
        if (op->kind == OP_ACCUMULATE && address_is_invariant(loop, op_operand(op, 0)) &&
            !touched_otherwise(loop, op_operand(op, 0), op))
            gather_sum(loop, op);
    }
}

static void hoist_region(Op *loop, Region *region)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        if (op->num_regions == 0 && is_worth_moving(op) && operands_outside(loop, op)) {
            op_detach(op);
            op_insert_before(op, loop);
        }
    }
}

static void hoist_loop(Op *loop)
{
    for (unsigned r = 0; r < loop->num_regions; r++)
        hoist_region(loop, loop->regions[r]);
    multiply_by_reciprocals(loop);
}

static void gather_loop(Op *loop)
{
    if (loop->kind == OP_FOR)
        gather_sums_of(loop);
}

/* Inner loops first. */
static void visit_loops(Region *region, void visit(Op *loop))
{
    for (Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            visit_loops(op->regions[r], visit);
        if (op_is_loop(op->kind))
            visit(op);
    }
}

void hoist_invariants(Function *function)
{
    visit_loops(function->body, hoist_loop);
}

void gather_sums(Function *function)
{
    visit_loops(function->body, gather_loop);
}
