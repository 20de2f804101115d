/* Statements and blocks. */
#include "gen.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

void gen_open(Gen *g, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(g->out, "%*s", 4 * g->indent, "");
    vfprintf(g->out, format, arguments);
    fputs(" {\n", g->out);
    va_end(arguments);
    g->indent++;
}

/* Closes a block: what it declared goes out of scope. */
void gen_close(Gen *g, int scope, const char *tail)
{
    g->var_count = scope;
    g->indent--;
    gen_line(g, "}%s", tail);
}

static Var *assignable(Gen *g)
{
    const int choice = gen_below(g, 100);
    Var *var = gen_pick(g, choice < 50 ? REAL : choice < 88 ? ARRAY : MATRIX, true);
    return var ? var : gen_pick(g, REAL, true);
}

static double assigned_bound(const Var *var)
{
    return var->kind == REAL ? fmin(2, var->bound) : 2;
}

static void assign(Gen *g)
{
    Var *var = assignable(g);
    if (!var)
        return;
    const Expr target = gen_element(g, var), e = gen_bounded(g, 3, assigned_bound(var));
    gen_line(g, "%s = %s;", target.text, e.text);
}

/* What += may add each time so that the budget suffices; 0 where there is none. */
static double share(Gen *g, Var *var)
{
    double *budget = var->kind == REAL ? &var->budget : &g->array_budget;
    const double part = *budget * 0.4;
    if (part / g->executions < 0.02)
        return 0;
    *budget -= part;
    return part / g->executions;
}

static void update(Gen *g)
{
    Var *var = assignable(g);
    if (!var)
        return;
    const Expr target = gen_element(g, var);
    const double part = share(g, var);
    if (part > 0) {
        gen_line(g, "%s %s= %s;", target.text, gen_percent(g, 70) ? "+" : "-", gen_bounded(g, 2, part).text);
        return;
    }
    switch (gen_below(g, 3)) {
    case 0:
        gen_line(g, "%s *= %s;", target.text, gen_bounded(g, 2, 1).text);
        break;
    case 1:
        gen_line(g, "%s /= 1.1 + exp(%s);", target.text, gen_bounded(g, 1, 2).text);
        break;
    default:
        gen_line(g, "%s = 0.5 * %s + %s;", target.text, target.text,
                 gen_bounded(g, 2, 0.5 * assigned_bound(var)).text);
    }
}

void gen_declare_real(Gen *g)
{
    const bool constant = gen_percent(g, 40);
    const Expr e = gen_bounded(g, 3, 2);
    Var *var = gen_declare(g, REAL, "v");
    if (gen_option(g, F_MIXED))
        var->type = gen_percent(g, 60) ? SINGLE : EXTENDED;
    g->approximate |= var->type == SINGLE;
    var->bound = 4, var->budget = 2, var->read_only = constant;
    gen_line(g, "%s%s %s = %s;", constant ? "const " : "", gen_type_name(var->type), var->name, e.text);
}

static void fill(Gen *g, Var *var)
{
    const int scope = g->var_count;
    var->kind = HIDDEN; /* nothing of it may be read yet */
    gen_open(g, "for (int i%d = 0; i%d < %d; i%d++)", g->serial + 1, g->serial + 1, var->extent, g->serial + 1);
    Var *i = gen_declare(g, INTEGER, "i");
    i->high = var->extent - 1, i->steers = true;
    gen_line(g, "%s[%s] = %s;", var->name, i->name, gen_bounded(g, 2, 2).text);
    gen_close(g, scope, "");
    var->kind = ARRAY;
}

void gen_declare_array(Gen *g)
{
    char first[TEXT];
    strcpy(first, gen_bounded(g, 1, 2).text);
    const int choice = gen_below(g, 10);
    if (choice < 2) {
        char second[TEXT];
        strcpy(second, gen_bounded(g, 1, 2).text);
        Var *var = gen_declare(g, MATRIX, "m"); /* not earlier: nothing of it may be read yet */
        gen_line(g, "double %s[%d][%d] = {{%s, %s}, {0.3}};", var->name, ROWS, COLUMNS, first, second);
        return;
    }
    Var *var = gen_declare(g, ARRAY, "b");
    var->extent = gen_between(g, 2, 6);
    if (choice < 3 && !g->in_helper) {
        var->extent = 4;
        gen_line(g, "double %s[m];", var->name);
        fill(g, var);
        return;
    }
    if (gen_option(g, F_MIXED)) {
        var->type = SINGLE;
        g->approximate = true;
    }
    if (choice < 7) {
        gen_line(g, "%s %s[%d] = {%s};", gen_type_name(var->type), var->name, var->extent, first);
        return;
    }
    gen_line(g, "%s %s[%d];", gen_type_name(var->type), var->name, var->extent);
    fill(g, var);
}

