/* Writes a C file with a function around every row of rules/calls.def: generate FAMILY d|s source|second|table.
 *
 * `source` is what adgen differentiates, `second` asks it to differentiate the adjoints again, `table` is what check.c goes
 * through. Each row comes with flags as parameters (NAME_run), with every combination of constant ones (NAME_c0, ...), with
 * one operand for two where that is allowed (NAME_same), and twice in a loop that overwrites all operands behind the call
 * (NAME_loop), so that the reverse sweep needs copies. */
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
    unsigned same; /* the number (from 1) of the operand that is another one, too; 0: none */
    unsigned other;
    bool has_second; /* its adjoint has a tangent */
    bool has_lanes;  /* two directions at once, too */
    char name[64];
} Variant;

static unsigned family;
static const char *real;

static bool is_flag(ArgKind kind)
{
    return kind == ARG_TRANSPOSE || kind == ARG_UPLO || kind == ARG_DIAG || kind == ARG_SIDE;
}

/* Is it, or its step, another operand's? */
static bool is_same(const Variant *v, unsigned i)
{
    const bool step = i && v->rule.params[i].kind == ARG_STEP;
    return v->same && (i + 1 == v->same || (step && i == v->same));
}

static bool is_data(const Variant *v, unsigned i)
{
    return v->rule.params[i].kind == ARG_DATA && !is_same(v, i);
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

static bool is_parameter(const Variant *v, unsigned i)
{
    return !v->flags[i] && !is_same(v, i);
}

/* ---- the source ---- */

static void write_clause(const Variant *v, const char *clause, bool outputs)
{
    const char *comma = "";
    printf(", %s(", clause);
    for (unsigned i = 0; i < v->rule.num_params; i++)
        if (is_parameter(v, i) && (outputs ? is_written(v, i) : is_active(v, i) || is_written(v, i))) {
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
        if (is_same(v, i))
            printf("%s%s", comma, v->rule.params[i + 1 == v->same ? v->other : v->other + 1].name);
        else if (is_parameter(v, i))
            printf("%s%s", comma, v->rule.params[i].name);
        else
            printf("%s%s", comma, flag_spelling(kind, flag_for_family(kind, (Flag)v->flags[i], family), family));
    }
    printf(")");
}

static const char *result_type(const Variant *v)
{
    return v->row->result == 'R' ? real : v->row->result == 'I' ? "int" : "void";
}

static void write_function(const Variant *v)
{
    const char *type = result_type(v);
    for (int k = v->rule.adjoint ? 0 : 1; k < (v->has_lanes ? 3 : 2); k++) {
        printf("ADGEN(%s", k == 2 ? "jvp, directions(2), name(" : k ? "jvp" : "vjp");
        if (k == 2)
            printf("%s_lanes)", v->name);
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

/* ---- the adjoint, to be differentiated ---- */

/* Does the adjoint leave the companion as it is? */
static bool bar_is_kept(const Variant *v, unsigned i)
{
    const RuleParam *p = &v->rule.params[i];
    if (!p->is_added_to || (v->same && v->other == i))
        return false;
    for (unsigned k = 0; k < v->rule.num_params; k++)
        if (strcmp(v->rule.params[k].name, "beta") == 0)
            return false;
    return true;
}

static void write_second_clause(const Variant *v, bool outputs)
{
    const char *comma = "";
    printf(", %s(", outputs ? "of" : "wrt");
    for (unsigned i = 0; i < v->rule.num_params; i++) {
        if (!is_parameter(v, i) || (!is_active(v, i) && !is_written(v, i)))
            continue;
        if (!outputs || is_written(v, i)) {
            printf("%s%s", comma, v->rule.params[i].name);
            comma = ", ";
        }
        if (outputs && bar_is_kept(v, i))
            continue;
        printf("%s%s_bar", comma, v->rule.params[i].name);
        comma = ", ";
    }
    printf(!outputs && v->row->result == 'R' ? "%sresult_bar)" : ")", comma);
}

static void write_second(const Variant *v)
{
    if (!v->has_second)
        return;
    printf("ADGEN(jvp, name(%s_second)", v->name);
    write_second_clause(v, false);
    write_second_clause(v, true);
    printf(")\n%s %s_vjp(", result_type(v), v->name);
    if (v->rule.layout)
        printf("int layout, ");
    for (unsigned i = 0; i < v->rule.num_params; i++) {
        if (!is_parameter(v, i))
            continue;
        const ArgKind kind = v->rule.params[i].kind;
        write_param(v, i);
        printf(", ");
        if ((kind == ARG_REAL || kind == ARG_DATA) && (is_active(v, i) || is_written(v, i)))
            printf("%s *%s%s_bar, ", real, kind == ARG_REAL || v->rule.params[i].may_be_written ? "" : "restrict ",
                   v->rule.params[i].name);
    }
    printf(v->row->result == 'R' ? "int repeat, %s result_bar);\n\n" : "int repeat);\n\n", real);
}

/* ---- the table ---- */

/* The arguments of NAME_second: those of the adjoint, and behind each its tangent. */
static void write_second_adaptor(const Variant *v)
{
    printf("static void %s_second_(Args *a)\n{\n    %s_second(", v->name, v->name);
    if (v->rule.layout)
        printf("a->layout, ");
    for (unsigned i = 0; i < v->rule.num_params; i++) {
        const ArgKind kind = v->rule.params[i].kind;
        const bool has_companion = is_active(v, i) || is_written(v, i);
        if (!is_parameter(v, i))
            continue;
        if (kind == ARG_REAL)
            printf(has_companion ? "a->s[%u], a->s_dot[%u], &a->s_bar[%u], &a->s_bar_dot[%u], " : "a->s[%u], ", i, i, i, i);
        else if (kind == ARG_DATA)
            printf(has_companion ? "a->p[%u], a->dot[%u], a->bar[%u], a->bar_dot[%u], " : "a->p[%u], ", i, i, i, i);
        else if (kind == ARG_PIVOTS)
            printf("a->pivots, ");
        else
            printf(family == FAMILY_LAPACKE && is_flag(kind) ? "(char)a->i[%u], " : "a->i[%u], ", i);
    }
    printf("a->repeat%s);\n}\n\n", v->row->result == 'R' ? ", a->result_bar, a->result_bar_dot" : "");
}

static void write_adaptor(const Variant *v, const char *mode)
{
    const bool lanes = strcmp(mode, "_lanes") == 0;
    const bool vjp = strcmp(mode, "_vjp") == 0, jvp = strcmp(mode, "_jvp") == 0 || lanes;
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
            printf(vjp ? "&a->s_bar[%u], " : lanes ? "a->s_lanes[%u], " : "a->s_dot[%u], ", i);
        if (kind == ARG_DATA)
            printf(vjp ? "a->bar[%u], " : lanes ? "(void *)a->lanes[%u], " : "a->dot[%u], ", i);
    }
    printf("a->repeat%s);\n}\n\n", result == 'R' && vjp ? ", a->result_bar"
                             : result == 'R' && lanes ? ", a->result_lanes" : result == 'R' && jvp ? ", &a->result_dot" : "");
}

static void write_entry(const Variant *v)
{
    printf("    {\"%s\", \"%s\", %d, %u, {\n", v->name, v->row->name, v->rule.layout, v->rule.num_params);
    for (unsigned i = 0; i < v->rule.num_params; i++) {
        const RuleParam *p = &v->rule.params[i];
        printf("        {%d, %d, %d, %u, %d, {", is_same(v, i) ? ARG_PIVOTS + 1 : p->kind, is_written(v, i), is_active(v, i) || is_written(v, i), p->rank,
               v->flags[i]);
        for (unsigned k = 0; k < MAX_RULE_EXTENTS; k++)
            printf("{%d, %d, %d, %d}, ", p->extents[k].kind, p->extents[k].flag, p->extents[k].size, p->extents[k].other);
        printf("}},\n");
    }
    printf("    }, '%c', %d, %s_primal_, ", v->row->result, v->is_loop, v->name);
    printf(v->rule.adjoint ? "%s_vjp_, " : "NULL, ", v->name);
    printf("%s_jvp_, ", v->name);
    printf(v->has_second ? "%s_second_, " : "NULL, ", v->name);
    printf(v->has_lanes ? "%s_lanes_},\n" : "NULL},\n", v->name);
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

static const Row *row_named(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, strncmp(name, "ad_", 3) == 0 ? name + 3 : name) == 0)
            return &rows[i];
    return NULL;
}

/* Do all calls in it have tangents? */
static bool has_tangents(const Term *term)
{
    if (!term)
        return true;
    const Row *row = term->kind == TERM_CALL ? row_named(term->name) : NULL;
    if (row && !*row->tangent)
        return false;
    for (unsigned i = 0; i < term->num_args; i++)
        if (!has_tangents(term->args[i]))
            return false;
    return true;
}

static bool all_have_tangents(const Statement *s)
{
    for (; s; s = s->next)
        if (!has_tangents(s->term) || !has_tangents(s->other) || !all_have_tangents(s->then) ||
            !all_have_tangents(s->otherwise))
            return false;
    return true;
}

/* One operand may be another one: which? */
static bool find_same(Variant *v)
{
    for (unsigned i = 0; i < v->rule.num_params; i++)
        for (unsigned k = 0; k < v->rule.num_params; k++) {
            const RuleParam *p = &v->rule.params[i], *q = &v->rule.params[k];
            const bool is_read = i > k && !p->written && !q->written;
            if (i == k || p->kind != ARG_DATA || q->kind != ARG_DATA || p->rank != q->rank || p->rank > 2 || p->is_constant ||
                q->is_constant ||
                memcmp(p->extents, q->extents, sizeof p->extents) != 0 || !(is_read || (p->may_be_written && q->written)))
                continue;
            v->same = i + 1;
            v->other = k;
            return true;
        }
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
    v.has_second = v.rule.adjoint && all_have_tangents(v.rule.adjoint);
    snprintf(v.name, sizeof v.name, "%s_run", row->name);
    v.has_lanes = true;
    visit(&v);
    v.has_lanes = false;
    unsigned number = 0;
    if (has_flags(&v)) {
        Variant constant = v;
        visit_constant(&constant, 0, &number, visit);
    }
    for (unsigned i = 0; i < v.rule.num_params; i++) /* overwritten, an operand is active */
        if (!v.rule.adjoint || (is_data(&v, i) && !is_active(&v, i) && !v.rule.params[i].is_constant))
            return;
    Variant same = v;
    if (find_same(&same)) {
        snprintf(same.name, sizeof same.name, "%s_same", row->name);
        same.has_lanes = true;
        visit(&same);
    }
    v.is_loop = true;
    v.has_second = false;
    snprintf(v.name, sizeof v.name, "%s_loop", row->name);
    visit(&v);
}

/* A row that stands above those that derivatives need must have second derivatives. */
static bool rows_are_complete(Arena *arena)
{
    for (size_t i = 0; strcmp(rows[i].name, "fill") != 0; i++) {
        CallRule rule = {0};
        rule.num_params = parse_rule_params(arena, rows[i].params, rule.params);
        rule.adjoint = parse_statements(arena, &rule, rows[i].adjoint);
        if (!*rows[i].tangent || !rule.adjoint || !all_have_tangents(rule.adjoint)) {
            fprintf(stderr, "%s has no second derivative\n", rows[i].name);
            return false;
        }
    }
    return true;
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
    if (v->has_lanes)
        write_adaptor(v, "_lanes");
    if (v->has_second)
        write_second_adaptor(v);
}

int main(int argc, char **argv)
{
    Arena arena = {0};
    if (argc != 4)
        return 2;
    if (!rows_are_complete(&arena))
        return 1;
    family = strcmp(argv[1], "cblas") == 0 ? FAMILY_CBLAS : strcmp(argv[1], "lapacke") == 0 ? FAMILY_LAPACKE : FAMILY_HELPER;
    real = argv[2][0] == 's' ? "float" : "double";
    if (strcmp(argv[3], "source") == 0) {
        printf("#include <adgen/adgen.h>\n#include %s\n\n", family == FAMILY_CBLAS     ? "<cblas.h>"
                                                             : family == FAMILY_LAPACKE ? "<lapacke.h>"
                                                                                        : "<adgen/linalg.h>");
        visit_all(&arena, write_function);
    } else if (strcmp(argv[3], "second") == 0) {
        printf("#include <adgen/adgen.h>\n#include \"calls_grad.h\"\n\n");
        visit_all(&arena, write_second);
    } else {
        printf("#include \"calls.c\"\n#include \"second_grad.h\"\n#include \"calls_grad.h\"\n#include \"check.h\"\n\n");
        visit_all(&arena, write_adaptors);
        printf("const Case cases[] = {\n");
        visit_all(&arena, write_entry);
        printf("};\nconst unsigned num_cases = sizeof cases / sizeof *cases;\nconst int letters = %d;\n",
               family == FAMILY_LAPACKE);
    }
    arena_release(&arena);
    return 0;
}
