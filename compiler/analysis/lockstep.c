/* Iterations side by side: see lockstep.h.
 *
 * Legal is a loop of arithmetic, choices between numbers, accesses to memory and inner loops whose bounds are the same for all iterations. It
 * carries sums only. What
 * one iteration writes no other one touches, but by adding to it; and what is added to is not looked at in the loop. Local arrays of an
 * iteration are its own.
 *
 * It is worth it where a C compiler cannot use vector instructions as the loop stands, and can then: inner loops that sum up, in the order of
 * the source, what is beside each other in memory for the next iteration (a convolution); much arithmetic in front of additions to
 * elements that are looked up (a table of splines); and additions to an element and those beside it, which follow on each other through
 * memory from one iteration to the next (a stencil, reversed). Not where calls of <math.h> take the time. Inner sums along rows, one for each
 * iteration, go a few at a time, so that additions need not wait for each other. */
#include "analysis/lockstep.h"

#include "analysis/affine.h"
#include "analysis/coverage.h"
#include "analysis/iterations.h"
#include "analysis/memory.h"
#include "analysis/reload.h"

enum { UNKNOWN, UNIFORM, VARYING };
enum { MAX_OPS = 500, MAX_ACCESSES = 64, MAX_PRIVATE = 32, MIN_ARITHMETIC = 24, CALL_COST = 12, MIN_TRIPS = 64, MIN_INNER_TRIPS = 8 };

static bool depends_on_iteration(Lockstep *l, const Value *value);

static bool is_private(const Lockstep *l, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    return object.kind == OBJECT_LOCAL && value_is_inside(l->loop, object.value);
}

/* Is what the load reads not written in the loop? */
static bool is_fixed(const Lockstep *l, const Op *load)
{
    return !is_private(l, op_operand(load, 0)) && !op_may_touch(l->loop, op_operand(load, 0));
}

static bool op_depends(Lockstep *l, const Op *op)
{
    if (op->kind == OP_ALLOCA || op->num_regions || (op->kind == OP_LOAD && !is_fixed(l, op)))
        return true;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (depends_on_iteration(l, op_operand(op, i)))
            return true;
    return false;
}

static bool depends_on_iteration(Lockstep *l, const Value *value)
{
    if (!value_is_inside(l->loop, value))
        return false;
    unsigned char *known = &l->dependence[value->id];
    if (*known == UNKNOWN) {
        if (value->op)
            *known = op_depends(l, value->op) ? VARYING : UNIFORM;
        else /* an argument: a counter of an inner loop is the same for all */
            *known = value->index == 0 && value->region->owner != l->loop ? UNIFORM : VARYING;
    }
    return *known == VARYING;
}

bool lockstep_varies(const Lockstep *l, const Value *value)
{
    return value_is_inside(l->loop, value) && l->dependence[value->id] == VARYING;
}

/* ---- addresses ---- */

/* How far an index moves from one iteration to the next; false: not known. */
static bool index_stride(const Lockstep *l, const Value *index, int64_t *stride)
{
    const Affine sum = affine_of(index);
    *stride = affine_coefficient(&sum, l->loop->regions[0]->args.items[0]);
    for (unsigned i = 0; i < sum.count; i++)
        if (sum.coefficients[i] != 0 && sum.values[i] != l->loop->regions[0]->args.items[0] && lockstep_varies(l, sum.values[i]))
            return false;
    return sum.known;
}

Stride lockstep_stride(const Lockstep *l, const Value *address)
{
    if (is_private(l, address))
        return STRIDE_PRIVATE;
    if (!lockstep_varies(l, address))
        return STRIDE_NONE;
    const Op *op = address->op;
    if (!op || op->kind != OP_INDEX || lockstep_varies(l, op_operand(op, 0)))
        return STRIDE_IRREGULAR;
    Stride result = STRIDE_NONE;
    for (unsigned i = 1; i < op->num_operands; i++) {
        int64_t stride = 0;
        if (i % 2 == 0 && lockstep_varies(l, op_operand(op, i)))
            return STRIDE_IRREGULAR;
        if (i % 2 && !index_stride(l, op_operand(op, i), &stride))
            return STRIDE_IRREGULAR;
        if (stride != 0)
            result = stride == 1 && i + 1 == op->num_operands && result == STRIDE_NONE ? STRIDE_ONE : STRIDE_MANY;
    }
    return result;
}

