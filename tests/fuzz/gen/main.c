/* Writes random programs: gen [--seed S] [--count N] [--size STATEMENTS] [--with FEATURE=WEIGHT]... [--skip SEED,...]
 *
 * Program i is the function p<S+i>, whatever the count; above it a line `PROGRAM name [in-out] [single] [hvp]...` for the
 * driver. All have one signature: double p(int n, int m, int k, const double x[n], double y[m]), to be called with
 * n = 6, m = 4, 0 <= k <= 3 and data in [-1, 1]. At the end, a line `COUNT feature number` for each feature. */
#include "gen.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
#define FEATURE(id, name, weight) name,
#include "features.def"
#undef FEATURE
};

static const int weights[] = {
#define FEATURE(id, name, weight) weight,
#include "features.def"
#undef FEATURE
};

void gen_return(Gen *g)
{
    char condition[TEXT];
    if (g->barred > 0)
        return;
    gen_condition(g, condition);
    const int scope = g->var_count;
    gen_open(g, "if (%s)", condition);
    if (gen_percent(g, 40))
        gen_block(g, 1);
    gen_line(g, "return %s;", gen_bounded(g, 2, 2).text);
    gen_close(g, scope, "");
}

static void parameters(Gen *g)
{
    static const struct { const char *name; int low, high; } integers[] = {{"n", 6, 6}, {"m", 4, 4}, {"k", 0, 3}};
    for (int i = 0; i < 3; i++) {
        Var *var = gen_declare(g, INTEGER, "");
        strcpy(var->name, integers[i].name);
        var->low = integers[i].low, var->high = integers[i].high, var->steers = true;
    }
    Var *x = gen_declare(g, ARRAY, "");
    strcpy(x->name, "x");
    x->extent = 6, x->read_only = true, x->bound = 1;
    Var *y = gen_declare(g, ARRAY, "");
    strcpy(y->name, "y");
    y->extent = 4;
    gen_see_globals(g);
}

static void body(Gen *g, int size)
{
    g->executions = 1;
    g->array_budget = 6;
    g->indent = 1;
    parameters(g);
    Var *a = gen_declare(g, REAL, "");
    strcpy(a->name, "a");
    a->bound = 4, a->budget = 2;
    gen_line(g, "(void)n, (void)m, (void)k;");
    gen_line(g, "double a = x[0];");
    gen_fill_scratch(g);
    gen_declare_real(g);
    if (gen_percent(g, 60))
        gen_declare_array(g);
    g->statements = size;
    while (g->statements > 0)
        gen_block(g, 4);
    for (int i = 0; i < 4; i++)
        if (i == 0 || gen_percent(g, 50))
            gen_line(g, "y[%d] %s %s;", i, gen_percent(g, 50) ? "=" : "+=", gen_bounded(g, 2, 4).text);
    gen_line(g, "return a + %s;", gen_bounded(g, 2, 8).text);
}

/* What a program is differentiated by, besides vjp and jvp. Neither several directions nor patterns go through recursion, and several
 * directions not through lists (docs/annotations.md). */
typedef struct Modes {
    bool in_out, hvp, hessian, pattern, jacobian, sparse, lanes;
} Modes;

static Modes draw_modes(Gen *g)
{
    Modes m = {.in_out = gen_option(g, F_IN_OUT)};
    m.hvp = gen_option(g, F_HVP);
    m.hessian = m.hvp && gen_option(g, F_HESSIAN);
    m.pattern = m.hessian && !g->recursive && gen_option(g, F_PATTERN);
    m.jacobian = gen_option(g, F_JACOBIAN);
    m.sparse = m.jacobian && !g->recursive && gen_option(g, F_SPARSE);
    m.lanes = !g->recursive && g->counts[F_LIST] == 0 && gen_option(g, F_DIRECTIONS);
    return m;
}

