/* What is fused has no loop, if or call of its own in the reverse sweep. Each iteration is reversed at the end of the forward
 * loop's body, each branch at its end, a recursive call in the call itself, so the adjoints of the results must be known in
 * front (diff/strategy.h). */
#include "diff/adjoint_internal.h"

#include "diff/pairs.h"
#include "diff/strategy.h"

/* ---- what is known in front of the loop ---- */

ValueMap known_before(Adjoint *a, const Frame *frame, const Op *forward, ValueMap map)
{
    ValueMap kept = NULL;
    for (const ValueEntry *e = map; e; e = e->hh.next) {
        const Op *op = e->value->op;
        if (!op || op->parent != frame->b.region || op->kind == OP_TAPE_POP || op_precedes(op, forward))
            value_map_set(a->arena, &kept, e->key, e->value);
    }
    return kept;
}

void join_maps(Adjoint *a, ValueMap *before, ValueMap inner)
{
    for (const ValueEntry *e = inner; e; e = e->hh.next)
        if (!value_map_find(*before, e->key))
            value_map_set(a->arena, before, e->key, e->value);
    value_map_release(&inner);
}

/* ---- reversing ---- */

/* The op that forms a value behind the loop, and what it is formed of, move in front of it. */
static void move_before(Op *loop, Value *value)
{
    Op *op = value->op;
    if (!op || op->parent != loop->parent || op_precedes(op, loop))
        return;
    if (!op_is_speculatable(op))
        internal_error("adjoint", "the adjoint of a fused loop's result is not known before it (%s)",
                       op_table[op->kind].text);
    for (unsigned i = 0; i < op->num_operands; i++)
        move_before(loop, op_operand(op, i));
    op_detach(op);
    op_insert_before(op, loop);
}

/* What the outer frame knows, put aside while it is in front of the fused op. */
typedef struct Known {
    ValueMap values, shadows;
} Known;

static Known go_before(Adjoint *a, const Op *forward)
{
    Frame *frame = a->frame;
    const Known known = {frame->values, frame->shadows};
    frame->values = known_before(a, frame, forward, known.values);
    frame->shadows = known_before(a, frame, forward, known.shadows);
    return known;
}

static void go_behind(Adjoint *a, Known known)
{
    Frame *frame = a->frame;
    join_maps(a, &known.values, frame->values);
    join_maps(a, &known.shadows, frame->shadows);
    frame->values = known.values;
    frame->shadows = known.shadows;
}

/* The adjoint of a result, in front of the op; NULL: zero. */
static Value *seed_before(Adjoint *a, const Op *op, unsigned i)
{
    Value *seed = adjoint_take(a, op->results[i]);
    if (seed)
        move_before(forward_of(a, op), seed);
    return seed;
}

/* The iterations of the forward loop are reversed one by one. */
static void reverse_fused_loop(Adjoint *a, const Op *op)
{
    Op *loop = forward_of(a, op);
    const unsigned n = loop_num_carried(op), num_results = loop->num_results;
    Value **seeds = arena_new_array(a->arena, Value *, n);
    for (unsigned i = 0; i < n; i++)
        seeds[i] = carried_is_active(a, op, i) ? seed_before(a, op, i) : NULL;
    const Known known = go_before(a, loop);
    Frame *frame = frame_open(a, FRAME_LOOP, loop_body(op), loop, loop->regions[0]);
    frame->end = frame->b.before = region_terminator(loop->regions[0]);
    value_map_set(a->arena, &frame->values, loop_body(op)->args.items[0], loop->regions[0]->args.items[0]);
    for (unsigned i = 0; i < n; i++)
        adjoint_add(a, loop_carried_next(op, i), seeds[i]);
    reverse_region(a, loop_body(op));
    free_caches(a, loop_body(op), NULL);
    for (size_t i = 0; i < frame->gathered.count; i++)
        op_add_operand(frame->end, value_map_get(frame->adjoints, frame->gathered.items[i]));
    frame_close(a);
    go_behind(a, known);
    for (unsigned i = 0; i < n; i++)
        adjoint_add(a, loop_carried_init(op, i), seeds[i]);
    for (size_t i = 0; i < frame->gathered.count; i++)
        adjoint_add(a, frame->gathered.items[i], loop->results[num_results + i]);
}

/* Each branch is reversed at its end; what comes to values from outside is one result more. */
static void reverse_fused_if(Adjoint *a, const Op *op)
{
    Op *forward = forward_of(a, op);
    Value **seeds = arena_new_array(a->arena, Value *, op->num_results);
    for (unsigned i = 0; i < op->num_results; i++)
        seeds[i] = seed_before(a, op, i);
    const Known known = go_before(a, forward);
    BranchEnd ends[2];
    ValueMap touched = NULL;
    for (unsigned which = 0; which < 2; which++) {
        ends[which] = reverse_branch(a, op, forward, which, seeds);
        for (const ValueEntry *e = ends[which].adjoints; e; e = e->hh.next)
            value_map_set(a->arena, &touched, e->key, NULL);
    }
    go_behind(a, known);
    for (const ValueEntry *e = touched; e; e = e->hh.next) {
        for (unsigned which = 0; which < 2; which++)
            op_add_operand(region_terminator(forward->regions[which]),
                           or_zero(&ends[which].b, value_map_get(ends[which].adjoints, e->key), e->key->type));
        adjoint_add(a, e->key, op_add_result(forward, e->key->type, with_suffix(a, e->key->name, "_sum")));
    }
    value_map_release(&touched);
    value_map_release(&ends[0].adjoints);
    value_map_release(&ends[1].adjoints);
}

/* The adjoint of the result goes down with the call. */
static void reverse_fused_call(Adjoint *a, const Op *op)
{
    Op *call = forward_of(a, op);
    Function *fused = pair_of(op)->forward;
    const Slots *slots = &pair_of(op)->forward_slots;
    const unsigned n = (unsigned)slots->list.count;
    Value **args = arena_new_array(a->arena, Value *, n);
    Value **cells = arena_new_array(a->arena, Value *, op->callee->num_params);
    Value *seed = seed_before(a, op, 0);
    const Known known = go_before(a, call);
    a->frame->b.before = call;
    for (unsigned i = 0; i < n && !a->failed; i++) {
        const Slot slot = slots->list.items[i];
        if (slot.kind == SLOT_ORIGINAL)
            args[i] = op_operand(call, slot.param);
        else if (slot.kind == SLOT_RESULT_BAR)
            args[i] = or_zero(&a->frame->b, seed, op->results[0]->type);
        else
            args[i] = companion_for_call(a, op, slot.param, &cells[slot.param]);
    }
    a->frame->b.before = a->frame->end;
    go_behind(a, known);
    if (a->failed)
        return;
    while (call->num_operands)
        op_remove_operand(call, call->num_operands - 1);
    for (unsigned i = 0; i < n; i++)
        op_add_operand(call, args[i]);
    call->callee = fused;
    call->int_value = 0;
    take_from_cells(a, op, cells);
}

void reverse_fused(Adjoint *a, const Op *op)
{
    if (op->kind == OP_CALL)
        reverse_fused_call(a, op);
    else if (op->kind == OP_IF)
        reverse_fused_if(a, op);
    else
        reverse_fused_loop(a, op);
}
