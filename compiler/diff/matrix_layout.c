/* Rows and columns, and the generated function. */
#include "diff/composed.h"
#include "diff/globals.h"
#include "diff/leaves.h"
#include "diff/matrix.h"
#include "diff/runtime_calls.h"

#include <string.h>

#include "transform/passes.h"

enum { MAX_LOCAL = 1024 }; /* elements of a buffer; larger ones are on the heap */

static const Type *long_type(const Matrix *m)
{
    return type_scalar(m->primal->module->types, TYPE_LONG);
}

Value *matrix_number(Matrix *m, int64_t value)
{
    return build_int(&m->b, long_type(m), value);
}

void matrix_complain(Matrix *m, MessageId message, const char *what)
{
    if (!m->failed)
        diag(m->primal->module->diags, message, m->request->loc, what);
    m->failed = true;
}

/* ---- rows and columns ---- */

static Value *add_numbers(Matrix *m, Value *a, Value *b)
{
    if (value_is_int(a, 0))
        return b;
    if (value_is_const(a) && value_is_const(b))
        return matrix_number(m, a->op->int_value + b->op->int_value);
    return build_binary(&m->b, OP_ADD, a, b);
}

static Value *times_leaves(Matrix *m, Value *count, int64_t leaves)
{
    return value_is_const(count) ? matrix_number(m, count->op->int_value * leaves)
                                 : build_binary(&m->b, OP_MUL, count, matrix_number(m, leaves));
}

/* Computed alike from the same. */
static bool sizes_are_same(const Value *a, const Value *b)
{
    if (values_are_same(a, b))
        return true;
    if (!a->op || !b->op || a->op->kind != b->op->kind || a->type != b->type || value_is_const(a) ||
        op_table[a->op->kind].effect != EFFECT_PURE || a->op->num_operands != b->op->num_operands)
        return false;
    for (unsigned i = 0; i < a->op->num_operands; i++)
        if (!sizes_are_same(op_operand(a->op, i), op_operand(b->op, i)))
            return false;
    return a->op->num_operands > 0;
}

/* A product of constants, of several dimensions. */
static bool is_known_number(const Value *value, int64_t *number)
{
    int64_t factor;
    if (value_is_const(value)) {
        *number = value->op->int_value;
        return true;
    }
    if (!value->op || value->op->kind != OP_MUL || !is_known_number(op_operand(value->op, 0), number) ||
        !is_known_number(op_operand(value->op, 1), &factor) || *number < 0 || *number > INT32_MAX || factor < 0 || factor > INT32_MAX)
        return false;
    *number *= factor;
    return true;
}

Value *matrix_extent(Matrix *m, unsigned i, const char *clause)
{
    Value *count = signature_extent(&m->signature, i, &m->b, m->originals);
    if (!count) {
        if (!m->failed)
            signature_extent_missing(&m->signature, i, clause);
        m->failed = true;
        return matrix_number(m, 1);
    }
    int64_t number;
    if (is_known_number(count, &number))
        return matrix_number(m, number);
    for (size_t k = 0; k < m->extents.count; k += 2)
        if (sizes_are_same(m->extents.items[k], count))
            return m->extents.items[k + 1];
    vec_push(m->arena, &m->extents, count);
    vec_push(m->arena, &m->extents, build_convert(&m->b, count, long_type(m)));
    return m->extents.items[m->extents.count - 1];
}

static void add_stretch(Matrix *m, Stretch *stretch, const Type *type, Value *count, Value **total)
{
    const bool pointer = type_is_pointer(type);
    *stretch = (Stretch){.present = true,
                         .by_value = type_is_floating(type),
                         .count = count,
                         .offset = *total,
                         .type = leaves_widest(pointer ? type->elem : type)};
    if (pointer)
        type = type->elem;
    if (!stretch->type || leaves_by_pointer(type)) {
        matrix_complain(m, MSG_MATRIX_STRUCT, m->request->function->name);
        return;
    }
    if (type->kind == TYPE_RECORD) {
        stretch->record = type;
        stretch->records = count;
        stretch->count = times_leaves(m, count, leaves_count(type));
    }
    if (!m->elem || stretch->type->kind > m->elem->kind)
        m->elem = stretch->type;
    *total = add_numbers(m, *total, stretch->count);
}

static int param_named(const Function *function, const char *name)
{
    for (unsigned i = 0; i < function->num_params; i++)
        if (strcmp(function->params[i].name, name) == 0)
            return (int)i;
    return -1; /* "return" */
}

static void add_input(Matrix *m, unsigned i)
{
    const Type *type = m->primal->body->args.items[i]->type;
    if (m->signature.roles[i].independent && !m->inputs[i].present)
        add_stretch(m, &m->inputs[i], type,
                    type_is_pointer(type) ? matrix_extent(m, i, "wrt") : matrix_number(m, 1), &m->num_inputs);
}

