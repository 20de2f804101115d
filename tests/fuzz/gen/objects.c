/* Structs, memory from malloc, and goto. */
#include "gen.h"

#include <string.h>

/* The members of a struct are variables like others. */
static void declare_members(Gen *g, const char *name, const char *access)
{
    Var *a = gen_declare(g, REAL, ""), *w = gen_declare(g, ARRAY, ""), *tag = gen_declare(g, INTEGER, "");
    snprintf(a->name, sizeof a->name, "%.24s%s%s", name, access, "a");
    snprintf(w->name, sizeof w->name, "%.24s%s%s", name, access, "w");
    snprintf(tag->name, sizeof tag->name, "%.24s%s%s", name, access, "tag");
    a->bound = 4;
    w->extent = 2;
    tag->high = 3;
}

/* A struct, an array of them, or a pointer to one of two. */
void gen_struct(Gen *g)
{
    char condition[TEXT], element[40];
    const Expr first = gen_bounded(g, 1, 2), second = gen_bounded(g, 2, 2);
    const Var *c = gen_pick(g, STRUCT, true), *d = gen_pick(g, STRUCT, true);
    gen_condition(g, condition);
    if (c && gen_percent(g, 40)) {
        Var *p = gen_declare(g, STRUCT, "p");
        gen_line(g, "struct cell *%s = %s ? &%s : &%s;", p->name, condition, c->name, d->name);
        declare_members(g, p->name, "->");
        snprintf(element, sizeof element, "(*%.24s)", p->name);
        strcpy(p->name, element);
    } else if (gen_percent(g, 40)) {
        const int serial = ++g->serial;
        gen_line(g, "struct cell c%d[2] = {{%s, 1, {%s, 0.5}}, {.a = 0.25}};", serial, first.text, second.text);
        for (int i = 0; i < 2; i++) {
            Var *var = gen_declare(g, STRUCT, "c");
            sprintf(var->name, "c%d[%d]", serial, i);
            declare_members(g, var->name, ".");
        }
    } else {
        Var *var = gen_declare(g, STRUCT, "c");
        gen_line(g, "struct cell %s = {%s, 2, {%s}};", var->name, first.text, second.text);
        declare_members(g, var->name, ".");
    }
}

/* Copies of whole structs, and calls by value and pointer. */
void gen_struct_use(Gen *g)
{
    const Var *c = gen_pick(g, STRUCT, true), *d = gen_pick(g, STRUCT, true);
    if (!c)
        return;
    switch (gen_below(g, 3)) {
    case 0:
        gen_line(g, "%s = %s;", c->name, d->name);
        break;
    case 1:
        gen_line(g, "%s = cell_scaled(%s, %s);", c->name, d->name, gen_bounded(g, 1, 4).text);
        break;
    default:
        gen_line(g, "cell_mix(&%s, &%s);", c->name, d->name);
    }
}

/* A block with an array of its own on the heap. */
void gen_heap(Gen *g)
{
    const int scope = g->var_count, extent = gen_between(g, 2, 4), i = ++g->serial;
    const bool counted = gen_percent(g, 40) && !g->in_helper;
    const Expr e = gen_bounded(g, 2, 2);
    gen_open(g, "");
    Var *h = gen_declare(g, ARRAY, "h");
    h->extent = counted ? 6 : extent;
    if (gen_percent(g, 30)) {
        gen_line(g, "double *%s = calloc(%d, sizeof(double));", h->name, h->extent);
        gen_line(g, "%s[1] = %s;", h->name, e.text);
    } else {
        if (counted)
            gen_line(g, "double *%s = malloc((size_t)n * sizeof(double));", h->name);
        else
            gen_line(g, "double *%s = malloc(%d * sizeof(double));", h->name, extent);
        gen_open(g, "for (int i%d = 0; i%d < %d; i%d++)", i, i, h->extent, i);
        gen_line(g, "%s[i%d] = %s;", h->name, i, e.text);
        gen_close(g, g->var_count, "");
    }
    char name[40];
    strcpy(name, h->name);
    g->barred++;
    gen_block(g, 3);
    g->barred--;
    gen_line(g, "free(%s);", name);
    gen_close(g, scope, "");
}

