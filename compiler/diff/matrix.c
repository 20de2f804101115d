/* Dense Jacobians and Hessians, and divergences: a step for every row or block of columns.
 *
 *     jacobian    for every block of columns: the tangents in the directions e_j    (forward), or
 *                 for every row i: the adjoint of the seed e_i                      (reverse)
 *     hessian     for every block of columns: the Hessian times e_j; one triangle, mirrored
 *     divergence  for every j: component j of the tangent in the direction e_j, summed
 *
 * Reverse costs about 4 evaluations a row; forward, where the directions of a block share one primal evaluation, about
 * 1.5 a column: the cheaper one is taken, at run time where the extents are not constant. (Griewank and Walther,
 * Evaluating Derivatives, 2nd ed., section 4.)
 *
 * Requires: the primal as for steps. */
#include "diff/matrix.h"

#include "diff/composed.h"
#include "diff/once.h"

static bool both_constant(const Matrix *m)
{
    return value_is_const(m->num_inputs) && value_is_const(m->num_outputs);
}

static bool reverse_is_cheaper(const Matrix *m)
{
    return m->num_outputs->op->int_value * REVERSE_COST < m->num_inputs->op->int_value * FORWARD_COST;
}

/* Both ways, and the test which is cheaper. */
static Value *build_either(Matrix *m, const Step *forward, unsigned directions, const Step *backward)
{
    const Builder outer = m->b;
    Value *reverse_cost = build_binary(&m->b, OP_MUL, m->num_outputs, matrix_number(m, REVERSE_COST));
    Value *forward_cost = build_binary(&m->b, OP_MUL, m->num_inputs, matrix_number(m, FORWARD_COST));
    const Type *type = m->primal->result;
    const bool has_value = type->kind != TYPE_VOID;
    Op *op = build_if(&m->b, build_binary(&m->b, OP_LT, reverse_cost, forward_cost), &type, has_value);
    const Builder after = m->b;
    for (unsigned r = 0; r < 2; r++) {
        m->b = builder_at_end(op->regions[r]);
        m->b.loc = outer.loc;
        Value *value = r == 0 ? matrix_loop(m, backward, false, 1, NULL)
                              : matrix_loop(m, forward, true, directions, NULL);
        build_yield(&m->b, &value, has_value);
    }
    m->b = after;
    return has_value ? op->results[0] : NULL;
}

/* "8 columns at a time, forward" */
static const char *describe_forward(const Matrix *m, unsigned directions)
{
    if (directions == 1)
        return "column by column, forward";
    return value_is_int(m->num_inputs, directions)
               ? "all columns at once, forward"
               : arena_format(m->arena, "%u columns at a time, forward", directions);
}

static Value *build_jacobian(Matrix *m, const Rules *rules, const DiffOptions *options, const char **how)
{
    Step forward, backward;
    unsigned directions = 1;
    const bool square = matrix_is_square(m), known = square || both_constant(m);
    const bool reverse = known && !square && reverse_is_cheaper(m);
    if ((!known || !reverse) && matrix_step(m, MODE_JVP, rules, options, &forward))
        directions = matrix_widen(m, &forward, false);
    if (!m->failed && (!known || reverse))
        matrix_step(m, MODE_VJP, rules, options, &backward);
    if (m->failed)
        return NULL;
    *how = known && reverse ? "row by row, in reverse" : describe_forward(m, directions);
    if (!known)
        *how = arena_format(m->arena, "row by row in reverse or %s, whichever is cheaper", *how);
    if (known)
        return matrix_loop(m, reverse ? &backward : &forward, !reverse, directions, NULL);
    return build_either(m, &forward, directions, &backward);
}

static Value *build_by_columns(Matrix *m, Mode mode, const Rules *rules, const DiffOptions *options, const char **how)
{
    Step step;
    if (!matrix_step(m, mode, rules, options, &step))
        return NULL;
    const unsigned directions = matrix_widen(m, &step, false);
    *how = describe_forward(m, directions);
    return matrix_loop(m, &step, true, directions, NULL);
}

static const char *describe(const Matrix *m, const char *how)
{
    const Function *primal = m->primal;
    switch (m->request->mode) {
    case MODE_JACOBIAN:
        return arena_format(m->arena,
                            "Value and Jacobian of %s (%s), %s.\n\n%s  overwritten: row-major, one row per output, "
                            "one column per input",
                            primal->name, place_of(primal), how, m->matrix_name);
    case MODE_HESSIAN:
        return arena_format(m->arena,
                            "Value and Hessian of %s (%s), %s.\n\n%s  overwritten: row-major, symmetric to the last "
                            "bit",
                            primal->name, place_of(primal), how, m->matrix_name);
    default:
        return arena_format(m->arena, "Divergence of %s (%s): the trace of its Jacobian, %s.\n", primal->name,
                            place_of(primal), how);
    }
}

Function *matrix_generate(const Request *request, const Rules *rules, const DiffOptions *options)
{
    Matrix m;
    Request repeated = *request;
    repeated.function = once_guarded(request->function);
    if (!matrix_begin(&m, &repeated))
        return NULL;
    matrix_keep_originals(&m);
    if (request->mode == MODE_DIVERGENCE && !matrix_is_square(&m) && !m.failed)
        matrix_complain(&m, MSG_NOT_SQUARE, m.primal->name);
    if (m.failed)
        return NULL;
    const char *how = "";
    Value *result = request->mode == MODE_JACOBIAN
                        ? build_jacobian(&m, rules, options, &how)
                        : build_by_columns(&m, request->mode == MODE_HESSIAN ? MODE_HVP : MODE_JVP, rules,
                                           options, &how);
    return m.failed ? NULL : matrix_finish(&m, result, describe(&m, how));
}
