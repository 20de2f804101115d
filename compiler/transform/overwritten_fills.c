/* Arrays that loops overwrite entirely are not set to zero first.
 *
 *     memset(jacobian, 0, n * 3 * 26 * sizeof *jacobian);
 *     for (v = 0; v < n; v++)
 *         for (i = 0; i < 3; i++)                                     becomes    for (v = 0; v < n; v++) ...
 *             for (d = 0; d < 26; d++)
 *                 jacobian[(v * 3 + i) * 26 + d] = ...;
 *
 * Algorithm. The next op that has to do with the array must be loops around a store that nothing else controls. Sorted by what their counters are
 * multiplied with in its index, the innermost counts single elements, and each further one as many as all of those further in; the outermost
 * comes to the end of what was filled.
 *
 * Requires: SSA. Only arrays whose address goes nowhere, and the matrix that the function fills, which overlaps nothing. */
#include "analysis/affine.h"
#include "analysis/coverage.h"
#include "transform/passes.h"

enum { MAX_LOOPS = 6 };

/* ---- the store ---- */

typedef struct Nest {
    const Value *array;
    const Op *outermost, *store;
    bool failed;
} Nest;

static const Value *array_of(const Value *pointer)
{
    while (pointer->op && pointer->op->kind == OP_INDEX)
        pointer = op_operand(pointer->op, 0);
    return pointer;
}

/* What reads or writes the array must be one store, or come behind it at the same element. */
static void look_at(Op *op, void *context)
{
    Nest *nest = context;
    for (unsigned i = 0; i < op->num_operands && op->kind != OP_INDEX; i++) {
        if (!type_is_pointer(op_operand(op, i)->type) || array_of(op_operand(op, i)) != nest->array)
            continue;
        const bool is_access = i == 0 && (op->kind == OP_STORE || op->kind == OP_LOAD || op->kind == OP_ACCUMULATE);
        if (!nest->store && op->kind == OP_STORE && is_access)
            nest->store = op;
        else if (!nest->store || !is_access || op->parent != nest->store->parent || op_operand(op, 0) != op_operand(nest->store, 0))
            nest->failed = true;
    }
}

/* ---- its index ---- */

/* Is it made without conversions that may change a number? Affine forms do not look at them. */
static bool is_plain(const Value *value, unsigned depth)
{
    enum { MAX_DEPTH = 8 };
    const Op *op = value->op;
    if (!op || op->kind == OP_CONST || op->kind == OP_LOAD)
        return true;
    if (depth == MAX_DEPTH || (op->kind == OP_CONVERT && value_before_widening(value) == value))
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!is_plain(op_operand(op, i), depth + 1))
            return false;
    return op->num_regions == 0;
}

/* The index of the element, counted from the beginning. */
static Affine place_of(const Op *index)
{
    Affine sum = {.known = true};
    for (unsigned i = 1; i < index->num_operands; i += 2) {
        const Value *extent = i > 1 ? op_operand(index, i - 1) : NULL;
        const Affine number = affine_of(op_operand(index, i));
        if (!number.known || !is_plain(op_operand(index, i), 0) || (extent && !value_is_const(extent)) || (extent && extent->op->int_value > INT32_MAX))
            return (Affine){.known = false};
        const int64_t factor = extent ? extent->op->int_value : 1;
        sum.offset = sum.offset * factor + number.offset;
        for (unsigned k = 0; k < sum.count; k++)
            sum.coefficients[k] *= factor;
        for (unsigned k = 0; k < number.count && sum.known; k++)
            affine_add(&sum, number.values[k], number.coefficients[k]);
    }
    return sum;
}

static bool counts_up(const Op *op)
{
    return op->kind == OP_FOR && op->compare == OP_LT && value_is_int(op_operand(op, 0), 0) && value_is_int(op_operand(op, 2), 1);
}

static int find_loops(const Nest *nest, const Op **loops)
{
    int count = 0;
    for (const Op *op = nest->store->parent->owner; op; op = op->parent->owner) {
        if (count == MAX_LOOPS || !counts_up(op))
            return 0;
        loops[count++] = op;
        if (op == nest->outermost)
            return count;
    }
    return 0;
}

static bool is_constant(const Affine *sum, int64_t value)
{
    for (unsigned k = 0; k < sum->count; k++)
        if (sum->coefficients[k] != 0)
            return false;
    return sum->known && sum->offset == value;
}

/* Are these all the elements up to `count`? */
static bool covers(const Nest *nest, const Value *count)
{
    const Op *index = op_operand(nest->store, 0)->op, *loops[MAX_LOOPS];
    if (!index || index->kind != OP_INDEX || op_operand(index, 0) != nest->array)
        return false;
    const int num_loops = find_loops(nest, loops);
    const Affine place = place_of(index);
    if (num_loops == 0 || !place.known || place.offset != 0 || place.count != (unsigned)num_loops)
        return false;
    int64_t covered = 1;
    for (int found = 0; found < num_loops; found++) {
        const Op *loop = NULL;
        for (int i = 0; i < num_loops && !loop; i++)
            if (affine_coefficient(&place, loops[i]->regions[0]->args.items[0]) == covered)
                loop = loops[i];
        if (!loop)
            return false;
        const Value *upper = op_operand(loop, 1);
        if (found + 1 == num_loops) {
            Affine rest = affine_of(count);
            const Affine last = affine_of(upper);
            for (unsigned k = 0; k < last.count; k++)
                affine_add(&rest, last.values[k], -covered * last.coefficients[k]);
            return last.known && is_plain(upper, 0) && is_plain(count, 0) && is_constant(&rest, covered * last.offset);
        }
        if (!value_is_const(upper) || upper->op->int_value <= 1 || upper->op->int_value > INT32_MAX / covered)
            return false;
        covered *= upper->op->int_value;
    }
    return false;
}

/* ---- fills ---- */

static bool is_private(const Function *function, const Value *array)
{
    return value_is_matrix(function, array) || (array->op && object_is_confined(pointer_object(array)));
}

static bool has_to_do_with(Op *op, const Value *array, Nest *nest)
{
    *nest = (Nest){.array = array, .outermost = op};
    look_at(op, nest);
    for (unsigned r = 0; r < op->num_regions; r++)
        region_walk(op->regions[r], look_at, nest);
    return nest->store || nest->failed;
}

static bool is_overwritten(const Op *fill)
{
    const Value *array = op_operand(fill, 0);
    if (!is_private(fill->function, array))
        return false;
    for (Op *op = fill->next; op; op = op->next) {
        Nest nest;
        if (has_to_do_with(op, array, &nest))
            return op->kind == OP_FOR && !nest.failed && covers(&nest, op_operand(fill, 1));
    }
    return false;
}

typedef struct Found {
    Arena *arena;
    VEC(Op *) fills;
} Found;

static void find_fill(Op *op, void *context)
{
    Found *found = context;
    if (op->kind == OP_ZERO && is_overwritten(op))
        vec_push(found->arena, &found->fills, op);
}

void drop_overwritten_fills(Function *function)
{
    Found found = {.arena = function->module->arena};
    region_walk(function->body, find_fill, &found);
    for (size_t i = 0; i < found.fills.count; i++)
        op_erase(found.fills.items[i]);
}
