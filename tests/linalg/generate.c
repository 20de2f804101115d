/* Writes a C file with a function around every row of rules/calls.def: generate FAMILY d|s source|table.
 *
 * `source` is what adgen differentiates, `table` what check.c goes through. Each row comes with flags as parameters
 * (NAME_run), with every combination of constant ones (NAME_c0, ...), and twice in a loop that overwrites all operands
 * behind the call (NAME_loop), so that the reverse sweep needs copies. */
#include <stdio.h>
#include <string.h>

#include "rules/calls_parse.h"

typedef struct Row {
    const char *name;
    unsigned families;
    char result;
    const char *params, *tangent, *adjoint;
} Row;

#define HELPER FAMILY_HELPER
#define CBLAS FAMILY_CBLAS
#define LAPACKE FAMILY_LAPACKE
#define LAYOUT FAMILY_LAYOUT
static const Row rows[] = {
#define CALL(name, families, result, params, tangent, adjoint)                                               \
    {#name, families, #result[0], params, tangent, adjoint},
#include "rules/calls.def"
};

/* One function to write. */
typedef struct Variant {
    const Row *row;
    CallRule rule;
    bool is_loop;
    int flags[16]; /* by parameter: the constant, or 0: a parameter of the function */
    char name[64];
} Variant;

static unsigned family;
static const char *real;

static bool is_flag(ArgKind kind)
{
    return kind == ARG_TRANSPOSE || kind == ARG_UPLO || kind == ARG_DIAG || kind == ARG_SIDE;
}

static bool is_data(const Variant *v, unsigned i)
{
    return v->rule.params[i].kind == ARG_DATA;
}

/* Is there a derivative with respect to it? */
static bool is_active(const Variant *v, unsigned i)
{
    const Statement *s = v->rule.adjoint ? v->rule.adjoint : v->rule.tangent;
    return v->rule.params[i].kind != ARG_PIVOTS &&
           (statements_mention(s, TERM_COMPANION, (int)i) || v->rule.params[i].written);
}

static bool is_written(const Variant *v, unsigned i)
{
    return is_data(v, i) && (v->rule.params[i].written || v->is_loop);
}

/* ---- the source ---- */

static void write_clause(const Variant *v, const char *clause, bool outputs)
{
    const char *comma = "";
    printf(", %s(", clause);
    for (unsigned i = 0; i < v->rule.num_params; i++)
        if (outputs ? is_written(v, i) : is_active(v, i) || is_written(v, i)) {
            printf("%s%s", comma, v->rule.params[i].name);
            comma = ", ";
        }
    if (outputs && v->row->result == 'R')
        printf("%sreturn", comma);
    printf(")");
}

static void write_param(const Variant *v, unsigned i)
{
    const RuleParam *param = &v->rule.params[i];
    switch (param->kind) {
    case ARG_REAL:
        printf("%s %s", real, param->name);
        break;
    case ARG_DATA:
        printf("%s%s *%s%s", is_written(v, i) ? "" : "const ", real,
               v->is_loop || param->may_be_written ? "" : "restrict ", param->name);
        break;
    case ARG_PIVOTS:
        printf("%sint *restrict %s", param->written ? "" : "const ", param->name);
        break;
    default:
        printf("%s %s", is_flag(param->kind) && family == FAMILY_LAPACKE ? "char" : "int", param->name);
    }
}

static bool is_parameter(const Variant *v, unsigned i)
{
    return !v->flags[i];
}

static void write_call(const Variant *v)
{
    const bool single = real[0] == 'f';
    const char letter = single ? 's' : 'd';
    if (family == FAMILY_CBLAS)
        printf("cblas_%c%s(", letter, v->row->name);
    else if (family == FAMILY_LAPACKE)
        printf("LAPACKE_%c%s(", letter, v->row->name);
    else
        printf("ad_%s%s(", v->row->name, single ? "f" : "");
    if (v->rule.layout)
        printf("layout, ");
    for (unsigned i = 0; i < v->rule.num_params; i++) {
        const char *comma = i ? ", " : "";
        const ArgKind kind = v->rule.params[i].kind;
        if (is_parameter(v, i))
            printf("%s%s", comma, v->rule.params[i].name);
        else
            printf("%s%s", comma, flag_spelling(kind, flag_for_family(kind, (Flag)v->flags[i], family), family));
    }
    printf(")");
}

static void write_function(const Variant *v)
{
    const char *type = v->row->result == 'R' ? real : v->row->result == 'I' ? "int" : "void";
    for (int k = v->rule.adjoint ? 0 : 1; k < 2; k++) {
        printf("ADGEN(%s", k ? "jvp" : "vjp");
        write_clause(v, "wrt", false);
        write_clause(v, "of", true);
        printf(")\n");
    }
    printf("%s %s(", type, v->name);
    if (v->rule.layout)
        printf("int layout, ");
    for (unsigned i = 0; i < v->rule.num_params; i++)
        if (is_parameter(v, i)) {
            write_param(v, i);
            printf(", ");
        }
    printf("int repeat)\n{\n");
    const char *left = v->row->result == 'V' ? "" : v->is_loop ? "result += " : "return ";
    if (!v->is_loop) {
        printf("    (void)repeat;\n    %s", left);
        write_call(v);
        printf(";\n}\n\n");
        return;
    }
    if (v->row->result != 'V')
        printf("    %s result = 0;\n", type);
    printf("    for (int pass = 0; pass < repeat; pass++) {\n        %s", left);
    write_call(v);
    printf(";\n");
    for (unsigned i = 0; i < v->rule.num_params; i++)
        if (is_data(v, i))
            printf("        %s[0] *= 1.25f;\n", v->rule.params[i].name);
    printf("    }\n%s}\n\n", v->row->result == 'V' ? "" : "    return result;\n");
}

/* ---- the table ---- */

static void write_adaptor(const Variant *v, const char *mode)
{
    const bool vjp = strcmp(mode, "_vjp") == 0, jvp = strcmp(mode, "_jvp") == 0;
    const char result = v->row->result;
    printf("static void %s%s_(Args *a)\n{\n    %s%s%s(", v->name, *mode ? mode : "_primal",
           result == 'R' ? "a->result = " : result == 'I' ? "a->info = " : "", v->name, mode);
    if (v->rule.layout)
        printf("a->layout, ");
    for (unsigned i = 0; i < v->rule.num_params; i++) {
        if (!is_parameter(v, i))
            continue;
        const ArgKind kind = v->rule.params[i].kind;
        const bool has_companion = is_active(v, i) || is_written(v, i);
        printf(kind == ARG_REAL     ? "a->s[%u], "
               : kind == ARG_DATA   ? "a->p[%u], "
               : kind == ARG_PIVOTS ? "a->pivots, "
               : family == FAMILY_LAPACKE && is_flag(kind) ? "(char)a->i[%u], " : "a->i[%u], ", i);
        if (!has_companion || (!vjp && !jvp))
            continue;
        if (kind == ARG_REAL)
            printf(vjp ? "&a->s_bar[%u], " : "a->s_dot[%u], ", i);
        if (kind == ARG_DATA)
            printf(vjp ? "a->bar[%u], " : "a->dot[%u], ", i);
    }
    printf("a->repeat%s);\n}\n\n", result == 'R' && vjp ? ", a->result_bar" : result == 'R' && jvp ? ", &a->result_dot" : "");
}

static void write_entry(const Variant *v)
{
    printf("    {\"%s\", \"%s\", %d, %u, {\n", v->name, v->row->name, v->rule.layout, v->rule.num_params);
    for (unsigned i = 0; i < v->rule.num_params; i++) {
        const RuleParam *p = &v->rule.params[i];
        printf("        {%d, %d, %d, %u, %d, {", p->kind, is_written(v, i), is_active(v, i) || is_written(v, i), p->rank,
               v->flags[i]);
        for (unsigned k = 0; k < MAX_RULE_EXTENTS; k++)
            printf("{%d, %d, %d, %d}, ", p->extents[k].kind, p->extents[k].flag, p->extents[k].size, p->extents[k].other);
        printf("}},\n");
    }
    printf("    }, '%c', %d, %s_primal_, ", v->row->result, v->is_loop, v->name);
    printf(v->rule.adjoint ? "%s_vjp_, " : "NULL, ", v->name);
    printf("%s_jvp_},\n", v->name);
}

/* ---- all variants ---- */

typedef void Visit(const Variant *v);

static void visit_constant(Variant *v, unsigned i, unsigned *number, Visit *visit)
{
    static const int values[][3] = {[ARG_TRANSPOSE] = {FLAG_NO_TRANS, FLAG_TRANS, FLAG_CONJ_TRANS},
                                    [ARG_UPLO] = {FLAG_UPPER, FLAG_LOWER},
                                    [ARG_DIAG] = {FLAG_NON_UNIT, FLAG_UNIT},
                                    [ARG_SIDE] = {FLAG_LEFT, FLAG_RIGHT}};
    if (i == v->rule.num_params) {
        snprintf(v->name, sizeof v->name, "%s_c%u", v->row->name, (*number)++);
        visit(v);
        return;
    }
    const ArgKind kind = v->rule.params[i].kind;
    for (unsigned k = 0; k < 3 && is_flag(kind) && values[kind][k]; k++) {
        v->flags[i] = values[kind][k];
        if (values[kind][k] != FLAG_CONJ_TRANS)
            visit_constant(v, i + 1, number, visit);
    }
    if (!is_flag(kind))
        visit_constant(v, i + 1, number, visit);
}

static bool has_flags(const Variant *v)
{
    for (unsigned i = 0; i < v->rule.num_params; i++)
        if (is_flag(v->rule.params[i].kind))
            return true;
    return false;
}

static void visit_row(Arena *arena, const Row *row, Visit *visit)
{
    Variant v = {.row = row};
    v.rule.num_params = parse_rule_params(arena, row->params, v.rule.params);
    v.rule.tangent = parse_statements(arena, &v.rule, row->tangent);
    v.rule.adjoint = parse_statements(arena, &v.rule, row->adjoint);
    for (unsigned i = 0; i < v.rule.num_params; i++)
        v.rule.layout = v.rule.layout || (v.rule.params[i].rank == 2 && family != FAMILY_HELPER) ||
                        (row->families & FAMILY_LAYOUT);
    if (!v.rule.tangent)
        return;
    snprintf(v.name, sizeof v.name, "%s_run", row->name);
    visit(&v);
    unsigned number = 0;
    if (has_flags(&v)) {
        Variant constant = v;
        visit_constant(&constant, 0, &number, visit);
    }
    for (unsigned i = 0; i < v.rule.num_params; i++) /* overwritten, an operand is active */
        if (!v.rule.adjoint || (is_data(&v, i) && !is_active(&v, i) && !v.rule.params[i].is_constant))
            return;
    v.is_loop = true;
    snprintf(v.name, sizeof v.name, "%s_loop", row->name);
    visit(&v);
}

static void visit_all(Arena *arena, Visit *visit)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const unsigned families = rows[i].families & FAMILY_LAYOUT ? FAMILY_HELPER : rows[i].families;
        if (families & family)
            visit_row(arena, &rows[i], visit);
    }
}

