/* What a function does besides its outputs, where it is evaluated once per row or column.
 *
 * What it overwrites and reads is kept aside and restored for every round; other effects, which would happen again
 * and again, are refused. */
#include "analysis/memory.h"
#include "analysis/roles.h"
#include "diff/matrix.h"
#include "diff/once.h"
#include "diff/pairs.h"
#include "rules/calls.h"

typedef struct Effects {
    Matrix *matrix;
    bool *read; /* by parameter: its memory is read */
    bool others;
} Effects;

/* A variable of the program that a pointer in memory may point to, or be found in. */
static void find_global(Op *op, void *context)
{
    if (op->kind == OP_GLOBAL && !op->global->is_const && (!type_is_arithmetic(op->global->type) || local_escapes(op->results[0])))
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
    if (call_has_roles(op)) {
        for (unsigned i = 0; i < call_num_arguments(op); i++)
            if (argument_is_written(op, i) && may_write_elsewhere(primal, op_operand(op, i)))
                return true;
        return false;
    }
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
    if (op->kind == OP_CALL && !once_is_guarded(op) && call_has_effects(primal, op))
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

void matrix_find_effects(Matrix *m)
{
    const unsigned n = m->primal->num_params;
    Effects effects = {.matrix = m, .read = arena_new_array(m->arena, bool, n)};
    region_walk(m->primal->body, look_at, &effects);
    if (effects.others && !m->failed) {
        diag(m->primal->module->diags, MSG_EFFECTS_REPEATED, m->request->loc, m->primal->name,
             m->request->sparse ? "" : " and what it prints to stdout or stderr");
        m->failed = true;
    }
    m->changing = arena_new_array(m->arena, Value *, n);
    for (unsigned i = 0; i < n && !m->failed; i++) {
        if (!m->signature.roles[i].overwritten || !effects.read[i] || m->originals[i] == m->decisions)
            continue;
        const Stretch *known = m->inputs[i].present ? &m->inputs[i] : &m->outputs[i];
        m->changing[i] = !known->present ? matrix_extent(m, i, "work") : known->record ? known->records : known->count;
    }
}

void matrix_keep_originals(Matrix *m)
{
    for (unsigned i = 0; i < m->primal->num_params && !m->failed; i++) {
        if (!m->changing[i])
            continue;
        const char *name = intern_format(m->primal->module->strings, "%s_entry", m->primal->params[i].name);
        m->kept[i] = matrix_new_buffer(&m->b, m->originals[i]->type->elem, m->changing[i], name);
        build_copy(&m->b, m->kept[i], m->originals[i], m->changing[i]);
    }
}

void matrix_restore_originals(const Matrix *m, Builder *b)
{
    for (unsigned i = 0; i < m->primal->num_params; i++)
        if (m->kept[i])
            build_copy(b, m->originals[i], m->kept[i], m->changing[i]);
}

void matrix_free_originals(Matrix *m)
{
    for (unsigned i = 0; i < m->primal->num_params; i++) {
        matrix_free_buffer(&m->b, m->kept[i]);
        m->kept[i] = NULL;
    }
}
