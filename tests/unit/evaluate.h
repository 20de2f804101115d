/* Evaluates functions of scalar ops without control flow: what rules and folding are checked against.
 *
 * It knows the ops by their meaning in C alone and shares no code with the compiler's folding. */
#ifndef ADGEN_TESTS_EVALUATE_H
#define ADGEN_TESTS_EVALUATE_H

#include <math.h>
#include <stdio.h>

#include "unit.h"

#include "ir/ir.h"

/* A number: which member counts follows from its type. */
typedef struct Scalar {
    long double f;
    int64_t i;
} Scalar;

/* Rounds to a floating type. */
static inline long double evaluate_round(const Type *type, long double x)
{
    return type->kind == TYPE_F32 ? (float)x : type->kind == TYPE_F64 ? (double)x : x;
}

/* The polygamma function for x > 0: recurrence up to 30, then the asymptotic series (Abramowitz and
 * Stegun 6.4.11). Order 0 is digamma. */
static inline long double evaluate_polygamma(unsigned n, long double x)
{
    static const long double bernoulli[] = {1.0L / 6,  -1.0L / 30,     1.0L / 42, -1.0L / 30,
                                            5.0L / 66, -691.0L / 2730, 7.0L / 6};
    const long double sign = n % 2 ? 1 : -1, factorial = tgammal(n + 1.0L);
    long double sum = 0;
    for (; x < 30; x += 1)
        sum += sign * factorial / powl(x, n + 1.0L);
    sum += n == 0 ? logl(x) : sign * tgammal(n) / powl(x, n);
    sum += sign * factorial / (2 * powl(x, n + 1.0L));
    for (unsigned k = 1; k <= sizeof bernoulli / sizeof *bernoulli; k++)
        sum += sign * bernoulli[k - 1] * tgammal(2.0L * k + n) /
               (tgammal(2.0L * k + 1) * powl(x, 2.0L * k + n));
    return sum;
}

/* In the precision of the type: name, nameF, nameL of C. */
#define EVALUATE_1(OP, name)                                                                       \
    case OP_##OP:                                                                                  \
        return type->kind == TYPE_F32   ? (long double)name##f((float)x)                           \
               : type->kind == TYPE_F64 ? (long double)name((double)x)                             \
                                        : name##l(x);
#define EVALUATE_2(OP, name)                                                                       \
    case OP_##OP:                                                                                  \
        return type->kind == TYPE_F32   ? (long double)name##f((float)x, (float)y)                 \
               : type->kind == TYPE_F64 ? (long double)name((double)x, (double)y)                  \
                                        : name##l(x, y);

static inline long double evaluate_floating(const Op *op, const Type *type, const Scalar *a)
{
    const long double x = a[0].f, y = a[1].f;
    int ignored;
    long double whole;
    switch (op->kind) {
    EVALUATE_1(FABS, fabs)
    EVALUATE_1(SQRT, sqrt)
    EVALUATE_1(CBRT, cbrt)
    EVALUATE_1(EXP, exp)
    EVALUATE_1(EXP2, exp2)
    EVALUATE_1(EXPM1, expm1)
    EVALUATE_1(LOG, log)
    EVALUATE_1(LOG2, log2)
    EVALUATE_1(LOG10, log10)
    EVALUATE_1(LOG1P, log1p)
    EVALUATE_1(SIN, sin)
    EVALUATE_1(COS, cos)
    EVALUATE_1(TAN, tan)
    EVALUATE_1(ASIN, asin)
    EVALUATE_1(ACOS, acos)
    EVALUATE_1(ATAN, atan)
    EVALUATE_1(SINH, sinh)
    EVALUATE_1(COSH, cosh)
    EVALUATE_1(TANH, tanh)
    EVALUATE_1(ASINH, asinh)
    EVALUATE_1(ACOSH, acosh)
    EVALUATE_1(ATANH, atanh)
    EVALUATE_1(ERF, erf)
    EVALUATE_1(ERFC, erfc)
    EVALUATE_1(TGAMMA, tgamma)
    EVALUATE_1(LGAMMA, lgamma)
    EVALUATE_1(TRUNC, trunc)
    EVALUATE_1(FLOOR, floor)
    EVALUATE_1(CEIL, ceil)
    EVALUATE_1(ROUND, round)
    EVALUATE_1(RINT, rint)
    EVALUATE_1(NEARBYINT, nearbyint)
    EVALUATE_1(LOGB, logb)
    EVALUATE_2(HYPOT, hypot)
    EVALUATE_2(POW, pow)
    EVALUATE_2(ATAN2, atan2)
    EVALUATE_2(FMAX, fmax)
    EVALUATE_2(FMIN, fmin)
    EVALUATE_2(FDIM, fdim)
    EVALUATE_2(FMOD, fmod)
    EVALUATE_2(REMAINDER, remainder)
    EVALUATE_2(COPYSIGN, copysign)
    EVALUATE_2(NEXTAFTER, nextafter)
    case OP_ADD:
        return evaluate_round(type, x + y);
    case OP_SUB:
        return evaluate_round(type, x - y);
    case OP_MUL:
        return evaluate_round(type, x * y);
    case OP_DIV:
        return evaluate_round(type, x / y);
    case OP_NEG:
        return -x;
    case OP_FMA:
        return type->kind == TYPE_F32   ? (long double)fmaf((float)x, (float)y, (float)a[2].f)
               : type->kind == TYPE_F64 ? (long double)fma((double)x, (double)y, (double)a[2].f)
                                        : fmal(x, y, a[2].f);
    case OP_NEXTTOWARD:
        return type->kind == TYPE_F32   ? (long double)nexttowardf((float)x, y)
               : type->kind == TYPE_F64 ? (long double)nexttoward((double)x, y)
                                        : nexttowardl(x, y);
    case OP_REMQUO:
        return remquol(x, y, &ignored);
    case OP_FREXP:
        return frexpl(x, &ignored);
    case OP_MODF:
        return modfl(x, &whole);
    case OP_LDEXP:
    case OP_SCALBN:
    case OP_SCALBLN:
        return evaluate_round(type, scalblnl(x, (long)a[1].i));
    case OP_SAME:
        return y;
    case OP_SECH2:
        return evaluate_round(type, 1 / (coshl(x) * coshl(x)));
    case OP_DIGAMMA:
        return evaluate_round(type, evaluate_polygamma(0, x));
    case OP_POLYGAMMA:
        return evaluate_round(type, evaluate_polygamma((unsigned)a[0].i, y));
    default:
        fail_msg("the evaluator does not know '%s'", op_table[op->kind].text);
        return 0;
    }
}

