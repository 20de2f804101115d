/* Fused loops: no loop of their own. Each iteration is reversed at the end of the forward loop's body, so the adjoints of
 * the loop's results must be known in front of it (diff/strategy.h). */
#include "diff/adjoint_internal.h"

#include "diff/strategy.h"

/* ---- what is known in front of the loop ---- */

ValueMap known_before(Adjoint *a, const Frame *frame, ValueMap map)
{
    ValueMap kept = NULL;
    for (const ValueEntry *e = map; e; e = e->hh.next) {
        const Op *op = e->value->op;
        const bool local = op && op->kind == OP_ALLOCA && frame->first_fused &&
                           op_precedes(e->key->op, frame->first_fused);
        if (!op || op->parent != frame->b.region || op->kind == OP_TAPE_POP || local)
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

/* The iterations of the forward loop are reversed one by one. */
void reverse_fused(Adjoint *a, const Op *op)
{
    Op *loop = forward_loop(a, op);
    const unsigned n = loop_num_carried(op), num_results = loop->num_results;
    Frame *outer = a->frame;
    Value **seeds = arena_new_array(a->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        seeds[i] = carried_is_active(a, op, i) ? adjoint_take(a, op->results[i]) : NULL;
        if (seeds[i])
            move_before(loop, seeds[i]);
    }
    ValueMap values = outer->values, shadows = outer->shadows;
    outer->values = known_before(a, outer, values);
    outer->shadows = known_before(a, outer, shadows);
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
    join_maps(a, &values, outer->values);
    join_maps(a, &shadows, outer->shadows);
    outer->values = values;
    outer->shadows = shadows;
    for (unsigned i = 0; i < n; i++)
        adjoint_add(a, loop_carried_init(op, i), seeds[i]);
    for (size_t i = 0; i < frame->gathered.count; i++)
        adjoint_add(a, frame->gathered.items[i], loop->results[num_results + i]);
}
