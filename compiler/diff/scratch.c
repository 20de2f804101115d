/* Static variables as scratch.
 *
 * A static variable is copied into the generated file. It may be written only if no call can see what an
 * earlier one left there: every load must have a store of the same call in front of it (global_is_scratch).
 * That is certain if the store stands in the same or an outer region in front of the load and
 *   - has the same address, or
 *   - is one of a loop over all elements, or over those that the load's own loop goes through, or
 *   - is one of several, which write all elements one by one.
 * A pointer may go elsewhere (into a call, a choice) behind writes of all elements. */
#include "diff/globals.h"

#include "ir/builder.h"
#include "transform/passes.h"

typedef struct Scratch {
    const Global *global;
    VEC(const Op *) writes, reads, others; /* others: take the address, for whatever use */
    Arena *arena;
} Scratch;

static bool is_of(const Scratch *scratch, const Value *pointer)
{
    return object_global(pointer_object(pointer)) == scratch->global;
}

static void note_access(Op *op, void *context)
{
    Scratch *scratch = context;
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        if (!type_is_pointer(operand->type) || !is_of(scratch, operand))
            continue;
        const bool target = i == 0;
        if (op->kind == OP_INDEX || op->kind == OP_FIELD || op->kind == OP_SHAPE)
            continue;
        if (target && (op->kind == OP_STORE || op->kind == OP_ZERO || op->kind == OP_COPY))
            vec_push(scratch->arena, &scratch->writes, (const Op *)op);
        else if (op->kind == OP_LOAD)
            vec_push(scratch->arena, &scratch->reads, (const Op *)op);
        else
            vec_push(scratch->arena, &scratch->others, (const Op *)op);
    }
}

/* Has `a` been executed whenever `b` is, with the instances of the loops around both? */
static bool comes_before(const Op *a, const Op *b)
{
    const Op *ancestor = op_ancestor_in(a->parent, (Op *)b);
    return ancestor && ancestor != a && op_precedes(a, ancestor);
}

static bool same_address(const Value *p, const Value *q)
{
    if (p == q)
        return true;
    const Op *a = p->op, *b = q->op;
    if (!a || !b || a->kind != OP_INDEX || b->kind != OP_INDEX || a->num_operands != b->num_operands)
        return false;
    for (unsigned i = 0; i < a->num_operands; i++)
        if (!values_are_same(op_operand(a, i), op_operand(b, i)))
            return false;
    return true;
}

/* The loop that this index counts; NULL if it is no counter that runs upward in ones. */
static const Op *counting_loop(const Value *index)
{
    index = value_before_widening(index);
    const Op *loop = !index->op && index->region ? index->region->owner : NULL;
    return loop && loop->kind == OP_FOR && index->index == 0 &&
                   (loop->compare == OP_LT || loop->compare == OP_NE) &&
                   value_is_int(op_operand(loop, 2), 1)
               ? loop
               : NULL;
}

static bool at_most(const Value *a, const Value *b)
{
    return values_are_same(a, b) || (value_is_const(a) && value_is_const(b) &&
                                     a->op->int_value <= b->op->int_value);
}

/* Does the index `wide` go through all that `narrow` (NULL: 0) is, once the op `whole` is done? */
static bool index_covers(const Op *whole, const Value *wide, const Value *narrow, int64_t extent)
{
    const Op *outer = counting_loop(wide), *inner = narrow ? counting_loop(narrow) : NULL;
    if (!outer || !region_contains(whole->parent, outer->parent) ||
        op_ancestor_in(whole->parent, (Op *)outer) != whole)
        return narrow ? values_are_same(wide, narrow) : value_is_int(wide, 0);
    const Value *lower = op_operand(outer, 0), *upper = op_operand(outer, 1);
    const bool from_zero = value_is_int(lower, 0);
    if (from_zero && extent > 0 && value_is_const(upper) && upper->op->int_value >= extent)
        return true;
    const int64_t at = narrow && value_is_const(narrow) ? narrow->op->int_value : 0;
    if ((!narrow || value_is_const(narrow)) && value_is_const(lower) && value_is_const(upper))
        return at >= lower->op->int_value && at < upper->op->int_value;
    return inner && at_most(lower, op_operand(inner, 0)) && at_most(op_operand(inner, 1), upper);
}

static bool address_covers(const Scratch *scratch, const Op *whole, const Value *written,
                           const Value *read)
{
    const Op *a = written->op, *b = read->op;
    if (!a || a->kind != OP_INDEX)
        return false;
    const bool first = op_operand(a, 0) == read; /* the read is of the first element */
    if (!first && (!b || b->kind != OP_INDEX || a->num_operands != b->num_operands ||
                   op_operand(a, 0) != op_operand(b, 0)))
        return false;
    for (unsigned i = 1; i < a->num_operands; i += 2) {
        const unsigned level = i / 2;
        const int64_t extent = level < scratch->global->rank && a->num_operands / 2 == scratch->global->rank
                                   ? scratch->global->extents[level]
                                   : 0;
        if (!index_covers(whole, op_operand(a, i), first ? NULL : op_operand(b, i), extent))
            return false;
    }
    return true;
}

