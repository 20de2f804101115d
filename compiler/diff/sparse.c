/* Sparse Jacobians and Hessians: two functions each.
 *
 *     AdPattern *f_jacobian_pattern(n, x, y)                  a dependency sweep: where entries are, and a colouring
 *     void f_jacobian(n, x, y, pattern, jacobian)             the entries: a direction per color of the columns, or a
 *                                                             seed per color of the rows
 *
 * The sweep runs the function's tangent, or for a Hessian that of its gradient, with sets in place of numbers
 * (set_sweep.c). Columns of one color have no row in common; for a Hessian the colouring is a star colouring, which
 * finds each entry on one side of the diagonal. (Gebremedhin, Manne, Pothen, What Color Is Your Jacobian?, SIAM Review
 * 47, 2005.)
 *
 * A pattern holds for the decisions that were taken where it was made (decisions.c): the number that tells them goes with it. Where
 * the entries are computed with other ones, the pattern is made anew, and compared: what is in the old one only is zero
 * here; an entry that it lacks ends the process.
 *
 * Requires: the primal as for steps. */
#include "diff/composed.h"
#include "diff/decisions.h"
#include "diff/leaves.h"
#include "diff/matrix.h"
#include "diff/runtime_calls.h"
#include "diff/set_sweep.h"
#include "diff/set_types.h"

static bool is_hessian(const Matrix *m)
{
    return m->request->mode == MODE_HESSIAN;
}

static Value *num_rows(const Matrix *m)
{
    return is_hessian(m) ? m->num_inputs : m->num_outputs;
}

static const Type *long_type(const Matrix *m)
{
    return type_scalar(m->primal->module->types, TYPE_LONG);
}

/* ---- decisions ---- */

/* Do rows and columns tell what the integer parameter is? */
static bool is_told_by_size(const Matrix *m, const Value *param)
{
    const Value *sizes[] = {num_rows(m), m->num_inputs};
    for (unsigned i = 0; i < 2; i++) {
        const Value *size = sizes[i];
        while (size->op && size->op->kind == OP_MUL && value_is_const(op_operand(size->op, 1)))
            size = op_operand(size->op, 0);
        if (value_before_widening(size) == param)
            return true;
    }
    return false;
}

static Value *decide(Matrix *m, Value *so_far, Value *decision)
{
    return build_binary(&m->b, OP_DECISION, so_far, build_convert(&m->b, decision, long_type(m)));
}

/* Where branches and elements are chosen by integers that are passed by value: these. */
static void start_decisions(Matrix *m)
{
    m->first_decisions = matrix_number(m, 0);
    for (unsigned i = 0; i < m->primal->num_params; i++)
        if (type_is_integer(m->originals[i]->type) && value_has_uses(m->primal->body->args.items[i]) &&
            !is_told_by_size(m, m->originals[i]))
            m->first_decisions = decide(m, m->first_decisions, m->originals[i]);
}

static bool has_decisions(const Matrix *m)
{
    return m->decisions || !value_is_int(m->first_decisions, 0);
}

static Value *decisions_taken(Matrix *m)
{
    return m->decisions ? build_load(&m->b, m->decisions) : m->first_decisions;
}

/* ---- the pattern ---- */

typedef struct PatternBuild {
    Matrix *m;
    const Step *step;
    Value *sets, *columns, *rows; /* a set per column, and per row */
} PatternBuild;

static Value *stretch_start(PatternBuild *p, Value *all, const Stretch *stretch)
{
    return value_is_int(stretch->offset, 0) ? all : build_index(&p->m->b, all, stretch->offset);
}

