/* More idioms of everyday C: tables, arrays of structs, rows of matrices, compound assignments through pointers, clean-up by
 * goto, bits, compound literals. */
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

/* A constant table, and a value from it at an index that a condition chooses. */
void gen_table(Gen *g)
{
    char condition[TEXT], index[64];
    const int t = ++g->serial;
    gen_line(g, "static const double t%d[4] = {%s, %s, [3] = %s};", t, gen_number(g, -1, 1).text, gen_number(g, -1, 1).text,
             gen_number(g, -1, 1).text);
    gen_condition(g, condition);
    gen_index(g, index, 4);
    const Expr e = gen_bounded(g, 1, 2);
    Var *v = gen_declare(g, REAL, "v");
    gen_line(g, "double %s = t%d[%s ? %d : %s] * %s%s%s;", v->name, t, condition, gen_below(g, 4), index, open_paren(&e), e.text,
             close_paren(&e));
    v->bound = 4;
}

/* An array of structs, filled, walked along by a pointer, summed. */
void gen_cells(Gen *g)
{
    if (g->loops >= 2)
        return;
    const Expr e = gen_bounded(g, 2, 1), f = gen_bounded(g, 1, 1);
    const int c = ++g->serial, count = gen_between(g, 2, 4);
    gen_line(g, "struct cell c%d[%d];", c, count);
    gen_open(g, "for (int i = 0; i < %d; i++)", count);
    if (gen_percent(g, 50))
        gen_line(g, "c%d[i] = (struct cell){.a = %s, .tag = i, .w = {0.5 * i, %s}};", c, e.text, f.text);
    else {
        gen_line(g, "c%d[i].a = %s;", c, e.text);
        gen_line(g, "c%d[i].w[i %% 2] = 0.25 * i, c%d[i].w[(i + 1) %% 2] = %s, c%d[i].tag = %d - i;", c, c, f.text, c, count);
    }
    gen_close(g, g->var_count, "");
    if (gen_percent(g, 60)) {
        gen_open(g, "for (struct cell *p = c%d + 1; p < c%d + %d; p++)", c, c, count);
        gen_line(g, gen_percent(g, 50) ? "p->a *= sin(p[-1].a) + p->w[p->tag %% 2];" : "p->w[0] -= 0.5 * (p - 1)->w[1] * p->a;");
        gen_close(g, g->var_count, "");
    }
    if (gen_percent(g, 30))
        gen_line(g, "memcpy(&c%d[0], &c%d[%d], sizeof c%d[0]);", c, c, count - 1, c);
    Var *s = gen_declare(g, REAL, "s");
    gen_line(g, "double %s = 0;", s->name);
    gen_open(g, "for (int i = %d; i >= 0; i--)", count - 1);
    gen_line(g, "%s += cos(c%d[i].a) * c%d[i].w[c%d[i].tag & 1];", s->name, c, c, c);
    gen_close(g, g->var_count, "");
    s->bound = 16, s->read_only = true;
}

/* A matrix with a variable number of rows, through pointers to rows. */
void gen_rows(Gen *g)
{
    if (g->loops >= 2 || g->in_helper)
        return;
    const Expr e = gen_bounded(g, 2, 1);
    const int m = ++g->serial;
    const char *rows = gen_percent(g, 50) ? "m" : "4";
    gen_line(g, "double m%d[%s][3];", m, rows);
    gen_open(g, "for (int i = 0; i < 4; i++)"); /* not m: what is read below is seen to be set */
    gen_line(g, "double *row = m%d[i];", m);
    gen_open(g, "for (int j = 0; j < 3; j++)");
    gen_line(g, "row[j] = i > 0 ? 0.5 * m%d[i - 1][(j + 1) %% 3] * (%s) : %s;", m, e.text, gen_bounded(g, 1, 1).text);
    gen_close(g, g->var_count, "");
    gen_close(g, g->var_count, "");
    const Var *in = gen_pick(g, INTEGER, false);
    Var *v = gen_declare(g, REAL, "v");
    if (gen_percent(g, 50)) {
        gen_line(g, "double (*r%d)[3] = m%d + 1;", m, m);
        gen_line(g, "const double %s = r%d[-1][0] * r%d[%d][2];", v->name, m, m, gen_below(g, 3));
    } else {
        gen_line(g, "const double %s = m%d[%s%s][1] + *m%d[2];", v->name, m, in && in->low >= 0 ? in->name : "1",
                 in && in->low >= 0 ? " % 4" : "", m);
    }
    v->bound = 4, v->read_only = true;
}

