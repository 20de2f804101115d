/* Calls through pointers to functions: two static functions of one number, and statements that choose between them. */
#include "gen.h"

#include <string.h>

static void leaf(Gen *g, int number)
{
    const int variables = g->var_count;
    Var *a = gen_declare(g, REAL, "a");
    a->bound = 4, a->budget = 0, a->read_only = true;
    fprintf(g->out, "static double %s_f%d(double %s)\n{\n", g->prefix, number, a->name);
    g->indent = 1;
    gen_line(g, "return %s + 0.1 * %s;", gen_bounded(g, 2, 2).text, a->name);
    fprintf(g->out, "}\n\n");
    g->indent = 0;
    g->var_count = variables;
}

void gen_leaves(Gen *g)
{
    for (int i = 1; i <= 2; i++)
        leaf(g, i);
    g->has_leaves = true;
}

void gen_indirect(Gen *g)
{
    char condition[TEXT], pointer[40];
    Var *var = gen_pick(g, REAL, true);
    if (!g->has_leaves || g->in_helper || !var || var->bound < 3)
        return;
    strcpy(pointer, gen_declare(g, HIDDEN, "f")->name);
    gen_condition(g, condition);
    gen_line(g, "double (*%s)(double) = %s_f%d;", pointer, g->prefix, gen_between(g, 1, 2));
    gen_line(g, "if (%s)", condition);
    g->indent++;
    gen_line(g, "%s = %s_f%d;", pointer, g->prefix, gen_between(g, 1, 2));
    g->indent--;
    gen_line(g, "%s = %s(%s);", var->name, pointer, gen_bounded(g, 2, 4).text);
}
