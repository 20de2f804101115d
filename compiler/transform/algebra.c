/* Algebra: simpler ops with the same value.
 *
 * Identities that hold bit for bit are used everywhere; those of real numbers only on relaxed ops, which
 * no primal value depends on. Negations and constants move outward, so that they meet and cancel. */
#include <math.h>

#include "transform/simplify_internal.h"

static bool is_relaxed(const Op *op)
{
    return (op->flags & OP_FLAG_RELAXED) != 0;
}

static bool is_kind(const Value *value, OpKind kind)
{
    return value->op && value->op->kind == kind;
}

static bool is_number(const Value *value, double number)
{
    if (type_is_integer(value->type))
        return value_is_int(value, (int64_t)number);
    return value_is_float(value, number);
}

/* +0.0 only, or the integer 0 */
static bool is_plus_zero(const Value *value)
{
    return is_number(value, 0) &&
           !(type_is_floating(value->type) && signbit(value->op->float_value));
}

static bool is_minus_zero(const Value *value)
{
    return value_is_float(value, 0) && signbit(value->op->float_value);
}

static Value *operand_of(const Value *value, unsigned i)
{
    return op_operand(value->op, i);
}

/* ---- integers ---- */

/* base + offset; NULL where the offset is no constant of that type (an int is long enough here). */
static Value *with_offset(Builder *b, Value *base, int64_t offset)
{
    if (offset == 0)
        return base;
    if (offset > INT32_MAX || offset < -INT32_MAX)
        return NULL;
    return build_binary(b, offset > 0 ? OP_ADD : OP_SUB, base,
                        build_int(b, base->type, offset > 0 ? offset : -offset));
}

static bool is_offset(const Value *value, Value **base, int64_t *offset)
{
    if ((!is_kind(value, OP_ADD) && !is_kind(value, OP_SUB)) || !type_is_integer(value->type) ||
        !value_is_const(operand_of(value, 1)))
        return false;
    *base = operand_of(value, 0);
    *offset = operand_of(value, 1)->op->int_value;
    if (*offset == INT64_MIN)
        return false;
    if (is_kind(value, OP_SUB))
        *offset = -*offset;
    return true;
}

/* (x + 1) - 1, (x + 2) + 3 */
static Value *integer_sum(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op_operand(op, 1), *base;
    int64_t inner;
    if (op->kind == OP_ADD && value_is_const(x) && !value_is_const(y))
        return build_binary(b, OP_ADD, y, x);
    if (is_plus_zero(y))
        return x;
    if (op->kind == OP_SUB && x == y)
        return build_int(b, x->type, 0);
    if (value_is_const(y) && y->op->int_value < 0 && y->op->int_value > INT32_MIN &&
        type_is_signed(b->function->module->types, y->type))
        return with_offset(b, x, op->kind == OP_ADD ? y->op->int_value : -y->op->int_value);
    if (value_is_const(y) && is_offset(x, &base, &inner)) {
        const int64_t outer = y->op->int_value;
        if (inner > INT32_MAX || inner < -INT32_MAX || outer > INT32_MAX || outer < -INT32_MAX)
            return NULL;
        return with_offset(b, base, op->kind == OP_ADD ? inner + outer : inner - outer);
    }
    return NULL;
}

static Value *integer_op(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op->num_operands > 1 ? op_operand(op, 1) : NULL;
    switch (op->kind) {
    case OP_ADD:
    case OP_SUB:
        return integer_sum(b, op);
    case OP_MUL:
        if (is_number(x, 1) || is_number(y, 0))
            return y;
        return is_number(y, 1) || is_number(x, 0) ? x : NULL;
    case OP_DIV:
        return is_number(y, 1) ? x : NULL;
    default:
        return NULL;
    }
}

/* ---- floating: exact ---- */

static Value *exact_op(const Op *op)
{
    Value *x = op_operand(op, 0), *y = op->num_operands > 1 ? op_operand(op, 1) : NULL;
    switch (op->kind) {
    case OP_ADD:
        return is_minus_zero(y) ? x : is_minus_zero(x) ? y : NULL;
    case OP_SUB:
        return is_plus_zero(y) ? x : NULL;
    case OP_MUL:
        return is_number(x, 1) ? y : is_number(y, 1) ? x : NULL;
    case OP_DIV:
        return is_number(y, 1) ? x : NULL;
    case OP_NEG:
        return is_kind(x, OP_NEG) ? operand_of(x, 0) : NULL;
    default:
        return NULL;
    }
}

/* ---- floating: relaxed ---- */

static Value *negate(Builder *b, Value *value)
{
    return build_unary(b, OP_NEG, value);
}

