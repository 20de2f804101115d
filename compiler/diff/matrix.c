/* Dense Jacobians and Hessians, and divergences: a step for every row or column.
 *
 *     jacobian    for every column j: the tangent in the direction e_j    (forward), or
 *                 for every row i: the adjoint of the seed e_i            (reverse)
 *     hessian     for every column j: the Hessian times e_j; one triangle, mirrored
 *     divergence  for every j: component j of the tangent in the direction e_j, summed
 *
 * Forward costs about 2.5 evaluations a column, reverse about 4 a row: the cheaper one is taken, at run time
 * where the extents are not constant. (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 4.)
 *
 * The generated function is a loop around the step, which is inlined: what does not depend on the direction is
 * then hoisted out of the loop. Every round evaluates the function again, so what it overwrites and reads is
 * kept aside and restored; a function with other effects is refused.
 *
 * Requires: the primal as for steps. */
#include "diff/composed.h"
#include "diff/globals.h"
#include "diff/pairs.h"

#include <string.h>

#include "analysis/memory.h"
#include "ir/builder.h"
#include "transform/passes.h"

enum { FORWARD_COST = 5, REVERSE_COST = 8, MAX_LOCAL = 256 };

/* An independent or dependent: a stretch of the rows or columns. */
typedef struct Stretch {
    bool present;
    bool by_value;  /* a by-value parameter, or the returned value */
    Value *count, *offset;
    const Type *type; /* of a number */
    Value *buffer;  /* its tangents or adjoints; by-value ones in reverse: one number */
} Stretch;

typedef struct Matrix {
    const Request *request;
    Arena *arena;
    Function *primal;
    const Signature *signature;
    Function *function;   /* the generated one */
    Value **originals;    /* by parameter, in the generated function */
    Value *matrix;        /* NULL for a divergence */
    const char *matrix_name;
    const Type *elem;     /* of the matrix */
    Stretch *inputs, *outputs; /* by parameter; outputs[num_params]: the returned value */
    Value *num_inputs, *num_outputs;
    VEC(Value *) extents; /* in pairs: as declared, as long */
    Value **kept;         /* by parameter: what it held on entry, or NULL */
    Builder b;
    bool failed;
} Matrix;

static const Type *long_type(const Matrix *m)
{
    return type_scalar(m->primal->module->types, TYPE_LONG);
}

static Value *number(Matrix *m, int64_t value)
{
    return build_int(&m->b, long_type(m), value);
}

static void complain(Matrix *m, MessageId message, const char *what)
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
        return number(m, a->op->int_value + b->op->int_value);
    return build_binary(&m->b, OP_ADD, a, b);
}

static Value *extent_of(Matrix *m, unsigned i, const char *clause)
{
    if (!type_is_floating(m->primal->body->args.items[i]->type->elem)) {
        complain(m, MSG_MATRIX_STRUCT, m->request->function->name);
        return number(m, 1);
    }
    Value *count = signature_extent(m->signature, i, &m->b, m->originals);
    const char *name = m->primal->params[i].name;
    if (!count) {
        if (!m->failed)
            diag(m->primal->module->diags, MSG_EXTENT_MISSING, m->request->loc, name, name, clause, name);
        m->failed = true;
        return number(m, 1);
    }
    if (value_is_const(count))
        return number(m, count->op->int_value);
    for (size_t k = 0; k < m->extents.count; k += 2)
        if (m->extents.items[k] == count)
            return m->extents.items[k + 1];
    vec_push(m->arena, &m->extents, count);
    vec_push(m->arena, &m->extents, build_convert(&m->b, count, long_type(m)));
    return m->extents.items[m->extents.count - 1];
}

static void add_stretch(Matrix *m, Stretch *stretch, const Type *type, Value *count, Value **total)
{
    const bool pointer = type_is_pointer(type);
    *stretch = (Stretch){.present = true,
                         .by_value = !pointer,
                         .count = count,
                         .offset = *total,
                         .type = pointer ? type->elem : type};
    if (!type_is_floating(stretch->type))
        complain(m, MSG_MATRIX_STRUCT, m->request->function->name);
    else if (!m->elem || stretch->type->kind > m->elem->kind)
        m->elem = stretch->type;
    *total = add_numbers(m, *total, count);
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
    if (m->signature->roles[i].independent && !m->inputs[i].present)
        add_stretch(m, &m->inputs[i], type,
                    type_is_pointer(type) ? extent_of(m, i, "wrt") : number(m, 1), &m->num_inputs);
}

