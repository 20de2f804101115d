/* Accumulations at one address are gathered.
 *
 *     *p += a; *p += b;      *p += a + b;
 *     *p = 0;  *p += a;      *p = a;
 *
 * Algorithm. From each accumulation look back, within its region, for a store or an accumulation at the
 * same address, over ops that neither read nor write there. */
#include "analysis/memory.h"
#include "transform/simplify_internal.h"

static bool touches(const Op *op, const Value *pointer)
{
    if (op_table[op->kind].effect == EFFECT_PURE)
        return false;
    return op_may_read(op, pointer) || op_may_write(op, pointer);
}

static Op *earlier_at(const Op *op)
{
    const Value *pointer = op_operand(op, 0);
    for (Op *at = op->prev; at; at = at->prev) {
        const bool same = (at->kind == OP_STORE || at->kind == OP_ACCUMULATE) &&
                          op_operand(at, 0) == pointer;
        if (same)
            return at;
        if (touches(at, pointer))
            return NULL;
    }
    return NULL;
}

/* The earlier op moves down to the later one: its value is available there too. */
static bool gather(Op *op)
{
    Op *earlier = earlier_at(op);
    if (!earlier)
        return false;
    Value *before = op_operand(earlier, 1), *share = op_operand(op, 1);
    const bool store = earlier->kind == OP_STORE;
    if (store && !value_is_float(before, 0))
        return false; /* a sum would round differently from the two steps: only for relaxed ones */
    Builder b = builder_before(op);
    b.flags = op->flags;
    if (store) {
        build_store(&b, op_operand(op, 0), share);
    } else {
        b.flags |= OP_FLAG_RELAXED;
        build_accumulate(&b, op_operand(op, 0), build_binary(&b, OP_ADD, before, share));
    }
    op_erase(earlier);
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
        if (op->kind == OP_ACCUMULATE && type_is_floating(op_operand(op, 1)->type))
            changed |= gather(op);
    }
    return changed;
}

bool merge_accumulations(Function *function)
{
    return visit_region(function->body);
}
