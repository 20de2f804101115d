/* Ops that compute, on dual numbers: values in the precision of their type, just as C computes them, tangents in long double by textbook
 * formulas. */
#include <math.h>

#include "interpret.h"

static long double rounded(const Type *type, long double x)
{
    return type->kind == TYPE_F32 ? (float)x : type->kind == TYPE_F64 ? (double)x : x;
}

/* ---- integers ---- */

static int64_t wrapped(const Types *types, const Type *type, uint64_t x)
{
    if (type->kind == TYPE_BOOL)
        return x != 0;
    const unsigned shift = 64 - type_bits(types, type);
    return type_is_signed(types, type) ? (int64_t)(x << shift) >> shift : (int64_t)(x << shift >> shift);
}

static Dual of_integers(Interpreter *in, const Op *op, const Dual *a)
{
    const Type *type = op->results[0]->type;
    const bool is_signed = type_is_signed(in->types, op_operand(op, 0)->type);
    const uint64_t x = (uint64_t)a[0].i, y = (uint64_t)a[1].i;
    uint64_t r = 0;
    switch (op->kind) {
    case OP_ADD: r = x + y; break;
    case OP_SUB: r = x - y; break;
    case OP_MUL: r = x * y; break;
    case OP_DIV:
    case OP_REM:
        if (y == 0)
            interpreter_stop(in, "division by zero");
        if (op->kind == OP_DIV)
            r = is_signed ? (uint64_t)(a[0].i / a[1].i) : x / y;
        else
            r = is_signed ? (uint64_t)(a[0].i % a[1].i) : x % y;
        break;
    case OP_NEG: r = -x; break;
    case OP_AND: r = x & y; break;
    case OP_OR: r = x | y; break;
    case OP_XOR: r = x ^ y; break;
    case OP_NOT: r = ~x; break;
    case OP_SHL: r = x << (y & 63); break;
    case OP_SHR: r = is_signed ? (uint64_t)(a[0].i >> (y & 63)) : x >> (y & 63); break;
    default: interpreter_stop(in, op_table[op->kind].text);
    }
    return (Dual){.i = wrapped(in->types, type, r)};
}

static bool compared(const Op *op, const Types *types, Dual a, Dual b)
{
    const Type *type = op_operand(op, 0)->type;
    int less, equal, ordered = 1;
    if (type_is_floating(type)) {
        less = a.v < b.v, equal = a.v == b.v, ordered = !isnan(a.v) && !isnan(b.v);
    } else if (type_is_pointer(type)) {
        less = a.p < b.p, equal = a.p == b.p;
    } else {
        less = type_is_signed(types, type) ? a.i < b.i : (uint64_t)a.i < (uint64_t)b.i;
        equal = a.i == b.i;
    }
    switch (op->kind) {
    case OP_EQ: return equal;
    case OP_NE: return !equal;
    case OP_LT: return ordered && less;
    case OP_LE: return ordered && (less || equal);
    case OP_GT: return ordered && !less && !equal;
    default: return ordered && !less;
    }
}

static Dual converted(Interpreter *in, const Op *op, Dual a)
{
    const Type *from = op_operand(op, 0)->type, *to = op->results[0]->type;
    if (type_is_pointer(from) || type_is_pointer(to)) {
        if (type_is_pointer(from) && type_is_pointer(to))
            return a;
        if (to->kind == TYPE_BOOL)
            return (Dual){.i = a.p != NULL};
        interpreter_stop(in, "conversion between pointers and integers");
    }
    if (type_is_floating(to)) {
        if (type_is_floating(from))
            return (Dual){.v = rounded(to, a.v), .d = a.d};
        const long double exact = type_is_signed(in->types, from) ? (long double)a.i : (long double)(uint64_t)a.i;
        return (Dual){.v = rounded(to, exact)};
    }
    if (!type_is_floating(from))
        return (Dual){.i = wrapped(in->types, to, (uint64_t)a.i)};
    if (to->kind == TYPE_BOOL)
        return (Dual){.i = a.v != 0};
    return (Dual){.i = wrapped(in->types, to, a.v < 0 ? (uint64_t)(int64_t)a.v : (uint64_t)a.v)};
}

/* ---- <math.h> ---- */

