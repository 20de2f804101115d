/* Expressions with the interval they lie in. */
#include "gen.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { LONG = 240 }; /* an operand that is longer is drawn again */

static double magnitude(const Expr *e)
{
    return fmax(fabs(e->low), fabs(e->high));
}

static const char *open_paren(const Expr *e, int precedence)
{
    return e->precedence < precedence ? "(" : "";
}

static const char *close_paren(const Expr *e, int precedence)
{
    return e->precedence < precedence ? ")" : "";
}

static void set_text(Expr *e, int precedence, const char *format, ...)
{
    char text[4 * TEXT];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(e->text, sizeof e->text, "%.*s", TEXT - 1, text);
    e->precedence = precedence;
}

/* A literal; its type is double. */
static void set_number(Expr *e, double value)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.3g", fabs(value));
    if (!strpbrk(digits, ".e"))
        strcat(digits, ".0");
    set_text(e, value < 0 ? 14 : 16, value < 0 ? "-%s" : "%s", digits);
    sscanf(digits, "%lf", &e->high);
    e->low = e->high = value < 0 ? -e->high : e->high;
    e->type = DOUBLE;
}

Expr gen_number(Gen *g, double low, double high)
{
    Expr e;
    set_number(&e, low + (high - low) * gen_between(g, 0, 40) / 40);
    return e;
}

Expr gen_element(Gen *g, const Var *var)
{
    Expr e = {.low = -var->bound, .high = var->bound, .type = var->type};
    char i[64], j[64];
    if (var->kind == REAL) {
        set_text(&e, 16, "%s", var->name);
    } else if (var->kind == ARRAY) {
        gen_index(g, i, var->extent);
        set_text(&e, 16, "%s[%s]", var->name, i);
    } else {
        gen_index(g, i, ROWS);
        gen_index(g, j, COLUMNS);
        set_text(&e, 16, "%s[%s][%s]", var->name, i, j);
    }
    return e;
}

static Expr leaf(Gen *g)
{
    const int choice = gen_below(g, 100);
    Var *var = NULL;
    if (choice < 45)
        var = gen_pick(g, REAL, false);
    else if (choice < 75)
        var = gen_pick(g, ARRAY, false);
    else if (choice < 82)
        var = gen_pick(g, MATRIX, false);
    if (var)
        return gen_element(g, var);
    if (choice < 86 && (var = gen_pick(g, INTEGER, false)) != NULL) {
        Expr e = {.low = var->low, .high = var->high, .type = DOUBLE};
        if (gen_percent(g, 50))
            set_text(&e, 14, "(double)%s", var->name);
        else
            set_text(&e, 13, "0.5 * %s", var->name), e.low *= 0.5, e.high *= 0.5;
        return e;
    }
    return gen_number(g, -1.5, 1.5);
}

static Expr operand(Gen *g, int depth)
{
    for (int tries = 0; tries < 3; tries++) {
        Expr e = gen_real(g, depth);
        if (strlen(e.text) < LONG)
            return e;
    }
    return leaf(g);
}

/* e scaled or squashed so that |e| <= bound. */
void gen_scaled(Gen *g, Expr *e, double bound)
{
    const double size = magnitude(e);
    if (size <= bound)
        return;
    Expr c, old = *e;
    if (bound / size >= 0.05 && gen_percent(g, 70)) {
        set_number(&c, 0.99 * bound / size);
        set_text(e, 13, "%s * %s%s%s", c.text, open_paren(&old, 13), old.text, close_paren(&old, 13));
        e->low = old.low * c.high, e->high = old.high * c.high;
    } else {
        static const char *const squash[] = {"sin", "tanh", "cos", "sin"};
        set_number(&c, 0.99 * bound);
        if (bound < 1 || gen_percent(g, 50))
            set_text(e, 13, "%s * %s(%s)", c.text, squash[gen_below(g, 4)], old.text);
        else
            set_text(e, 16, "%s(%s)", squash[gen_below(g, 4)], old.text), c.high = 1;
        e->low = -c.high, e->high = c.high;
    }
    if (e->type < DOUBLE)
        e->type = DOUBLE;
}

Expr gen_bounded(Gen *g, int depth, double bound)
{
    Expr e = operand(g, depth);
    gen_scaled(g, &e, bound);
    return e;
}

/* e shifted so that it is at least `least`. */
static void make_positive(Gen *g, Expr *e, double least)
{
    gen_scaled(g, e, 6);
    if (e->low >= least)
        return;
    Expr c, old = *e;
    set_number(&c, least - e->low + 0.1);
    if (gen_percent(g, 50) || magnitude(e) > 3) {
        set_text(e, 12, "%s + %s%s%s", c.text, open_paren(&old, 13), old.text, close_paren(&old, 13));
        e->low = old.low + c.high, e->high = old.high + c.high;
    } else {
        set_number(&c, least + 0.2);
        set_text(e, 12, "%s%s%s * %s%s%s + %s", open_paren(&old, 13), old.text, close_paren(&old, 13),
                 open_paren(&old, 14), old.text, close_paren(&old, 14), c.text);
        const double size = magnitude(&old);
        e->low = c.low, e->high = size * size + c.high;
    }
    if (e->type < DOUBLE)
        e->type = DOUBLE;
}

