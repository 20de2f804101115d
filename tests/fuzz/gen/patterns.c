/* Idioms of numerical C that chance alone would not write. */
#include "gen.h"

#include <string.h>

/* A writable array of doubles, or NULL. */
static Var *array(Gen *g, int extent, bool writable)
{
    for (int tries = 0; tries < 6; tries++) {
        Var *var = gen_pick(g, ARRAY, writable);
        if (var && var->extent >= extent && var->type == DOUBLE)
            return var;
    }
    return NULL;
}

static const char *parens(const Expr *e, const char *paren)
{
    return e->precedence < 13 ? paren : "";
}

/* In-place updates that read neighbours, up and down. */
void gen_sweep(Gen *g)
{
    const Var *a = array(g, 3, true);
    if (!a || g->loops >= 3)
        return;
    const Expr e = gen_bounded(g, 1, 0.2);
    const int last = a->extent - 1, i = ++g->serial;
    switch (gen_below(g, 5)) {
    case 0:
        gen_open(g, "for (int i%d = 1; i%d <= %d; i%d++)", i, i, last, i);
        gen_line(g, "%s[i%d] = 0.12 * %s[i%d - 1] * %s[i%d];", a->name, i, a->name, i, a->name, i);
        break;
    case 1:
        gen_open(g, "for (int i%d = %d; i%d > 0; i%d--)", i, last, i, i);
        gen_line(g, "%s[i%d] *= %s%s%s * sin(%s[i%d - 1]);", a->name, i, parens(&e, "("), e.text, parens(&e, ")"),
                 a->name, i);
        break;
    case 2:
        gen_open(g, "for (int i%d = 0; i%d < %d; i%d++)", i, i, last, i);
        gen_line(g, "%s[i%d] = 0.5 * (%s[i%d] + cos(%s[i%d + 1]));", a->name, i, a->name, i, a->name, i);
        break;
    case 3:
        gen_open(g, "for (int i%d = 1; i%d < %d; i%d++)", i, i, last, i);
        gen_line(g, "%s[i%d] = 0.25 * (%s[i%d - 1] + 2 * %s[i%d] + %s[i%d + 1]) + %s;", a->name, i, a->name, i,
                 a->name, i, a->name, i, e.text);
        break;
    default:
        gen_open(g, "for (int i%d = 0; i%d < %d; i%d++)", i, i, last, i);
        gen_open(g, "if (IS(%s[i%d] > %s[i%d + 1]))", a->name, i, a->name, i);
        gen_line(g, "double t = %s[i%d];", a->name, i);
        gen_line(g, "%s[i%d] = %s[i%d + 1];", a->name, i, a->name, i);
        gen_line(g, "%s[i%d + 1] = t;", a->name, i);
        gen_close(g, g->var_count, "");
    }
    gen_close(g, g->var_count, "");
}

/* A pointer walks along an array, reading or writing. */
void gen_walk(Gen *g)
{
    const int p = ++g->serial;
    const Var *a = array(g, 2, false);
    if (!a || g->loops >= 3)
        return;
    const bool writes = !a->read_only && gen_percent(g, 50);
    gen_line(g, "%sdouble *p%d = %s%s;", writes ? "" : "const ", p, a->name, "");
    if (!writes) {
        const Expr start = gen_bounded(g, 1, 1);
        Var *s = gen_declare(g, REAL, "v");
        s->bound = 8.0 * a->extent + 1;
        s->read_only = true;
        gen_line(g, "double %s = %s;", s->name, start.text);
        gen_open(g, "while (p%d < %s + %d)", p, a->name, a->extent);
        gen_line(g, gen_percent(g, 50) ? "%s += *p%d++;" : "%s -= *p%d++;", s->name, p);
    } else if (gen_percent(g, 50)) {
        gen_open(g, "for (; p%d != %s + %d; ++p%d)", p, a->name, a->extent, p);
        gen_line(g, "*p%d = sin(*p%d);", p, p);
    } else {
        gen_open(g, "for (int i = 0; i < %d; i++)", a->extent - 1);
        gen_line(g, "p%d[1] = 0.3 * *p%d + 0.5 * p%d[1];", p, p, p);
        gen_line(g, "p%d++;", p);
    }
    gen_close(g, g->var_count, "");
}

/* A pointer into one array or, by a condition, another. */
void gen_pointer(Gen *g)
{
    char condition[TEXT], from[64], other[64];
    const Var *a = array(g, 2, true), *b = array(g, 2, true);
    if (!a || !b)
        return;
    const int shift = gen_below(g, a->extent - 1), extent = a->extent - shift;
    const int least = extent < b->extent ? extent : b->extent;
    sprintf(from, shift > 0 ? "%s + %d" : "%s", a->name, shift);
    sprintf(other, "%s", b->name);
    gen_condition(g, condition);
    if (gen_percent(g, 50)) {
        Var *q = gen_declare(g, ARRAY, "q");
        q->extent = extent;
        gen_line(g, "double *%s = %s;", q->name, from);
        if (gen_percent(g, 50)) {
            gen_open(g, "if (%s)", condition);
            gen_line(g, "%s = %s;", q->name, other);
            gen_close(g, g->var_count, "");
            q->extent = least;
        }
        return;
    }
    Var *q = gen_declare(g, ARRAY, "q");
    q->extent = least;
    gen_line(g, "double *%s = %s ? %s : %s;", q->name, condition, from, other);
}

