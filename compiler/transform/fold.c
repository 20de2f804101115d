/* Constant folding, with the meaning that C gives the types: floats are computed in their own precision,
 * unsigned integers wrap, and what is undefined (overflow, division by zero) is left alone. */
#include <math.h>

#include "transform/simplify_internal.h"

static bool is_zero_or_one(const Value *value)
{
    return value->type->kind == TYPE_BOOL;
}

static bool fits(const Types *types, const Type *type, int64_t value)
{
    const unsigned bits = type_bits(types, type);
    if (type->kind == TYPE_BOOL)
        return value == 0 || value == 1;
    if (bits >= 64)
        return type_is_signed(types, type) || value >= 0;
    if (type_is_signed(types, type))
        return value >= -((int64_t)1 << (bits - 1)) && value < (int64_t)1 << (bits - 1);
    return value >= 0 && value < (int64_t)1 << bits;
}

static Value *fold_integers(Builder *b, const Op *op, int64_t x, int64_t y)
{
    const Type *type = op_operand(op, 0)->type;
    int64_t value;
    bool overflow = false;
    switch (op->kind) {
    case OP_ADD: overflow = __builtin_add_overflow(x, y, &value); break;
    case OP_SUB: overflow = __builtin_sub_overflow(x, y, &value); break;
    case OP_MUL: overflow = __builtin_mul_overflow(x, y, &value); break;
    case OP_DIV:
        if (y == 0 || y == -1 || x < 0)
            return NULL;
        value = x / y;
        break;
    case OP_REM:
        if (y <= 0 || x < 0)
            return NULL;
        value = x % y;
        break;
    case OP_AND: value = x & y; break;
    case OP_OR: value = x | y; break;
    case OP_XOR: value = x ^ y; break;
    default:
        return NULL;
    }
    if (overflow || !fits(b->function->module->types, type, value))
        return NULL;
    return build_int(b, type, value);
}

bool fold_compare(OpKind kind, long double x, long double y)
{
    switch (kind) {
    case OP_EQ: return x == y;
    case OP_NE: return x != y;
    case OP_LT: return x < y;
    case OP_LE: return x <= y;
    case OP_GT: return x > y;
    default: return x >= y;
    }
}

static Value *fold_floats(Builder *b, const Op *op, long double x, long double y)
{
    const Type *type = op->results[0]->type;
    long double value;
    switch (op->kind) {
#define IN_PRECISION(operation)                                                                    \
    value = type->kind == TYPE_F32   ? (long double)((float)x operation(float) y)                  \
            : type->kind == TYPE_F64 ? (long double)((double)x operation(double) y)                \
                                     : x operation y;                                              \
    break
    case OP_ADD: IN_PRECISION(+);
    case OP_SUB: IN_PRECISION(-);
    case OP_MUL: IN_PRECISION(*);
    case OP_DIV: IN_PRECISION(/);
#undef IN_PRECISION
    default:
        return NULL;
    }
    return isfinite(value) ? build_float(b, type, value) : NULL;
}

/* The number as that integer type holds it: unsigned types wrap (C11 6.3.1.3p2), signed ones as every
 * compiler has it. Unsigned 64-bit numbers are kept as their bits. */
static int64_t wrapped(const Types *types, const Type *type, int64_t value)
{
    const unsigned bits = type_bits(types, type);
    if (type->kind == TYPE_BOOL)
        return value != 0;
    if (bits >= 64)
        return value;
    const uint64_t low = (uint64_t)value & (((uint64_t)1 << bits) - 1);
    const bool negative = type_is_signed(types, type) && low >> (bits - 1);
    return (int64_t)low - (negative ? (int64_t)1 << bits : 0);
}

static Value *fold_convert(Builder *b, const Op *op)
{
    const Value *from = op_operand(op, 0);
    const Type *type = op->results[0]->type;
    if (!value_is_const(from))
        return NULL;
    if (type_is_integer(from->type) && type_is_integer(type))
        return build_int(b, type, wrapped(b->function->module->types, type, from->op->int_value));
    if (!type_is_floating(type))
        return NULL;
    const bool is_unsigned = type_is_integer(from->type) && from->op->int_value < 0 &&
                             !type_is_signed(b->function->module->types, from->type);
    long double value = is_unsigned                   ? (long double)(uint64_t)from->op->int_value
                        : type_is_integer(from->type) ? (long double)from->op->int_value
                                                      : from->op->float_value;
    const bool was_finite = isfinite(value);
    value = type->kind == TYPE_F32 ? (long double)(float)value
            : type->kind == TYPE_F64 ? (long double)(double)value : value;
    return isfinite(value) == was_finite ? build_float(b, type, value) : NULL;
}

static Value *fold_unary(Builder *b, const Op *op)
{
    const Value *x = op_operand(op, 0);
    if (op->kind == OP_CONVERT)
        return fold_convert(b, op);
    if (!value_is_const(x))
        return NULL;
    if (op->kind == OP_FABS)
        return build_float(b, x->type, fabsl(x->op->float_value));
    if (op->kind == OP_LNOT)
        return build_bool(b, !x->op->int_value);
    if (op->kind != OP_NEG)
        return NULL;
    if (type_is_floating(x->type))
        return build_float(b, x->type, -x->op->float_value);
    return x->op->int_value != INT64_MIN &&
                   fits(b->function->module->types, x->type, -x->op->int_value)
               ? build_int(b, x->type, -x->op->int_value) : NULL;
}

/* A local variable is somewhere. */
static Value *fold_null_test(Builder *b, const Op *op)
{
    const Op *x = op_operand(op, 0)->op, *y = op_operand(op, 1)->op;
    const bool tests = (op->kind == OP_EQ || op->kind == OP_NE) && x && y;
    return tests && x->kind == OP_ALLOCA && y->kind == OP_NULLPTR ? build_bool(b, op->kind == OP_NE) : NULL;
}

Value *fold_op(Builder *b, const Op *op)
{
    if (op->num_operands == 1)
        return fold_unary(b, op);
    if (op->num_operands == 2 && type_is_pointer(op_operand(op, 0)->type))
        return fold_null_test(b, op);
    if (op->num_operands != 2 || !value_is_const(op_operand(op, 0)) ||
        !value_is_const(op_operand(op, 1)))
        return NULL;
    const Op *x = op_operand(op, 0)->op, *y = op_operand(op, 1)->op;
    const bool floating = type_is_floating(x->results[0]->type);
    const bool is_signed = !floating && (is_zero_or_one(x->results[0]) ||
                           type_is_signed(b->function->module->types, x->results[0]->type));
    if (op_is_compare(op->kind)) {
        if (floating)
            return build_bool(b, fold_compare(op->kind, x->float_value, y->float_value));
        if (is_signed)
            return build_bool(b, fold_compare(op->kind, (long double)x->int_value,
                                         (long double)y->int_value));
        return build_bool(b, fold_compare(op->kind, (long double)(uint64_t)x->int_value,
                                     (long double)(uint64_t)y->int_value));
    }
    if (op->kind == OP_LAND)
        return build_bool(b, x->int_value && y->int_value);
    if (op->kind == OP_LOR)
        return build_bool(b, x->int_value || y->int_value);
    if (floating)
        return fold_floats(b, op, x->float_value, y->float_value);
    return type_is_integer(op->results[0]->type) ? fold_integers(b, op, x->int_value, y->int_value)
                                                 : NULL;
}