static Value *relaxed_sum(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op_operand(op, 1);
    const bool add = op->kind == OP_ADD;
    if (is_number(y, 0))
        return x;
    if (is_number(x, 0))
        return add ? y : negate(b, y);
    if (x == y)
        return add ? build_binary(b, OP_MUL, build_float(b, x->type, 2), x)
                   : build_float(b, x->type, 0);
    if (is_kind(y, OP_NEG))
        return build_binary(b, add ? OP_SUB : OP_ADD, x, operand_of(y, 0));
    if (add && is_kind(x, OP_NEG))
        return build_binary(b, OP_SUB, y, operand_of(x, 0));
    return NULL;
}

static bool is_scaled(const Value *value)
{
    return is_kind(value, OP_MUL) && value_is_const(operand_of(value, 0));
}

static Value *relaxed_product(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op_operand(op, 1);
    if (is_number(x, 0) || is_number(y, 0))
        return build_float(b, x->type, 0);
    if (value_is_const(y) && !value_is_const(x))
        return build_binary(b, OP_MUL, y, x);
    if (is_number(x, -1))
        return negate(b, y);
    if (is_kind(x, OP_NEG))
        return negate(b, build_binary(b, OP_MUL, operand_of(x, 0), y));
    if (is_kind(y, OP_NEG))
        return negate(b, build_binary(b, OP_MUL, x, operand_of(y, 0)));
    if (value_is_const(x) && is_scaled(y))
        return build_binary(b, OP_MUL, build_binary(b, OP_MUL, x, operand_of(y, 0)),
                            operand_of(y, 1));
    if (is_scaled(x))
        return build_binary(b, OP_MUL, operand_of(x, 0),
                            build_binary(b, OP_MUL, operand_of(x, 1), y));
    if (is_scaled(y))
        return build_binary(b, OP_MUL, operand_of(y, 0),
                            build_binary(b, OP_MUL, x, operand_of(y, 1)));
    /* x * (1 / y) is x / y, but not where 1 / y stands in front of a loop (hoist.c) */
    if (is_kind(y, OP_DIV) && is_number(operand_of(y, 0), 1) && value_has_one_use(y) && y->op->parent == b->region)
        return build_binary(b, OP_DIV, x, operand_of(y, 1));
    if (is_kind(x, OP_DIV) && is_number(operand_of(x, 0), 1) && value_has_one_use(x) && x->op->parent == b->region)
        return build_binary(b, OP_DIV, y, operand_of(x, 1));
    return NULL;
}

/* The factor 1 / divisor of a product; NULL: there is none. */
static Value *reciprocal_factor(Value *product, const Value *divisor)
{
    if (is_kind(product, OP_DIV))
        return is_number(operand_of(product, 0), 1) && operand_of(product, 1) == divisor ? product : NULL;
    if (!is_kind(product, OP_MUL))
        return NULL;
    Value *factor = reciprocal_factor(operand_of(product, 0), divisor);
    return factor ? factor : reciprocal_factor(operand_of(product, 1), divisor);
}

static Value *relaxed_quotient(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op_operand(op, 1);
    if (is_number(x, 0))
        return build_float(b, x->type, 0);
    if (value_is_const(y) && !value_is_const(x) && isnormal(y->op->float_value) && isnormal(1 / y->op->float_value))
        return build_binary(b, OP_MUL, build_binary(b, OP_DIV, build_float(b, x->type, 1), y), x);
    if (is_number(x, 1))
        return NULL; /* that is how a reciprocal is written */
    Value *reciprocal = reciprocal_factor(x, y);
    if (reciprocal)
        return build_binary(b, OP_MUL, x, reciprocal);
    if (is_kind(x, OP_NEG))
        return negate(b, build_binary(b, OP_DIV, operand_of(x, 0), y));
    if (is_kind(y, OP_NEG))
        return negate(b, build_binary(b, OP_DIV, x, operand_of(y, 0)));
    return NULL;
}

static Value *relaxed_power(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op_operand(op, 1);
    if (is_number(y, 1))
        return x;
    if (is_number(y, 0))
        return build_float(b, x->type, 1);
    return is_number(y, 2) ? build_binary(b, OP_MUL, x, x) : NULL;
}

static Value *relaxed_op(Builder *b, const Op *op)
{
    switch (op->kind) {
    case OP_ADD:
    case OP_SUB:
        return relaxed_sum(b, op);
    case OP_MUL:
        return relaxed_product(b, op);
    case OP_DIV:
        return relaxed_quotient(b, op);
    case OP_POW:
        return relaxed_power(b, op);
    case OP_NEG: {
        Value *x = op_operand(op, 0);
        if (is_kind(x, OP_SUB) && value_has_one_use(x))
            return build_binary(b, OP_SUB, operand_of(x, 1), operand_of(x, 0));
        return NULL;
    }
    default:
        return NULL;
    }
}