/* Column j depends on itself, rows on nothing so far. */
static void start_sets(PatternBuild *p)
{
    Matrix *m = p->m;
    Builder *b = &m->b;
    Strings *strings = m->primal->module->strings;
    p->sets = runtime_call(b, RUNTIME_SETS_NEW, NULL, 0);
    p->sets->name = intern(strings, "sets");
    p->columns = build_alloc(b, long_type(m), m->num_inputs, intern(strings, "column_sets"));
    p->rows = build_alloc(b, long_type(m), num_rows(m), intern(strings, "row_sets"));
    Op *loop = build_for(b, OP_LT, matrix_number(m, 0), m->num_inputs, matrix_number(m, 1), NULL, 0, "j");
    Builder each = builder_at_end(loop->regions[0]);
    Value *j = loop->regions[0]->args.items[0];
    build_store(&each, build_index(&each, p->columns, j),
                runtime_call(&each, RUNTIME_SET_OF, (Value *[]){p->sets, j}, 2));
    build_yield(&each, NULL, 0);
    build_fill_zero(b, p->rows, num_rows(m));
}

/* Where the sets of a slot are: the columns' of an input, the rows' of an output. NULL: it has none. */
static const Stretch *sets_of_slot(const PatternBuild *p, const Slot *slot, Value **all)
{
    const Matrix *m = p->m;
    const bool is_input = slot->kind == SLOT_DOT && m->inputs[slot->param].present;
    *all = is_input ? p->columns : p->rows;
    switch (slot->kind) {
    case SLOT_ORIGINAL:
        return NULL;
    case SLOT_RESULT_DOT:
        return &m->outputs[m->primal->num_params];
    case SLOT_BAR_DOT:
        return &m->inputs[slot->param];
    default:
        return is_input ? &m->inputs[slot->param] : &m->outputs[slot->param];
    }
}

/* What the sweep is given for a slot: a set, or where sets are; of structs, structs of sets, which `*records` then are. */
static Value *sets_for(PatternBuild *p, const Slot *slot, const Type *type, Value **records)
{
    Matrix *m = p->m;
    Value *all;
    const Stretch *stretch = sets_of_slot(p, slot, &all);
    if (!stretch)
        return m->originals[slot->param];
    Value *start = stretch_start(p, all, stretch);
    if (!stretch->record)
        return stretch->by_value && all == p->columns ? build_load(&m->b, start) : start;
    const Type *sets = set_type_of(m->primal->module, stretch->record);
    *records = matrix_new_buffer(&m->b, sets, stretch->records, intern(m->primal->module->strings, "sets_of_structs"));
    leaves_unpack(&m->b, *records, start, stretch->records, 1);
    return type_is_pointer(type) ? *records : build_load(&m->b, *records);
}

/* The rows' sets are those of the outputs. What is input and output has one companion, which has the columns' sets on entry. */
static void take_rows(PatternBuild *p, const Slot *slot, Value *records)
{
    Matrix *m = p->m;
    Value *all;
    const Stretch *stretch = sets_of_slot(p, slot, &all);
    if (!stretch || (all == p->columns && (is_hessian(m) || !m->outputs[slot->param].present)))
        return;
    const Stretch *rows = all == p->columns ? &m->outputs[slot->param] : stretch;
    Value *start = stretch_start(p, p->rows, rows);
    if (records)
        leaves_pack(&m->b, start, records, rows->records, 1);
    else if (all == p->columns)
        build_copy(&m->b, start, stretch_start(p, all, stretch), rows->count);
}

