/* Affine forms: see affine.h.
 *
 * Algorithm of the bounds. A term whose value is the counter of a loop is replaced by the first or last value that the
 * loop gives it, itself an affine form in what is defined further out; innermost counters first, so that
 *
 *     for (k = 0; k < n; k++) for (i = k + 1; i < n; i++)        i - k >= (k + 1) - k = 1
 *
 * What a loop carries and only replaces by something that is not smaller than it was at first is never smaller:
 *
 *     pivot = k;  for (i = k + 1...) pivot = better ? i : pivot;       pivot >= k
 *
 * As everywhere, signed integers do not overflow (C11 6.5p5). */
#include "analysis/affine.h"

#include "base/limits.h"

enum { MAX_DEPTH = DEPTH_LIMIT(32, 1), MAX_STEPS = DEPTH_LIMIT(64, 2) };

/* ---- forms ---- */

void affine_add(Affine *sum, const Value *value, int64_t coefficient)
{
    for (unsigned i = 0; i < sum->count; i++)
        if (sum->values[i] == value) {
            sum->coefficients[i] += coefficient;
            return;
        }
    if (sum->count == MAX_TERMS) {
        sum->known = false;
        return;
    }
    sum->values[sum->count] = value;
    sum->coefficients[sum->count++] = coefficient;
}

static bool is_exact_conversion(const Value *value)
{
    const Op *op = value->op;
    return op && op->kind == OP_CONVERT && type_is_integer(value->type) &&
           type_is_integer(op_operand(op, 0)->type) && value->type->kind >= TYPE_INT &&
           op_operand(op, 0)->type->kind >= TYPE_INT;
}

static void affine_collect(Affine *sum, const Value *value, int64_t factor, unsigned depth);

static void collect_term(Affine *sum, const Value *value, int64_t factor, unsigned depth)
{
    if (value_is_const(value))
        sum->offset += factor * constant_term(value);
    else
        affine_collect(sum, value, factor, depth);
}

static void affine_collect(Affine *sum, const Value *value, int64_t factor, unsigned depth)
{
    const Op *op = value->op;
    if (value_is_const(value)) {
        sum->offset += factor * op->int_value;
    } else if (depth > MAX_DEPTH || !op) {
        affine_add(sum, value, factor);
    } else if (is_exact_conversion(value)) {
        affine_collect(sum, op_operand(op, 0), factor, depth + 1);
    } else if (op->kind == OP_ADD || op->kind == OP_SUB) {
        collect_term(sum, op_operand(op, 0), factor, depth + 1);
        collect_term(sum, op_operand(op, 1), op->kind == OP_ADD ? factor : -factor, depth + 1);
    } else if (op->kind == OP_NEG) {
        affine_collect(sum, op_operand(op, 0), -factor, depth + 1);
    } else if (op->kind == OP_MUL && value_is_const(op_operand(op, 1))) {
        collect_term(sum, op_operand(op, 0), factor * constant_term(op_operand(op, 1)), depth + 1);
    } else if (op->kind == OP_MUL && value_is_const(op_operand(op, 0))) {
        collect_term(sum, op_operand(op, 1), factor * constant_term(op_operand(op, 0)), depth + 1);
    } else {
        affine_add(sum, value, factor);
    }
}

Affine affine_of(const Value *value)
{
    Affine sum = {.known = true};
    affine_collect(&sum, value, 1, 0);
    return sum;
}

int64_t affine_coefficient(const Affine *sum, const Value *value)
{
    for (unsigned i = 0; i < sum->count; i++)
        if (sum->values[i] == value)
            return sum->coefficients[i];
    return 0;
}

void affine_add_multiple(Affine *sum, const Affine *of, int64_t factor)
{
    sum->known = sum->known && of->known;
    sum->offset += factor * of->offset;
    for (unsigned i = 0; i < of->count; i++)
        affine_add(sum, of->values[i], factor * of->coefficients[i]);
}

bool affine_is_number(const Affine *sum)
{
    for (unsigned i = 0; i < sum->count; i++)
        if (sum->coefficients[i] != 0)
            return false;
    return sum->known;
}

Affine affine_difference(const Affine *a, const Affine *b)
{
    Affine difference = *a;
    affine_add_multiple(&difference, b, -1);
    return difference;
}

/* ---- bounds of one value ---- */

static bool at_least(const Affine *sum, int64_t limit, unsigned depth);

static bool counter_bound(const Op *loop, bool upper, Affine *bound)
{
    const int64_t step = op_operand(loop, 2)->op->int_value;
    const bool first = upper ? step < 0 : step > 0; /* the bound is the first value */
    *bound = affine_of(op_operand(loop, first ? 0 : 1));
    if (!first && (loop->compare == OP_LT || loop->compare == OP_GT))
        bound->offset += upper ? -1 : 1;
    return first || loop->compare != OP_NE;
}

