/* Integers as people write them: conversions that narrow, bit-fields that overflow, sums that wrap, rings; and what integers choose:
 * pointers to functions that change places, directions that belong together. */
#include "gen.h"

#include <string.h>

static const char *open_paren(const Expr *e)
{
    return e->precedence < 13 ? "(" : "";
}

static const char *close_paren(const Expr *e)
{
    return e->precedence < 13 ? ")" : "";
}

/* An integer in scope that is not negative, or a number. */
static const char *some_integer(Gen *g)
{
    const Var *in = gen_pick(g, INTEGER, false);
    return in && in->low >= 0 ? in->name : "2";
}

/* A value that the caller's text gives it, at most 4. */
static Var *value(Gen *g)
{
    Var *v = gen_declare(g, REAL, "v");
    v->bound = 4, v->read_only = true;
    return v;
}

/* A loop, or an array, that is as long as what is left of a larger number. */
static void narrowed_bound(Gen *g)
{
    static const char *const types[] = {"unsigned char", "uint8_t", "unsigned short"};
    const Expr e = gen_bounded(g, 2, 1), f = gen_bounded(g, 1, 1);
    const int t = ++g->serial, length = gen_between(g, 1, 4);
    const char *type = types[gen_below(g, 3)];
    gen_line(g, "const int b%d = 65536 * (1 + %s) + %d;", t, some_integer(g), length);
    if (gen_percent(g, 50))
        gen_line(g, "double t%d[5] = {0};", t);
    else {
        gen_line(g, "double t%d[(%s)b%d + 5];", t, type, t);
        gen_line(g, "memset(t%d, 0, ((%s)b%d + 5) * sizeof *t%d);", t, type, t, t);
    }
    for (int pass = gen_between(g, 1, 2); pass > 0; pass--) {
        gen_open(g, "for (int i = 0; i < (%s)b%d; i++)", type, t);
        gen_line(g, "t%d[i] = 0.5 * t%d[i + 1] + (%s) * (i + 1);", t, t, pass == 1 ? e.text : f.text);
        gen_close(g, g->var_count, "");
    }
    const Var *v = value(g);
    gen_line(g, "double %s = 0;", v->name);
    gen_line(g, "for (int i = 0; i < 5; i++)");
    gen_line(g, "    %s += 0.2 * sin(t%d[i]) * t%d[4 - i];", v->name, t, t);
}

static void narrowed_number(Gen *g)
{
    static const char *const casts[] = {"(double)(unsigned char)", "(double)(uint16_t)", "(double)(float)", "(float)(int8_t)", "(double)(unsigned)"};
    const Expr e = gen_bounded(g, 1, 1);
    const char *name = some_integer(g);
    const Var *v = value(g);
    const int which = gen_below(g, 5);
    const char *number = which == 4 ? "- 3" : which == 3 ? "* 3 + 300" : "* 301 + 16777217";
    gen_line(g, "const double %s = %s(%s %s) * 1e-%d * %s%s%s;", v->name, casts[which], name, number,
             which == 4 ? 10 : which == 2 ? 8 : which == 1 ? 5 : 3, open_paren(&e), e.text, close_paren(&e));
}

static void bit_fields(Gen *g)
{
    const Expr e = gen_bounded(g, 1, 1);
    const char *name = some_integer(g);
    const int f = ++g->serial;
    gen_line(g, "struct { unsigned a : 3, b : 5; } f%d = {%s + %d, 0};", f, name, gen_below(g, 12));
    gen_line(g, "f%d.a += %d;", f, gen_between(g, 1, 9));
    gen_line(g, "f%d.b = f%d.a * %d - %s;", f, f, gen_between(g, 2, 9), name);
    const Var *v = value(g);
    gen_line(g, "const double %s = (f%d.a * 0.25 - f%d.b / 16.0) * %s%s%s;", v->name, f, f, open_paren(&e), e.text, close_paren(&e));
}