/* An array on the heap that grows: once, or whenever it is full. */
void gen_grow(Gen *g)
{
    const int scope = g->var_count, c = ++g->serial;
    if (g->loops >= 2 || g->in_recursion) /* which must not free in loops */
        return;
    const Expr e = gen_bounded(g, 2, 1), f = gen_bounded(g, 1, 2);
    const char *open = e.precedence < 13 ? "(" : "", *close = e.precedence < 13 ? ")" : "";
    char name[40];
    gen_open(g, "");
    Var *h = gen_declare(g, ARRAY, "h");
    strcpy(name, h->name);
    g->barred++;
    if (gen_percent(g, 50)) {
        h->extent = 2;
        gen_line(g, "double *%s = malloc(2 * sizeof *%s);", name, name);
        gen_line(g, "%s[0] = %s%s%s, %s[1] = %s;", name, open, e.text, close, name, gen_number(g, -1, 1).text);
        const int before = g->var_count;
        gen_open(g, ""); /* what points there goes out of scope */
        gen_block(g, 2);
        gen_close(g, before, "");
        gen_line(g, "%s = realloc(%s, 5 * sizeof(double));", name, name);
        gen_open(g, "for (int i = 2; i < 5; i++)");
        gen_line(g, "%s[i] = 0.5 * %s[i - 2] + %s%s%s;", name, name, open, e.text, close);
        gen_close(g, g->var_count, "");
    } else {
        gen_line(g, "int c%d = 1, f%d = 0;", c, c);
        gen_line(g, "double *%s = malloc(sizeof *%s);", name, name);
        gen_open(g, "for (int i = 0; i < 5; i++)");
        gen_open(g, "if (f%d == c%d)", c, c);
        gen_line(g, "c%d *= 2;", c);
        gen_line(g, "%s = realloc(%s, (size_t)c%d * sizeof *%s);", name, name, c, name);
        gen_close(g, g->var_count, "");
        if (gen_percent(g, 50))
            gen_line(g, "%s[f%d] = i > 0 ? 0.5 * %s[f%d - 1] - %s%s%s : %s;", name, c, name, c, open, e.text, close, f.text);
        else
            gen_line(g, "%s[f%d] = %s%s%s * (0.3 * i - 1);", name, c, open, e.text, close);
        gen_line(g, "f%d++;", c);
        gen_close(g, g->var_count, "");
    }
    for (int i = scope; i < g->var_count; i++)
        if (strcmp(g->vars[i].name, name) == 0)
            g->vars[i].extent = 5;
    gen_block(g, 3);
    g->barred--;
    gen_line(g, "free(%s);", name);
    gen_close(g, scope, "");
}

/* Integers in a union, which may be read as others than they were written. */
void gen_union(Gen *g)
{
    const Var *in = gen_pick(g, INTEGER, false);
    const char *name = in && in->low >= 0 ? in->name : "2";
    const int u = ++g->serial;
    const Expr e = gen_bounded(g, 1, 2);
    gen_line(g, "union word u%d = {.whole = (unsigned)%s * 1027u};", u, name);
    if (gen_percent(g, 50))
        gen_line(g, "u%d.bytes[%d] ^= 3;", u, gen_below(g, 4));
    Var *j = gen_declare(g, INTEGER, "j");
    j->high = 3, j->steers = true;
    gen_line(g, "const int %s = u%d.%s & 3;", j->name, u, gen_percent(g, 50) ? "halves[0]" : "bytes[1]");
    Var *v = gen_declare(g, REAL, "v");
    gen_line(g, "double %s = 0.002 * u%d.bytes[%d] * (%s);", v->name, u, gen_below(g, 2), e.text);
    v->bound = 4;
}

/* A list is made, gone through, and freed. */
void gen_list(Gen *g)
{
    if (g->loops >= 3 || g->in_recursion) /* which must not free in loops */
        return;
    const Expr e = gen_bounded(g, 2, 2);
    Var *s = gen_declare(g, REAL, "s");
    const int l = ++g->serial, length = gen_between(g, 2, 4);
    gen_line(g, "double %s = 0;", s->name);
    gen_line(g, "struct node *l%d = NULL;", l);
    gen_open(g, "for (int i = 0; i < %d; i++)", length);
    gen_line(g, "struct node *e = malloc(sizeof *e);");
    gen_line(g, "e->value = %s%s%s + 0.1 * i;", e.precedence < 12 ? "(" : "", e.text, e.precedence < 12 ? ")" : "");
    gen_line(g, "e->next = l%d;", l);
    gen_line(g, "l%d = e;", l);
    gen_close(g, g->var_count, "");
    gen_open(g, "for (struct node *e = l%d; e; e = e->next)", l);
    gen_line(g, "%s += sin(e->value) * e->value;", s->name);
    gen_close(g, g->var_count, "");
    gen_open(g, "while (l%d)", l);
    gen_line(g, "struct node *e = l%d;", l);
    gen_line(g, "l%d = e->next;", l);
    gen_line(g, "free(e);");
    gen_close(g, g->var_count, "");
    s->bound = 10;
    s->read_only = true;
}

/* Forward over a block, or back to repeat it. */
void gen_goto(Gen *g)
{
    char condition[TEXT];
    const int serial = ++g->serial;
    if (g->barred > 0)
        return;
    if (gen_percent(g, 60)) {
        gen_condition(g, condition);
        gen_open(g, "if (%s)", condition);
        gen_line(g, "goto skip%d;", serial);
        gen_close(g, g->var_count, "");
        const int scope = g->var_count;
        gen_open(g, "");
        gen_block(g, 3);
        gen_close(g, scope, "");
        gen_line(g, "skip%d:;", serial);
        return;
    }
    if (g->executions * 3 > 200)
        return;
    const int scope = g->var_count;
    const bool continues = g->continues;
    gen_line(g, "int r%d = 0;", serial);
    gen_line(g, "again%d:;", serial);
    g->executions *= 3;
    g->loops++, g->barred++; /* break would leave the loop around */
    gen_open(g, "");
    gen_block(g, 3);
    gen_close(g, scope, "");
    g->loops--, g->barred--;
    g->executions /= 3;
    g->continues = continues;
    gen_data_condition(g, condition);
    gen_open(g, "if (++r%d < 3 && %s)", serial, condition);
    gen_line(g, "goto again%d;", serial);
    gen_close(g, g->var_count, "");
}