/* ---- logic and choice ---- */

static Value *logic_op(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op->num_operands > 1 ? op_operand(op, 1) : NULL;
    switch (op->kind) {
    case OP_LAND:
        if (is_number(x, 1) || is_number(y, 0))
            return y;
        return is_number(y, 1) || is_number(x, 0) || x == y ? x : NULL;
    case OP_LOR:
        if (is_number(x, 0) || is_number(y, 1))
            return y;
        return is_number(y, 0) || is_number(x, 1) || x == y ? x : NULL;
    case OP_LNOT:
        if (is_kind(x, OP_LNOT))
            return operand_of(x, 0);
        if (is_kind(x, OP_EQ) || is_kind(x, OP_NE))
            return build_binary(b, is_kind(x, OP_EQ) ? OP_NE : OP_EQ, operand_of(x, 0),
                                operand_of(x, 1));
        return NULL;
    default:
        return NULL;
    }
}

/* A truth value that was made an int and is compared with a constant: what holds for 0, and for 1? */
static Value *compare_truth(Builder *b, const Op *op)
{
    const Value *x = op_operand(op, 0), *y = op_operand(op, 1);
    if (!is_kind(x, OP_CONVERT) || operand_of(x, 0)->type->kind != TYPE_BOOL ||
        !value_is_const(y) || !type_is_integer(x->type) || y->op->int_value < 0)
        return NULL;
    const bool if_false = fold_compare(op->kind, 0, (long double)y->op->int_value);
    const bool if_true = fold_compare(op->kind, 1, (long double)y->op->int_value);
    if (if_false == if_true)
        return build_bool(b, if_true);
    return if_true ? operand_of(x, 0) : build_unary(b, OP_LNOT, operand_of(x, 0));
}

/* &a[4] == &a[4L], which compilers would warn of. */
static Value *compare_elements(Builder *b, const Op *op)
{
    const Value *x = op_operand(op, 0), *y = op_operand(op, 1);
    if (!is_kind(x, OP_INDEX) || !is_kind(y, OP_INDEX) || operand_of(x, 0) != operand_of(y, 0) ||
        x->op->num_operands != 2 || y->op->num_operands != 2 || !value_is_const(operand_of(x, 1)) ||
        !value_is_const(operand_of(y, 1)))
        return NULL;
    return build_bool(b, fold_compare(op->kind, (long double)operand_of(x, 1)->op->int_value,
                                      (long double)operand_of(y, 1)->op->int_value));
}

/* Constants stand on the right. */
static Value *compare_op(Builder *b, const Op *op)
{
    Value *x = op_operand(op, 0), *y = op_operand(op, 1);
    if (value_is_const(x) && !value_is_const(y))
        return build_binary(b, compare_swapped(op->kind), y, x);
    if (x == y && !type_is_floating(x->type)) /* a NaN differs from itself */
        return build_bool(b, op->kind == OP_EQ || op->kind == OP_LE || op->kind == OP_GE);
    if (is_kind(x, OP_ALLOCA) && is_kind(y, OP_NULLPTR))
        return build_bool(b, op->kind == OP_NE);
    Value *known = compare_elements(b, op);
    return known ? known : compare_truth(b, op);
}

static Value *select_op(const Op *op)
{
    const Value *condition = op_operand(op, 0);
    Value *a = op_operand(op, 1), *c = op_operand(op, 2);
    if (value_is_const(condition))
        return condition->op->int_value ? a : c;
    if (a->type->kind == TYPE_BOOL && is_number(a, 1) && is_number(c, 0))
        return op_operand(op, 0);
    return a == c ? a : NULL;
}

/* ---- addresses ---- */

enum { MAX_RANK = 16 };

static bool is_zero_index(const Value *index)
{
    return value_is_int(index, 0);
}

/* i + j as an index, which must not wrap where the two steps do not; NULL for unsigned ones. */
static Value *index_sum(Builder *b, Value *i, Value *j)
{
    const Types *types = b->function->module->types;
    const bool narrow = i->type->kind < TYPE_INT;
    if (i->type != j->type || narrow) {
        const Type *type = type_scalar(types, TYPE_LONG);
        return build_binary(b, OP_ADD, build_convert(b, i, type), build_convert(b, j, type));
    }
    return type_is_signed(types, i->type) ? build_binary(b, OP_ADD, i, j) : NULL;
}

/* &A[0][0] often stands for the whole array, walked by one index: that must not become &A[0][k], with a
 * subscript outside its row (C11 6.5.6p8). */
static bool is_whole_array(const Op *index)
{
    for (unsigned i = 1; i < index->num_operands; i += 2)
        if (!is_zero_index(op_operand(index, i)))
            return false;
    return true;
}

