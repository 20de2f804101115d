/* Dead code: ops whose results nobody reads, results of ifs and carried values of loops that only feed
 * themselves, stores into locals that are never read.
 *
 * Algorithm. Mark and sweep: what has an effect is live, and so is all that live ops read. A result of
 * an if makes the yielded values live; a carried value is live if its result is, or its argument is
 * read by something live; then its initial and next values are. What was not marked is removed.
 *
 * Requires: nothing. Keeps: SSA. Does not handle: stores into memory that is read, but not after. */
#include <string.h>

#include "analysis/memory.h"
#include "ir/builder.h"
#include "transform/dead_code.h"

/* Both are found once, not again at each level of nesting. */
enum {
    HAS_EFFECT = OP_FLAG_MARK_1, /* something inside has an effect */
    IS_REACHED = OP_FLAG_MARK_2, /* what decides whether it runs is live, and around it likewise */
};

typedef struct Liveness {
    Arena *arena;
    bool *live_value;      /* by id */
    VEC(Value *) worklist; /* live values whose definitions have not been followed */
} Liveness;

/* ---- locals that are only written ---- */

static bool only_written(const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next) {
        const Op *op = use->user;
        switch (op->kind) {
        case OP_STORE:
        case OP_ACCUMULATE:
        case OP_ZERO:
        case OP_FREE:
        case OP_RELEASE:
            if (use != &op->operands[0])
                return false;
            break;
        case OP_COPY:
            if (use != &op->operands[0])
                return false;
            break;
        case OP_INDEX:
        case OP_FIELD:
            if (use != &op->operands[0] || !only_written(op->results[0]))
                return false;
            break;
        default:
            return false;
        }
    }
    return true;
}

static void erase_users(Value *pointer)
{
    while (pointer->uses) {
        Op *op = pointer->uses->user;
        for (unsigned i = 0; i < op->num_results; i++)
            erase_users(op->results[i]);
        op_erase(op);
    }
}

typedef struct Locals {
    Arena *arena;
    VEC(Op *) list;
} Locals;

static void collect_locals(Op *op, void *context)
{
    Locals *locals = context;
    if (op->kind == OP_ALLOCA || op->kind == OP_ALLOC || op->kind == OP_MALLOC)
        vec_push(locals->arena, &locals->list, op);
}

static bool remove_written_only(Function *function)
{
    bool removed = false;
    Locals locals = {.arena = function->module->arena};
    region_walk(function->body, collect_locals, &locals);
    for (size_t i = 0; i < locals.list.count; i++)
        if (only_written(locals.list.items[i]->results[0])) {
            erase_users(locals.list.items[i]->results[0]);
            op_erase(locals.list.items[i]);
            removed = true;
        }
    return removed;
}

/* ---- marking ---- */

static void mark_value(Liveness *live, Value *value)
{
    if (live->live_value[value->id])
        return;
    live->live_value[value->id] = true;
    vec_push(live->arena, &live->worklist, value);
}

static void mark_operands(Liveness *live, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        mark_value(live, op_operand(op, i));
}

static bool has_live_effect(const Op *op)
{
    if (op->num_regions)
        return op->flags & HAS_EFFECT;
    return op->kind != OP_YIELD && !op_is_removable(op);
}

/* What a control op needs to run at all: condition, bounds, the test. */
static void mark_control(Liveness *live, const Op *op)
{
    if (op->kind == OP_IF) {
        mark_value(live, op_operand(op, 0));
    } else if (op->kind == OP_FOR) {
        for (unsigned i = 0; i < 3; i++)
            mark_value(live, op_operand(op, i));
    } else if (op->kind == OP_WHILE) {
        mark_value(live, op_operand(region_terminator(op->regions[0]), 0));
    }
}

/* Says whether there was one. */
static bool mark_effects(Liveness *live, const Region *region)
{
    bool any = false;
    for (Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            if (mark_effects(live, op->regions[r]))
                op->flags |= HAS_EFFECT;
        if (!has_live_effect(op))
            continue;
        any = true;
        if (op->num_regions == 0)
            mark_operands(live, op);
        else
            mark_control(live, op);
    }
    return any;
}