bool lockstep_is_cheap(const Lockstep *l, const Value *value)
{
    const Op *op = value->op;
    if (!op)
        return false;
    switch (op->kind) {
    case OP_CONVERT:
        return !type_is_floating(op_operand(op, 0)->type);
    case OP_INDEX:
    case OP_LAND:
    case OP_LOR:
    case OP_LNOT:
    case OP_NEG:
        return true;
    case OP_LOAD:
        return is_fixed(l, op);
    case OP_ADD:
    case OP_SUB:
    case OP_MUL:
        return type_is_integer(value->type);
    default:
        return op_is_compare(op->kind);
    }
}

/* ---- what the loop does ---- */

static void look_at_private(Lockstep *l, const Op *alloca)
{
    int64_t elements = 1;
    for (unsigned i = 0; i < alloca->num_operands; i++) {
        const Value *extent = op_operand(alloca, i);
        if (!value_is_const(extent) || extent->op->int_value < 1 || extent->op->int_value > MAX_PRIVATE) {
            l->failed = true;
            return;
        }
        elements *= extent->op->int_value;
    }
    const Object object = pointer_object(alloca->results[0]);
    l->failed = l->failed || elements > MAX_PRIVATE || !type_is_scalar(alloca->results[0]->type->elem) ||
                type_is_pointer(alloca->results[0]->type->elem) || !object_is_confined(object);
}

/* Private arrays are accessed by the name, by an index for each dimension, or by the number of the element. */
static bool is_plain_address(const Value *address)
{
    const Op *op = address->op, *alloca = op && op->kind == OP_INDEX ? op_operand(op, 0)->op : NULL;
    return op && (op->kind == OP_ALLOCA || (alloca && alloca->kind == OP_ALLOCA &&
                                            (op->num_operands == 2 || op->num_operands == 2 * alloca->num_operands)));
}

static void look_at_access(Lockstep *l, const Op *op)
{
    const Value *address = op_operand(op, 0);
    if (is_private(l, address)) {
        l->failed = l->failed || !is_plain_address(address);
        return;
    }
    vec_push(l->arena, &l->accesses, op);
}

/* On one side of a choice: both are computed. What is allowed there is defined whatever the operands are. */
static bool can_be_computed_anyway(const Op *op)
{
    if (op->kind == OP_YIELD || op->kind == OP_IF || op->kind == OP_CONST)
        return true;
    return op_is_speculatable(op) && op_table[op->kind].cost < CALL_COST && op->num_results == 1 &&
           (type_is_floating(op->results[0]->type) || op->results[0]->type->kind == TYPE_BOOL);
}

static bool results_are_numbers(const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++)
        if (!type_is_arithmetic(op->results[i]->type) || op->results[i]->type->kind == TYPE_BOOL)
            return false;
    return true;
}

static void look_at_inner_loop(Lockstep *l, const Op *op)
{
    for (unsigned i = 0; i < 3; i++)
        l->failed = l->failed || depends_on_iteration(l, op_operand(op, i));
    l->failed = l->failed || !results_are_numbers(op);
    for (unsigned i = 0; i < op->num_results; i++)
        l->sums += type_is_floating(op->results[i]->type);
}

static void look_at_arithmetic(Lockstep *l, const Op *op)
{
    if (op_table[op->kind].effect != EFFECT_PURE || op->num_regions ||
        (op->num_results && type_is_pointer(op->results[0]->type) && op->kind != OP_INDEX)) {
        l->failed = true;
    } else if (op->num_results && type_is_floating(op->results[0]->type)) {
        l->arithmetic += op_table[op->kind].cost > 0;
        l->has_calls = l->has_calls || op_table[op->kind].cost >= CALL_COST;
        l->has_inner_calls = l->has_inner_calls || (op_table[op->kind].cost >= CALL_COST && op->parent->owner != l->loop);
    }
}

static void look_at(Op *op, void *context)
{
    Lockstep *l = context;
    if (++l->ops > MAX_OPS || op->num_operands > LOCKSTEP_MAX_OPERANDS || (op->parent->owner->kind == OP_IF && !can_be_computed_anyway(op)))
        l->failed = true;
    for (unsigned i = 0; i < op->num_results; i++)
        depends_on_iteration(l, op->results[i]);
    switch (op->kind) {
    case OP_LOAD:
    case OP_STORE:
    case OP_ACCUMULATE:
        look_at_access(l, op);
        break;
    case OP_ALLOCA:
        look_at_private(l, op);
        break;
    case OP_ZERO:
        l->failed = l->failed || !op_operand(op, 0)->op || op_operand(op, 0)->op->kind != OP_ALLOCA ||
                    !value_is_inside(l->loop, op_operand(op, 0)) || !value_is_const(op_operand(op, 1));
        break;
    case OP_FOR:
        look_at_inner_loop(l, op);
        break;
    case OP_IF:
        l->failed = l->failed || op->num_results == 0 || !results_are_numbers(op);
        break;
    case OP_YIELD:
        break;
    default:
        look_at_arithmetic(l, op);
    }
}

