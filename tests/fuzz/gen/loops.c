/* Loops, switch, and the ways out of them. */
#include "gen.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_EXECUTIONS = 400 };

/* A bound: its text, and the most it can be. */
static int bound(Gen *g, char *text)
{
    static const struct { const char *name; int value; } known[] = {{"n", 6}, {"m", 4}, {"k", 3}};
    const int choice = gen_below(g, 10);
    Var *var = choice < 4 ? gen_pick(g, INTEGER, false) : NULL;
    if (var && var->low >= 0) {
        sprintf(text, gen_percent(g, 70) ? "%s" : "%s + 1", var->name);
        return strchr(text, '+') ? var->high + 1 : var->high;
    }
    if (choice < 7 && !g->in_helper) {
        const int i = gen_below(g, 3);
        strcpy(text, known[i].name);
        return known[i].value;
    }
    const int value = gen_between(g, 1, 5);
    sprintf(text, "%d", value);
    return value;
}

typedef struct Loop {
    double executions;
    int scope;
    bool continues;
} Loop;

static Loop enter(Gen *g, int trips, bool continues)
{
    const Loop saved = {g->executions, g->var_count, g->continues};
    g->executions *= trips < 1 ? 1 : trips;
    g->loops++;
    g->continues = continues;
    return saved;
}

static void leave(Gen *g, Loop saved, const char *tail)
{
    g->loops--;
    g->executions = saved.executions;
    g->continues = saved.continues;
    gen_close(g, saved.scope, tail);
}

static Var *counter(Gen *g, int low, int high)
{
    Var *i = gen_declare(g, INTEGER, "i");
    i->low = low, i->high = high < low ? low : high, i->steers = true;
    return i;
}

static void for_header(Gen *g, const char *top, int most, const Var *i)
{
    const char *type = gen_percent(g, 85) ? "int" : gen_percent(g, 50) ? "long" : "short";
    char condition[TEXT];
    switch (gen_below(g, 8)) {
    case 0:
        gen_open(g, "for (%s %s = %s - 1; %s >= 0; %s--)", type, i->name, top, i->name, i->name);
        break;
    case 1:
        gen_open(g, "for (%s %s = %d; %s < %s; %s += 2)", type, i->name, gen_below(g, 2), i->name, top, i->name);
        break;
    case 2:
        gen_data_condition(g, condition);
        gen_open(g, "for (%s %s = 0; %s < %s && %s; %s++)", type, i->name, i->name, top, condition, i->name);
        break;
    case 3:
        gen_open(g, "for (%s %s = 0; %s <= %s - 1; ++%s)", type, i->name, i->name, top, i->name);
        break;
    case 4:
        gen_open(g, "for (%s %s = 0; %s != %d; %s++)", type, i->name, i->name, most, i->name);
        break;
    default:
        gen_open(g, "for (%s %s = 0; %s < %s; %s++)", type, i->name, i->name, top, i->name);
    }
}

void gen_for(Gen *g)
{
    char top[64];
    const int most = bound(g, top);
    if (g->loops >= 3 || most < 1 || g->executions * most > MOST_EXECUTIONS)
        return;
    /* the counter is declared by the header but the header reads only what was there before */
    char name[40];
    const Loop saved = enter(g, most, true);
    sprintf(name, "i%d", g->serial + 1);
    Var shown = {.high = most - 1};
    strcpy(shown.name, name);
    for_header(g, top, most, &shown);
    counter(g, 0, most - 1);
    gen_block(g, 3);
    leave(g, saved, "");
}

void gen_while(Gen *g)
{
    char top[64], condition[TEXT];
    const int most = bound(g, top);
    if (g->loops >= 3 || most < 1 || g->executions * (most + 1) > MOST_EXECUTIONS)
        return;
    gen_data_condition(g, condition);
    const Var *c = counter(g, 0, most);
    const bool early = gen_percent(g, 50);
    gen_line(g, "int %s = 0;", c->name);
    const bool data = gen_percent(g, 60);
    const Loop saved = enter(g, most, early);
    const bool in_head = early && !data && gen_percent(g, 40);
    if (data)
        gen_open(g, "while (%s < %s && %s)", c->name, top, condition);
    else
        gen_open(g, in_head ? "while (%s++ < %s)" : "while (%s < %s)", c->name, top);
    if (early && !in_head)
        gen_line(g, "%s++;", c->name);
    gen_block(g, 3);
    if (!early)
        gen_line(g, "%s++;", c->name);
    leave(g, saved, "");
    g->vars[g->var_count - 1].high = most + 1;
}

void gen_do(Gen *g)
{
    char condition[TEXT], tail[2 * TEXT];
    const int most = gen_between(g, 1, 4);
    if (g->loops >= 3 || g->executions * most > MOST_EXECUTIONS)
        return;
    gen_data_condition(g, condition);
    const Var *c = counter(g, 0, most);
    gen_line(g, "int %s = 0;", c->name);
    sprintf(tail, gen_percent(g, 60) ? " while (++%s < %d && %s);" : " while (++%s < %d);", c->name, most, condition);
    const Loop saved = enter(g, most, true);
    gen_open(g, "do");
    gen_block(g, 3);
    leave(g, saved, tail);
}

void gen_switch(Gen *g)
{
    Var *i = gen_pick(g, INTEGER, false);
    const int cases = gen_between(g, 2, 3), scope = g->var_count;
    const Expr e = gen_bounded(g, 1, 2);
    if (i && i->high > i->low && gen_percent(g, 60)) /* of one value, compilers would see cases that cannot be */
        gen_open(g, "switch (%s%s)", i->name, gen_percent(g, 50) ? " % 3" : "");
    else
        gen_open(g, "switch (INT(1 + %s%s%s))", e.precedence < 13 ? "(" : "", e.text, e.precedence < 13 ? ")" : "");
    g->indent--;
    for (int c = 0; c < cases; c++) {
        const bool last = c == cases - 1 && gen_percent(g, 60);
        if (last)
            gen_open(g, "default:");
        else
            gen_open(g, "case %d:", c);
        gen_block(g, 2);
        g->indent--;
        g->var_count = scope;
        gen_line(g, last || gen_percent(g, 75) ? "} break;" : "} /* fall through */");
    }
    g->indent++;
    gen_close(g, scope, "");
}

/* break or continue, on some condition. */
void gen_exit(Gen *g)
{
    char condition[TEXT];
    if (g->loops == 0 || g->barred > 0)
        return;
    gen_condition(g, condition);
    const int scope = g->var_count;
    gen_open(g, "if (%s)", condition);
    if (gen_percent(g, 40))
        gen_block(g, 1);
    gen_line(g, g->continues && gen_percent(g, 50) ? "continue;" : "break;");
    gen_close(g, scope, "");
}