static void mark_carried(Liveness *live, Op *loop, unsigned i)
{
    mark_value(live, loop_carried_init(loop, i));
    mark_value(live, loop_carried_next(loop, i));
    mark_value(live, loop->results[i]);
    for (unsigned r = 0; r < loop->num_regions; r++) {
        const unsigned first = loop->kind == OP_FOR ? 1 : 0;
        mark_value(live, loop->regions[r]->args.items[first + i]);
    }
}

/* Something inside these regions is live: so is what decides whether they run. */
static void mark_enclosing(Liveness *live, const Region *region)
{
    for (; region && region->owner && !(region->owner->flags & IS_REACHED); region = region->owner->parent) {
        region->owner->flags |= IS_REACHED;
        mark_control(live, region->owner);
    }
}

static void follow(Liveness *live, Value *value)
{
    mark_enclosing(live, value_region(value));
    if (value->region) {
        Op *owner = value->region->owner;
        const unsigned first = owner && owner->kind == OP_FOR ? 1 : 0;
        if (owner && value->index >= first)
            mark_carried(live, owner, value->index - first);
        return;
    }
    Op *op = value->op;
    if (op->kind == OP_IF) {
        mark_control(live, op);
        for (unsigned r = 0; r < 2; r++)
            mark_value(live, op_operand(region_terminator(op->regions[r]), value->index));
    } else if (op_is_loop(op->kind)) {
        mark_control(live, op);
        mark_carried(live, op, value->index);
    } else {
        mark_operands(live, op);
    }
}

/* ---- sweeping ---- */

static void sweep_results(const Liveness *live, Op *op)
{
    for (unsigned i = op->num_results; i-- > 0;) {
        if (live->live_value[op->results[i]->id])
            continue;
        if (op->kind == OP_IF) {
            op_remove_operand(region_terminator(op->regions[0]), i);
            op_remove_operand(region_terminator(op->regions[1]), i);
        } else {
            op_remove_operand(region_terminator(loop_body(op)), i);
            op_remove_operand(op, loop_first_init(op) + i);
        }
    }
}

static bool any_live_result(const Liveness *live, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++)
        if (live->live_value[op->results[i]->id])
            return true;
    return false;
}

/* Takes the dead args and results out, after the ops that used them are gone. */
static void drop_dead_values(const Liveness *live, Op *op)
{
    for (unsigned i = op->num_results; i-- > 0;) {
        if (live->live_value[op->results[i]->id])
            continue;
        const unsigned first = op->kind == OP_FOR ? 1 : 0;
        for (unsigned r = 0; r < op->num_regions && op->kind != OP_IF; r++)
            region_remove_arg(op->regions[r], first + i);
        op_remove_result(op, i);
    }
}

static void sweep(const Liveness *live, Region *region)
{
    for (Op *op = region->last, *prev; op; op = prev) {
        prev = op->prev;
        if (op->kind == OP_YIELD || op->kind == OP_RETURN)
            continue;
        if (!has_live_effect(op) && !any_live_result(live, op)) {
            op_erase(op);
            continue;
        }
        op->flags &= ~(unsigned)(HAS_EFFECT | IS_REACHED);
        if (op->num_regions) {
            sweep_results(live, op);
            for (unsigned r = 0; r < op->num_regions; r++)
                sweep(live, op->regions[r]);
            drop_dead_values(live, op);
        }
    }
}

static void remove_unread_values(Function *function)
{
    Liveness live = {.arena = function->module->arena};
    live.live_value = arena_new_array(live.arena, bool, function->num_values);
    mark_effects(&live, function->body);
    while (live.worklist.count)
        follow(&live, vec_pop(&live.worklist));
    sweep(&live, function->body);
}

void remove_dead_code(Function *function)
{
    remove_written_only(function);
    do
        remove_unread_values(function); /* among them, perhaps, the last loads of a local */
    while (remove_written_only(function));
}