#define IN_PRECISION(name, x) (type->kind == TYPE_F32 ? (long double)name##f((float)(x)) : type->kind == TYPE_F64 ? (long double)name((double)(x)) : name##l(x))
#define IN_PRECISION_2(name, x, y)                                                                                     \
    (type->kind == TYPE_F32   ? (long double)name##f((float)(x), (float)(y))                                           \
     : type->kind == TYPE_F64 ? (long double)name((double)(x), (double)(y))                                            \
                              : name##l(x, y))
#define ARITHMETIC(operator)                                                                                           \
    (type->kind == TYPE_F32   ? (long double)((float)x operator (float)y)                                              \
     : type->kind == TYPE_F64 ? (long double)((double)x operator (double)y)                                            \
                              : x operator y)
/* the function, and its derivative at x */
#define ONE(OP, name, derivative) case OP_##OP: return (Dual){.v = IN_PRECISION(name, x), .d = dx == 0 ? 0 : dx * (derivative)};
/* the function, and its partials at (x, y) */
#define TWO(OP, name, by_x, by_y)                                                                                      \
    case OP_##OP: return (Dual){.v = IN_PRECISION_2(name, x, y), .d = (dx == 0 ? 0 : dx * (by_x)) + (dy == 0 ? 0 : dy * (by_y))};

static long double sign(long double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/* (ln |gamma|)': reflection, recurrence, asymptotic series */
static long double psi(long double x)
{
    const long double pi = 3.14159265358979323846264338327950288L;
    if (x < 0)
        return psi(1 - x) - pi / tanl(pi * (x - rintl(x)));
    long double sum = 0;
    for (; x < 20; x += 1)
        sum -= 1 / x;
    const long double s = 1 / (x * x);
    return sum + logl(x) - 0.5L / x - s * (1 / 12.0L - s * (1 / 120.0L - s * (1 / 252.0L - s * (1 / 240.0L - s / 132))));
}

static Dual of_floats(Interpreter *in, const Op *op, const Dual *a, Dual *second)
{
    const Type *type = op->results[0]->type;
    const long double x = a[0].v, y = a[1].v, dx = a[0].d, dy = a[1].d, two_by_sqrt_pi = 1.128379167095512573896158903121545172L;
    int exponent;
    switch (op->kind) {
    case OP_ADD: return (Dual){.v = ARITHMETIC(+), .d = dx + dy};
    case OP_SUB: return (Dual){.v = ARITHMETIC(-), .d = dx - dy};
    case OP_MUL: return (Dual){.v = ARITHMETIC(*), .d = dx * y + x * dy};
    case OP_DIV: return (Dual){.v = ARITHMETIC(/), .d = dx / y - x / y * dy / y};
    case OP_NEG: return (Dual){.v = -x, .d = -dx};
    case OP_INACTIVE: return (Dual){.v = x};
    case OP_SAME: return (Dual){.v = x, .d = dy};
    ONE(FABS, fabs, sign(x))
    ONE(SQRT, sqrt, 0.5L / sqrtl(x))
    ONE(CBRT, cbrt, cbrtl(x) / (3 * x))
    ONE(EXP, exp, expl(x))
    ONE(EXP2, exp2, exp2l(x) * logl(2))
    ONE(EXPM1, expm1, expl(x))
    ONE(LOG, log, 1 / x)
    ONE(LOG2, log2, 1 / (x * logl(2)))
    ONE(LOG10, log10, 1 / (x * logl(10)))
    ONE(LOG1P, log1p, 1 / (1 + x))
    ONE(SIN, sin, cosl(x))
    ONE(COS, cos, -sinl(x))
    ONE(TAN, tan, 1 / (cosl(x) * cosl(x)))
    ONE(ASIN, asin, 1 / sqrtl(1 - x * x))
    ONE(ACOS, acos, -1 / sqrtl(1 - x * x))
    ONE(ATAN, atan, 1 / (1 + x * x))
    ONE(SINH, sinh, coshl(x))
    ONE(COSH, cosh, sinhl(x))
    ONE(TANH, tanh, 1 / (coshl(x) * coshl(x)))
    ONE(ASINH, asinh, 1 / sqrtl(1 + x * x))
    ONE(ACOSH, acosh, 1 / sqrtl(x * x - 1))
    ONE(ATANH, atanh, 1 / (1 - x * x))
    ONE(ERF, erf, two_by_sqrt_pi * expl(-x * x))
    ONE(ERFC, erfc, -two_by_sqrt_pi * expl(-x * x))
    ONE(TGAMMA, tgamma, tgammal(x) * psi(x))
    ONE(LGAMMA, lgamma, psi(x))
    ONE(TRUNC, trunc, 0)
    ONE(FLOOR, floor, 0)
    ONE(CEIL, ceil, 0)
    ONE(ROUND, round, 0)
    ONE(RINT, rint, 0)
    ONE(NEARBYINT, nearbyint, 0)
    ONE(LOGB, logb, 0)
    TWO(HYPOT, hypot, x / hypotl(x, y), y / hypotl(x, y))
    TWO(POW, pow, y == 0 ? 0 : y * powl(x, y - 1), x == 0 ? 0 : powl(x, y) * logl(x))
    TWO(ATAN2, atan2, y / (x * x + y * y), -x / (x * x + y * y))
    TWO(FMAX, fmax, x >= y || isnan(y), !(x >= y || isnan(y)))
    TWO(FMIN, fmin, x <= y || isnan(y), !(x <= y || isnan(y)))
    TWO(FDIM, fdim, x > y, x > y ? -1 : 0)
    TWO(FMOD, fmod, 1, -truncl(x / y))
    TWO(REMAINDER, remainder, 1, -rintl(x / y))
    TWO(COPYSIGN, copysign, !signbit(x) == !signbit(y) ? 1 : -1, 0)
    TWO(NEXTAFTER, nextafter, 1, 0)
    case OP_FMA:
        return (Dual){.v = type->kind == TYPE_F32   ? fmaf((float)x, (float)y, (float)a[2].v)
                           : type->kind == TYPE_F64 ? fma((double)x, (double)y, (double)a[2].v)
                                                    : fmal(x, y, a[2].v),
                      .d = dx * y + x * dy + a[2].d};
    case OP_LDEXP:
    case OP_SCALBN:
    case OP_SCALBLN: return (Dual){.v = rounded(type, scalblnl(x, (long)a[1].i)), .d = scalblnl(dx, (long)a[1].i)};
    case OP_FREXP: {
        const long double r = frexpl(x, &exponent);
        second->i = exponent;
        return (Dual){.v = r, .d = ldexpl(dx, -exponent)};
    }
    case OP_MODF: {
        long double whole;
        const long double r = modfl(x, &whole);
        second->v = whole;
        return (Dual){.v = r, .d = dx};
    }
    default: interpreter_stop(in, op_table[op->kind].text);
    }
}

static Dual of_floats_to_integer(Interpreter *in, const Op *op, const Dual *a)
{
    const Type *type = op_operand(op, 0)->type;
    const long double x = a[0].v;
    switch (op->kind) {
    case OP_ISNAN: return (Dual){.i = isnan(x) != 0};
    case OP_ISINF: return (Dual){.i = isinf(x) != 0};
    case OP_ISFINITE: return (Dual){.i = isfinite(x) != 0};
    case OP_SIGNBIT: return (Dual){.i = signbit(x) != 0};
    case OP_ILOGB: return (Dual){.i = ilogbl(x)};
    case OP_LRINT: return (Dual){.i = (int64_t)IN_PRECISION(rint, x)};
    case OP_LLRINT: return (Dual){.i = (int64_t)IN_PRECISION(rint, x)};
    case OP_LROUND: return (Dual){.i = (int64_t)IN_PRECISION(round, x)};
    case OP_LLROUND: return (Dual){.i = (int64_t)IN_PRECISION(round, x)};
    default: interpreter_stop(in, op_table[op->kind].text);
    }
}

/* ---- all of them ---- */

Dual arithmetic(Interpreter *in, const Op *op, const Dual *a, Dual *second)
{
    const Type *type = op->results[0]->type;
    switch (op->kind) {
    case OP_CONST: return (Dual){.v = type_is_floating(type) ? rounded(type, op->float_value) : 0, .i = op->int_value};
    case OP_NULLPTR: case OP_UNDEF: return (Dual){0};
    case OP_EQ: case OP_NE: case OP_LT: case OP_LE: case OP_GT: case OP_GE: return (Dual){.i = compared(op, in->types, a[0], a[1])};
    case OP_LAND: return (Dual){.i = a[0].i && a[1].i};
    case OP_LOR: return (Dual){.i = a[0].i || a[1].i};
    case OP_LNOT: return (Dual){.i = !a[0].i};
    case OP_SELECT: return a[0].i ? a[1] : a[2];
    case OP_CONVERT: return converted(in, op, a[0]);
    case OP_PTRDIFF: return (Dual){.i = (a[0].p - a[1].p) / (int64_t)bytes_of_type(in, op_operand(op, 0)->type->elem)};
    default: break;
    }
    if (type_is_floating(type))
        return of_floats(in, op, a, second);
    if (type_is_floating(op_operand(op, 0)->type))
        return of_floats_to_integer(in, op, a);
    return of_integers(in, op, a);
}