void gen_swap(Gen *g)
{
    Var *a = gen_pick(g, REAL, true), *b = gen_pick(g, REAL, true);
    if (!a || !b || a == b || a->type != b->type || a->bound != b->bound)
        return;
    const double budget = a->budget < b->budget ? a->budget : b->budget;
    a->budget = b->budget = budget / 2;
    const int t = ++g->serial;
    gen_line(g, "%s t%d = %s;", gen_type_name(a->type), t, a->name);
    gen_line(g, "%s = %s;", a->name, b->name);
    gen_line(g, "%s = t%d;", b->name, t);
}

/* A sum or a running maximum over an array, kept or written into one. */
void gen_reduction(Gen *g)
{
    char top[8] = "n";
    int most = 6;
    if (g->in_helper || gen_percent(g, 40))
        sprintf(top, "%d", most = gen_between(g, 2, 5));
    if (g->loops >= 3)
        return;
    Var *s = gen_declare(g, REAL, "s");
    gen_line(g, "double %s = 0;", s->name);
    const int scope = g->var_count, serial = g->serial + 1;
    gen_open(g, "for (int i%d = 0; i%d < %s; i%d++)", serial, serial, top, serial);
    Var *i = gen_declare(g, INTEGER, "i");
    i->high = most - 1, i->steers = true;
    s->bound = 2 * most;
    const Expr e = gen_bounded(g, 3, 2);
    if (gen_percent(g, 25)) {
        gen_open(g, "if (IS(%s%s%s > %s))", parens(&e, "("), e.text, parens(&e, ")"), s->name);
        gen_line(g, "%s = %s;", s->name, e.text);
        gen_close(g, g->var_count, "");
    } else {
        gen_line(g, "%s += %s;", s->name, e.text);
    }
    gen_close(g, scope, "");
    s->read_only = true;
}

/* Declared without a value, which every branch gives. */
void gen_late(Gen *g)
{
    char condition[TEXT];
    gen_condition(g, condition);
    const int serial = ++g->serial, scope = g->var_count;
    gen_line(g, "double v%d;", serial);
    gen_open(g, "if (%s)", condition);
    gen_block(g, 2);
    gen_line(g, "v%d = %s;", serial, gen_bounded(g, 2, 2).text);
    gen_close(g, scope, "");
    gen_open(g, "else");
    gen_line(g, "v%d = %s;", serial, gen_bounded(g, 2, 2).text);
    gen_close(g, scope, "");
    Var *var = gen_declare(g, REAL, "v");
    sprintf(var->name, "v%d", serial);
    var->bound = 4, var->budget = 2;
}

/* Library functions that move memory. */
void gen_copy(Gen *g)
{
    const Var *a = array(g, 2, true), *b = array(g, 2, false);
    if (!a || !b)
        return;
    const int least = a->extent < b->extent ? a->extent : b->extent, count = gen_between(g, 1, least);
    if (gen_percent(g, 25))
        gen_line(g, "memset(%s, 0, %d * sizeof(double));", a->name, count);
    else
        gen_line(g, "memmove(%s, %s, %d * sizeof(double));", a->name, b->name, count);
}

/* Indices that move while they are used. */
void gen_effect(Gen *g)
{
    const Var *a = array(g, 3, true);
    if (!a)
        return;
    const Expr e = gen_bounded(g, 2, 2), other = gen_bounded(g, 1, 2);
    Var *j = gen_declare(g, INTEGER, "j");
    j->high = 4;
    gen_line(g, "int %s = 0;", j->name);
    if (gen_percent(g, 50)) {
        gen_line(g, "%s[%s++] = %s;", a->name, j->name, e.text);
        gen_line(g, "%s[++%s] = %s;", a->name, j->name, other.text);
    } else {
        gen_line(g, "%s[%s++] *= 0.5;", a->name, j->name);
        gen_line(g, "%s[%s] = %s, %s += 2;", a->name, j->name, e.text, j->name);
    }
}

/* Two buffers that change roles. */
void gen_ping(Gen *g)
{
    const int s = ++g->serial;
    if (g->loops >= 3)
        return;
    gen_line(g, "double o%d[3] = {%s, 0.5, 0.25}, w%d[3] = {0};", s, gen_bounded(g, 1, 1).text, s);
    gen_line(g, "double *p%d = o%d, *q%d = w%d;", s, s, s, s);
    gen_open(g, "for (int i%d = 0; i%d < %d; i%d++)", s, s, gen_between(g, 2, 4), s);
    gen_open(g, "for (int j = 0; j < 3; j++)");
    gen_line(g, "q%d[j] = sin(p%d[(j + 1) %% 3]) * p%d[j];", s, s, s);
    gen_close(g, g->var_count, "");
    gen_line(g, "double *t = p%d;", s);
    gen_line(g, "p%d = q%d;", s, s);
    gen_line(g, "q%d = t;", s);
    gen_close(g, g->var_count, "");
    Var *v = gen_declare(g, REAL, "v");
    v->read_only = true;
    gen_line(g, "const double %s = p%d[0] + p%d[2];", v->name, s, s);
    v->bound = 4;
}
