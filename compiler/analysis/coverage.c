/* Coverage of reads by writes: see coverage.h.
 *
 *     for (c = 0; c < k; c++) {
 *         for (j = 0; j < d; j++) centred[j] = x[j] - mean[c][j];        writes the whole of double centred[d]
 *         ... centred[r] ...                                             is covered, whatever r is
 *     }
 *
 * Algorithm. From the read go outward; in each region on the way look among the ops before it for one that surely
 * writes: a store, or loops whose counters run through whole extents of the array, with a store at these indices
 * that nothing else controls. In each dimension the write has all indices, or the same one as the read. What is
 * read outside the extents would be undefined (C11 6.5.6p8).
 *
 * Requires: SSA. Does not handle: members of structs, partial ranges, flattened dimensions. */
#include "analysis/coverage.h"

enum { MAX_DIMENSIONS = 4 };

bool object_is_confined(Object object)
{
    return (object.kind == OBJECT_LOCAL || object.kind == OBJECT_HEAP) && !local_escapes(object.value);
}

bool value_is_matrix(const Function *function, const Value *value)
{
    unsigned companions = 0;
    for (unsigned i = 0; i < function->num_params; i++)
        companions += function->params[i].is_companion;
    return !value->op && value->region == function->body && companions == 1 && function->params[value->index].is_companion;
}

/* ---- extents ---- */

static bool same_number(const Value *a, const Value *b)
{
    return values_are_same(value_before_widening(a), value_before_widening(b));
}

static unsigned array_rank(const Value *array)
{
    return array->op->num_operands ? array->op->num_operands : 1;
}

/* NULL: one element. */
static const Value *array_extent(const Value *array, unsigned dimension)
{
    return array->op->num_operands ? op_operand(array->op, dimension) : NULL;
}

static bool is_array(const Value *pointer)
{
    const OpKind kind = pointer->op ? pointer->op->kind : OP_COUNT;
    return kind == OP_ALLOCA || ((kind == OP_ALLOC || kind == OP_MALLOC) && pointer->op->num_operands == 1);
}

/* The loop's counter goes through 0, 1, ... extent - 1, in any order. */
static bool runs_through(const Op *loop, const Value *extent)
{
    return loop->kind == OP_FOR && value_is_int(op_operand(loop, 0), 0) && value_is_int(op_operand(loop, 2), 1) &&
           (loop->compare == OP_LT || loop->compare == OP_NE) && same_number(op_operand(loop, 1), extent);
}

/* ---- accesses ---- */

/* An element of the array: its indices, NULL for 0. */
typedef struct Access {
    const Value *array;
    unsigned rank;
    const Value *indices[MAX_DIMENSIONS];
} Access;

static bool access_of(const Value *pointer, Access *access)
{
    *access = (Access){0};
    const Op *op = pointer->op;
    if (!op)
        return false;
    if (is_array(pointer)) {
        *access = (Access){.array = pointer, .rank = array_rank(pointer)};
        return access->rank <= MAX_DIMENSIONS;
    }
    if (op->kind != OP_INDEX || !is_array(op_operand(op, 0)))
        return false;
    access->array = op_operand(op, 0);
    access->rank = op->num_operands / 2;
    if (access->rank != array_rank(access->array) || access->rank > MAX_DIMENSIONS)
        return false;
    for (unsigned i = 0; i < access->rank; i++)
        access->indices[i] = op_operand(op, 2 * i + 1);
    return true;
}

static bool same_index(const Value *a, const Value *b)
{
    if (!a || !b)
        return (!a || value_is_int(a, 0)) && (!b || value_is_int(b, 0));
    return same_number(a, b);
}

/* ---- writes ---- */

typedef struct Search {
    const Value *pointer; /* what is read; a whole range if `range` */
    bool range;
    Access read;
    const Op *outermost; /* of the loops around a write */
    const Op *loops[MAX_DIMENSIONS];
    unsigned num_loops;
} Search;

