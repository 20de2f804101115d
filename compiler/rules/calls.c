/* The rows of calls.def, parsed when a function needs its own: parameters, and statements as trees. */
#include "rules/calls.h"

#include <stdlib.h>
#include <string.h>

#include "rules/calls_parse.h"

/* ---- the table ---- */

typedef struct Row {
    const char *name;
    unsigned families;
    char result; /* V, I, R */
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
#undef CALL
};
#undef HELPER
#undef CBLAS
#undef LAPACKE
#undef LAYOUT

static const Row *row_named(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].name) == length && strncmp(rows[i].name, name, length) == 0)
            return &rows[i];
    return NULL;
}

/* ---- names: ad_gemm, ad_gemmf, cblas_dgemm, LAPACKE_dpotrf ---- */

typedef struct Found {
    const Row *row;
    CallFamily family;
    TypeKind real;
} Found;

static bool find_helper(const char *name, Found *found)
{
    const size_t length = strlen(name);
    found->real = TYPE_F64;
    found->row = row_named(name, length);
    if (!found->row && length && name[length - 1] == 'f') {
        found->real = TYPE_F32;
        found->row = row_named(name, length - 1);
    }
    if (found->row)
        found->family = found->row->families & FAMILY_LAYOUT ? FAMILY_LAYOUT : FAMILY_HELPER;
    return found->row;
}

static bool find_prefixed(const char *name, const char *prefix, CallFamily family, Found *found)
{
    const size_t length = strlen(prefix);
    if (strncmp(name, prefix, length) != 0 || (name[length] != 'd' && name[length] != 's'))
        return false;
    found->real = name[length] == 'd' ? TYPE_F64 : TYPE_F32;
    found->row = row_named(name + length + 1, strlen(name + length + 1));
    found->family = family;
    return found->row && (found->row->families & family);
}

static bool find_row(const char *name, Found *found)
{
    if (strncmp(name, "ad_", 3) == 0)
        return find_helper(name + 3, found);
    return find_prefixed(name, "cblas_", FAMILY_CBLAS, found) ||
           find_prefixed(name, "LAPACKE_", FAMILY_LAPACKE, found);
}

static const char *name_of(Module *module, const Row *row, CallFamily family, TypeKind real)
{
    const char letter = real == TYPE_F64 ? 'd' : 's';
    switch (family) {
    case FAMILY_CBLAS:
        return intern_format(module->strings, "cblas_%c%s", letter, row->name);
    case FAMILY_LAPACKE:
        return intern_format(module->strings, "LAPACKE_%c%s", letter, row->name);
    case FAMILY_HELPER:
    case FAMILY_LAYOUT:
        break;
    }
    return intern_format(module->strings, "ad_%s%s", row->name, real == TYPE_F64 ? "" : "f");
}

/* ---- rows of functions ---- */

static bool has_matrix(const CallRule *rule)
{
    for (unsigned i = 0; i < rule->num_params; i++)
        if (rule->params[i].rank == 2)
            return true;
    return false;
}

static bool writes(const CallRule *rule)
{
    for (unsigned i = 0; i < rule->num_params; i++)
        if (rule->params[i].written)
            return true;
    return false;
}

void call_rule_attach(Function *function)
{
    Found found;
    if (function->rule || function->body || !find_row(function->name, &found))
        return;
    Arena *arena = function->module->arena;
    CallRule *rule = arena_new(arena, CallRule);
    rule->name = found.row->name;
    rule->families = found.row->families;
    rule->family = found.family;
    rule->real = type_scalar(function->module->types, found.real);
    rule->result = found.row->result == 'V' ? TYPE_VOID : found.row->result == 'I' ? TYPE_INT : found.real;
    rule->num_params = parse_rule_params(arena, found.row->params, rule->params);
    rule->layout = found.family == FAMILY_LAYOUT || (found.family != FAMILY_HELPER && has_matrix(rule));
    rule->tangent = parse_statements(arena, rule, found.row->tangent);
    rule->adjoint = parse_statements(arena, rule, found.row->adjoint);
    function->rule = rule;
    function->has_side_effects = writes(rule);
}

static const char *header_of(const Function *like, CallFamily family)
{
    if (family == like->rule->family && like->header)
        return like->header;
    return family == FAMILY_CBLAS ? "<cblas.h>" : family == FAMILY_LAPACKE ? "<lapacke.h>" : "<adgen/linalg.h>";
}

Function *call_rule_function(Module *module, const Function *like, const char *name, bool helper)
{
    const Row *row = row_named(name, strlen(name));
    if (!row)
        internal_error("rules", "no row is called %s", name);
    const CallRule *rule = like->rule;
    const bool same = !helper && (row->families & rule->family);
    const CallFamily family = same ? rule->family : row->families & FAMILY_LAYOUT ? FAMILY_LAYOUT : FAMILY_HELPER;
    const char *full = name_of(module, row, family, rule->real->kind);
    Function *function = module_find(module, full);
    if (!function) {
        const Type *result = row->result == 'R' ? rule->real
                             : type_scalar(module->types, row->result == 'I' ? TYPE_INT : TYPE_VOID);
        function = function_new(module, full, result);
        function->header = header_of(like, family);
    }
    call_rule_attach(function);
    return function;
}

/* ---- questions ---- */

const RuleParam *rule_param(const CallRule *rule, unsigned i)
{
    return i >= rule->layout && i - rule->layout < rule->num_params ? &rule->params[i - rule->layout] : NULL;
}