/* Carried, and in each iteration kept or replaced by something not smaller than the initial value. */
static bool carried_lower_bound(const Op *loop, unsigned i, Affine *bound, unsigned depth)
{
    const Value *arg = loop_carried_arg(loop, i);
    const Op *next = loop_carried_next(loop, i)->op;
    if (!next || next->kind != OP_SELECT || depth > 4)
        return false;
    *bound = affine_of(loop_carried_init(loop, i));
    for (unsigned k = 1; k <= 2; k++) {
        if (op_operand(next, k) == arg)
            continue;
        const Affine other = affine_of(op_operand(next, k));
        const Affine above = affine_difference(&other, bound);
        if (!at_least(&above, 0, depth + 1))
            return false;
    }
    return true;
}

/* The constant that `value < constant ? value : constant` never exceeds. */
static bool least_of_two_bound(const Op *op, Affine *bound)
{
    const Op *compare = op && op->kind == OP_SELECT ? op_operand(op, 0)->op : NULL;
    if (!compare || compare->kind != OP_LT || op_operand(compare, 0) != op_operand(op, 1) || !value_is_const(op_operand(op, 2)) ||
        !values_are_same(op_operand(compare, 1), op_operand(op, 2)))
        return false;
    *bound = affine_of(op_operand(op, 2));
    return true;
}

static bool value_bound(const Value *value, bool upper, Affine *bound, unsigned depth)
{
    const Op *op = value->op, *owner = value->region ? value->region->owner : NULL;
    if (!op && owner && owner->kind == OP_FOR && value->index == 0)
        return counter_bound(owner, upper, bound);
    if (upper)
        return least_of_two_bound(op, bound);
    if (op && op_is_loop(op->kind))
        return carried_lower_bound(op, value->index, bound, depth);
    if (!op && owner && owner->kind == OP_FOR)
        return carried_lower_bound(owner, value->index - 1, bound, depth);
    return false;
}

/* ---- bounds of forms ---- */

static unsigned depth_of(const Value *value)
{
    unsigned depth = 0;
    for (const Region *region = value_region(value); region->owner; region = region->owner->parent)
        depth++;
    return depth;
}

/* The innermost term that is to be replaced; count: none. */
static unsigned innermost_term(const Affine *sum, const Op *op, const Value *except)
{
    unsigned found = sum->count, deepest = 0;
    for (unsigned i = 0; i < sum->count; i++) {
        const Value *value = sum->values[i];
        if (sum->coefficients[i] == 0 || value == except || (op && !value_is_inside(op, value)))
            continue;
        const unsigned depth = depth_of(value) + 1;
        if (depth > deepest) {
            deepest = depth;
            found = i;
        }
    }
    return found;
}

static bool replace_terms(Affine *sum, const Op *op, const Value *except, bool upper, unsigned depth)
{
    for (unsigned steps = 0; sum->known && steps < MAX_STEPS; steps++) {
        const unsigned i = innermost_term(sum, op, except);
        if (i == sum->count)
            return true;
        const int64_t coefficient = sum->coefficients[i];
        Affine bound;
        if (!value_bound(sum->values[i], upper == (coefficient > 0), &bound, depth))
            return false;
        sum->coefficients[i] = 0;
        affine_add_multiple(sum, &bound, coefficient);
    }
    return false;
}

bool affine_bound_outside(Affine *sum, const Op *op, const Value *except, bool upper)
{
    return sum->known && replace_terms(sum, op, except, upper, 0);
}

static bool at_least(const Affine *sum, int64_t limit, unsigned depth)
{
    Affine form = *sum;
    for (unsigned steps = 0; form.known && steps < MAX_STEPS; steps++) {
        if (affine_is_number(&form))
            return form.offset >= limit;
        const unsigned i = innermost_term(&form, NULL, NULL);
        const int64_t coefficient = form.coefficients[i];
        Affine bound;
        if (!value_bound(form.values[i], coefficient < 0, &bound, depth))
            return false;
        form.coefficients[i] = 0;
        affine_add_multiple(&form, &bound, coefficient);
    }
    return false;
}

bool affine_is_at_least(const Affine *sum, int64_t limit)
{
    return at_least(sum, limit, 0);
}

bool affine_trip_bound(const Op *loop, const Op *outermost, Affine *bound)
{
    const int64_t step = loop->kind == OP_FOR ? op_operand(loop, 2)->op->int_value : 0;
    if ((step != 1 && step != -1) || loop->compare == OP_NE)
        return false;
    const Affine first = affine_of(op_operand(loop, 0)), end = affine_of(op_operand(loop, 1));
    *bound = step > 0 ? affine_difference(&end, &first) : affine_difference(&first, &end);
    bound->offset += loop->compare == OP_LE || loop->compare == OP_GE;
    return affine_bound_outside(bound, outermost, NULL, true);
}