/* &(&p[i])[j] is &p[i + j]; &(&A[i][0])[j] is &A[i][j]. */
static Value *index_op(Builder *b, const Op *op)
{
    Value *base = op_operand(op, 0), *offset = op_operand(op, 1);
    if (op->num_operands == 2 && is_zero_index(offset))
        return base;
    if (is_kind(base, OP_ALLOC) && is_whole_array(op)) /* heap memory has no rows in C */
        return base;
    if (!is_kind(base, OP_INDEX) || op->num_operands != 2)
        return NULL;
    const Op *inner = base->op;
    const unsigned rank = inner->num_operands / 2;
    Value *last = op_operand(inner, inner->num_operands - 1);
    if (rank > MAX_RANK || (rank > 1 && (!is_zero_index(last) || is_whole_array(inner))))
        return NULL;
    Value *indices[MAX_RANK], *extents[MAX_RANK];
    for (unsigned i = 0; i < rank; i++) {
        indices[i] = op_operand(inner, 2 * i + 1);
        if (i)
            extents[i - 1] = op_operand(inner, 2 * i);
    }
    indices[rank - 1] = is_zero_index(last) ? offset : index_sum(b, last, offset);
    if (!indices[rank - 1])
        return NULL;
    return build_index_n(b, operand_of(base, 0), indices, extents, rank);
}

/* &(&A[i][0][0])[j over rows of 3]: an inner row of the same array. */
static Value *row_index(Builder *b, const Op *op)
{
    Value *base = op_operand(op, 0);
    const unsigned rank = op->num_operands / 2;
    if (!is_kind(base, OP_INDEX) || rank < 2)
        return NULL;
    const Op *inner = base->op;
    const unsigned inner_rank = inner->num_operands / 2;
    if (inner_rank <= rank || inner_rank > MAX_RANK || is_whole_array(inner))
        return NULL;
    const unsigned shift = inner_rank - rank;
    Value *indices[MAX_RANK], *extents[MAX_RANK];
    for (unsigned i = 0; i < inner_rank; i++) {
        indices[i] = op_operand(inner, 2 * i + 1);
        if (i)
            extents[i - 1] = op_operand(inner, 2 * i);
        if (i < shift)
            continue;
        const unsigned own = i - shift;
        if (!is_zero_index(indices[i]))
            return NULL;
        indices[i] = op_operand(op, 2 * own + 1);
        if (own) {
            const Value *a = extents[i - 1], *c = op_operand(op, 2 * own);
            if (a != c && !(value_is_const(a) && value_is_const(c) &&
                            a->op->int_value == c->op->int_value))
                return NULL;
        }
    }
    return build_index_n(b, operand_of(base, 0), indices, extents, inner_rank);
}

/* &p[i] - p and p - &p[i], for what both are built on. */
static Value *pointer_difference(Builder *b, const Op *op)
{
    const Type *type = op->results[0]->type;
    Value *left = op_operand(op, 0), *right = op_operand(op, 1), *offset[2] = {NULL, NULL};
    for (unsigned side = 0; side < 2 && left != right; side++) {
        Value **pointer = side ? &right : &left;
        if (is_kind(*pointer, OP_INDEX) && (*pointer)->op->num_operands == 2) {
            offset[side] = operand_of(*pointer, 1);
            *pointer = operand_of(*pointer, 0);
        }
    }
    if (left != right)
        return NULL;
    if (!offset[1])
        return offset[0] ? build_convert(b, offset[0], type) : build_int(b, type, 0);
    Value *minus = build_convert(b, offset[1], type);
    return offset[0] ? build_binary(b, OP_SUB, build_convert(b, offset[0], type), minus)
                     : build_unary(b, OP_NEG, minus);
}

Value *algebra_op(Builder *b, const Op *op)
{
    if (op->kind == OP_PTRDIFF)
        return pointer_difference(b, op);

    if (op->kind == OP_INDEX) {
        Value *value = index_op(b, op);
        return value ? value : row_index(b, op);
    }
    if (op->kind == OP_SELECT)
        return select_op(op);
    if (op_table[op->kind].type_rule == RULE_LOGIC)
        return logic_op(b, op);
    if (op_is_compare(op->kind))
        return compare_op(b, op);
    if (op->num_operands == 0)
        return NULL;
    if (type_is_integer(op->results[0]->type))
        return op_table[op->kind].type_rule == RULE_SAME ? integer_op(b, op) : NULL;
    if (!type_is_floating(op->results[0]->type))
        return NULL;
    Value *value = exact_op(op);
    return value || !is_relaxed(op) ? value : relaxed_op(b, op);
}