static void sums_that_wrap(Gen *g)
{
    const Expr e = gen_bounded(g, 1, 0.5);
    const int w = ++g->serial;
    gen_line(g, "double w%d[6];", w);
    gen_open(g, "for (unsigned i = 0; i < 6; i++)");
    gen_line(g, "w%d[i] = %s%s%s * (1 + 0.1 * i);", w, open_paren(&e), e.text, close_paren(&e));
    gen_close(g, g->var_count, "");
    gen_open(g, "for (unsigned i = 1; i < 5; i++)");
    gen_line(g, gen_percent(g, 50) ? "w%d[i + 4294967295u] = sin(w%d[i - 1]) * 0.5;" : "w%d[i - 1u] += w%d[i + 4294967295u] * 0.5;", w, w);
    gen_line(g, "w%d[i] = w%d[i + %s] * 0.5 + w%d[i + 1u];", w, w, gen_percent(g, 50) ? "4294967295u" : "UINT32_MAX", w);
    gen_close(g, g->var_count, "");
    const Var *v = value(g);
    gen_line(g, "const double %s = w%d[0] * w%d[4] + w%d[%s %% 6u];", v->name, w, w, w, some_integer(g));
}

/* A ring, or the two ends of a grid, by tests or by remainders; how long it is is not known. */
static void ring(Gen *g)
{
    static const char *const left[] = {"i == 0 ? k%d - 1 : i - 1", "(i + k%d - 1) %% k%d", "(i - 1 + k%d) %% k%d", "i > 0 ? i - 1 : 0"};
    static const char *const right[] = {"i == k%d - 1 ? 0 : i + 1", "(i + 1) %% k%d", "i + 1 < k%d ? i + 1 : k%d - 1"};
    char before[80], behind[80];
    const Expr e = gen_bounded(g, 1, 0.5);
    const int r = ++g->serial;
    snprintf(before, sizeof before, left[gen_below(g, 4)], r, r);
    snprintf(behind, sizeof behind, right[gen_below(g, 3)], r, r);
    gen_line(g, "const int k%d = %s %% 3 + %d;", r, some_integer(g), gen_between(g, 1, 20));
    gen_line(g, "double p%d[24], q%d[24];", r, r);
    gen_open(g, "for (int i = 0; i < 24; i++)");
    gen_line(g, "p%d[i] = %s%s%s + 0.02 * i;", r, open_paren(&e), e.text, close_paren(&e));
    gen_line(g, "q%d[i] = 0;", r);
    gen_close(g, g->var_count, "");
    gen_open(g, "for (int i = 0; i < k%d; i++)", r);
    gen_line(g, "q%d[i] = p%d[%s] * p%d[%s] - %s * p%d[i];", r, r, before, r, behind, gen_percent(g, 50) ? "(i == 0 ? 2 : 1)" : "0.5", r);
    gen_close(g, g->var_count, "");
    const Var *v = value(g);
    gen_line(g, "double %s = 0;", v->name);
    gen_line(g, "for (int i = 0; i < 24; i++)");
    gen_line(g, "    %s += 0.1 * q%d[i] * cos(q%d[23 - i]);", v->name, r, r);
}

static void pointers_that_change_places(Gen *g)
{
    if (!g->has_leaves || g->in_helper) {
        ring(g);
        return;
    }
    const Expr e = gen_bounded(g, 1, 2);
    const int p = ++g->serial;
    gen_line(g, "double (*f%d)(double) = %s_f1, (*h%d)(double) = %s_f2;", p, g->prefix, p, g->prefix);
    const Var *v = value(g);
    gen_line(g, "double %s = %s;", v->name, e.text);
    gen_open(g, "for (int i = 0; i < %s %% 4; i++)", some_integer(g));
    gen_line(g, "%s = 2 * sin(f%d(%s)) + 0.1 * i;", v->name, p, v->name);
    gen_line(g, "double (*t)(double) = f%d;", p);
    gen_line(g, "f%d = h%d;", p, p);
    gen_line(g, "h%d = t;", p);
    gen_close(g, g->var_count, "");
}

void gen_integers(Gen *g)
{
    if (g->loops >= 2)
        return;
    switch (gen_below(g, 6)) {
    case 0: narrowed_bound(g); break;
    case 1: narrowed_number(g); break;
    case 2: bit_fields(g); break;
    case 3: sums_that_wrap(g); break;
    case 4: ring(g); break;
    default: pointers_that_change_places(g);
    }
}