static void add_output(Matrix *m, unsigned i, bool is_hessian)
{
    if (i == m->primal->num_params) {
        if (m->signature->of_return && !m->outputs[i].present)
            add_stretch(m, &m->outputs[i], m->primal->result, number(m, 1), &m->num_outputs);
    } else if (m->signature->roles[i].dependent && !m->outputs[i].present) {
        add_stretch(m, &m->outputs[i], m->primal->body->args.items[i]->type,
                    is_hessian ? number(m, 1) : extent_of(m, i, "of"), &m->num_outputs);
    }
}

/* In the order of the clauses; without a clause, in that of the parameters. */
static void lay_out(Matrix *m)
{
    const unsigned n = m->primal->num_params;
    const bool is_hessian = m->request->mode == MODE_HESSIAN;
    m->inputs = arena_new_array(m->arena, Stretch, n);
    m->outputs = arena_new_array(m->arena, Stretch, n + 1);
    m->num_inputs = m->num_outputs = number(m, 0);
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
        const bool counts = is_result ? m->signature->of_return
                                      : m->signature->roles[i].independent || m->signature->roles[i].dependent;
        if (counts && type_is_pointer(type))
            type = type->elem;
        if (counts && type_is_floating(type) && (!widest || type->kind > widest->kind))
            widest = type;
    }
    return widest ? widest : type_scalar(m->primal->module->types, TYPE_F64);
}