static Value *build_pattern(Matrix *m, const Step *step)
{
    PatternBuild p = {.m = m, .step = step};
    const unsigned n = (unsigned)step->slots.list.count;
    Value **args = arena_new_array(m->arena, Value *, n + 1);
    start_sets(&p);
    Value **records = arena_new_array(m->arena, Value *, n);
    for (unsigned i = 0; i < n; i++)
        args[i] = sets_for(&p, &step->slots.list.items[i], step->function->body->args.items[i]->type, &records[i]);
    args[n] = p.sets;
    start_decisions(m);
    if (m->decisions)
        build_store(&m->b, m->decisions, m->first_decisions);
    build_call(&m->b, step->function, args, n + 1);
    for (unsigned i = 0; i < n; i++)
        take_rows(&p, &step->slots.list.items[i], records[i]);
    Value *pattern =
        is_hessian(m)
            ? runtime_call(&m->b, RUNTIME_PATTERN_NEW_SYMMETRIC, (Value *[]){p.sets, p.rows, m->num_inputs}, 3)
            : runtime_call(&m->b, RUNTIME_PATTERN_NEW,
                           (Value *[]){p.sets, p.rows, m->num_outputs, m->num_inputs}, 4);
    pattern->name = intern(m->primal->module->strings, "pattern");
    if (has_decisions(m))
        build_store(&m->b, runtime_member_address(&m->b, pattern, "decisions"), decisions_taken(m));
    for (unsigned i = 0; i < n; i++)
        matrix_free_buffer(&m->b, records[i]);
    build_free(&m->b, p.rows);
    build_free(&m->b, p.columns);
    return pattern;
}

static const char *describe_pattern(const Matrix *m, const Decisions *decisions)
{
    const char *where = decisions->any || decisions->unknown
                            ? ", for the branches that are taken, and the elements that are addressed, at this point"
                        : has_decisions(m) ? ", for these integers"
                                           : ", at any point of this size";
    return arena_format(m->arena, "Pattern of the %s of %s (%s)%s; to be freed by ad_pattern_free.",
                        is_hessian(m) ? "Hessian" : "Jacobian", m->primal->name, place_of(m->primal), where);
}

static Function *generate_pattern(const Request *request, const Decisions *decisions, const Rules *rules,
                                  const DiffOptions *options)
{
    Matrix m;
    Step step;
    if (!matrix_begin(&m, request) ||
        !matrix_step(&m, request->mode == MODE_HESSIAN ? MODE_HVP : MODE_JVP, rules, options, &step) ||
        !set_sweep(request, &step))
        return NULL;
    Value *pattern = build_pattern(&m, &step);
    return matrix_finish(&m, pattern, describe_pattern(&m, decisions));
}

/* ---- is it the pattern of this point, too? ---- */

/* The generated pattern function, as something to call. */
static Function *pattern_function(const Matrix *m)
{
    Module *module = m->primal->module;
    const Function *values = m->function;
    Function *function = function_new(module, request_pattern_name(module->strings, values->name),
                                      type_pointer(module->types, runtime_record(module, "AdPattern")));
    function->result_decl = runtime_pointer_decl(module, "AdPattern");
    function->params = values->params;
    function->num_params = values->num_params - 2; /* without pattern and entries */
    return function;
}

/* It writes the outputs as the function itself does. */
static void require_pattern(Matrix *m)
{
    const Function *function = pattern_function(m);
    matrix_restore_originals(m, &m->b);
    Value *here = build_call(&m->b, (Function *)function, m->function->body->args.items, function->num_params);
    runtime_call(&m->b, RUNTIME_PATTERN_REQUIRE, (Value *[]){m->pattern, here}, 2);
}

static void check_decisions(Matrix *m, bool unknown)
{
    if (unknown) {
        require_pattern(m);
        return;
    }
    if (!has_decisions(m))
        return;
    Value *expected = runtime_member(&m->b, m->pattern, "decisions");
    expected->name = NULL;
    Op *test = build_if(&m->b, build_binary(&m->b, OP_NE, decisions_taken(m), expected), NULL, 0);
    const Builder outer = m->b;
    Builder otherwise = builder_at_end(test->regions[1]);
    build_yield(&otherwise, NULL, 0);
    m->b = builder_at_end(test->regions[0]);
    require_pattern(m);
    build_yield(&m->b, NULL, 0);
    m->b = outer;
}

/* ---- the entries ---- */

