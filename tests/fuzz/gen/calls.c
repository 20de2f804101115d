/* Static functions and calls of them: values, several outputs, arguments that overlap. */
#include "gen.h"

#include <string.h>

static Var *parameter(Gen *g, Kind kind, const char *stem, bool read_only)
{
    Var *var = gen_declare(g, kind, stem);
    var->read_only = read_only;
    var->extent = 2;
    return var;
}

/* A pointer to two elements at least of an array of doubles. */
static bool pointer_argument(Gen *g, char *text, bool writable)
{
    for (int tries = 0; tries < 6; tries++) {
        const Var *var = gen_pick(g, gen_percent(g, 85) ? ARRAY : MATRIX, writable);
        if (!var || var->type != DOUBLE)
            continue;
        if (var->kind == MATRIX) {
            sprintf(text, "%s[%d]", var->name, gen_below(g, ROWS));
            return true;
        }
        if (var->extent < 2)
            continue;
        const int shift = gen_below(g, var->extent - 1);
        sprintf(text, shift == 0 ? "%s" : gen_percent(g, 50) ? "%s + %d" : "&%s[%d]", var->name, shift);
        return true;
    }
    return false;
}

/* level: the last integer, where the helper calls itself; else NULL. */
static bool call_text(Gen *g, char *text, size_t size, const Helper *h, int depth, const char *level)
{
    int at = snprintf(text, size, "%s(", h->name);
    const char *comma = "";
    for (int i = 0; i < h->reals; i++, comma = ", ")
        at += snprintf(text + at, size - (size_t)at, "%s%s", comma, gen_bounded(g, depth, 8).text);
    for (int i = 0; i < h->arrays + h->outputs; i++) {
        char pointer[64];
        if (!pointer_argument(g, pointer, i >= h->arrays))
            return false;
        at += snprintf(text + at, size - (size_t)at, ", %s", pointer);
    }
    for (int i = 0; i < h->integers; i++) {
        char index[64];
        if (level && i == h->integers - 1)
            snprintf(index, sizeof index, "%s - 1", level);
        else
            gen_index(g, index, h->recursive ? 4 : 6);
        at += snprintf(text + at, size - (size_t)at, ", %s", index);
    }
    snprintf(text + at, size - (size_t)at, ")");
    return true;
}

/* The end of the recursion, some statements, and the call. */
static void call_itself(Gen *g, const Helper *h, const char *level)
{
    char text[4 * TEXT];
    gen_line(g, "if (%s <= 0)", level);
    g->indent++;
    gen_line(g, "return %s;", gen_bounded(g, 2, 2).text);
    g->indent--;
    gen_block(g, 1);
    if (!call_text(g, text, sizeof text, h, 1, level))
        return;
    gen_line(g, "const double %s = %s;", gen_declare(g, REAL, "v")->name, text);
    g->vars[g->var_count - 1].read_only = true;
}

/* static T name(double..., const double *..., double *..., int...): arrays are of two elements at least. With
 * recursion, the last integer is how deep it goes. */
void gen_helper(Gen *g)
{
    const Gen saved = *g;
    Helper h = {.reals = gen_between(g, 1, 2), .arrays = gen_below(g, 2), .outputs = gen_below(g, 3),
                .integers = gen_below(g, 2), .type = DOUBLE};
    const bool recursive = !g->has_globals && gen_option(g, F_RECURSION); /* which must not use them */
    const char *level = NULL;
    if (gen_option(g, F_MIXED))
        h.type = gen_percent(g, 60) ? SINGLE : EXTENDED;
    h.recursive = g->in_recursion = recursive;
    if (recursive)
        h.integers++, g->recursive = true;
    snprintf(h.name, sizeof h.name, "%.16s_h%c", g->prefix, '1' + g->helper_count);
    g->var_count = 0;
    g->in_helper = true;
    gen_see_globals(g);
    g->array_budget = 0;
    g->executions = recursive ? 36 : 6;
    const char *comma = "";
    fprintf(g->out, "static %s %s(", gen_type_name(h.type), h.name);
    for (int i = 0; i < h.reals; i++, comma = ", ") {
        Var *var = parameter(g, REAL, "a", false);
        fprintf(g->out, "%sdouble %s", comma, var->name);
        var->bound = 8, var->budget = 0;
    }
    for (int i = 0; i < h.arrays; i++)
        fprintf(g->out, ", const double *%s", parameter(g, ARRAY, "u", true)->name);
    for (int i = 0; i < h.outputs; i++)
        fprintf(g->out, ", double *%s", parameter(g, ARRAY, "w", false)->name);
    for (int i = 0; i < h.integers; i++) {
        Var *var = parameter(g, INTEGER, "i", true);
        var->high = recursive ? 3 : 5;
        level = recursive ? var->name : NULL;
        fprintf(g->out, ", int %s", var->name);
    }
    fprintf(g->out, ")\n{\n");
    g->indent = 1;
    g->statements = gen_between(g, 1, 5);
    if (recursive)
        call_itself(g, &h, level);
    gen_block(g, 4);
    const Expr e = gen_bounded(g, 2, 2);
    gen_line(g, "return %s;", e.text);
    fprintf(g->out, "}\n\n");
    const int serial = g->serial;
    const uint64_t state = g->state;
    long counts[F_COUNT];
    memcpy(counts, g->counts, sizeof counts);
    const bool approximate = g->approximate || h.type == SINGLE, has_recursion = g->recursive, has_algebra = g->has_algebra;
    *g = saved;
    g->serial = serial, g->state = state, g->approximate = approximate, g->recursive = has_recursion, g->has_algebra = has_algebra;
    memcpy(g->counts, counts, sizeof counts);
    g->helpers[g->helper_count++] = h;
}

/* A helper without outputs, as a value: the order of operands does not matter then. */
bool gen_call_value(Gen *g, Expr *e, int depth)
{
    for (int i = 0; i < g->helper_count; i++) {
        const Helper *h = &g->helpers[gen_below(g, g->helper_count)];
        if (h->outputs > 0 || !call_text(g, e->text, sizeof e->text, h, depth - 1, NULL))
            continue;
        e->low = -2.1, e->high = 2.1, e->precedence = 16, e->type = h->type;
        return true;
    }
    return false;
}

void gen_call_statement(Gen *g)
{
    char text[4 * TEXT];
    if (g->helper_count == 0 || !call_text(g, text, sizeof text, &g->helpers[gen_below(g, g->helper_count)], 1, NULL))
        return;
    Var *var = gen_pick(g, REAL, true);
    if (var && gen_percent(g, 60) && var->bound >= 4)
        gen_line(g, "%s = 0.9 * %s;", var->name, text);
    else if (gen_percent(g, 30)) {
        gen_line(g, "const double %s = %s;", gen_declare(g, REAL, "v")->name, text);
        g->vars[g->var_count - 1].read_only = true;
    } else
        gen_line(g, "%s%s;", gen_percent(g, 50) ? "(void)" : "", text);
}