static bool dimension_is_covered(const Search *search, const Access *write, unsigned i, bool *used)
{
    const Value *index = write->indices[i], *extent = array_extent(write->array, i);
    for (unsigned k = 0; index && extent && k < search->num_loops; k++)
        if (index == search->loops[k]->regions[0]->args.items[0] && runs_through(search->loops[k], extent)) {
            used[k] = true;
            return true;
        }
    if (search->range)
        return false;
    if (index && search->outermost && value_is_inside(search->outermost, index))
        return false;
    return same_index(index, search->read.indices[i]);
}

static bool store_covers(const Search *search, const Op *store)
{
    if (!search->num_loops && !search->range && op_operand(store, 0) == search->pointer)
        return true;
    Access write;
    if (!search->read.array || !access_of(op_operand(store, 0), &write) || write.array != search->read.array ||
        write.rank != search->read.rank)
        return false;
    bool used[MAX_DIMENSIONS] = {false};
    for (unsigned i = 0; i < write.rank; i++)
        if (!dimension_is_covered(search, &write, i, used))
            return false;
    for (unsigned k = 0; k < search->num_loops; k++)
        if (!used[k])
            return false; /* it may not run at all */
    return true;
}

/* `zero` and `copy` of the whole array. */
static bool range_covers(const Search *search, const Op *op)
{
    const Value *array = op_operand(op, 0);
    if (search->num_loops || array != search->read.array || array_rank(array) != 1)
        return false;
    const Value *extent = array_extent(array, 0), *count = op_operand(op, op->num_operands - 1);
    return extent ? same_number(extent, count) : value_is_int(count, 1);
}

static bool op_covers(Search *search, const Op *op);

static bool loop_covers(Search *search, const Op *loop)
{
    if (search->num_loops == MAX_DIMENSIONS)
        return false;
    if (!search->num_loops)
        search->outermost = loop;
    search->loops[search->num_loops++] = loop;
    bool covers = false;
    for (const Op *op = loop->regions[0]->first; op && !covers; op = op->next)
        covers = op_covers(search, op);
    if (!--search->num_loops)
        search->outermost = NULL;
    return covers;
}

static bool op_covers(Search *search, const Op *op)
{
    switch (op->kind) {
    case OP_STORE:
        return store_covers(search, op);
    case OP_ZERO:
    case OP_COPY:
        return range_covers(search, op);
    case OP_FOR:
        return search->read.array && loop_covers(search, op);
    default:
        return false;
    }
}

bool object_is_read(const Op *op, Object object)
{
    const bool is_call = op->kind == OP_CALL || op->kind == OP_INNER;
    const unsigned first = op->kind == OP_COPY, count = is_call ? op->num_operands : first + 1;
    if (!is_call && op->kind != OP_LOAD && op->kind != OP_COPY && op->kind != OP_ACCUMULATE)
        return false;
    for (unsigned i = first; i < count; i++)
        if (type_is_pointer(op_operand(op, i)->type) && objects_equal(pointer_object(op_operand(op, i)), object))
            return true;
    return false;
}

bool read_is_covered(const Op *read, const Region *region, const Op *since)
{
    if (read->kind == OP_CALL || read->kind == OP_INNER) /* it is not known how much they read */
        return false;
    Search search = {.range = read->kind == OP_COPY};
    search.pointer = op_operand(read, search.range ? 1 : 0);
    access_of(search.pointer, &search.read);
    if (search.range && search.pointer != search.read.array)
        search.read.array = is_array(search.pointer) ? search.pointer : NULL;
    for (const Op *at = read;; at = at->parent->owner) {
        for (const Op *op = at->prev; op && op != since; op = op->prev)
            if (op_covers(&search, op))
                return true;
        if (at->parent == region || !at->parent->owner)
            return false;
    }
}

/* ---- objects ---- */

typedef struct PrivateSearch {
    Object object;
    const Region *region;
    bool failed;
} PrivateSearch;

static void check_read(Op *op, void *context)
{
    PrivateSearch *search = context;
    if (!search->failed && object_is_read(op, search->object))
        search->failed = !read_is_covered(op, search->region, NULL);
}

bool object_is_private(Object object, const Region *region)
{
    if (!object_is_confined(object))
        return false;
    if (region_contains(region, object.value->op->parent))
        return true; /* a new one every time */
    PrivateSearch search = {.object = object, .region = region};
    region_walk((Region *)region, check_read, &search);
    return !search.failed;
}