static const char *suffix(const Expr *e)
{
    return e->type == SINGLE ? "f" : e->type == EXTENDED ? "l" : "";
}

typedef double (*Function)(double);

/* Functions that rise on the interval their argument is kept in. */
typedef struct Rising {
    const char *name;
    Function value;
    double low, high;
} Rising;

static const Rising rising[] = {
    {"exp", exp, -3, 2},         {"exp2", exp2, -3, 3},       {"expm1", expm1, -3, 2},
    {"log", log, 0.3, 40},       {"log2", log2, 0.3, 40},     {"log10", log10, 0.3, 40},
    {"log1p", log1p, -0.6, 40},  {"sqrt", sqrt, 0.2, 40},     {"cbrt", cbrt, 0.2, 40},
    {"tan", tan, -1.1, 1.1},     {"asin", asin, -0.9, 0.9},   {"atan", atan, -9, 9},
    {"sinh", sinh, -3, 3},       {"tanh", tanh, -3, 3},       {"asinh", asinh, -9, 9},
    {"acosh", acosh, 1.3, 20},   {"atanh", atanh, -0.9, 0.9}, {"erf", erf, -3, 3},
    {"lgamma", lgamma, 2.2, 12}, {"tgamma", tgamma, 2, 4},
};

static Expr math_1(Gen *g, int depth)
{
    Expr e, x = operand(g, depth - 1);
    const int choice = gen_below(g, 10);
    if (choice < 5) {
        const Rising *f = &rising[gen_below(g, (int)(sizeof rising / sizeof *rising))];
        const double bound = fmin(f->high, f->low > 0 ? 8 : fmax(-f->low, 0.1));
        if (f->low > 0)
            gen_scaled(g, &x, (f->high - f->low) / 2.5), make_positive(g, &x, f->low);
        else
            gen_scaled(g, &x, fmin(bound, f->high));
        e.low = f->value(x.low) - 1e-3, e.high = f->value(x.high) + 1e-3;
        set_text(&e, 16, "%s%s(%s)", f->name, suffix(&x), x.text);
    } else if (choice < 9) {
        set_text(&e, 16, "%s%s(%s)", gen_percent(g, 60) ? "sin" : "cos", suffix(&x), x.text);
        e.low = -1, e.high = 1;
    } else if (gen_option(g, F_KINK)) {
        set_text(&e, 16, "fabs%s(%s)", suffix(&x), x.text);
        e.low = 0, e.high = magnitude(&x);
    } else {
        gen_scaled(g, &x, 2.5);
        const bool acos_fits = magnitude(&x) <= 0.9;
        set_text(&e, 16, "%s%s(%s)", acos_fits ? "acos" : gen_percent(g, 50) ? "cosh" : "erfc", suffix(&x),
                 x.text);
        e.low = 0, e.high = 6.2;
    }
    e.type = x.type;
    return e;
}

static Type common(const Expr *x, const Expr *y)
{
    return x->type > y->type ? x->type : y->type;
}

static Expr math_2(Gen *g, int depth)
{
    Expr e, x = operand(g, depth - 1), y = operand(g, depth - 1);
    const char *name;
    gen_scaled(g, &x, 5);
    gen_scaled(g, &y, 5);
    const double size = fmax(magnitude(&x), magnitude(&y));
    e.low = -size, e.high = size;
    switch (gen_below(g, 8)) {
    case 0:
    case 1:
        name = "pow", gen_scaled(g, &y, 2), gen_scaled(g, &x, 2);
        if (gen_percent(g, 50))
            set_number(&y, gen_between(g, 0, 4));
        else
            make_positive(g, &x, 0.3);
        e.high = pow(fmax(3.4, magnitude(&x)), fmax(2, magnitude(&y))), e.low = -e.high;
        break;
    case 2:
        name = "hypot", make_positive(g, &y, 0.3), e.low = 0.3, e.high = 1.5 * (magnitude(&y) + magnitude(&x));
        break;
    case 3:
        name = "atan2", make_positive(g, &y, 0.3), e.low = -3.2, e.high = 3.2;
        break;
    case 4:
        if (gen_percent(g, 50)) {
            Expr z = operand(g, depth - 2);
            gen_scaled(g, &z, 5);
            e.type = common(&x, &y) > z.type ? common(&x, &y) : z.type;
            set_text(&e, 16, "fma%s(%s, %s, %s)", suffix(&e), x.text, y.text, z.text);
            e.high = magnitude(&x) * magnitude(&y) + magnitude(&z), e.low = -e.high;
            return e;
        }
        e.type = x.type;
        set_text(&e, 16, "ldexp%s(%s, %d)", suffix(&x), x.text, gen_between(g, -2, 1));
        e.low *= 2, e.high *= 2;
        return e;
    default:
        name = gen_percent(g, 50) ? "fmax" : "fmin";
        g->counts[F_KINK]++;
        break;
    }
    e.type = common(&x, &y);
    set_text(&e, 16, "%s%s(%s, %s)", name, suffix(&e), x.text, y.text);
    return e;
}

