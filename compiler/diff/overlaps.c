#include "diff/overlaps.h"

#include "diff/array_copies.h"
#include "diff/strategy.h"
#include "ir/builder.h"

static bool is_listed(const Value *const *list, size_t count, const Value *value)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == value)
            return true;
    return false;
}

static bool has_extents(const Reversal *reversal, const Value *param)
{
    unsigned count;
    return array_extents(reversal->arena, param, &count) != NULL;
}

static Overlap *add(const Reversal *reversal, Overlaps *overlaps, Overlap found)
{
    for (size_t i = 0; i < overlaps->count; i++) {
        Overlap *old = overlaps->items[i];
        bool same = old->array == found.array && old->num_others == found.num_others;
        for (unsigned k = 0; same && k < found.num_others; k++)
            same = is_listed(old->others, old->num_others, found.others[k]);
        if (same)
            return old;
    }
    Overlap *added = arena_new(reversal->arena, Overlap);
    *added = found;
    vec_push(reversal->arena, overlaps, added);
    return added;
}

Overlap *overlap_for(const Reversal *reversal, Overlaps *overlaps, const Op *load)
{
    const Region *root = memory_root(reversal, load);
    const Object array = pointer_object(op_operand(load, 0));
    if (reversal->is_pair || array.kind != OBJECT_PARAM || !has_extents(reversal, array.value) ||
        !load_is_kept(reversal->reloads, load, root))
        return NULL;
    VEC(const Value *) others = {0};
    size_t next = 0;
    for (const Op *write; (write = load_overwritten_by(reversal->reloads, load, root, &next));) {
        const Object object = write->kind == OP_CALL ? (Object){.kind = OBJECT_UNKNOWN} : pointer_object(op_operand(write, 0));
        if (object.kind != OBJECT_PARAM || objects_equal(array, object) || !has_extents(reversal, object.value))
            return NULL;
        if (!is_listed(others.items, others.count, object.value))
            vec_push(reversal->arena, &others, object.value);
    }
    return add(reversal, overlaps, (Overlap){array.value, (unsigned)others.count, others.items, NULL});
}

/* The number of elements. */
static Value *length(const Reversal *reversal, Builder *b, const Value *array, Value **forward)
{
    unsigned n;
    Value **extents = array_extents(reversal->arena, array, &n);
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    Value *total = NULL;
    for (unsigned i = 0; i < n; i++) {
        Value *extent = forward[extents[i]->id];
        if (n > 1)
            extent = build_convert(b, extent, type);
        total = total ? build_binary(b, OP_MUL, total, extent) : extent;
    }
    return total;
}

Value *overlap_test(const Reversal *reversal, Overlap *overlap, Op *op, Value **forward)
{
    if (overlap->test)
        return overlap->test;
    Op *position = op_ancestor_in(op->function->body, op);
    Builder b = builder_before(position);
    b.loc = position->loc;
    Value *array = forward[overlap->array->id], *size = length(reversal, &b, overlap->array, forward);
    for (unsigned i = 0; i < overlap->num_others; i++) {
        Value *other = forward[overlap->others[i]->id];
        Value *one = build_overlap(&b, array, size, other, length(reversal, &b, overlap->others[i], forward));
        overlap->test = overlap->test ? build_binary(&b, OP_LOR, overlap->test, one) : one;
    }
    overlap->test->name = overlap->array->name
                              ? intern_format(op->function->module->strings, "%s_overlaps", overlap->array->name)
                              : "overlap";
    return overlap->test;
}
