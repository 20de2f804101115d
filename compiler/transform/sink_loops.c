/* Loops that add multiples of what an if leaves, which is zero on one of its branches, move into the other one.
 *
 *     if (d < least) d_bar = least_bar; else d_bar = 0;           if (d < least)
 *     for (j...) c_bar[j] += d_bar * (p[j] - c[j]);        ->         for (j...) c_bar[j] += least_bar * (p[j] - c[j]);
 *
 * That is what the reverse of a minimum, of a cut-off or of a rectifier looks like: where the value was not taken there
 * is nothing to do. (An adjoint of 0 never turns an infinite partial into NaN: here it is not even multiplied.)
 *
 * Algorithm. A loop of a reverse sweep, behind an if with nothing but pure ops between them. All it does is accumulate
 * what vanishes with the if's results: products with them, sums and quotients of such; what it carries starts at zero and
 * vanishes too, and is zero on the other branch.
 *
 * Requires: SSA. Does not handle: loops that store. */
#include "transform/simplify_internal.h"

enum { MAX_DEPTH = 24, MAX_STEPS = 500 };

typedef struct Sinking {
    const Op *loop;
    Op *source;     /* the if */
    unsigned empty; /* its branch that leaves zeros */
    bool used;      /* some result of it is a factor */
    unsigned steps;
} Sinking;

/* ---- what vanishes ---- */

static bool vanishes(Sinking *s, const Value *value, unsigned depth);

static bool carried_vanishes(Sinking *s, const Op *loop, unsigned i, unsigned depth)
{
    return type_is_floating(loop->results[i]->type) && vanishes(s, loop_carried_init(loop, i), depth + 1) &&
           vanishes(s, loop_carried_next(loop, i), depth + 1);
}

static bool result_vanishes(Sinking *s, const Value *value, unsigned depth)
{
    const Op *op = value->op;
    switch (op->kind) {
    case OP_MUL:
        return vanishes(s, op_operand(op, 0), depth + 1) || vanishes(s, op_operand(op, 1), depth + 1);
    case OP_ADD:
    case OP_SUB:
        return vanishes(s, op_operand(op, 0), depth + 1) && vanishes(s, op_operand(op, 1), depth + 1);
    case OP_DIV:
    case OP_NEG:
    case OP_CONVERT:
        return vanishes(s, op_operand(op, 0), depth + 1);
    case OP_SELECT:
        return vanishes(s, op_operand(op, 1), depth + 1) && vanishes(s, op_operand(op, 2), depth + 1);
    case OP_FOR:
        return carried_vanishes(s, op, value->index, depth);
    default:
        return false;
    }
}

static bool vanishes(Sinking *s, const Value *value, unsigned depth)
{
    if (!type_is_floating(value->type) || depth > MAX_DEPTH || ++s->steps > MAX_STEPS)
        return false;
    if (value_is_const(value))
        return value->op->float_value == 0;
    if (!value->op) { /* carried there: that it starts with nothing and goes on so is seen to in op_vanishes */
        const Op *owner = value->region->owner;
        return value->index > 0 && (owner == s->loop || (owner && region_contains(s->loop->regions[0], owner->parent)));
    }
    if (value->op == s->source) {
        const bool zero = value_is_float(op_operand(region_terminator(s->source->regions[s->empty]), value->index), 0);
        s->used = s->used || zero;
        return zero;
    }
    return (value->op->flags & OP_FLAG_ADJOINT) && result_vanishes(s, value, depth);
}

static bool region_vanishes(Sinking *s, const Region *region);

static bool op_vanishes(Sinking *s, const Op *op)
{
    switch (op->kind) {
    case OP_LOAD:
    case OP_YIELD:
        return true;
    case OP_ACCUMULATE:
        return (op->flags & OP_FLAG_ADJOINT) && vanishes(s, op_operand(op, 1), 0);
    case OP_FOR:
        for (unsigned i = 0; i < loop_num_carried(op); i++)
            if (!carried_vanishes(s, op, i, 0))
                return false;
        return region_vanishes(s, op->regions[0]);
    default:
        return op_table[op->kind].effect == EFFECT_PURE;
    }
}