static void add_output(Matrix *m, unsigned i, bool is_hessian)
{
    if (i == m->primal->num_params) {
        if (m->signature.of_return && !m->outputs[i].present)
            add_stretch(m, &m->outputs[i], m->primal->result, matrix_number(m, 1), &m->num_outputs);
    } else if (m->signature.roles[i].dependent && !m->outputs[i].present) {
        add_stretch(m, &m->outputs[i], m->primal->body->args.items[i]->type,
                    is_hessian ? matrix_number(m, 1) : matrix_extent(m, i, "of"), &m->num_outputs);
    }
}

/* In the order of the clauses; without a clause, in that of the parameters. */
static void lay_out(Matrix *m)
{
    const unsigned n = m->primal->num_params;
    const bool is_hessian = m->request->mode == MODE_HESSIAN;
    m->inputs = arena_new_array(m->arena, Stretch, n);
    m->outputs = arena_new_array(m->arena, Stretch, n + 1);
    m->num_inputs = m->num_outputs = matrix_number(m, 0);
    for (unsigned k = 0; k < m->request->wrt.count; k++) {
        const int i = param_named(m->primal, m->request->wrt.items[k].name);
        if (i >= 0)
            add_input(m, (unsigned)i);
    }
    for (unsigned k = 0; k < m->request->of.count; k++) {
        const int i = param_named(m->primal, m->request->of.items[k].name);
        add_output(m, i < 0 ? n : (unsigned)i, is_hessian);
    }
    for (unsigned i = 0; i < n; i++)
        add_input(m, i);
    for (unsigned i = 0; i <= n; i++)
        add_output(m, i, is_hessian);
}

bool matrix_is_square(const Matrix *m)
{
    return sizes_are_same(m->num_inputs, m->num_outputs);
}

/* ---- the generated function ---- */

static const Decl *plain_pointer(Matrix *m, const Type *type)
{
    Decl *base = arena_new(m->arena, Decl), *pointer = arena_new(m->arena, Decl);
    *base = (Decl){.kind = DECL_BASE, .base = type_c_name(type), .type = type};
    *pointer = (Decl){.kind = DECL_POINTER, .inner = base};
    return pointer;
}

/* The widest type among the independents and dependents: what the matrix consists of. */
static const Type *widest_type(const Matrix *m)
{
    const Type *widest = NULL;
    for (unsigned i = 0; i <= m->primal->num_params; i++) {
        const bool is_result = i == m->primal->num_params;
        const Type *type = is_result ? m->primal->result : m->primal->body->args.items[i]->type;
        const bool counts = is_result ? m->signature.of_return
                                      : m->signature.roles[i].independent || m->signature.roles[i].dependent;
        if (counts && type_is_pointer(type))
            type = type->elem;
        const Type *found = counts ? leaves_widest(type) : NULL;
        if (found && (!widest || found->kind > widest->kind))
            widest = found;
    }
    return widest ? widest : type_scalar(m->primal->module->types, TYPE_F64);
}

/* A name that no parameter has. */
static const char *free_name(const Matrix *m, const char *name)
{
    Strings *strings = m->primal->module->strings;
    name = intern(strings, name);
    while (param_named(m->primal, name) >= 0)
        name = intern_format(strings, "%s_", name);
    return name;
}

static const char *name_of_function(const Matrix *m)
{
    Strings *strings = m->primal->module->strings;
    const char *mode = mode_text(m->request->mode);
    const char *name = m->request->name ? m->request->name : intern_format(strings, "%s_%s", m->primal->name, mode);
    return m->request->sparse == SPARSE_PATTERN ? request_pattern_name(strings, name) : name;
}

typedef struct Declaring {
    Matrix *m;
    const Type **types;
    unsigned count;
} Declaring;

static void add_param(Declaring *d, Param param, const Type *type)
{
    d->m->function->params[d->count] = param;
    d->types[d->count++] = type;
    d->m->function->num_params = d->count;
}

/* Behind the original's parameters: where the entries are, and the entries. */
static void declare_matrix(Declaring *d, const Type *elem)
{
    Matrix *m = d->m;
    Module *module = m->primal->module;
    if (m->request->sparse == SPARSE_VALUES) {
        const Type *type = runtime_record(module, "AdPattern");
        m->pattern_name = free_name(m, "pattern");
        Decl *decl = arena_new(m->arena, Decl);
        *decl = *runtime_pointer_decl(module, "AdPattern");
        Decl *base = arena_new(m->arena, Decl);
        *base = *decl->inner;
        base->is_const = true;
        decl->inner = base;
        add_param(d, (Param){.name = m->pattern_name, .decl = decl, .loc = m->primal->loc, .points_to_const = true,
                             .rank = 1, .is_companion = true},
                  type_pointer(module->types, type));
    }
    m->matrix_name = free_name(m, mode_text(m->request->mode));
    add_param(d, (Param){.name = m->matrix_name, .decl = plain_pointer(m, elem), .loc = m->primal->loc, .rank = 1,
                         .is_companion = true},
              type_pointer(module->types, elem));
}

