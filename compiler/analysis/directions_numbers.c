/* Numbers and sets of directions of values: what follows from their operands. */
#include "analysis/directions_internal.h"

const Number NUMBER_UNKNOWN = {0, 0, 1};

static Number exactly(int64_t value)
{
    return (Number){value, 0, 0};
}

int64_t common_step(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* Small enough that nothing overflows. */
static bool is_small(int64_t value)
{
    return value > -((int64_t)1 << 31) && value < (int64_t)1 << 31;
}

static Number checked(Number n)
{
    return is_small(n.offset) && is_small(n.lane) && is_small(n.step) ? n : NUMBER_UNKNOWN;
}

Number number_sum(Number a, Number b)
{
    return checked((Number){a.offset + b.offset, a.lane + b.lane, common_step(a.step, b.step)});
}

Number number_product(Number a, int64_t factor)
{
    if (!is_small(factor))
        return NUMBER_UNKNOWN;
    return checked((Number){a.offset * factor, a.lane * factor, a.step * (factor < 0 ? -factor : factor)});
}

/* Of a type: unsigned numbers and narrow ones wrap around. */
static Number of_type(const Run *run, Number n, const Type *type)
{
    const Types *types = run->function->module->types;
    if (!number_is_exact(&n))
        return type_is_signed(types, type) && type_bits(types, type) >= 32 ? n : NUMBER_UNKNOWN;
    if (type->kind == TYPE_BOOL)
        return exactly(n.offset != 0);
    const bool fits = type_bits(types, type) >= 32 ? type_is_signed(types, type) || n.offset >= 0
                                                   : n.offset >= 0 && n.offset < 128;
    return fits ? n : NUMBER_UNKNOWN;
}

static Number number_of_operand(const Run *run, const Op *op, unsigned i)
{
    return run->known[op_operand(op, i)->id].number;
}

static Number of_exact(OpKind kind, int64_t a, int64_t b)
{
    switch (kind) {
    case OP_DIV: return b == 0 ? NUMBER_UNKNOWN : exactly(a / b);
    case OP_REM: return b == 0 ? NUMBER_UNKNOWN : exactly(a % b);
    case OP_EQ: return exactly(a == b);
    case OP_NE: return exactly(a != b);
    case OP_LT: return exactly(a < b);
    case OP_LE: return exactly(a <= b);
    case OP_GT: return exactly(a > b);
    case OP_GE: return exactly(a >= b);
    case OP_LAND: return exactly(a && b);
    case OP_LOR: return exactly(a || b);
    default: return NUMBER_UNKNOWN;
    }
}

static Number of_binary(const Run *run, const Op *op)
{
    const Number a = number_of_operand(run, op, 0), b = number_of_operand(run, op, 1);
    switch (op->kind) {
    case OP_ADD:
        return number_sum(a, b);
    case OP_SUB:
        return number_sum(a, number_product(b, -1));
    case OP_MUL:
        return number_is_exact(&b) ? number_product(a, b.offset)
               : number_is_exact(&a) ? number_product(b, a.offset) : NUMBER_UNKNOWN;
    default:
        return number_is_exact(&a) && number_is_exact(&b) ? of_exact(op->kind, a.offset, b.offset) : NUMBER_UNKNOWN;
    }
}

static bool numbers_are_equal(Number a, Number b)
{
    return a.offset == b.offset && a.lane == b.lane && a.step == b.step;
}

static Number of_select(const Run *run, const Op *op)
{
    const Number condition = number_of_operand(run, op, 0), a = number_of_operand(run, op, 1), b = number_of_operand(run, op, 2);
    if (number_is_exact(&condition))
        return condition.offset ? a : b;
    return numbers_are_equal(a, b) ? a : NUMBER_UNKNOWN;
}

Number number_of_op(const Run *run, const Op *op)
{
    const Type *type = op->results[0]->type;
    if (!type_is_integer(type))
        return NUMBER_UNKNOWN;
    switch (op->kind) {
    case OP_CONST:
        return of_type(run, checked(exactly(op->int_value)), type);
    case OP_NEG:
        return of_type(run, number_product(number_of_operand(run, op, 0), -1), type);
    case OP_CONVERT:
        return type_is_integer(op_operand(op, 0)->type) ? of_type(run, number_of_operand(run, op, 0), type) : NUMBER_UNKNOWN;
    case OP_LNOT: {
        const Number a = number_of_operand(run, op, 0);
        return number_is_exact(&a) ? exactly(!a.offset) : NUMBER_UNKNOWN;
    }
    case OP_SELECT:
        return of_select(run, op);
    default:
        return op->num_operands == 2 ? of_type(run, of_binary(run, op), type) : NUMBER_UNKNOWN;
    }
}

/* A product is zero where a factor is, whatever the other one: only of relaxed ops. */
LaneSet set_of_op(const Run *run, const Op *op)
{
    const LaneSet all = lanes_below(MAX_LANES);
    const LaneSet a = op->num_operands > 0 ? run->known[op_operand(op, 0)->id].set : 0;
    const LaneSet b = op->num_operands > 1 ? run->known[op_operand(op, 1)->id].set : 0;
    const bool is_relaxed = op->flags & OP_FLAG_RELAXED;
    if (!type_is_floating(op->results[0]->type))
        return all;
    switch (op->kind) {
    case OP_CONST:
        return op->float_value == 0 ? 0 : all;
    case OP_ADD:
    case OP_SUB:
        return a | b;
    case OP_NEG:
        return a;
    case OP_MUL:
        return is_relaxed ? a & b : all;
    case OP_DIV:
        return is_relaxed ? a : all;
    case OP_CONVERT:
        return type_is_floating(op_operand(op, 0)->type) ? a : all;
    case OP_SELECT:
        return b | run->known[op_operand(op, 2)->id].set;
    default:
        return all;
    }
}
