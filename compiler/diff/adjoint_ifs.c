/* The reverse of an if: an if with the same condition, whose results are the adjoints of outer values that a branch
 * touches. */
#include "diff/adjoint_internal.h"

#include "diff/strategy.h"

static bool any_seed(Adjoint *a, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++)
        if (adjoint_take(a, op->results[i]))
            return true;
    return false;
}

static bool has_memory_work(const Adjoint *a, const Op *op)
{
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (inner->num_regions ? has_memory_work(a, inner)
                                   : (inner->num_results == 0 || inner->kind == OP_CALL) &&
                                         op_is_reversed(a->reversal, inner))
                return true;
    return false;
}

bool nothing_to_do(Adjoint *a, const Op *op)
{
    return !any_seed(a, op) && !has_memory_work(a, op) && !op_has_records(a->caches, op);
}

BranchEnd reverse_branch(Adjoint *a, const Op *op, Op *reverse, unsigned which, Value *const *seeds)
{
    Frame *frame = frame_open(a, FRAME_BRANCH, op->regions[which], reverse, reverse->regions[which]);
    if (strategy_of(a->reversal, op) == STRATEGY_FUSE)
        frame->end = frame->b.before = region_terminator(reverse->regions[which]);
    pop_record(a);
    for (unsigned i = 0; i < op->num_results; i++)
        adjoint_add(a, op_operand(region_terminator(op->regions[which]), i), seeds[i]);
    reverse_region(a, op->regions[which]);
    if (frame->end)
        free_caches(a, op->regions[which], NULL);
    BranchEnd end = {.b = frame->b};
    for (const ValueEntry *entry = frame->adjoints; entry; entry = entry->hh.next)
        if (!region_contains(op->regions[which], value_region(entry->key)))
            value_map_set(a->arena, &end.adjoints, entry->key, entry->value);
    frame_close(a);
    return end;
}

static void join_branches(Adjoint *a, Op *reverse, BranchEnd *ends)
{
    ValueMap touched = NULL;
    for (unsigned which = 0; which < 2; which++)
        for (const ValueEntry *e = ends[which].adjoints; e; e = e->hh.next)
            value_map_set(a->arena, &touched, e->key, NULL);
    VEC(Value *) yields[2] = {{0}, {0}};
    a->frame->b.before = reverse;
    for (const ValueEntry *e = touched; e; e = e->hh.next) {
        Value *before = adjoint_so_far(a, a->frame, e->key);
        for (unsigned which = 0; which < 2; which++) {
            const ValueEntry *end = value_map_find(ends[which].adjoints, e->key);
            Value *value = end ? end->value : before;
            vec_push(a->arena, &yields[which], or_zero(&ends[which].b, value, e->key->type));
        }
    }
    a->frame->b.before = a->frame->end;
    for (unsigned which = 0; which < 2; which++)
        build_yield(&ends[which].b, yields[which].items, (unsigned)yields[which].count);
    for (const ValueEntry *e = touched; e; e = e->hh.next) {
        Value *result =
            op_add_result(reverse, e->key->type, with_suffix(a, e->key->name, "_bar"));
        adjoint_set(a, e->key, result);
    }
    value_map_release(&touched);
    value_map_release(&ends[0].adjoints);
    value_map_release(&ends[1].adjoints);
}

void reverse_if(Adjoint *a, const Op *op)
{
    if (nothing_to_do(a, op))
        return;
    if (strategy_of(a->reversal, op) == STRATEGY_FUSE) {
        reverse_fused(a, op);
        return;
    }
    Value **seeds = arena_new_array(a->arena, Value *, op->num_results);
    for (unsigned i = 0; i < op->num_results; i++)
        seeds[i] = adjoint_take(a, op->results[i]);
    Value *condition = primal_value(a, op_operand(op, 0));
    Op *reverse = build_if(&a->frame->b, condition, NULL, 0);
    BranchEnd ends[2];
    for (unsigned which = 0; which < 2; which++)
        ends[which] = reverse_branch(a, op, reverse, which, seeds);
    join_branches(a, reverse, ends);
}
