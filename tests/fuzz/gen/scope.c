/* Variables in scope, indices that are inside, lines of text. */
#include "gen.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *gen_type_name(Type type)
{
    switch (type) {
    case SINGLE:
        return "float";
    case DOUBLE:
        return "double";
    case EXTENDED:
        return "extended";
    }
    abort();
}

/* A new variable; the caller writes its declaration. Where there are too many, the last one is hidden. */
Var *gen_declare(Gen *g, Kind kind, const char *stem)
{
    if (g->var_count == MAX_VARS)
        g->var_count--;
    Var *var = &g->vars[g->var_count++];
    memset(var, 0, sizeof *var);
    snprintf(var->name, sizeof var->name, "%s%d", stem, ++g->serial);
    var->kind = kind;
    var->type = DOUBLE;
    var->bound = kind == REAL ? 2 : 8;
    return var;
}

/* A random variable of the kind, later ones more likely; NULL if there is none. */
Var *gen_pick(Gen *g, Kind kind, bool writable)
{
    Var *found = NULL;
    int seen = 0;
    for (int i = g->var_count; i-- > 0;) {
        Var *var = &g->vars[i];
        if (var->kind != kind || (writable && var->read_only))
            continue;
        seen++;
        if (!found || gen_below(g, seen) == 0)
            found = var;
    }
    return found;
}

Var *gen_pick_assignable_integer(Gen *g)
{
    for (int tries = 0; tries < 8; tries++) {
        Var *var = gen_pick(g, INTEGER, true);
        if (var && !var->steers)
            return var;
    }
    return NULL;
}

/* An expression in [0, extent). */
void gen_index(Gen *g, char *text, int extent)
{
    Var *var = gen_percent(g, 80) ? gen_pick(g, INTEGER, false) : NULL;
    if (!var || var->low < 0) {
        sprintf(text, "%d", gen_below(g, extent));
        return;
    }
    const int room = extent - 1 - var->high;
    if (room >= 0 && gen_percent(g, 70)) {
        const int shift = gen_between(g, 0, room);
        sprintf(text, shift > 0 ? "%s + %d" : "%s", var->name, shift);
    } else if (room == -1 && var->low > 0) {
        sprintf(text, "%s - 1", var->name);
    } else if (var->high < extent && gen_percent(g, 50)) {
        sprintf(text, "%d - %s", extent - 1, var->name);
    } else {
        const int shift = gen_below(g, 3);
        sprintf(text, shift > 0 ? "(%s + %d) %% %d" : "(%s * 2 + %d) %% %d", var->name, shift, extent);
    }
}

void gen_line(Gen *g, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(g->out, "%*s", 4 * g->indent, "");
    vfprintf(g->out, format, arguments);
    fputc('\n', g->out);
    va_end(arguments);
}