/* The loop around `whole`, if it counts an index of the store and holds nothing but loops around it: when it
 * is done, the store has been executed for all its counters. NULL: there is none. */
static const Op *next_whole(const Op *store, const Op *whole)
{
    const Op *index = op_operand(store, 0)->op, *owner = whole->parent->owner;
    if (!index || index->kind != OP_INDEX || !owner)
        return NULL;
    for (unsigned i = 1; i < index->num_operands; i += 2)
        if (counting_loop(op_operand(index, i)) == owner)
            return owner;
    return NULL;
}

static bool is_start(const Value *pointer)
{
    return pointer->op ? pointer->op->kind == OP_GLOBAL : pointer->region && !pointer->region->owner;
}

/* Does the store, once the op `whole` is done, have gone through all elements? */
static bool store_goes_through(const Scratch *scratch, const Op *store, const Op *whole)
{
    const Op *index = op_operand(store, 0)->op;
    if (!index || index->kind != OP_INDEX || !is_start(op_operand(index, 0)) || index->num_operands / 2 != scratch->global->rank)
        return false;
    for (unsigned i = 0; i < scratch->global->rank; i++) {
        const Op *loop = counting_loop(op_operand(index, 2 * i + 1));
        if (!loop || !region_contains(whole->parent, loop->parent) || op_ancestor_in(whole->parent, (Op *)loop) != whole ||
            !value_is_int(op_operand(loop, 0), 0) || !value_is_const(op_operand(loop, 1)) ||
            op_operand(loop, 1)->op->int_value < scratch->global->extents[i])
            return false;
    }
    return true;
}

/* Has the write, or the loop around it, written all elements before `op`? */
static bool writes_all(const Scratch *scratch, const Op *write, const Op *op)
{
    if (write->kind == OP_ZERO || write->kind == OP_COPY) {
        const Value *count = op_operand(write, write->kind == OP_COPY ? 2 : 1);
        return value_is_const(count) && is_start(op_operand(write, 0)) &&
               count->op->int_value >= global_count(scratch->global) && comes_before(write, op);
    }
    for (const Op *whole = write; whole; whole = next_whole(write, whole))
        if (comes_before(whole, op) && store_goes_through(scratch, write, whole))
            return true;
    return false;
}

static bool write_covers(const Scratch *scratch, const Op *write, const Op *read)
{
    if (write->kind == OP_ZERO || write->kind == OP_COPY)
        return writes_all(scratch, write, read);
    const Value *written = op_operand(write, 0), *wanted = op_operand(read, 0);
    if (same_address(written, wanted) && comes_before(write, read))
        return true;
    for (const Op *whole = write; whole; whole = next_whole(write, whole))
        if (comes_before(whole, read) && address_covers(scratch, whole, written, wanted))
            return true;
    return false;
}

/* A store to the element of an array of one dimension, or to a plain variable, that stands before `op`. */
static bool writes_element(const Op *write, int64_t element, const Op *op)
{
    if (write->kind != OP_STORE || !comes_before(write, op))
        return false;
    const Op *index = op_operand(write, 0)->op;
    if (is_start(op_operand(write, 0)))
        return element == 0;
    return index && index->kind == OP_INDEX && index->num_operands == 2 && is_start(op_operand(index, 0)) &&
           value_is_int(op_operand(index, 1), element);
}

/* Has every element been written before `op`, by a store each, or by one op or loop? */
static bool all_is_written(const Scratch *scratch, const Op *op)
{
    const int64_t count = global_count(scratch->global);
    for (size_t i = 0; i < scratch->writes.count; i++)
        if (writes_all(scratch, scratch->writes.items[i], op))
            return true;
    for (int64_t element = 0; element < count; element++) {
        bool found = false;
        for (size_t i = 0; i < scratch->writes.count && !found; i++)
            found = writes_element(scratch->writes.items[i], element, op);
        if (!found)
            return false;
    }
    return scratch->global->rank <= 1;
}

static bool read_is_written(const Scratch *scratch, const Op *read)
{
    for (size_t i = 0; i < scratch->writes.count; i++)
        if (write_covers(scratch, scratch->writes.items[i], read))
            return true;
    return all_is_written(scratch, read);
}

bool global_is_scratch(const Function *function, const Global *global)
{
    Scratch scratch = {.global = global, .arena = function->module->arena};
    Function *copy = function_clone(function); /* in which loops count, whatever is switched off */
    raise_loops(copy, RAISE_ALL);
    region_walk(copy->body, note_access, &scratch);
    for (size_t i = 0; i < scratch.reads.count; i++)
        if (!read_is_written(&scratch, scratch.reads.items[i]))
            return false;
    for (size_t i = 0; i < scratch.others.count; i++)
        if (!all_is_written(&scratch, scratch.others.items[i]))
            return false;
    return true;
}
