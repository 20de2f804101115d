#include "diff/array_copies.h"

#include "diff/caches.h"
#include "diff/strategy.h"
#include "ir/builder.h"

enum { UNKNOWN_EXTENT = 100, MAX_COUNT = 1 << 24 };

/* ---- the array ---- */

/* Is the address made of indices into the array, and of nothing else? */
static bool is_element_of(const Value *address, const Value *array)
{
    while (address != array && address->op && address->op->kind == OP_INDEX)
        address = op_operand(address->op, 0);
    return address == array;
}

static const Op *shape_of(const Value *param)
{
    for (const Use *use = param->uses; use; use = use->next)
        if (use->user->kind == OP_SHAPE && use == &use->user->operands[0])
            return use->user;
    return NULL;
}

/* The op whose operands, from number `first` on, are the extents; NULL: they are not known. */
static const Op *op_with_extents(const Value *array, unsigned *first, unsigned *end)
{
    const Op *op = array->op;
    *first = op ? 0 : 1;
    if (!op && array->region->owner)
        return NULL;
    if (!op)
        op = shape_of(array);
    else if (op->kind != OP_ALLOCA && op->kind != OP_MALLOC && op->kind != OP_ALLOC)
        return NULL;
    *end = !op ? 0 : op->kind == OP_MALLOC ? 1 : op->num_operands;
    return *first < *end ? op : NULL;
}

Value **array_extents(Arena *arena, const Value *array, unsigned *count)
{
    unsigned first, end;
    const Op *op = op_with_extents(array, &first, &end);
    if (!op || !type_is_scalar(array->type->elem))
        return NULL;
    *count = end - first;
    Value **extents = arena_new_array(arena, Value *, *count);
    for (unsigned i = 0; i < *count; i++) {
        Value *extent = value_before_widening(op_operand(op, first + i));
        if (extent->op && extent->op->kind == OP_UNDEF)
            return NULL; /* double *x, double x[] */
        extents[i] = extent;
    }
    return extents;
}

static double about(const Value *extent)
{
    const Op *op = extent->op;
    if (op && op->kind == OP_CONST)
        return op->int_value > 0 ? (double)op->int_value : 1;
    if (op && op->kind == OP_CONVERT)
        return about(op_operand(op, 0));
    if (op && op->kind == OP_MUL)
        return about(op_operand(op, 0)) * about(op_operand(op, 1));
    return UNKNOWN_EXTENT;
}

static bool find_extents(const Reversal *reversal, ArrayCopy *copy)
{
    copy->extents = array_extents(reversal->arena, copy->array, &copy->num_extents);
    copy->count = 1;
    copy->size = 1;
    for (unsigned i = 0; copy->extents && i < copy->num_extents; i++) {
        const Value *extent = copy->extents[i];
        copy->size *= about(extent);
        const bool fits = value_is_const(extent) && extent->op->int_value > 0 && copy->count > 0 &&
                          extent->op->int_value < MAX_COUNT / copy->count;
        copy->count = fits ? copy->count * extent->op->int_value : -1;
    }
    return copy->extents != NULL;
}

bool array_copy_is_sized_before(const ArrayCopy *copy, const Op *loop)
{
    for (unsigned i = 0; i < copy->num_extents; i++)
        if (value_is_inside(loop, copy->extents[i]) && !value_is_const(copy->extents[i]))
            return false;
    return true;
}

/* ---- the place of the copy ---- */

/* Is it compared with null, say? Then the array may not be there at all. */
static bool may_be_null(const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next) {
        const Op *user = use->user;
        if (op_is_compare(user->kind) || user->kind == OP_LNOT || user->kind == OP_LAND || user->kind == OP_LOR)
            return true;
        if (user->kind == OP_CONVERT && (!type_is_pointer(user->results[0]->type) || may_be_null(user->results[0])))
            return true;
    }
    return false;
}

/* Or describes it? What describes parameters stands in front of all else. */
static bool defines(const Op *op, const ArrayCopy *copy)
{
    if (copy->array->op == op || op->kind == OP_SHAPE)
        return true;
    for (unsigned i = 0; i < copy->num_extents; i++)
        if (copy->extents[i]->op == op)
            return true;
    return false;
}

/* Does the memory at the address of the access stay as it is while the rest of `op`, which contains it, is executed? */
static bool lasts_through(const Reversal *reversal, const Op *access, const Op *op)
{
    return access->kind == OP_LOAD ? !op_may_touch(op, op_operand(access, 0))
                                   : store_is_last_in(reversal->reloads, access, op);
}

/* The op in front of which the array is as it is in `op`: the first behind what writes it. */
static const Op *first_unchanged(const ArrayCopy *copy, const Op *access, const Op *op)
{
    if (access->kind == OP_STORE)
        return op->next;
    while (op->prev && !defines(op->prev, copy) && !op_may_touch(op->prev, op_operand(access, 0)))
        op = op->prev;
    return op;
}

static bool is_loop_body(const Region *region)
{
    return region->owner && op_is_loop(region->owner->kind) && region == loop_body(region->owner);
}