static void declare_result(Matrix *m, const Type *elem)
{
    Function *function = m->function;
    Module *module = m->primal->module;
    if (m->request->sparse == SPARSE_PATTERN) {
        function->result = type_pointer(module->types, runtime_record(module, "AdPattern"));
        function->result_decl = runtime_pointer_decl(module, "AdPattern");
    } else if (m->request->mode == MODE_DIVERGENCE) {
        function->result = elem;
        function->result_decl = plain_pointer(m, elem)->inner;
    } else {
        function->result_decl = m->primal->result_decl;
    }
}

/* The parameter by which the primal records its decisions; -1: it does not. */
static int decisions_param(const Matrix *m)
{
    return m->request->records_decisions ? (int)m->request->function->num_params - 1 : -1;
}

/* Globals are themselves. */
static bool is_made_here(const Matrix *m, unsigned param)
{
    const Param *p = &m->primal->params[param];
    return p->global || p->is_first_round || (int)param == decisions_param(m);
}

static void declare(Matrix *m)
{
    const Function *primal = m->primal;
    const unsigned n = primal->num_params;
    const Type *elem = widest_type(m);
    m->function = function_new(primal->module, name_of_function(m), primal->result);
    m->function->loc = primal->loc;
    m->function->params = arena_new_array(m->arena, Param, n + 2);
    declare_result(m, elem);
    Declaring d = {.m = m, .types = arena_new_array(m->arena, const Type *, n + 2)};
    for (unsigned i = 0; i < n; i++)
        if (!is_made_here(m, i))
            add_param(&d, primal->params[i], primal->body->args.items[i]->type);
    const unsigned own = d.count;
    if (m->request->mode != MODE_DIVERGENCE && m->request->sparse != SPARSE_PATTERN)
        declare_matrix(&d, elem);
    function_define(m->function, d.types);
    m->originals = arena_new_array(m->arena, Value *, n);
    m->b = builder_at_end(m->function->body);
    for (unsigned i = 0, arg = 0; i < n; i++)
        m->originals[i] = primal->params[i].global ? build_global(&m->b, primal->params[i].global)
                          : (int)i == decisions_param(m)
                              ? build_alloca(&m->b, long_type(m), NULL, 0, primal->params[i].name)
                          : primal->params[i].is_first_round
                              ? NULL /* a value of each round */
                              : m->function->body->args.items[arg++];
    if (decisions_param(m) >= 0)
        m->decisions = m->originals[decisions_param(m)];
    if (d.count > own)
        m->matrix = m->function->body->args.items[d.count - 1];
    if (d.count > own + 1)
        m->pattern = m->function->body->args.items[own];
}

/* The shapes of the parameters, with the arithmetic of their extents. */
static void clone_shapes(Matrix *m)
{
    Value **map = arena_new_array(m->arena, Value *, m->primal->num_values);
    const Op *last = NULL;
    for (unsigned i = 0; i < m->primal->num_params; i++)
        map[m->primal->body->args.items[i]->id] = m->originals[i];
    for (const Op *op = m->primal->body->first; op; op = op->next)
        if (op->kind == OP_SHAPE)
            last = op;
    for (const Op *op = m->primal->body->first; last && op != last->next; op = op->next)
        if (op->kind == OP_SHAPE || op_table[op->kind].effect == EFFECT_PURE)
            build_clone(&m->b, op, map);
}

/* ---- buffers ---- */

Value *matrix_new_buffer(Builder *b, const Type *type, Value *count, const char *name)
{
    if (value_is_const(count) && count->op->int_value <= MAX_LOCAL)
        return build_alloca(b, type, &count, 1, name);
    return build_alloc(b, type, count, name);
}

void matrix_free_buffer(Builder *b, Value *buffer)
{
    if (buffer && buffer->op->kind == OP_ALLOC)
        build_free(b, buffer);
}

/* ---- beginning and end ---- */

bool matrix_begin(Matrix *m, const Request *request)
{
    Function *primal = function_clone(request->function);
    *m = (Matrix){.request = request, .arena = primal->module->arena, .primal = primal};
    Request resolved = *request;
    if (request->mode == MODE_HESSIAN)
        resolved.mode = MODE_GRAD;
    if (!globals_lift(primal, request) || !signature_resolve(&resolved, primal, &m->signature))
        return false;
    m->signature.request = request; /* the other one ends here */
    m->kept = arena_new_array(m->arena, Value *, primal->num_params);
    declare(m);
    clone_shapes(m);
    lay_out(m);
    return !m->failed;
}

bool matrix_step(Matrix *m, Mode mode, const Rules *rules, const DiffOptions *options, Step *step)
{
    Request request = *m->request;
    request.mode = mode;
    request.sparse = SPARSE_NO;
    request.passes_globals = true;
    request.name = intern_format(m->primal->module->strings, "%s_%s", m->primal->name, mode_text(mode));
    const bool done = mode == MODE_HVP ? hvp_step(&request, rules, options, step)
                                       : derivative_step(&request, rules, options, step);
    m->failed = m->failed || !done;
    return done;
}

Function *matrix_finish(Matrix *m, Value *result, const char *doc)
{
    if (m->failed)
        return NULL;
    matrix_free_originals(m);
    build_return(&m->b, result);
    m->function->doc = doc;
    inline_calls(m->function);
    return m->function;
}