static void branch(Gen *g)
{
    char condition[TEXT];
    gen_condition(g, condition);
    const int scope = g->var_count;
    gen_open(g, "if (%s)", condition);
    gen_block(g, 2);
    while (gen_percent(g, 15)) {
        gen_close(g, scope, "");
        gen_condition(g, condition);
        gen_open(g, "else if (%s)", condition);
        gen_block(g, 2);
    }
    if (gen_percent(g, 45)) {
        gen_close(g, scope, "");
        gen_open(g, "else");
        gen_block(g, 2);
    }
    gen_close(g, scope, "");
}

/* An integer that steers: declared, or moved within its range. */
static void integer(Gen *g)
{
    Var *old = gen_pick_assignable_integer(g);
    if (old && gen_percent(g, 60)) {
        Var *other = gen_pick(g, INTEGER, false);
        const int range = old->high - old->low + 1;
        switch (gen_below(g, 3)) {
        case 0:
            gen_line(g, "%s = (%s + %d) %% %d;", old->name, old->name, gen_between(g, 1, 3), range);
            break;
        case 1:
            gen_line(g, "%s = (%s * 2 + %s) %% %d;", old->name, other->low < 0 ? "1" : other->name, old->name,
                     range);
            break;
        default: {
            char condition[TEXT];
            gen_condition(g, condition);
            gen_open(g, "if (%s)", condition);
            gen_line(g, "%s = %d;", old->name, gen_between(g, 0, old->high));
            gen_close(g, g->var_count, "");
        }
        }
        return;
    }
    char index[64];
    gen_index(g, index, 5);
    const Expr e = gen_bounded(g, 1, 2);
    Var *var = gen_declare(g, INTEGER, "j");
    var->high = 4;
    if (gen_percent(g, 30))
        gen_line(g, "int %s = INT(2 + %s%s%s);", var->name, e.precedence < 13 ? "(" : "", e.text,
                 e.precedence < 13 ? ")" : "");
    else
        gen_line(g, "%s %s = %s;", gen_percent(g, 80) ? "int" : "long", var->name, index);
}

static void statement(Gen *g)
{
    const Feature feature = gen_draw(g, (Feature)0, F_OPTIONS);
    g->counts[feature]++;
    g->statements--;
    switch ((int)feature) {
    case F_ASSIGN: assign(g); break;
    case F_UPDATE: update(g); break;
    case F_DECLARE: gen_declare_real(g); break;
    case F_BRANCH: branch(g); break;
    case F_FOR: gen_for(g); break;
    case F_WHILE: gen_while(g); break;
    case F_DO: gen_do(g); break;
    case F_SWITCH: gen_switch(g); break;
    case F_EXIT: gen_exit(g); break;
    case F_RETURN: gen_return(g); break;
    case F_SWEEP: gen_sweep(g); break;
    case F_ARRAY: gen_declare_array(g); break;
    case F_WALK: gen_walk(g); break;
    case F_POINTER: gen_pointer(g); break;
    case F_CALL: gen_call_statement(g); break;
    case F_INTEGER: integer(g); break;
    case F_SWAP: gen_swap(g); break;
    case F_REDUCTION: gen_reduction(g); break;
    case F_LATE: gen_late(g); break;
    case F_COPY: gen_copy(g); break;
    case F_EFFECT: gen_effect(g); break;
    case F_PING: gen_ping(g); break;
    case F_STRUCT: gen_struct(g); break;
    case F_STRUCT_USE: gen_struct_use(g); break;
    case F_HEAP: gen_heap(g); break;
    case F_LIST: gen_list(g); break;
    case F_GOTO: gen_goto(g); break;
    case F_INDIRECT: gen_indirect(g); break;
    case F_TABLE: gen_table(g); break;
    case F_CELLS: gen_cells(g); break;
    case F_ROWS: gen_rows(g); break;
    case F_COMPOUND: gen_compound(g); break;
    case F_CLEANUP: gen_cleanup(g); break;
    case F_BITS: gen_bits(g); break;
    case F_ALGEBRA: gen_algebra(g); break;
    case F_GROW: gen_grow(g); break;
    case F_UNION: gen_union(g); break;
    case F_INTEGERS: gen_integers(g); break;
    }
}

/* Up to so many statements; always one that does something. */
void gen_block(Gen *g, int statements)
{
    if (g->statements <= 0 || g->indent > 6)
        assign(g);
    for (int n = gen_between(g, 1, statements); n > 0 && g->statements > 0 && g->indent <= 6; n--)
        statement(g);
}