/* ---- additions to what is beside ---- */

/* To the next element of that array in each iteration, not in a loop inside. */
static bool adds_along(const Lockstep *l, const Op *access, const Value *array)
{
    const Value *address = op_operand(access, 0);
    return access->kind == OP_ACCUMULATE && access->parent == l->loop->regions[0] && lockstep_stride(l, address) == STRIDE_ONE &&
           op_operand(address->op, 0) == array;
}

/* Does nobody else need the addend, nor its negative? */
static bool has_own_addend(const Op *access)
{
    const Value *addend = op_operand(access, 1);
    return value_has_one_use(addend) && !(addend->op && addend->op->kind == OP_NEG);
}

/* Of all that add along the array, the first one with an addend of its own, or the first: it stays. */
static const Op *first_along(const Lockstep *l, const Value *array)
{
    const Op *first = NULL;
    for (size_t i = 0; i < l->accesses.count; i++) {
        const Op *access = l->accesses.items[i];
        if (adds_along(l, access, array) && (!first || (has_own_addend(access) && !has_own_addend(first))))
            first = access;
    }
    return first;
}

bool lockstep_stands_apart(const Lockstep *l, const Op *accumulation)
{
    const Value *address = op_operand(accumulation, 0);
    const Value *array = address->op && address->op->kind == OP_INDEX ? op_operand(address->op, 0) : NULL;
    if (!array || !adds_along(l, accumulation, array))
        return false;
    const Op *first = first_along(l, array);
    return first != accumulation && !addresses_are_apart(l->loop, address, op_operand(first, 0));
}

/* ---- the order of what is done to memory ---- */

static bool is_moved(const Lockstep *l, const Op *access)
{
    return access->kind == OP_ACCUMULATE &&
           (lockstep_stride(l, op_operand(access, 0)) != STRIDE_ONE || lockstep_stands_apart(l, access));
}

static bool order_matters(const Lockstep *l, const Op *a, const Op *b)
{
    if (accesses_conflict(l->loop, a, b))
        return true;
    if (a == b || (a->kind == OP_LOAD && b->kind == OP_LOAD) || (a->kind == OP_ACCUMULATE && b->kind == OP_ACCUMULATE))
        return false;
    const Value *p = op_operand(a, 0), *q = op_operand(b, 0);
    return (is_moved(l, a) || is_moved(l, b)) && objects_may_overlap(pointer_object(p), access_type(p), pointer_object(q), access_type(q)) &&
           !addresses_never_meet(l->loop, p, q);
}

static bool accesses_are_free(const Lockstep *l)
{
    if (l->accesses.count > MAX_ACCESSES)
        return false;
    for (size_t i = 0; i < l->accesses.count; i++)
        for (size_t k = i; k < l->accesses.count; k++)
            if (order_matters(l, l->accesses.items[i], l->accesses.items[k]))
                return false;
    return true;
}

/* ---- is it worth it? ---- */

static bool accesses_are_beside_each_other(Lockstep *l)
{
    bool looked_up = false;
    for (size_t i = 0; i < l->accesses.count; i++) {
        const Op *access = l->accesses.items[i];
        const Stride stride = lockstep_stride(l, op_operand(access, 0));
        if (stride == STRIDE_MANY || (access->kind == OP_STORE && stride != STRIDE_ONE))
            return false;
        if (stride == STRIDE_ONE && access->kind == OP_ACCUMULATE)
            l->apart += lockstep_stands_apart(l, access);
        else if (stride == STRIDE_IRREGULAR && access->kind == OP_ACCUMULATE)
            l->scattered++;
        else if (stride == STRIDE_IRREGULAR)
            looked_up = true;
    }
    return !looked_up || l->scattered;
}

/* Fewer iterations, whatever those of the loops around. */
static bool is_short(const Op *loop, int64_t trips)
{
    const Affine lower = affine_of(op_operand(loop, 0)), upper = affine_of(op_operand(loop, 1));
    const Affine distance = affine_difference(&lower, &upper);
    return affine_is_at_least(&distance, 1 - trips + (loop->compare == OP_LE));
}

