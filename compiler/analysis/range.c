/* Ranges of floating values: exp is never negative, 1 + exp(x) never below 1, and so on. */
#include "analysis/range.h"

#include "base/limits.h"

#include <math.h>

static Range range_of(const Value *value, unsigned depth);

static Range everything(void)
{
    return (Range){-INFINITY, INFINITY};
}

static Range operand_range(const Op *op, unsigned i, unsigned depth)
{
    return range_of(op_operand(op, i), depth + 1);
}

static Range sum(Range a, Range b)
{
    const double low = a.low + b.low, high = a.high + b.high;
    return (Range){low == low ? low : -INFINITY, high == high ? high : INFINITY};
}

static Range product(const Op *op, Range a, Range b)
{
    if (op_operand(op, 0) == op_operand(op, 1))
        return (Range){0, INFINITY};
    if (a.low >= 0 && b.low >= 0) {
        const double low = a.low * b.low;
        return (Range){low == low ? low : 0, INFINITY};
    }
    return everything();
}

static Range quotient(Range a, Range b)
{
    return a.low >= 0 && b.low >= 0 ? (Range){0, INFINITY} : everything();
}

static Range converted_integer(const Value *value)
{
    if (value_is_const(value))
        return (Range){(double)value->op->int_value, (double)value->op->int_value};
    return everything();
}

static Range union_of(Range a, Range b)
{
    return (Range){fmin(a.low, b.low), fmax(a.high, b.high)};
}

static Range op_range(const Op *op, unsigned depth)
{
    switch (op->kind) {
    case OP_CONST:
        return (Range){(double)op->float_value, (double)op->float_value};
    case OP_CONVERT:
        return operand_range(op, 0, depth);
    case OP_ADD:
        return sum(operand_range(op, 0, depth), operand_range(op, 1, depth));
    case OP_SUB: {
        const Range b = operand_range(op, 1, depth);
        return sum(operand_range(op, 0, depth), (Range){-b.high, -b.low});
    }
    case OP_NEG: {
        const Range a = operand_range(op, 0, depth);
        return (Range){-a.high, -a.low};
    }
    case OP_MUL:
        return product(op, operand_range(op, 0, depth), operand_range(op, 1, depth));
    case OP_DIV:
        return quotient(operand_range(op, 0, depth), operand_range(op, 1, depth));
    case OP_SELECT:
        return union_of(operand_range(op, 1, depth), operand_range(op, 2, depth));
    case OP_EXP:
    case OP_EXP2:
    case OP_SQRT:
    case OP_FABS:
    case OP_HYPOT:
    case OP_ERFC:
        return (Range){0, INFINITY};
    case OP_COSH:
        return (Range){1, INFINITY};
    case OP_EXPM1:
        return (Range){-1, INFINITY};
    case OP_SIN:
    case OP_COS:
    case OP_TANH:
    case OP_ERF:
        return (Range){-1, 1};
    case OP_FMAX: { /* where one argument is NaN, the other is returned */
        const Range a = operand_range(op, 0, depth), b = operand_range(op, 1, depth);
        const bool number = value_is_const(op_operand(op, 0)) || value_is_const(op_operand(op, 1));
        return (Range){number ? fmax(a.low, b.low) : fmin(a.low, b.low), fmax(a.high, b.high)};
    }
    default:
        return everything();
    }
}

static Range range_of(const Value *value, unsigned depth)
{
    enum { MAX_DEPTH = DEPTH_LIMIT(8, 1) };
    if (depth > MAX_DEPTH)
        return everything();
    if (!type_is_floating(value->type))
        return converted_integer(value);
    return value->op ? op_range(value->op, depth) : everything();
}

Range value_range(const Value *value)
{
    return range_of(value, 0);
}

/* ---- integers ---- */

enum { INT_DEPTH = 16 };
static const int64_t int_limit = (int64_t)1 << 31; /* beyond, nothing is claimed */

static bool int_range_of(const Value *value, IntRange *range, unsigned depth);

/* The counter of a loop runs from lower to upper. */
static bool counter_range(const Value *counter, IntRange *range, unsigned depth)
{
    const Op *loop = counter->region->owner;
    IntRange lower, upper;
    if (!loop || loop->kind != OP_FOR || counter->index != 0 ||
        !int_range_of(op_operand(loop, 0), &lower, depth + 1) ||
        !int_range_of(op_operand(loop, 1), &upper, depth + 1))
        return false;
    switch (loop->compare) {
    case OP_LT: *range = (IntRange){lower.low, upper.high - 1}; return true;
    case OP_LE: *range = (IntRange){lower.low, upper.high}; return true;
    case OP_GT: *range = (IntRange){upper.low + 1, lower.high}; return true;
    case OP_GE: *range = (IntRange){upper.low, lower.high}; return true;
    default: return false;
    }
}

static bool int_range_of(const Value *value, IntRange *range, unsigned depth)
{
    const Op *op = value->op;
    IntRange a, b;
    if (depth > INT_DEPTH)
        return false;
    if (!op)
        return counter_range(value, range, depth);
    if (op->kind == OP_CONST) {
        *range = (IntRange){op->int_value, op->int_value};
        return op->int_value > -int_limit && op->int_value < int_limit;
    }
    if ((op->kind != OP_ADD && op->kind != OP_SUB && op->kind != OP_CONVERT) ||
        !type_is_integer(op_operand(op, 0)->type) ||
        !int_range_of(op_operand(op, 0), &a, depth + 1))
        return false;
    if (op->kind == OP_CONVERT) {
        *range = a;
        return value->type->kind >= TYPE_INT && a.low >= 0;
    }
    if (!int_range_of(op_operand(op, 1), &b, depth + 1))
        return false;
    *range = op->kind == OP_ADD ? (IntRange){a.low + b.low, a.high + b.high}
                                : (IntRange){a.low - b.high, a.high - b.low};
    const bool wraps = range->low < 0 &&
                       !type_is_signed(op->function->module->types, value->type);
    return !wraps && range->low > -int_limit && range->high < int_limit;
}

bool integer_range(const Value *value, IntRange *range)
{
    return int_range_of(value, range, 0);
}