ArgKind rule_argument_kind(const CallRule *rule, unsigned i)
{
    const RuleParam *param = rule_param(rule, i);
    return param ? param->kind : ARG_LAYOUT;
}

bool rule_takes(const CallRule *rule, unsigned i, const Type *type)
{
    switch (rule_argument_kind(rule, i)) {
    case ARG_REAL:
        return type == rule->real;
    case ARG_DATA:
        return type_is_pointer(type) && type->elem == rule->real;
    case ARG_PIVOTS:
        return type_is_pointer(type) && type_is_integer(type->elem);
    case ARG_LAYOUT:
    case ARG_TRANSPOSE:
    case ARG_UPLO:
    case ARG_DIAG:
    case ARG_SIDE:
    case ARG_SIZE:
    case ARG_STEP:
        break;
    }
    return type_is_integer(type);
}

bool rule_only_adds_to(const Op *call, unsigned i)
{
    const CallRule *rule = call->callee->rule;
    const RuleParam *param = rule_param(rule, i);
    for (unsigned k = 0; k < rule->num_params; k++) {
        const Value *arg = op_operand(call, k + rule->layout);
        if (&rule->params[k] != param && rule->params[k].written && !rule->params[k].is_cleared)
            return false;
        if (strcmp(rule->params[k].name, "beta") == 0 && !(value_is_const(arg) && arg->op->float_value == 1))
            return false;
    }
    return param && param->is_added_to;
}

static bool term_mentions(const Term *term, TermKind kind, int param)
{
    if (!term)
        return false;
    if (term->kind == kind && term->param == param)
        return true;
    for (unsigned i = 0; i < term->num_args; i++)
        if (term_mentions(term->args[i], kind, param))
            return true;
    return false;
}

bool statements_mention(const Statement *s, TermKind kind, int param)
{
    for (; s; s = s->next)
        if (term_mentions(s->term, kind, param) || term_mentions(s->other, kind, param) ||
            statements_mention(s->then, kind, param) || statements_mention(s->otherwise, kind, param))
            return true;
    return false;
}

/* ---- flags ---- */

typedef struct FlagName {
    Flag flag;
    ArgKind kind;
    const char *helper, *cblas;
    char letter; /* of LAPACKE; 0: as in CBLAS */
} FlagName;

static const FlagName flag_names[] = {
    {FLAG_ROW_MAJOR, ARG_LAYOUT, "AD_ROW_MAJOR", "CblasRowMajor", 0},
    {FLAG_COL_MAJOR, ARG_LAYOUT, "AD_COL_MAJOR", "CblasColMajor", 0},
    {FLAG_NO_TRANS, ARG_TRANSPOSE, "AD_NO_TRANS", "CblasNoTrans", 'N'},
    {FLAG_TRANS, ARG_TRANSPOSE, "AD_TRANS", "CblasTrans", 'T'},
    {FLAG_CONJ_TRANS, ARG_TRANSPOSE, "AD_CONJ_TRANS", "CblasConjTrans", 'C'},
    {FLAG_UPPER, ARG_UPLO, "AD_UPPER", "CblasUpper", 'U'},
    {FLAG_LOWER, ARG_UPLO, "AD_LOWER", "CblasLower", 'L'},
    {FLAG_NON_UNIT, ARG_DIAG, "AD_NON_UNIT", "CblasNonUnit", 'N'},
    {FLAG_UNIT, ARG_DIAG, "AD_UNIT", "CblasUnit", 'U'},
    {FLAG_LEFT, ARG_SIDE, "AD_LEFT", "CblasLeft", 'L'},
    {FLAG_RIGHT, ARG_SIDE, "AD_RIGHT", "CblasRight", 'R'},
};

enum { NUM_FLAGS = sizeof flag_names / sizeof *flag_names };

int64_t flag_for_family(ArgKind kind, Flag flag, CallFamily family)
{
    for (unsigned i = 0; i < NUM_FLAGS; i++)
        if (flag_names[i].flag == flag && flag_names[i].kind == kind && family == FAMILY_LAPACKE &&
            flag_names[i].letter)
            return flag_names[i].letter;
    return flag;
}

Flag flag_of_value(ArgKind kind, int64_t value, CallFamily family)
{
    for (unsigned i = 0; i < NUM_FLAGS; i++) {
        const FlagName *name = &flag_names[i];
        const bool letters = family == FAMILY_LAPACKE && name->letter;
        if (name->kind == kind && (letters ? name->letter == value || name->letter + ('a' - 'A') == value
                                           : (int64_t)name->flag == value))
            return name->flag;
    }
    return 0;
}

const char *flag_spelling(ArgKind kind, int64_t value, CallFamily family)
{
    static const char *const letters[] = {['N'] = "'N'", ['T'] = "'T'", ['C'] = "'C'", ['U'] = "'U'", ['L'] = "'L'",
                                          ['R'] = "'R'"};
    const Flag flag = flag_of_value(kind, value, family);
    for (unsigned i = 0; i < NUM_FLAGS; i++) {
        const FlagName *name = &flag_names[i];
        if (name->flag != flag || name->kind != kind)
            continue;
        if (family == FAMILY_LAPACKE)
            return name->letter ? letters[(unsigned char)name->letter]
                   : flag == FLAG_ROW_MAJOR ? "LAPACK_ROW_MAJOR" : "LAPACK_COL_MAJOR";
        return family == FAMILY_CBLAS ? name->cblas : name->helper;
    }
    return NULL;
}