static Colors read_colors(Matrix *m)
{
    Builder *b = &m->b;
    return (Colors){.count = runtime_member(b, m->pattern, "colors"),
                    .color = runtime_member(b, m->pattern, "color"),
                    .nonzeros = runtime_member(b, m->pattern, "nonzeros"),
                    .entry_color = runtime_member(b, m->pattern, "entry_color"),
                    .entry_place = runtime_member(b, m->pattern, "entry_place")};
}

/* By the rows' colors in reverse, or by the columns' forward, as the pattern was made. */
static Value *build_jacobian_entries(Matrix *m, const Colors *colors, const Rules *rules, const DiffOptions *options)
{
    Step forward, backward;
    if (!matrix_step(m, MODE_JVP, rules, options, &forward) || !matrix_step(m, MODE_VJP, rules, options, &backward))
        return NULL;
    const unsigned directions = matrix_widen(m, &forward, true, options), seeds = matrix_widen(m, &backward, false, options);
    const Type *type = m->primal->result;
    const bool has_value = type->kind != TYPE_VOID;
    Value *by_row = runtime_member(&m->b, m->pattern, "by_row");
    Op *op = build_if(&m->b, build_binary(&m->b, OP_NE, by_row, build_int(&m->b, by_row->type, 0)), &type, has_value);
    const Builder after = m->b;
    for (unsigned r = 0; r < 2; r++) {
        m->b = builder_at_end(op->regions[r]);
        Value *value = r == 0 ? matrix_loop(m, &backward, false, seeds, colors)
                              : matrix_loop(m, &forward, true, directions, colors);
        build_yield(&m->b, &value, has_value);
    }
    m->b = after;
    return has_value ? op->results[0] : NULL;
}

static Value *build_hessian_entries(Matrix *m, const Colors *colors, const Rules *rules, const DiffOptions *options)
{
    Step step;
    if (!matrix_step(m, MODE_HVP, rules, options, &step))
        return NULL;
    const unsigned directions = matrix_widen(m, &step, true, options);
    return matrix_loop(m, &step, true, directions, colors);
}

static const char *describe_values(const Matrix *m, const Decisions *decisions)
{
    const char *check = decisions->unknown ? "; its entries are looked for again each time, as it may be another one here"
                        : has_decisions(m) ? "; where it was made by other decisions, its entries are looked for again"
                                           : "";
    return arena_format(m->arena,
                        "Value and sparse %s of %s (%s).\n\n%s  what %s_pattern returned%s\n"
                        "%s  overwritten: the entries of the pattern, in its order%s",
                        is_hessian(m) ? "Hessian" : "Jacobian", m->primal->name, place_of(m->primal),
                        m->pattern_name, m->function->name, check, m->matrix_name,
                        is_hessian(m) ? "; symmetric to the last bit" : "");
}

static Function *generate_values(const Request *request, const Decisions *decisions, const Rules *rules,
                                 const DiffOptions *options)
{
    Matrix m;
    if (!matrix_begin(&m, request))
        return NULL;
    runtime_call(&m.b, RUNTIME_PATTERN_CHECK, (Value *[]){m.pattern, num_rows(&m), m.num_inputs}, 3);
    start_decisions(&m);
    matrix_find_effects(&m);
    matrix_keep_originals(&m);
    if (m.failed)
        return NULL;
    const Colors colors = read_colors(&m);
    Value *result = is_hessian(&m) ? build_hessian_entries(&m, &colors, rules, options)
                                   : build_jacobian_entries(&m, &colors, rules, options);
    if (m.failed)
        return NULL;
    check_decisions(&m, decisions->unknown);
    return matrix_finish(&m, result, describe_values(&m, decisions));
}

Function *sparse_generate(const Request *request, const Rules *rules, const DiffOptions *options)
{
    const Decisions decisions = decisions_record(request->function);
    Request recording = *request;
    recording.function = decisions.function;
    recording.records_decisions = decisions.any && !decisions.unknown;
    return request->sparse == SPARSE_PATTERN ? generate_pattern(&recording, &decisions, rules, options)
                                             : generate_values(&recording, &decisions, rules, options);
}