/* *p++ op= e, and assignments as values. */
void gen_compound(Gen *g)
{
    Var *a = gen_pick(g, ARRAY, true), *v = gen_pick(g, REAL, true), *w = gen_pick(g, REAL, true);
    const Expr e = gen_bounded(g, 2, 1);
    const int p = ++g->serial;
    if (a && a->type == DOUBLE && a->extent >= 3 && gen_percent(g, 60)) {
        gen_line(g, "double *p%d = %s;", p, a->name);
        gen_line(g, gen_percent(g, 50) ? "*p%d++ *= %s;" : "*++p%d *= %s;", p, e.text);
        if (gen_percent(g, 50))
            gen_line(g, "*p%d-- /= 1.5 + cos(%s);", p, gen_bounded(g, 1, 2).text);
        else
            gen_line(g, "p%d[1] = *p%d = 0.5 * p%d[0];", p, p, p);
    } else if (v && w && v->type == DOUBLE && w->type == DOUBLE && v->bound >= 2 && w->bound >= 2) {
        if (gen_percent(g, 50))
            gen_line(g, "%s = %s = %s;", v->name, w->name, e.text);
        else if (v != w)
            gen_line(g, "%s = 0.5 * (%s *= %s);", v->name, w->name, e.text), w->budget *= 0.5;
    }
}

/* Memory that is given back at one label, from several places. */
void gen_cleanup(Gen *g)
{
    char condition[TEXT];
    if (g->barred > 0 || g->loops > 0)
        return;
    const int t = ++g->serial, scope = g->var_count;
    Var *s = gen_declare(g, REAL, "v");
    s->kind = HIDDEN;
    gen_line(g, "double %s = %s;", s->name, gen_bounded(g, 1, 2).text);
    gen_line(g, "double *t%d = malloc(3 * sizeof *t%d);", t, t);
    gen_open(g, "for (int i = 0; i < 3; i++)");
    gen_line(g, "t%d[i] = %s;", t, gen_bounded(g, 2, 2).text);
    gen_close(g, g->var_count, "");
    gen_condition(g, condition);
    gen_line(g, "if (%s)", condition);
    gen_line(g, "    goto done%d;", t);
    gen_line(g, "%s += sin(t%d[1]) * t%d[2];", s->name, t, t);
    gen_data_condition(g, condition);
    gen_open(g, "for (int i = 0; i < 3; i++)");
    gen_line(g, "if (%s)", condition);
    gen_line(g, "    goto done%d;", t);
    gen_line(g, "%s = 0.5 * %s * t%d[i];", s->name, s->name, t);
    gen_close(g, g->var_count, "");
    gen_line(g, "done%d:", t);
    gen_line(g, "free(t%d);", t);
    (void)scope;
    s->kind = REAL;
    s->bound = 8, s->read_only = true;
}

/* Integers of other types, bits and shifts, conversions to and fro. */
void gen_bits(Gen *g)
{
    static const char *const types[] = {"unsigned", "unsigned char", "long long", "short", "size_t"};
    const Var *in = gen_pick(g, INTEGER, false);
    const char *name = in && in->low >= 0 ? in->name : "1";
    const Expr e = gen_bounded(g, 1, 2);
    Var *j = gen_declare(g, INTEGER, "j");
    const char *type = types[gen_below(g, 5)];
    j->high = 3, j->steers = true;
    switch (gen_below(g, 4)) {
    case 0:
        gen_line(g, "%s %s = (%s)(%s << 1 ^ 5) & 3;", type, j->name, type, name);
        break;
    case 1:
        gen_line(g, "%s %s = (%s)((%s | 2) >> 1) %% 4;", type, j->name, type, name);
        break;
    case 2:
        gen_line(g, "%s %s = (%s)(%s > 2) + !(%s & 1);", type, j->name, type, name, name);
        break;
    default:
        gen_line(g, "%s %s = (%s)INT(1.5 + 0.7 * sin(%s));", type, j->name, type, e.text);
    }
    Var *v = gen_declare(g, REAL, "v");
    gen_line(g, "double %s = (double)%s * 0.25 + %s%s%s * (float)0.5;", v->name, j->name, open_paren(&e), e.text, close_paren(&e));
    v->bound = 4;
    j->kind = HIDDEN; /* of a type that C would mix with int in ways that warn */
}