static Expr product(Gen *g, int depth)
{
    Expr e, x = operand(g, depth - 1), y = operand(g, depth - 1);
    const double size = magnitude(&x) * magnitude(&y);
    e.low = -size, e.high = size;
    e.type = common(&x, &y);
    set_text(&e, 13, "%s%s%s * %s%s%s", open_paren(&x, 13), x.text, close_paren(&x, 13),
             open_paren(&y, 14), y.text, close_paren(&y, 14));
    return e;
}

static Expr sum(Gen *g, int depth)
{
    Expr e, x = operand(g, depth - 1), y = operand(g, depth - 1);
    const bool minus = gen_percent(g, 40);
    e.low = x.low + (minus ? -y.high : y.low);
    e.high = x.high + (minus ? -y.low : y.high);
    e.type = common(&x, &y);
    set_text(&e, 12, "%s %c %s%s%s", x.text, minus ? '-' : '+', open_paren(&y, 13), y.text,
             close_paren(&y, 13));
    if (x.precedence < 12)
        set_text(&e, 12, "(%s) %c %s%s%s", x.text, minus ? '-' : '+', open_paren(&y, 13), y.text,
                 close_paren(&y, 13));
    return e;
}

static Expr quotient(Gen *g, int depth)
{
    Expr e, x = operand(g, depth - 1), y = operand(g, depth - 1);
    make_positive(g, &y, 0.4);
    e.high = magnitude(&x) / y.low, e.low = -e.high;
    e.type = common(&x, &y);
    set_text(&e, 13, "%s%s%s / %s%s%s", open_paren(&x, 13), x.text, close_paren(&x, 13),
             open_paren(&y, 14), y.text, close_paren(&y, 14));
    return e;
}

static Expr ternary(Gen *g, int depth)
{
    char condition[TEXT];
    Expr e, x = operand(g, depth - 1), y = operand(g, depth - 1);
    gen_condition(g, condition);
    e.low = fmin(x.low, y.low), e.high = fmax(x.high, y.high);
    e.type = common(&x, &y);
    set_text(&e, 3, "%s ? %s : %s", condition, x.text, y.text);
    return e;
}

Expr gen_real(Gen *g, int depth)
{
    Expr e;
    if (depth <= 0 || gen_percent(g, 15))
        return leaf(g);
    if (gen_option(g, F_MATH))
        return gen_percent(g, 70) ? math_1(g, depth) : math_2(g, depth);
    if (gen_option(g, F_TERNARY))
        return ternary(g, depth);
    if (gen_option(g, F_VALUE_CALL) && gen_call_value(g, &e, depth))
        return e;
    const int choice = gen_below(g, 10);
    if (choice < 4)
        return product(g, depth);
    if (choice < 8)
        return sum(g, depth);
    if (choice < 9)
        return quotient(g, depth);
    const Expr x = operand(g, depth - 1);
    set_text(&e, 14, "-%s%s%s", x.text[0] == '-' ? "(" : open_paren(&x, 14), x.text,
             x.text[0] == '-' ? ")" : close_paren(&x, 14));
    e.low = -x.high, e.high = -x.low, e.type = x.type;
    return e;
}

void gen_data_condition(Gen *g, char *text)
{
    static const char *const compare[] = {"<", ">", "<=", ">="};
    const Expr x = operand(g, 1);
    const Expr y = gen_percent(g, 40) ? operand(g, 0) : gen_number(g, -0.7, 0.7);
    const char *op = compare[gen_below(g, 4)];
    if (gen_percent(g, 15)) {
        const Expr z = leaf(g);
        sprintf(text, "IS(%s %s %s %s %s > %s)", x.precedence < 11 ? "0.1" : x.text, op,
                y.precedence < 11 ? "0.2" : y.text, gen_percent(g, 50) ? "&&" : "||", z.text,
                y.precedence < 11 ? "0.3" : y.text);
        return;
    }
    sprintf(text, "IS(%s%s%s %s %s%s%s)", open_paren(&x, 11), x.text, close_paren(&x, 11), op,
            open_paren(&y, 11), y.text, close_paren(&y, 11));
}

/* A condition on data or on integers. */
void gen_condition(Gen *g, char *text)
{
    Var *i = gen_percent(g, 35) ? gen_pick(g, INTEGER, false) : NULL;
    if (!i) {
        gen_data_condition(g, text);
    } else if (i->high > i->low && gen_percent(g, 50)) {
        static const char *const compare[] = {"<", ">", "==", "!="};
        sprintf(text, "%s %s %d", i->name, compare[gen_below(g, 4)], gen_between(g, i->low, i->high));
    } else {
        sprintf(text, "%s %% 2 == %d", i->name, gen_below(g, 2));
    }
}