/* The outermost region that will do; not the function's for what is in no loop. */
static bool find_place(const Reversal *reversal, ArrayCopy *copy, Op *access)
{
    const Value *array = copy->array;
    const bool may_be_missing = !(array->op && array->op->kind == OP_ALLOCA) && may_be_null(array);
    const Region *home = value_region(array);
    bool in_loop = false;
    for (const Region *region = access->parent; region_contains(home, region); region = region->owner->parent) {
        const Op *op = op_ancestor_in(region, access);
        if (!lasts_through(reversal, access, op))
            break;
        in_loop = in_loop || is_loop_body(region);
        if (is_loop_body(region) || (!region->owner && in_loop)) {
            copy->region = region;
            copy->before = first_unchanged(copy, access, op);
        }
        if (is_root(reversal, region) || (region->owner->kind == OP_IF && may_be_missing))
            break;
    }
    return copy->region != NULL;
}

/* Can memory for all copies be had before the first? */
static bool can_be_sized(const Reversal *reversal, const ArrayCopy *copy)
{
    Cache cache;
    if (!cache_of_copy(reversal, copy, &cache))
        return false;
    const Op *outermost = cache.outermost ? cache.outermost : root_of(reversal, copy->region)->owner;
    return cache_is_small_table(&cache) || !outermost || cache_is_sized_before(reversal, &cache, outermost);
}

ArrayCopy *array_copy_for(const Reversal *reversal, ArrayCopies *copies, Op *access)
{
    const Object object = pointer_object(op_operand(access, 0));
    ArrayCopy found = {.array = object.value};
    const bool is_array = object.kind == OBJECT_LOCAL || object.kind == OBJECT_HEAP || object.kind == OBJECT_PARAM;
    const bool runs_again = memory_root(reversal, access) != root_of(reversal, access->parent); /* but does not write it */
    if (!is_array || runs_again || reversal->is_pair || !is_element_of(op_operand(access, 0), found.array) ||
        !find_extents(reversal, &found) || !find_place(reversal, &found, access) || !can_be_sized(reversal, &found))
        return NULL;
    for (size_t i = 0; i < copies->count; i++) {
        ArrayCopy *old = copies->items[i];
        if (old->array == found.array && old->region == found.region && old->before == found.before)
            return old;
    }
    ArrayCopy *added = arena_new(reversal->arena, ArrayCopy);
    *added = found;
    vec_push(reversal->arena, copies, added);
    return added;
}

/* ---- what is in the array ---- */

/* Does the loop count through all elements, and store one in each round? */
static bool fills(const Op *loop, const Value *array, int64_t extent)
{
    if (loop->kind != OP_FOR || loop->compare != OP_LT || !value_is_int(op_operand(loop, 0), 0) || !value_is_int(op_operand(loop, 2), 1) ||
        !value_is_int(op_operand(loop, 1), extent))
        return false;
    for (const Op *op = loop->regions[0]->first; op; op = op->next) {
        const Op *address = op->kind == OP_STORE ? op_operand(op, 0)->op : NULL;
        if (address && address->kind == OP_INDEX && op_operand(address, 0) == array && address->num_operands == 2 &&
            op_operand(address, 1) == loop_counter(loop))
            return true;
    }
    return false;
}

/* The constant number of the element that is stored to; -1: it is none. */
static int64_t stored_element(const Op *op, const Value *array)
{
    const Value *address = op->kind == OP_STORE ? op_operand(op, 0) : NULL;
    if (address == array)
        return 0;
    const Op *index = address ? address->op : NULL;
    const bool is_element = index && index->kind == OP_INDEX && op_operand(index, 0) == array && index->num_operands == 2;
    return is_element && value_is_const(op_operand(index, 1)) ? op_operand(index, 1)->op->int_value : -1;
}

/* Takes note of what the op stores; is the array filled now? */
static bool note_stores(const ArrayCopy *copy, const Op *op, uint64_t *missing)
{
    enum { MAX_ELEMENTS = 64 };
    if ((op->kind == OP_ZERO || op->kind == OP_COPY) && op_operand(op, 0) == copy->array &&
        value_is_int(op_operand(op, op->num_operands - 1), copy->count))
        return true;
    const int64_t element = stored_element(op, copy->array);
    if (element >= 0 && element < MAX_ELEMENTS)
        *missing &= ~((uint64_t)1 << element);
    return (copy->count <= MAX_ELEMENTS && !*missing) || (copy->num_extents == 1 && fills(op, copy->array, copy->count));
}

bool array_copy_is_filled(const ArrayCopy *copy)
{
    uint64_t missing = copy->count < 64 ? ((uint64_t)1 << copy->count) - 1 : UINT64_MAX; /* of the elements that are stored one by one */
    for (const Op *at = copy->before; at; at = at->parent->owner) { /* what runs before it, further and further out */
        for (const Op *op = at->prev; op && op != copy->array->op; op = op->prev)
            if (note_stores(copy, op, &missing))
                return true;
        if (at->parent == copy->array->op->parent)
            return false;
    }
    return false;
}

/* ---- marks ---- */

void array_copies_mark(ArrayCopies copies)
{
    for (size_t i = 0; i < copies.count; i++) {
        ArrayCopy *copy = copies.items[i];
        if (!copy->is_taken)
            continue;
        Builder b = builder_before((Op *)copy->before);
        b.loc = copy->before->loc;
        copy->mark = build_undef(&b, type_scalar(b.function->module->types, TYPE_INT))->op;
    }
}

void array_copies_unmark(ArrayCopies copies)
{
    for (size_t i = 0; i < copies.count; i++)
        if (copies.items[i]->is_taken)
            op_erase(copies.items[i]->mark);
}
