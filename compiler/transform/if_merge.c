/* Neighbouring ifs with one condition become one.
 *
 *     if (c) { y = f(x); } else { y = x; }        if (c) { y = f(x); x_bar += g(x); }
 *     if (c) { x_bar += g(x); }            ->     else { y = x; }
 *
 * The forward and the reverse of an if stand side by side where nothing runs between them; merged, the
 * reverse reads the forward's values directly. And an accumulation of an if's result, right behind it,
 * moves into the branches: *p += c ? a : 0 becomes if (c) *p += a.
 *
 * Algorithm. For each if, look back to the if before it over ops that are pure. Those the second needs and
 * that do not depend on the first's results move in front of the first; if there are others, nothing is
 * done. */
#include "analysis/memory.h"
#include "transform/simplify_internal.h"

/* The if before `op` with the same condition, if only pure ops stand between. */
static Op *earlier_twin(const Op *op)
{
    for (Op *at = op->prev; at; at = at->prev) {
        if (at->kind == OP_IF)
            return op_operand(at, 0) == op_operand(op, 0) ? at : NULL;
        if (op_table[at->kind].effect != EFFECT_PURE)
            return NULL;
    }
    return NULL;
}

/* Moves what stands between in front of the first, where it does not depend on it; marks the results of
 * what stays. One pass in order: an op depends on the first if it reads it or something marked. */
static void move_independent(Op *first, const Op *second, bool *marked)
{
    for (Op *op = first->next, *next; op != second; op = next) {
        next = op->next;
        bool depends = false;
        for (unsigned i = 0; i < op->num_operands && !depends; i++)
            depends = op_operand(op, i)->op == first || marked[op_operand(op, i)->id];
        if (depends) {
            for (unsigned i = 0; i < op->num_results; i++)
                marked[op->results[i]->id] = true;
        } else {
            op_detach(op);
            op_insert_before(op, first);
        }
    }
}

typedef struct Reading {
    const bool *marked;
    bool found;
} Reading;

static void find_reading(Op *op, void *context)
{
    Reading *reading = context;
    for (unsigned i = 0; i < op->num_operands && !reading->found; i++)
        reading->found = reading->marked[op_operand(op, i)->id];
}

/* Does the second read something that is still between them? */
static bool reads_marked(const Op *second, const bool *marked)
{
    Reading reading = {marked, false};
    for (unsigned r = 0; r < 2; r++)
        region_walk(second->regions[r], find_reading, &reading);
    return reading.found;
}

typedef struct Redirect {
    const Op *first;
    unsigned which;
} Redirect;

static void redirect(Op *op, void *context)
{
    const Redirect *r = context;
    for (unsigned i = 0; i < op->num_operands; i++) {
        Value *value = op_operand(op, i);
        if (value->op == r->first)
            op_set_operand(op, i, op_operand(region_terminator(r->first->regions[r->which]),
                                             value->index));
    }
}

static void append_region(Op *first, const Op *second, unsigned which)
{
    Redirect context = {first, which};
    Region *from = second->regions[which];
    region_walk(from, redirect, &context);
    Op *yield = region_terminator(first->regions[which]);
    while (from->first != from->last) {
        Op *op = from->first;
        op_detach(op);
        op_insert_before(op, yield);
    }
    for (unsigned i = 0; i < second->num_results; i++)
        op_add_operand(yield, op_operand(from->first, i));
}

static void merge(Op *first, Op *second)
{
    for (unsigned which = 0; which < 2; which++)
        append_region(first, second, which);
    for (unsigned i = 0; i < second->num_results; i++) {
        const Value *old = second->results[i];
        value_replace_uses(second->results[i], op_add_result(first, old->type, old->name));
    }
    op_erase(second);
}

/* The first's results that the ops between use must still precede them: they do, it does not move. But
 * results of the second are now defined before the ops between, which is earlier than before. */
static bool try_merge(Op *op)
{
    Op *first = earlier_twin(op);
    if (!first)
        return false;
    bool *marked = arena_new_array(op->function->module->arena, bool, op->function->num_values);
    move_independent(first, op, marked);
    if (reads_marked(op, marked))
        return false;
    merge(first, op);
    return true;
}

/* ---- accumulations ---- */

static bool region_touches(const Op *op, const Value *pointer)
{
    return op_may_read(op, pointer) || op_may_write(op, pointer);
}

static bool is_zero(const Value *value)
{
    return value_is_float(value, 0);
}

/* accumulate p, r where r is a result of the if just before, used here only. */
static bool sink_accumulation(Op *op)
{
    const Value *share = op_operand(op, 1), *pointer = op_operand(op, 0);
    Op *source = share->op;
    if (!source || source->kind != OP_IF || source->parent != op->parent ||
        !value_has_one_use(share) || !op_precedes(source, op))
        return false;
    if (pointer->op && pointer->op->parent == op->parent && !op_precedes(pointer->op, source))
        return false;
    for (const Op *at = source->next; at != op; at = at->next)
        if (at->kind != OP_ACCUMULATE && (at->num_regions || region_touches(at, pointer)))
            return false;
    for (unsigned which = 0; which < 2; which++) {
        Value *value = op_operand(region_terminator(source->regions[which]), share->index);
        Builder b = builder_before(region_terminator(source->regions[which]));
        b.loc = op->loc;
        b.flags = op->flags;
        if (!is_zero(value))
            build_accumulate(&b, op_operand(op, 0), value);
    }
    op_erase(op);
    return true;
}

static bool visit_region(Region *region)
{
    bool changed = false;
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned r = 0; r < op->num_regions; r++)
            changed |= visit_region(op->regions[r]);
        if (op->kind == OP_IF)
            changed |= try_merge(op);
        else if (op->kind == OP_ACCUMULATE)
            changed |= sink_accumulation(op);
    }
    return changed;
}

bool merge_ifs(Function *function)
{
    return visit_region(function->body);
}