static void write_adaptors(const Variant *v)
{
    write_adaptor(v, "");
    if (v->rule.adjoint)
        write_adaptor(v, "_vjp");
    write_adaptor(v, "_jvp");
}

int main(int argc, char **argv)
{
    Arena arena = {0};
    if (argc != 4)
        return 2;
    family = strcmp(argv[1], "cblas") == 0 ? FAMILY_CBLAS : strcmp(argv[1], "lapacke") == 0 ? FAMILY_LAPACKE : FAMILY_HELPER;
    real = argv[2][0] == 's' ? "float" : "double";
    if (strcmp(argv[3], "source") == 0) {
        printf("#include <adgen/adgen.h>\n#include %s\n\n", family == FAMILY_CBLAS     ? "<cblas.h>"
                                                             : family == FAMILY_LAPACKE ? "<lapacke.h>"
                                                                                        : "<adgen/linalg.h>");
        visit_all(&arena, write_function);
    } else {
        printf("#include \"calls.c\"\n#include \"calls_grad.h\"\n#include \"check.h\"\n\n");
        visit_all(&arena, write_adaptors);
        printf("const Case cases[] = {\n");
        visit_all(&arena, write_entry);
        printf("};\nconst unsigned num_cases = sizeof cases / sizeof *cases;\nconst int letters = %d;\n",
               family == FAMILY_LAPACKE);
    }
    arena_release(&arena);
    return 0;
}