static void annotate(Gen *g, const Modes *m)
{
    const char *marks = m->in_out ? "wrt(x, y), of(y, return)" : "wrt(x), of(y, return)";
    const char *sized = m->in_out ? "wrt(x[n], y[m]), of(y[m], return)" : "wrt(x[n]), of(y[m], return)";
    fprintf(g->out, "ADGEN(vjp, %s)\nADGEN(jvp, %s)\n", marks, marks);
    if (m->hvp)
        fprintf(g->out, "ADGEN(hvp, wrt(x), of(return), work(y[m]))\n");
    if (m->hessian)
        fprintf(g->out, "ADGEN(hessian, wrt(x[n]), of(return), work(y[m]))\n");
    if (m->pattern)
        fprintf(g->out, "ADGEN(hessian, sparse, wrt(x[n]), of(return), work(y[m]), name(%s_curved))\n", g->prefix);
    if (m->jacobian)
        fprintf(g->out, "ADGEN(jacobian, %s)\n", sized);
    if (m->sparse)
        fprintf(g->out, "ADGEN(jacobian, sparse, %s, name(%s_sparse))\n", sized, g->prefix);
    if (m->lanes)
        fprintf(g->out, "ADGEN(jvp, %s, directions(3), name(%s_lanes))\n", marks, g->prefix);
}

/* The body is drawn before the head is written: the head says whether some of it is in float. */
static void program(const int *chosen, uint64_t seed, int size, long *counts)
{
    Gen *g = calloc(1, sizeof *g);
    char *text = NULL;
    size_t length = 0;
    g->state = seed * 0x2545f4914f6cdd1du + 1;
    memcpy(g->weights, chosen, sizeof g->weights);
    snprintf(g->prefix, sizeof g->prefix, "p%llu", (unsigned long long)seed);
    g->out = open_memstream(&text, &length);
    if (gen_option(g, F_GLOBALS))
        gen_globals(g);
    if (gen_option(g, F_SCRATCH))
        gen_scratch(g);
    for (int i = gen_below(g, 3); i > 0; i--)
        gen_helper(g);
    if (gen_option(g, F_LEAVES))
        gen_leaves(g);
    const Modes modes = draw_modes(g);
    const bool restricted = gen_option(g, F_RESTRICT);
    annotate(g, &modes);
    if (restricted)
        fprintf(g->out, "double %s(int n, int m, int k, const double *restrict x, double *restrict y)\n{\n", g->prefix);
    else
        fprintf(g->out, "double %s(int n, int m, int k, const double x[n], double y[m])\n{\n", g->prefix);
    body(g, 3 + gen_below(g, size));
    fclose(g->out);
    printf("/* PROGRAM %s%s%s%s%s%s%s%s%s%s */\n%s}\n\n", g->prefix, modes.in_out ? " in-out" : "", g->approximate ? " single" : "",
           g->has_algebra ? " algebra" : "",
           modes.hvp ? " hvp" : "", modes.jacobian ? " jacobian" : "", modes.hessian ? " hessian" : "", modes.lanes ? " lanes" : "",
           modes.sparse ? " sparse" : "", modes.pattern ? " pattern" : "", text);
    for (int f = 0; f < F_COUNT; f++)
        counts[f] += g->counts[f];
    free(text);
    free(g);
}

static bool is_listed(const char *list, uint64_t seed)
{
    for (const char *at = list; at && *at;) {
        char *end;
        if (strtoull(at, &end, 10) == seed)
            return true;
        at = *end ? end + 1 : end;
    }
    return false;
}

static void set_weight(int *chosen, const char *text)
{
    const char *equal = strchr(text, '=');
    for (int f = 0; equal && f < F_COUNT; f++)
        if (names[f] && strlen(names[f]) == (size_t)(equal - text) && memcmp(names[f], text, (size_t)(equal - text)) == 0) {
            chosen[f] = atoi(equal + 1);
            return;
        }
    fprintf(stderr, "gen: there is no feature '%s'\n", text);
    exit(2);
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, count = 1;
    int size = 14, chosen[F_COUNT];
    const char *skip = NULL;
    long counts[F_COUNT] = {0};
    memcpy(chosen, weights, sizeof chosen);
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--count") == 0)
            count = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--size") == 0)
            size = atoi(value);
        else if (strcmp(argv[i], "--skip") == 0)
            skip = value;
        else if (strcmp(argv[i], "--with") == 0)
            set_weight(chosen, value);
        else {
            fprintf(stderr, "usage: gen [--seed S] [--count N] [--size STATEMENTS] [--with FEATURE=WEIGHT] [--skip SEED,...]\n");
            return 2;
        }
        i++;
    }
    printf("#include \"program.h\"\n\n");
    for (uint64_t i = 0; i < count; i++)
        if (!is_listed(skip, seed + i))
            program(chosen, seed + i, size, counts);
    for (int f = 0; f < F_COUNT; f++)
        if (names[f])
            printf("/* COUNT %s %ld */\n", names[f], counts[f]);
    return 0;
}