static bool region_vanishes(Sinking *s, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        if (!op_vanishes(s, op))
            return false;
    return true;
}

/* ---- moving ---- */

/* The if before the loop, with nothing but pure ops in between; NULL: none. */
static Op *if_before(const Op *loop)
{
    Op *at = loop->prev;
    while (at && op_table[at->kind].effect == EFFECT_PURE)
        at = at->prev;
    return at && at->kind == OP_IF && at->num_results ? at : NULL;
}

static bool depends_on(const Op *op, const Op *source, const bool *marked)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (op_operand(op, i)->op == source || marked[op_operand(op, i)->id])
            return true;
    return false;
}

/* What stands between if and loop is not made of the if's results, or is not for the loop. */
static bool nothing_in_between(const Sinking *s, const Op *loop)
{
    bool *marked = arena_new_array(loop->function->module->arena, bool, loop->function->num_values);
    for (Op *op = s->source->next; op != loop; op = op->next)
        if (depends_on(op, s->source, marked))
            for (unsigned i = 0; i < op->num_results; i++)
                marked[op->results[i]->id] = true;
    for (Op *op = s->source->next; op != loop; op = op->next)
        if (op->num_results && marked[op->results[0]->id])
            for (const Use *use = op->results[0]->uses; use; use = use->next)
                if (use->user == loop || region_contains(loop->regions[0], use->user->parent))
                    return false;
    return true;
}

static void move_others_up(const Sinking *s, const Op *loop)
{
    bool *marked = arena_new_array(loop->function->module->arena, bool, loop->function->num_values);
    for (Op *op = s->source->next, *next; op != loop; op = next) {
        next = op->next;
        if (depends_on(op, s->source, marked)) {
            for (unsigned i = 0; i < op->num_results; i++)
                marked[op->results[i]->id] = true;
        } else {
            op_detach(op);
            op_insert_before(op, s->source);
        }
    }
}

static void take_from_branch(Op *op, void *context)
{
    const Sinking *s = context;
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *value = op_operand(op, i);
        if (value->op == s->source)
            op_set_operand(op, i, op_operand(region_terminator(s->source->regions[1 - s->empty]), value->index));
    }
}

static void sink(Sinking *s, Op *loop)
{
    Op *full = region_terminator(s->source->regions[1 - s->empty]);
    Op *empty = region_terminator(s->source->regions[s->empty]);
    move_others_up(s, loop);
    op_detach(loop);
    op_insert_before(loop, full);
    take_from_branch(loop, s);
    region_walk(loop->regions[0], take_from_branch, s);
    for (unsigned i = 0; i < loop->num_results; i++) {
        Value *result = loop->results[i];
        if (!result->uses)
            continue;
        Builder b = builder_before(empty);
        b.flags = loop->flags & (OP_FLAG_ADJOINT | OP_FLAG_RELAXED);
        Value *zero = build_zero(&b, result->type);
        Value *outside = op_add_result(s->source, result->type, result->name);
        value_replace_uses(result, outside);
        op_add_operand(full, result);
        op_add_operand(empty, zero);
    }
}

static bool try_sink(Op *loop)
{
    Sinking s = {.loop = loop, .source = if_before(loop)};
    if (!s.source || !(loop->flags & OP_FLAG_ADJOINT))
        return false;
    for (s.empty = 0; s.empty < 2; s.empty++) {
        s.used = false;
        s.steps = 0;
        if (op_vanishes(&s, loop) && s.used && nothing_in_between(&s, loop)) {
            sink(&s, loop);
            return true;
        }
    }
    return false;
}

static bool visit_region(Region *region)
{
    bool changed = false;
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        if (op->kind == OP_FOR && try_sink(op)) {
            changed = true;
            continue;
        }
        for (unsigned r = 0; r < op->num_regions; r++)
            changed |= visit_region(op->regions[r]);
    }
    return changed;
}

bool sink_loops(Function *function)
{
    return visit_region(function->body);
}
