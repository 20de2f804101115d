/* The reverse of a loop: a loop over the same counters in opposite order that carries the adjoints of what was carried. One
 * that is replayed first runs what it needs of each iteration again (diff/slice.h). */
#include "diff/adjoint_internal.h"

#include <string.h>

#include "diff/strategy.h"

bool carried_is_active(const Adjoint *a, const Op *op, unsigned i)
{
    return value_is_active(a->reversal->activity, op->results[i]) ||
           value_is_active(a->reversal->activity, loop_carried_arg(op, i));
}

/* The reversed loop: the carried adjoints are those of the active carried values. */
static Op *open_reverse_loop(Adjoint *a, const Op *op)
{
    const unsigned n = loop_num_carried(op);
    Builder *b = &a->frame->b;
    Value **seeds = arena_new_array(a->arena, Value *, n);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        if (carried_is_active(a, op, i))
            seeds[count++] = or_zero(b, adjoint_take(a, op->results[i]), op->results[i]->type);
    Value *lower, *upper, *step;
    OpKind compare = OP_LT;
    if (op->kind == OP_FOR) {
        lower = primal_value(a, op_operand(op, 0));
        upper = primal_value(a, op_operand(op, 1));
        step = primal_value(a, op_operand(op, 2));
        compare = op->compare;
    } else {
        upper = primal_value(a, op->results[while_counter(op)]);
        lower = build_zero(b, upper->type);
        step = build_int(b, upper->type, 1);
    }
    const char *counter = loop_counter(op)->name;
    const char *name = counter && strcmp(counter, "trips") == 0 ? "trip" : counter;
    Op *reverse = build_for(b, compare, lower, upper, step, seeds, count, name);
    reverse->flags |= OP_FLAG_REVERSED ^ (op->flags & OP_FLAG_REVERSED);
    for (unsigned i = 0, k = 0; i < n; i++)
        if (carried_is_active(a, op, i)) {
            const char *bar = with_suffix(a, loop_carried_arg(op, i)->name, "_bar");
            reverse->regions[0]->args.items[1 + k]->name = bar;
            reverse->results[k++]->name = bar;
        }
    return reverse;
}

static void seed_iteration(Adjoint *a, const Op *op, Op *reverse)
{
    Frame *frame = a->frame;
    value_map_set(a->arena, &frame->values, loop_counter(op), reverse->regions[0]->args.items[0]);
    pop_record(a);
    for (unsigned i = 0, k = 0; i < loop_num_carried(op); i++)
        if (carried_is_active(a, op, i))
            adjoint_add(a, loop_carried_next(op, i), reverse->regions[0]->args.items[1 + k++]);
}

static void close_iteration(Adjoint *a, const Op *op)
{
    Frame *frame = a->frame;
    VEC(Value *) yields = {0};
    for (unsigned i = 0; i < loop_num_carried(op); i++)
        if (carried_is_active(a, op, i)) {
            Value *arg = loop_carried_arg(op, i);
            vec_push(a->arena, &yields, or_zero(&frame->b, adjoint_take(a, arg), arg->type));
        }
    for (size_t i = 0; i < frame->gathered.count; i++)
        vec_push(a->arena, &yields, value_map_get(frame->adjoints, frame->gathered.items[i]));
    build_yield(&frame->b, yields.items, (unsigned)yields.count);
}

/* ---- replayed loops ---- */

/* The forward ops of the iteration that is to be reversed, in the reverse loop: from here on they stand for those of the
 * forward sweep. */
static void run_again(Adjoint *a, const Slice *slice, Op *reverse)
{
    a->forward[loop_counter(slice->loop)->id] = reverse->regions[0]->args.items[0];
    Frame *here = frame_enter(a, a->frame->outer);
    for (size_t i = 0; i < slice->outer.count; i++) {
        Value *value = slice->outer.items[i];
        if (!is_root(a->reversal, value_region(value)))
            a->forward[value->id] = primal_value(a, value);
    }
    a->frame = here;
    Builder b = here->b;
    b.flags = 0;
    slice_clone(a->reversal, slice, &b, a->forward);
    caches_insert(a->caches, a->reversal, a->plan, a->outside->gradient, a->forward, slice->loop);
}

void reverse_loop(Adjoint *a, const Op *op)
{
    if (nothing_to_do(a, op))
        return;
    if (op->kind == OP_FOR && strategy_of(a->reversal, op) == STRATEGY_FUSE) {
        reverse_fused(a, op);
        return;
    }
    Op *reverse = open_reverse_loop(a, op);
    Frame *frame = frame_open(a, FRAME_LOOP, loop_body(op), reverse, reverse->regions[0]);
    const Slice *slice = slice_of(a->reversal, op);
    if (slice)
        run_again(a, slice, reverse);
    seed_iteration(a, op, reverse);
    reverse_region(a, loop_body(op));
    if (slice)
        free_caches(a, loop_body(op), NULL);
    close_iteration(a, op);
    frame_close(a);
    if (slice)
        free_caches(a, NULL, op);
    unsigned k = 0;
    for (unsigned i = 0; i < loop_num_carried(op); i++)
        if (carried_is_active(a, op, i))
            adjoint_add(a, loop_carried_init(op, i), reverse->results[k++]);
    for (size_t i = 0; i < frame->gathered.count; i++)
        adjoint_add(a, frame->gathered.items[i], reverse->results[k++]);
}
