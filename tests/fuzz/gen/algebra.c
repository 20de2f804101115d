/* Calls of <adgen/linalg.h> on small arrays, and variables of the file. The operands of a call do not overlap: one that is written is new. */
#include "gen.h"

#include <string.h>

/* A new array of numbers in [-1, 1] around `centre`; nobody else knows it yet. */
static Var *fresh(Gen *g, int extent, double centre)
{
    char text[4 * TEXT] = "", number[32] = "";
    if (centre != 0)
        snprintf(number, sizeof number, "%g + ", centre);
    for (int i = 0; i < extent; i++) {
        const Expr e = i < 2 ? gen_bounded(g, 1, 1) : gen_number(g, -1, 1);
        const bool paren = centre != 0 && e.precedence < 13;
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s%s%s%s", i ? ", " : "", number, paren ? "(" : "", e.text, paren ? ")" : "");
    }
    Var *var = gen_declare(g, ARRAY, "l");
    var->extent = extent;
    var->kind = HIDDEN;
    gen_line(g, "double %s[%d] = {%s};", var->name, extent, text);
    return var;
}

/* An array that was there before, of so many doubles at least. */
static const char *operand(Gen *g, int extent)
{
    for (int tries = 0; tries < 8; tries++) {
        const Var *var = gen_pick(g, ARRAY, false);
        if (var && var->type == DOUBLE && var->extent >= extent)
            return var->name;
    }
    return NULL;
}

static void result(Gen *g, double bound, const char *format, const char *x, const char *y)
{
    char text[200];
    Var *v = gen_declare(g, REAL, "v");
    v->bound = bound, v->read_only = true;
    snprintf(text, sizeof text, format, x, y);
    gen_line(g, "const double %s = %s;", v->name, text);
}

static void products(Gen *g, const char *x)
{
    Var *A = fresh(g, 6, 0), *y = fresh(g, 3, 0);
    const Expr alpha = gen_bounded(g, 1, 0.04), beta = gen_bounded(g, 1, 1);
    const bool transposed = gen_percent(g, 40);
    gen_line(g, "ad_gemv(%s, %s, %s, %s, %s, 1, %s, %s, 1);", transposed ? "AD_TRANS, 2, 3" : "AD_NO_TRANS, 2, 3", alpha.text, A->name,
             "3", x, beta.text, y->name);
    y->kind = ARRAY;
    A->kind = ARRAY;
}

static void matrix_products(Gen *g)
{
    static const char *const transposes[] = {"AD_NO_TRANS", "AD_TRANS"};
    Var *A = fresh(g, 4, 0), *B = fresh(g, 4, 0), *C = fresh(g, 4, 0);
    const Expr alpha = gen_bounded(g, 1, 0.4), beta = gen_bounded(g, 1, 1);
    gen_line(g, "ad_gemm(%s, %s, 2, 2, 2, %s, %s, 2, %s, 2, %s, %s, 2);", transposes[gen_below(g, 2)], transposes[gen_below(g, 2)], alpha.text,
             A->name, gen_percent(g, 20) ? A->name : B->name, beta.text, C->name);
    C->kind = ARRAY;
    B->kind = ARRAY;
}

/* The diagonal outweighs the rest: no rows are exchanged. */
static void solution(Gen *g)
{
    const int p = ++g->serial;
    Var *b = fresh(g, 2, 0);
    const Expr e = gen_bounded(g, 1, 0.9), f = gen_bounded(g, 1, 0.9);
    gen_line(g, "double m%d[4] = {2 + cos(%s), %s, %s, 3};", p, e.text, e.text, f.text);
    gen_line(g, "int p%d[2];", p);
    gen_line(g, "ad_solve(2, 1, m%d, 2, p%d, %s, 1);", p, p, b->name);
    b->kind = ARRAY;
}

static void vector_update(Gen *g, const char *x)
{
    Var *y = fresh(g, 3, 0);
    const Expr alpha = gen_bounded(g, 1, 0.01);
    switch (gen_below(g, 3)) {
    case 0:
        gen_line(g, "ad_axpy(3, %s, %s, 1, %s, 1);", alpha.text, x, y->name);
        break;
    case 1:
        gen_line(g, "ad_scal(2, %s, %s, 2);", alpha.text, y->name);
        break;
    default:
        gen_line(g, "ad_softmax(3, %s, %s);", x, y->name);
    }
    y->kind = ARRAY;
}

void gen_algebra(Gen *g)
{
    const char *x = operand(g, 3);
    if (!x || g->loops >= 3 || g->in_recursion)
        return;
    g->has_algebra = true;
    switch (gen_below(g, 7)) {
    case 0:
        result(g, 24.1, "ad_dot(3, %s, 1, %s, 1)", fresh(g, 3, 0)->name, x);
        break;
    case 1:
        result(g, 5.3, "ad_nrm2(3, %s, 1)", fresh(g, 3, 2)->name, x);
        break;
    case 2:
        result(g, 9.2, "ad_logsumexp(3, %s)", x, "");
        break;
    case 3:
        products(g, x);
        break;
    case 4:
        matrix_products(g);
        break;
    case 5:
        solution(g);
        break;
    default:
        vector_update(g, x);
    }
}

/* Variables that are only read: of this file, and one of another. */
void gen_globals(Gen *g)
{
    fprintf(g->out, "static double %s_table[4] = {%s, %s};\n\n", g->prefix, gen_number(g, -1, 1).text, gen_number(g, -1, 1).text);
    g->has_globals = true;
}

/* Variables that every call writes before it reads them: of this file, or of another. */
void gen_scratch(Gen *g)
{
    g->has_scratch = true;
    if (gen_percent(g, 50))
        fprintf(g->out, "static double %s_scratch[3];\n\n", g->prefix);
    else
        fprintf(g->out, "#define %s_scratch fuzz_scratch\n\n", g->prefix);
}

void gen_fill_scratch(Gen *g)
{
    if (!g->has_scratch)
        return;
    if (gen_percent(g, 50)) {
        gen_open(g, "for (int i = 0; i < 3; i++)");
        gen_line(g, "%s_scratch[i] = %s;", g->prefix, gen_bounded(g, 2, 2).text);
        gen_close(g, g->var_count, "");
    } else {
        for (int i = 0; i < 3; i++)
            gen_line(g, "%s_scratch[%d] = %s;", g->prefix, i, gen_bounded(g, 1, 2).text);
    }
    Var *scratch = gen_declare(g, ARRAY, "");
    snprintf(scratch->name, sizeof scratch->name, "%s_scratch", g->prefix);
    scratch->extent = 3;
}

/* They are in scope from here on. */
void gen_see_globals(Gen *g)
{
    if (!g->has_globals)
        return;
    Var *table = gen_declare(g, ARRAY, "");
    snprintf(table->name, sizeof table->name, "%s_table", g->prefix);
    table->extent = 4, table->bound = 1, table->read_only = true;
    Var *shared = gen_declare(g, ARRAY, "");
    strcpy(shared->name, "fuzz_shared");
    shared->extent = 4, shared->bound = 1.2, shared->read_only = true;
}
