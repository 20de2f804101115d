/* Memory from the user's malloc.
 *
 * Problem. The reverse sweep runs after the whole forward sweep, when the primal has freed what it
 * allocated; it may have to read it again, and the shadow has to be there until the malloc is reversed.
 *
 * Algorithm. A free in the primal frees nothing. Where it stands at the function's top, the pointer is at
 * hand at the end, and is freed there; on a branch the pointer becomes a result of the ifs around it, null on
 * the other sides, and is freed likewise; in a loop it is put on a tape of pointers, which is emptied at the
 * end. Shadows (OP_MALLOC with OP_FLAG_SHADOW) go the same way.
 *
 * Requires: shadows_insert. Keeps: what the primal computes. */
#include "diff/heap.h"

#include "ir/builder.h"

typedef struct Deferring {
    Arena *arena;
    VEC(Op *) ops;
    Heap *heap;
} Deferring;

static void collect(Op *op, void *context)
{
    Deferring *d = context;
    if (op->kind == OP_RELEASE || (op->kind == OP_MALLOC && (op->flags & OP_FLAG_SHADOW)))
        vec_push(d->arena, &d->ops, op);
}

static Value *tape_for_later(Deferring *d, Function *primal)
{
    if (!d->heap->later) {
        Builder b = builder_before(primal->body->first);
        b.flags = OP_FLAG_SHADOW;
        d->heap->later = build_tape(&b, "later");
    }
    return d->heap->later;
}

static bool in_loop(const Region *region)
{
    for (; region->owner; region = region->owner->parent)
        if (op_is_loop(region->owner->kind))
            return true;
    return false;
}

static void defer(Deferring *d, Function *primal, Value *pointer, Op *position)
{
    if (!in_loop(position->parent)) {
        vec_push(d->arena, &d->heap->at_end, build_out_of_ifs(pointer, position->parent, NULL, OP_FLAG_SHADOW));
        return;
    }
    Value *tape = tape_for_later(d, primal);
    Builder b = builder_before(position);
    b.loc = position->loc;
    b.flags = OP_FLAG_SHADOW;
    Types *types = primal->module->types;
    Value *plain = build_convert(&b, pointer, type_pointer(types, type_scalar(types, TYPE_VOID)));
    build_tape_push(&b, tape, &plain, 1);
}

const Heap *heap_defer(Arena *arena, Function *primal)
{
    Deferring d = {.arena = arena};
    region_walk(primal->body, collect, &d);
    if (!d.ops.count)
        return NULL;
    d.heap = arena_new(arena, Heap);
    for (size_t i = 0; i < d.ops.count; i++) {
        Op *op = d.ops.items[i];
        if (op->kind == OP_RELEASE) {
            defer(&d, primal, op_operand(op, 0), op);
            op_erase(op);
        } else {
            defer(&d, primal, op->results[0], op->next);
        }
    }
    return d.heap;
}