static inline bool evaluate_compare(OpKind kind, long double x, long double y)
{
    switch (kind) {
    case OP_EQ:
        return x == y;
    case OP_NE:
        return x != y;
    case OP_LT:
        return x < y;
    case OP_LE:
        return x <= y;
    case OP_GT:
        return x > y;
    case OP_GE:
        return x >= y;
    default:
        fail();
        return false;
    }
}

static inline int64_t evaluate_integer(const Op *op, const Scalar *a)
{
    const bool of_integers = type_is_integer(op_operand(op, 0)->type);
    if (op_is_compare(op->kind))
        return of_integers ? evaluate_compare(op->kind, a[0].i, a[1].i)
                           : evaluate_compare(op->kind, a[0].f, a[1].f);
    switch (op->kind) {
    case OP_ADD:
        return a[0].i + a[1].i;
    case OP_SUB:
        return a[0].i - a[1].i;
    case OP_MUL:
        return a[0].i * a[1].i;
    case OP_NEG:
        return -a[0].i;
    case OP_LAND:
        return a[0].i && a[1].i;
    case OP_LOR:
        return a[0].i || a[1].i;
    case OP_LNOT:
        return !a[0].i;
    case OP_SIGNBIT:
        return signbit(a[0].f) != 0;
    case OP_ISNAN:
        return isnan(a[0].f) != 0;
    case OP_ISINF:
        return isinf(a[0].f) != 0;
    case OP_ISFINITE:
        return isfinite(a[0].f) != 0;
    default:
        fail_msg("the evaluator does not know '%s' of integers", op_table[op->kind].text);
        return 0;
    }
}

static inline void evaluate_op(const Op *op, Scalar *values)
{
    Scalar a[4] = {{0}};
    for (unsigned i = 0; i < op->num_operands && i < 4; i++)
        a[i] = values[op_operand(op, i)->id];
    const Type *type = op->results[0]->type;
    Scalar *result = &values[op->results[0]->id];
    if (op->kind == OP_CONST)
        *result = (Scalar){evaluate_round(type, op->float_value), op->int_value};
    else if (op->kind == OP_SELECT)
        *result = a[0].i ? a[1] : a[2];
    else if (type_is_floating(type))
        result->f = evaluate_floating(op, type, a);
    else
        result->i = evaluate_integer(op, a);
    if (op->kind == OP_FREXP) {
        int exponent;
        (void)frexpl(a[0].f, &exponent);
        values[op->results[1]->id].i = exponent;
    }
}

/* What the function returns for these arguments. */
static inline Scalar evaluate_function(const Function *function, const Scalar *args)
{
    Scalar *values = calloc(function->num_values, sizeof *values);
    assert_non_null(values);
    for (unsigned i = 0; i < function->num_params; i++) {
        const Value *arg = function->body->args.items[i];
        values[arg->id] = args[i];
        if (type_is_floating(arg->type))
            values[arg->id].f = evaluate_round(arg->type, args[i].f);
    }
    const Op *op = function->body->first;
    for (; op->kind != OP_RETURN; op = op->next)
        evaluate_op(op, values);
    const Scalar result = values[op_operand(op, 0)->id];
    free(values);
    return result;
}

#endif