static void declare(Matrix *m)
{
    const Function *primal = m->primal;
    Module *module = primal->module;
    const unsigned n = primal->num_params;
    const bool is_divergence = m->request->mode == MODE_DIVERGENCE;
    const char *mode = mode_text(m->request->mode);
    const char *name = m->request->name ? m->request->name
                                        : intern_format(module->strings, "%s_%s", primal->name, mode);
    const Type *elem = widest_type(m), **types = arena_new_array(m->arena, const Type *, n + 1);
    m->function = function_new(module, name, is_divergence ? elem : primal->result);
    m->function->result_decl = is_divergence ? plain_pointer(m, elem)->inner : primal->result_decl;
    m->function->loc = primal->loc;
    m->function->params = arena_new_array(m->arena, Param, n + 1);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        if (!primal->params[i].global) { /* those are themselves */
            m->function->params[count] = primal->params[i];
            types[count++] = primal->body->args.items[i]->type;
        }
    m->function->num_params = count;
    if (!is_divergence) {
        const char *matrix = intern(module->strings, mode);
        while (param_named(primal, matrix) >= 0)
            matrix = intern_format(module->strings, "%s_", matrix);
        m->function->params[count] = (Param){.name = matrix,
                                         .decl = plain_pointer(m, elem),
                                         .loc = primal->loc,
                                         .rank = 1,
                                         .is_companion = true};
        types[count] = type_pointer(module->types, elem);
        m->function->num_params++;
    }
    function_define(m->function, types);
    m->originals = arena_new_array(m->arena, Value *, n);
    m->b = builder_at_end(m->function->body);
    for (unsigned i = 0, arg = 0; i < n; i++)
        m->originals[i] = primal->params[i].global ? build_global(&m->b, primal->params[i].global)
                                                   : m->function->body->args.items[arg++];
    m->matrix = is_divergence ? NULL : m->function->body->args.items[count];
    m->matrix_name = is_divergence ? NULL : m->function->params[count].name;
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

static Value *new_buffer(Builder *b, const Type *type, Value *count, const char *name)
{
    if (value_is_const(count) && count->op->int_value <= MAX_LOCAL)
        return build_alloca(b, type, &count, 1, name);
    return build_alloc(b, type, count, name);
}

static void free_buffer(Builder *b, Value *buffer)
{
    if (buffer && buffer->op->kind == OP_ALLOC)
        build_free(b, buffer);
}

/* ---- what may be done again and again ---- */

typedef struct Effects {
    Matrix *matrix;
    bool *read; /* by parameter: its memory is read */
    bool others;
} Effects;

static void find_global(Op *op, void *context)
{
    if (op->kind == OP_GLOBAL && !op->global->is_const)
        *(bool *)context = true;
}

/* Can a pointer that was found in memory lead out of the function? */
static bool memory_leads_outside(const Function *primal)
{
    bool leads = false;
    region_walk(primal->body, find_global, &leads);
    for (unsigned i = 0; i < primal->num_params; i++) {
        const Value *arg = primal->body->args.items[i];
        if (!type_is_pointer(arg->type))
            leads = leads || arg->type->kind == TYPE_RECORD;
        else
            leads = leads || !type_is_arithmetic(arg->type->elem) || local_escapes(arg);
    }
    return leads;
}

/* Memory that is neither the function's own nor a parameter's. */
static bool may_write_elsewhere(const Function *primal, const Value *pointer)
{
    Object candidates[MAX_CANDIDATES];
    bool complete;
    const unsigned count = pointer_candidates(pointer, candidates, &complete);
    for (unsigned i = 0; i < count; i++)
        if (candidates[i].kind == OBJECT_GLOBAL || candidates[i].kind == OBJECT_REACHED)
            return true;
    return !complete && memory_leads_outside(primal);
}

/* Besides writing what its arguments point to. */
static bool call_has_effects(const Function *primal, const Op *op)
{
    if (!call_is_recursive(op))
        return !op->callee || (op->callee->has_side_effects && !op->callee->is_noreturn);
    for (unsigned i = 0; i < op->callee->num_params; i++)
        if (recursive_writes(op->callee, i) && may_write_elsewhere(primal, op_operand(op, i)))
            return true;
    return recursive_has_effects(op->callee);
}

static void look_at(Op *op, void *context)
{
    Effects *effects = context;
    Function *primal = effects->matrix->primal;
    if (op->kind == OP_CALL && call_has_effects(primal, op))
        effects->others = true;
    for (unsigned i = 0; i < primal->num_params; i++) {
        const Value *arg = primal->body->args.items[i];
        if (type_is_pointer(arg->type) && op->num_regions == 0 && op_may_read(op, arg))
            effects->read[i] = true;
        else if (type_is_pointer(arg->type) && op->kind == OP_LOAD &&
                 objects_may_overlap(pointer_object(op_operand(op, 0)), access_type(op_operand(op, 0)),
                                     pointer_object(arg), arg->type->elem))
            effects->read[i] = true;
    }
    if (op->num_regions || !op_writes_memory(op) || op->kind == OP_CALL)
        return;
    if (op->kind != OP_TAPE_PUSH && op->kind != OP_TAPE_POP && may_write_elsewhere(primal, op_operand(op, 0)))
        effects->others = true;
}

/* Copies aside what is overwritten and read. */
static void keep_originals(Matrix *m)
{
    const unsigned n = m->primal->num_params;
    Effects effects = {.matrix = m, .read = arena_new_array(m->arena, bool, n)};
    region_walk(m->primal->body, look_at, &effects);
    if (effects.others)
        complain(m, MSG_EFFECTS_REPEATED, m->primal->name);
    m->kept = arena_new_array(m->arena, Value *, n);
    for (unsigned i = 0; i < n && !m->failed; i++) {
        if (!m->signature->roles[i].overwritten || !effects.read[i])
            continue;
        Value *count = extent_of(m, i, m->signature->roles[i].dependent ? "of" : "work");
        const char *name = intern_format(m->primal->module->strings, "%s_entry", m->primal->params[i].name);
        m->kept[i] = new_buffer(&m->b, m->originals[i]->type->elem, count, name);
        build_copy(&m->b, m->kept[i], m->originals[i], count);
    }
}

static void restore_originals(Matrix *m, Builder *b)
{
    for (unsigned i = 0; i < m->primal->num_params; i++)
        if (m->kept[i]) {
            const Op *copy = NULL;
            for (const Use *use = m->kept[i]->uses; use; use = use->next)
                if (use->user->kind == OP_COPY && use == &use->user->operands[0])
                    copy = use->user;
            build_copy(b, m->originals[i], m->kept[i], op_operand(copy, 2));
        }
}

static const char *companion_name(Matrix *m, unsigned i, const char *suffix)
{
    const char *name = i < m->primal->num_params ? m->primal->params[i].name : "result";
    return intern_format(m->primal->module->strings, "%s_%s", name, suffix);
}

/* ---- a loop of steps ---- */

typedef struct Loop {
    Matrix *m;
    const Step *step;
    bool by_column;     /* one round per independent, else per dependent */
    Value *count;       /* of rows or columns */
    Value *trips;       /* at least one round, for what the function does besides */
    Value *round;       /* the counter */
    Builder b;          /* in the loop */
    Value *result;      /* what the function returned, in this round */
    Value *trace;       /* divergence: so far, in this round */
} Loop;

/* 1 if this round is that of the one number, else 0. */
static Value *unit(Loop *l, const Stretch *stretch)
{
    Value *one = build_float(&l->b, stretch->type, 1), *zero = build_float(&l->b, stretch->type, 0);
    return build_select(&l->b, build_binary(&l->b, OP_EQ, l->round, stretch->offset), one, zero);
}

/* buffer[round - offset] = value, if the round is one of the stretch's. */
static void mark(Loop *l, const Stretch *stretch, double value)
{
    Matrix *m = l->m;
    Builder b = l->b;
    const bool only = value_is_int(stretch->offset, 0) && values_are_same(stretch->count, l->count);
    Value *inside = NULL, *place = l->round;
    if (!only) {
        place = build_binary(&b, OP_SUB, l->round, stretch->offset);
        inside = build_binary(&b, OP_LAND, build_binary(&b, OP_GE, place, build_int(&b, long_type(m), 0)),
                              build_binary(&b, OP_LT, place, stretch->count));
        Op *test = build_if(&b, inside, NULL, 0);
        Builder other = builder_at_end(test->regions[1]);
        build_yield(&other, NULL, 0);
        b = builder_at_end(test->regions[0]);
    }
    build_store(&b, build_index(&b, stretch->buffer, place), build_float(&b, stretch->type, value));
    if (!only)
        build_yield(&b, NULL, 0);
}

static Stretch *stretch_of(Loop *l, const Slot *slot)
{
    Matrix *m = l->m;
    switch (slot->kind) {
    case SLOT_RESULT_BAR:
    case SLOT_RESULT_DOT:
        return &m->outputs[m->primal->num_params];
    case SLOT_BAR_DOT:
        return &m->inputs[slot->param];
    default:
        return m->inputs[slot->param].present ? &m->inputs[slot->param] : &m->outputs[slot->param];
    }
}

static bool is_seed(const Loop *l, const Slot *slot)
{
    const unsigned n = l->m->primal->num_params;
    if (l->by_column)
        return slot->kind == SLOT_DOT && l->m->inputs[slot->param].present;
    return slot->kind == SLOT_RESULT_BAR ||
           (slot->kind == SLOT_BAR && l->m->outputs[slot->param].present && slot->param < n);
}

static const char *suffix_of(const Slot *slot)
{
    switch (slot->kind) {
    case SLOT_BAR:
    case SLOT_RESULT_BAR:
        return "bar";
    case SLOT_BAR_DOT:
        return "bar_dot";
    default:
        return "dot";
    }
}

/* One number, or as many as the stretch has. */
static Value *buffer_for(Loop *l, const Slot *slot)
{
    Matrix *m = l->m;
    Stretch *stretch = stretch_of(l, slot);
    const bool is_result = slot->kind == SLOT_RESULT_BAR || slot->kind == SLOT_RESULT_DOT;
    const char *name =
        companion_name(m, is_result ? m->primal->num_params : slot->param, suffix_of(slot));
    if (stretch->by_value)
        return build_alloca(&m->b, stretch->type, NULL, 0, name);
    const bool only = is_seed(l, slot) && values_are_same(stretch->count, l->count); /* room for one even if there is none */
    return new_buffer(&m->b, stretch->type, only ? l->trips : stretch->count, name);
}

/* The value that the step is given for a slot. */
static Value *argument(Loop *l, const Slot *slot, Value *buffer)
{
    Stretch *stretch = stretch_of(l, slot);
    if (slot->kind == SLOT_ORIGINAL)
        return l->m->originals[slot->param];
    if (is_seed(l, slot) && stretch->by_value)
        return unit(l, stretch);
    return buffer;
}

static bool is_by_value(const Loop *l, const Slot *slot)
{
    return is_seed(l, slot) && stretch_of((Loop *)l, slot)->by_value;
}

/* Every round begins with zeros, and a one where the direction or seed has it. */
static void prepare_round(Loop *l, const Slot *slot, Value *buffer)
{
    Stretch *stretch = stretch_of(l, slot);
    if (stretch->by_value)
        build_store(&l->b, buffer, build_zero(&l->b, stretch->type));
    else
        build_fill_zero(&l->b, buffer, stretch->count);
    if (is_seed(l, slot)) {
        stretch->buffer = buffer;
        mark(l, stretch, 1);
    }
}

/* ---- where the results go ---- */

static Value *times(Builder *b, Value *a, Value *c)
{
    return value_is_const(a) && value_is_const(c)
               ? build_int(b, a->type, a->op->int_value * c->op->int_value)
               : build_binary(b, OP_MUL, a, c);
}

static void put(Matrix *m, Builder *b, Value *row, Value *column, Value *value)
{
    Value *place = build_binary(b, OP_ADD, times(b, row, m->num_inputs), column);
    build_store(b, build_index(b, m->matrix, place), build_convert(b, value, m->elem));
}

static void put_number(Loop *l, Builder *b, Value *place, Value *value)
{
    Matrix *m = l->m;
    if (m->request->mode == MODE_HESSIAN) { /* one triangle, mirrored */
        Op *test = build_if(b, build_binary(b, OP_GE, place, l->round), NULL, 0);
        Builder lower = builder_at_end(test->regions[0]), upper = builder_at_end(test->regions[1]);
        put(m, &lower, place, l->round, value);
        put(m, &lower, l->round, place, value);
        build_yield(&lower, NULL, 0);
        build_yield(&upper, NULL, 0);
    } else if (l->by_column) {
        put(m, b, place, l->round, value);
    } else {
        put(m, b, l->round, place, value);
    }
}

/* What the round found for a stretch goes into its column or row. */
static void take_results(Loop *l, const Stretch *stretch, Value *buffer)
{
    if (stretch->by_value) {
        put_number(l, &l->b, stretch->offset, build_load(&l->b, buffer));
        return;
    }
    enum { MAX_WRITTEN_OUT = 4 };
    Builder *b = &l->b;
    const Type *type = long_type(l->m);
    const int64_t count = value_is_const(stretch->count) ? stretch->count->op->int_value : MAX_WRITTEN_OUT + 1;
    for (int64_t k = 0; k < count && count <= MAX_WRITTEN_OUT; k++) {
        Value *place = build_int(b, type, k);
        put_number(l, b, build_binary(b, OP_ADD, stretch->offset, place),
                   build_load(b, build_index(b, buffer, place)));
    }
    if (count <= MAX_WRITTEN_OUT)
        return;
    Op *loop = build_for(b, OP_LT, build_int(b, type, 0), stretch->count, build_int(b, type, 1), NULL, 0, "k");
    Builder inner = builder_at_end(loop->regions[0]);
    Value *k = loop->regions[0]->args.items[0];
    Value *place = build_binary(&inner, OP_ADD, stretch->offset, k);
    put_number(l, &inner, place, build_load(&inner, build_index(&inner, buffer, k)));
    build_yield(&inner, NULL, 0);
}

/* Component number `round` of the outputs. */
static void add_to_trace(Loop *l, const Stretch *stretch, Value *buffer)
{
    Builder *b = &l->b;
    const Type *type = l->m->elem;
    Builder relaxed = *b;
    relaxed.flags |= OP_FLAG_RELAXED;
    if (!stretch->by_value && values_are_same(stretch->count, l->count)) {
        Value *found = build_load(b, build_index(b, buffer, l->round));
        l->trace = build_binary(&relaxed, OP_ADD, l->trace, build_convert(b, found, type));
        return;
    }
    Value *place = build_binary(b, OP_SUB, l->round, stretch->offset);
    Value *inside = build_binary(b, OP_LAND, build_binary(b, OP_GE, place, build_int(b, place->type, 0)),
                                 build_binary(b, OP_LT, place, stretch->count));
    Op *test = build_if(b, inside, &type, 1);
    Builder there = builder_at_end(test->regions[0]), other = builder_at_end(test->regions[1]);
    Value *address = stretch->by_value ? buffer : build_index(&there, buffer, place);
    Value *found = build_convert(&there, build_load(&there, address), type);
    build_yield(&there, &found, 1);
    Value *zero = build_zero(&other, type);
    build_yield(&other, &zero, 1);
    relaxed = *b;
    relaxed.flags |= OP_FLAG_RELAXED;
    l->trace = build_binary(&relaxed, OP_ADD, l->trace, test->results[0]);
}

static bool is_result_slot(const Loop *l, const Slot *slot)
{
    const Matrix *m = l->m;
    switch (slot->kind) {
    case SLOT_DOT:
        return m->request->mode != MODE_HESSIAN && m->outputs[slot->param].present;
    case SLOT_BAR:
        return m->inputs[slot->param].present;
    case SLOT_RESULT_DOT:
    case SLOT_BAR_DOT:
        return true;
    default:
        return false;
    }
}

static const Stretch *result_stretch(const Loop *l, const Slot *slot)
{
    const Matrix *m = l->m;
    if (slot->kind == SLOT_RESULT_DOT)
        return &m->outputs[m->primal->num_params];
    return slot->kind == SLOT_DOT ? &m->outputs[slot->param] : &m->inputs[slot->param];
}

/* ---- the loop ---- */

static Value *rounds_of(Matrix *m, Value *count)
{
    if (value_is_const(count))
        return count->op->int_value > 0 ? count : number(m, 1);
    Value *one = number(m, 1);
    return build_select(&m->b, build_binary(&m->b, OP_GT, count, one), count, one);
}

static void take_round(Loop *l, Value **buffers)
{
    const Slots *slots = &l->step->slots;
    for (size_t i = 0; i < slots->list.count; i++) {
        const Slot *slot = &slots->list.items[i];
        if (!buffers[i] || !is_result_slot(l, slot))
            continue;
        if (l->m->request->mode == MODE_DIVERGENCE)
            add_to_trace(l, result_stretch(l, slot), buffers[i]);
        else
            take_results(l, result_stretch(l, slot), buffers[i]);
    }
}

/* One round: the step in one direction. */
static void build_round(Loop *l, Value **buffers)
{
    Matrix *m = l->m;
    const Slots *slots = &l->step->slots;
    const unsigned n = (unsigned)slots->list.count;
    Value **args = arena_new_array(m->arena, Value *, n);
    restore_originals(m, &l->b);
    for (unsigned i = 0; i < n; i++)
        if (buffers[i])
            prepare_round(l, &slots->list.items[i], buffers[i]);
    for (unsigned i = 0; i < n; i++)
        args[i] = argument(l, &slots->list.items[i], buffers[i]);
    l->result = build_call(&l->b, l->step->function, args, n);
    if (value_is_const(l->count) || !m->matrix) {
        take_round(l, buffers);
        return;
    }
    const Builder outside = l->b; /* of no rows or columns nothing is stored */
    Op *some = build_if(&l->b, build_binary(&l->b, OP_GT, l->count, build_int(&l->b, l->count->type, 0)),
                        NULL, 0);
    Builder none = builder_at_end(some->regions[1]);
    build_yield(&none, NULL, 0);
    l->b = builder_at_end(some->regions[0]);
    take_round(l, buffers);
    build_yield(&l->b, NULL, 0);
    l->b = outside;
}

/* Are the directions told apart by numbers only? Then they are written out one after the other. */
static bool is_written_out(const Loop *l)
{
    enum { MAX_WRITTEN_OUT = 8 };
    if (!value_is_const(l->trips) || l->trips->op->int_value > MAX_WRITTEN_OUT)
        return false;
    const Matrix *m = l->m;
    for (unsigned i = 0; i <= m->primal->num_params && l->trips->op->int_value > 1; i++) {
        const bool is_input = l->by_column && i < m->primal->num_params;
        const Stretch *stretch = l->by_column ? &m->inputs[is_input ? i : 0] : &m->outputs[i];
        if ((is_input || !l->by_column) && stretch->present && !stretch->by_value)
            return false;
    }
    return true;
}

static void write_out(Loop *l, Value **buffers)
{
    Matrix *m = l->m;
    l->trace = m->matrix ? NULL : build_zero(&m->b, m->elem);
    for (int64_t round = 0; round < l->trips->op->int_value; round++) {
        l->b = m->b;
        l->round = build_int(&l->b, long_type(m), round);
        build_round(l, buffers);
    }
}

static void loop_over(Loop *l, Value **buffers)
{
    Matrix *m = l->m;
    const Type *carried = m->matrix ? m->primal->result : m->elem;
    const bool carries = carried->kind != TYPE_VOID;
    Value *initial = !carries ? NULL : m->matrix ? build_undef(&m->b, carried) : build_zero(&m->b, carried);
    Op *loop = build_for(&m->b, OP_LT, number(m, 0), l->trips, number(m, 1), &initial, carries,
                         l->by_column ? "column" : "row");
    l->b = builder_at_end(loop->regions[0]);
    l->round = loop->regions[0]->args.items[0];
    if (carries) {
        loop->results[0]->name = loop->regions[0]->args.items[1]->name =
            intern(m->primal->module->strings, m->matrix ? "value" : "trace");
        l->trace = loop->regions[0]->args.items[1];
    }
    build_round(l, buffers);
    Value *next = m->matrix ? l->result : l->trace;
    build_yield(&l->b, &next, carries);
    l->result = l->trace = carries ? loop->results[0] : NULL;
}

/* Returns the value of the function, or the trace. */
static Value *build_loop(Matrix *m, const Step *step, bool by_column)
{
    Loop l = {.m = m, .step = step, .by_column = by_column};
    const Slots *slots = &step->slots;
    const unsigned n = (unsigned)slots->list.count;
    Value **buffers = arena_new_array(m->arena, Value *, n);
    l.count = by_column ? m->num_inputs : m->num_outputs;
    l.trips = rounds_of(m, l.count);
    for (unsigned i = 0; i < n; i++)
        if (slots->list.items[i].kind != SLOT_ORIGINAL && !is_by_value(&l, &slots->list.items[i]))
            buffers[i] = buffer_for(&l, &slots->list.items[i]);
    if (is_written_out(&l))
        write_out(&l, buffers);
    else
        loop_over(&l, buffers);
    for (unsigned i = 0; i < n; i++)
        free_buffer(&m->b, buffers[i]);
    return m->matrix ? l.result : l.trace;
}

/* ---- the modes ---- */

static bool make_step(Matrix *m, Mode mode, const Rules *rules, const DiffOptions *options, Step *step)
{
    Request request = *m->request;
    request.mode = mode;
    request.name = intern_format(m->primal->module->strings, "%s_%s", m->primal->name, mode_text(mode));
    return mode == MODE_HVP ? hvp_step(&request, rules, options, step)
                            : derivative_step(&request, rules, options, step);
}

static bool both_constant(const Matrix *m)
{
    return value_is_const(m->num_inputs) && value_is_const(m->num_outputs);
}

static bool reverse_is_cheaper(const Matrix *m)
{
    return m->num_outputs->op->int_value * REVERSE_COST < m->num_inputs->op->int_value * FORWARD_COST;
}

/* Both ways, and the test which is cheaper. */
static Value *build_either(Matrix *m, const Step *forward, const Step *backward)
{
    const Builder outer = m->b;
    Value *test = build_binary(&m->b, OP_LT, times(&m->b, m->num_outputs, number(m, REVERSE_COST)),
                               times(&m->b, m->num_inputs, number(m, FORWARD_COST)));
    const Type *type = m->primal->result;
    const bool has_value = type->kind != TYPE_VOID;
    Op *op = build_if(&m->b, test, &type, has_value);
    const Builder after = m->b;
    for (unsigned r = 0; r < 2; r++) {
        m->b = builder_at_end(op->regions[r]);
        m->b.loc = outer.loc;
        Value *value = build_loop(m, r == 0 ? backward : forward, r == 1);
        build_yield(&m->b, &value, has_value);
    }
    m->b = after;
    return has_value ? op->results[0] : NULL;
}

static const char *describe(Matrix *m, const char *how)
{
    const Function *primal = m->primal;
    Text doc = {0};
    switch (m->request->mode) {
    case MODE_JACOBIAN:
        text_printf(m->arena, &doc,
                    "Value and Jacobian of %s (%s), %s.\n\n%s  overwritten: row-major, one row per output, one "
                    "column per input",
                    primal->name, place_of(primal), how, m->matrix_name);
        break;
    case MODE_HESSIAN:
        text_printf(m->arena, &doc,
                    "Value and Hessian of %s (%s), %s.\n\n%s  overwritten: row-major, symmetric to the last bit",
                    primal->name, place_of(primal), how, m->matrix_name);
        break;
    default:
        text_printf(m->arena, &doc, "Divergence of %s (%s): the trace of its Jacobian, %s.\n", primal->name,
                    place_of(primal), how);
        break;
    }
    return doc.items;
}

static Value *build_jacobian(Matrix *m, const Rules *rules, const DiffOptions *options, const char **how)
{
    Step forward, backward;
    const bool square = values_are_same(m->num_inputs, m->num_outputs), known = square || both_constant(m);
    const bool reverse = known && !square && reverse_is_cheaper(m);
    if (!known || !reverse)
        m->failed = m->failed || !make_step(m, MODE_JVP, rules, options, &forward);
    if (!m->failed && (!known || reverse))
        m->failed = !make_step(m, MODE_VJP, rules, options, &backward);
    if (m->failed)
        return NULL;
    *how = !known ? "row by row in reverse or column by column forward, whichever is cheaper"
           : reverse ? "row by row, in reverse" : "column by column, forward";
    if (known)
        return build_loop(m, reverse ? &backward : &forward, !reverse);
    return build_either(m, &forward, &backward);
}

static void check_square(Matrix *m)
{
    if (!values_are_same(m->num_inputs, m->num_outputs) && !m->failed)
        complain(m, MSG_NOT_SQUARE, m->primal->name);
}

Function *matrix_generate(const Request *request, const Rules *rules, const DiffOptions *options)
{
    Function *primal = function_clone(request->function);
    Matrix m = {.request = request, .arena = primal->module->arena, .primal = primal};
    Signature signature;
    Request resolved = *request;
    if (request->mode == MODE_HESSIAN)
        resolved.mode = MODE_GRAD;
    if (!globals_lift(primal, request) || !signature_resolve(&resolved, primal, &signature) ||
        !no_global_roles(&signature))
        return NULL;
    m.signature = &signature;
    declare(&m);
    clone_shapes(&m);
    lay_out(&m);
    keep_originals(&m);
    if (request->mode == MODE_DIVERGENCE)
        check_square(&m);
    if (m.failed)
        return NULL;
    const char *how = request->mode == MODE_HESSIAN ? "column by column" : "column by column, forward";
    Value *result = NULL;
    Step step;
    if (request->mode == MODE_JACOBIAN)
        result = build_jacobian(&m, rules, options, &how);
    else if (make_step(&m, request->mode == MODE_HESSIAN ? MODE_HVP : MODE_JVP, rules, options, &step))
        result = build_loop(&m, &step, true);
    else
        m.failed = true;
    if (m.failed)
        return NULL;
    for (unsigned i = 0; i < primal->num_params; i++)
        free_buffer(&m.b, m.kept[i]);
    build_return(&m.b, result);
    m.function->doc = describe(&m, how);
    inline_calls(m.function);
    return m.function;
}