static bool carries_sums(const Lockstep *l, const Op *inner)
{
    return inner->kind == OP_FOR && inner != l->loop && loop_num_carried(inner) > 0 && !is_short(inner, MIN_INNER_TRIPS);
}

/* The extent of the array in the dimension of that operand of an `index`; -1: not a constant. */
static int64_t known_extent(const Op *index, unsigned operand)
{
    const Op *base = op_operand(index, 0)->op;
    const Value *extent = operand > 1 ? op_operand(index, operand - 1)
                          : base && base->kind != OP_INDEX && base->kind != OP_LOAD && base->num_operands ? op_operand(base, 0) : NULL;
    if (operand == 1 && base && base->kind == OP_GLOBAL)
        return base->global->rank ? base->global->extents[0] : 1;
    if (operand == 1 && base && base->kind == OP_FIELD)
        return 0; /* an array in a struct */
    return extent && value_is_const(extent) && type_is_integer(extent->type) ? extent->op->int_value : -1;
}

/* C compilers warn of blocks that are longer than an array, though none ever runs. */
static bool may_hold_blocks(const Lockstep *l, const Op *access)
{
    const Op *index = op_operand(access, 0)->op;
    const Affine lower = affine_of(op_operand(l->loop, 0));
    for (unsigned i = 1; index && index->kind == OP_INDEX && i < index->num_operands; i += 2) {
        const int64_t extent = lockstep_varies(l, op_operand(index, i)) ? known_extent(index, i) : -1;
        if (extent >= 0 && extent < MIN_TRIPS + lower.offset)
            return false;
    }
    return true;
}

/* Inner sums of what is in one row for each iteration: a few of them at once, in registers. */
static bool is_of_rows(const Lockstep *l)
{
    bool rows = false;
    for (size_t i = 0; i < l->accesses.count; i++) {
        const Op *access = l->accesses.items[i];
        const Stride stride = lockstep_stride(l, op_operand(access, 0));
        const bool all_add = access->kind == OP_ACCUMULATE && stride == STRIDE_NONE;
        if (stride == STRIDE_IRREGULAR || (all_add && !(l->loop->flags & OP_FLAG_ADJOINT)) || !may_hold_blocks(l, access))
            return false;
        rows = rows || (access->kind == OP_LOAD && stride == STRIDE_MANY && carries_sums(l, access->parent->owner));
    }
    return rows && !l->has_inner_calls;
}

static bool is_worth_it(Lockstep *l)
{
    if (is_short(l->loop, MIN_TRIPS))
        return false;
    l->rows = is_of_rows(l);
    if (l->rows)
        return true;
    if (!accesses_are_beside_each_other(l))
        return false;
    if (l->scattered)
        return l->arithmetic >= MIN_ARITHMETIC && !l->has_calls;
    return (l->sums > 0 && !l->has_inner_calls) || (l->apart > 0 && !l->has_calls);
}

/* ---- the loop ---- */

static void forget(Op *op, void *context)
{
    const Lockstep *l = context;
    for (unsigned i = 0; i < op->num_results; i++)
        l->dependence[op->results[i]->id] = UNKNOWN;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (size_t i = 0; i < op->regions[r]->args.count; i++)
            l->dependence[op->regions[r]->args.items[i]->id] = UNKNOWN;
}

/* What was found of loops inside was found of other iterations. */
static void start(Arena *arena, Op *loop, Lockstep *l)
{
    const unsigned known = loop->function->num_values;
    Lockstep fresh = {.arena = arena, .loop = loop, .dependence = l->dependence, .known = l->known, .accesses = l->accesses};
    fresh.accesses.count = 0;
    if (fresh.known < known) {
        fresh.dependence = arena_grow(arena, l->dependence, l->known, 2 * (size_t)known);
        fresh.known = 2 * known;
    }
    *l = fresh;
    forget(loop, l);
    region_walk(loop->regions[0], forget, l);
}

bool lockstep_analyse(Arena *arena, Op *loop, bool anyway, Lockstep *l)
{
    if (loop->kind != OP_FOR || !counts_upward(loop))
        return false;
    for (unsigned i = 0; i < loop_num_carried(loop); i++)
        if (!carried_is_plain_sum(loop, i))
            return false;
    start(arena, loop, l);
    for (size_t i = 0; i < loop->regions[0]->args.count; i++)
        depends_on_iteration(l, loop->regions[0]->args.items[i]);
    region_walk(loop->regions[0], look_at, l);
    if (l->failed || !accesses_are_free(l))
        return false;
    const bool is_worth = is_worth_it(l);
    return l->rows || (counts_plainly(loop) && (is_worth || anyway));
}
