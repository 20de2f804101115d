/* Structs that are loaded to be stored somewhere else (arguments and results of inlined calls, mostly)
 * are copied from memory to memory.
 *
 *     %v = load %q                  copy %p, %q, 1
 *     store %p, %v
 *
 * So struct values remain only where C needs them: by-value parameters, returned structs, arguments of
 * functions that are called. Where *q changes in between, the copy goes by way of a local.
 *
 * Requires: nothing. Keeps: everything else. */
#include "analysis/memory.h"
#include "ir/builder.h"
#include "transform/passes.h"

static bool written_between(const Op *from, const Op *to, const Value *pointer)
{
    for (const Op *op = from->next; op != to; op = op->next)
        if (!op || op_may_write(op, pointer))
            return true;
    return false;
}

static void copy_one(Builder *b, Value *to, Value *from)
{
    build_copy(b, to, from, build_int(b, type_scalar(b->function->module->types, TYPE_INT), 1));
}

/* What *q was when it was loaded. */
static Value *kept_copy(Op *load)
{
    Builder b = builder_before(load);
    b.loc = load->loc;
    b.flags = load->flags;
    Value *kept = build_alloca(&b, load->results[0]->type, NULL, 0, "kept");
    copy_one(&b, kept, op_operand(load, 0));
    return kept;
}

static void copy_move(Op *store)
{
    Value *value = op_operand(store, 1);
    Op *load = value->op;
    if (value->type->kind != TYPE_RECORD || !load || load->kind != OP_LOAD)
        return;
    const bool changes =
        load->parent != store->parent || written_between(load, store, op_operand(load, 0));
    Value *from = changes ? kept_copy(load) : op_operand(load, 0);
    Builder b = builder_before(store);
    b.loc = store->loc;
    b.flags = store->flags;
    copy_one(&b, op_operand(store, 0), from);
    store->prev->flags |= OP_FLAG_OVERLAP; /* *p = *q with p == q is fine in C */
    op_erase(store);
    if (!value->uses)
        op_erase(load);
}

static void visit_region(Region *region)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned r = 0; r < op->num_regions; r++)
            visit_region(op->regions[r]);
        if (op->kind == OP_STORE)
            copy_move(op);
    }
}

void copy_records(Function *function)
{
    visit_region(function->body);
}
