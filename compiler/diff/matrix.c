/* Dense Jacobians and Hessians, and divergences: a step for every row or block of columns.
 *
 *     jacobian    for every block of columns: the tangents in the directions e_j    (forward), or
 *                 for every block of rows: the adjoints of the seeds e_i            (reverse)
 *     hessian     for every block of columns: the Hessian times e_j; one triangle, mirrored
 *     divergence  for every j: component j of the tangent in the direction e_j, summed
 *
 * The rows or columns of a block share one evaluation of the primal. A row then costs about as much as three columns (in a 2 x 15
 * Jacobian 1.0 and 0.27 evaluations): the cheaper way is taken, at run time where the extents are not constant. (Griewank and Walther,
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
static Value *build_either(Matrix *m, const Step *forward, unsigned directions, const Step *backward, unsigned seeds)
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
        Value *value = r == 0 ? matrix_loop(m, backward, false, seeds, NULL)
                              : matrix_loop(m, forward, true, directions, NULL);
        build_yield(&m->b, &value, has_value);
    }
    m->b = after;
    return has_value ? op->results[0] : NULL;
}

/* "8 columns at a time, forward" */
static const char *describe_way(const Matrix *m, bool by_column, unsigned at_once)
{
    const char *what = by_column ? "column" : "row", *how = by_column ? "forward" : "in reverse";
    if (at_once == 1)
        return arena_format(m->arena, "%s by %s, %s", what, what, how);
    if (value_is_int(by_column ? m->num_inputs : m->num_outputs, at_once))
        return arena_format(m->arena, "all %ss at once, %s", what, how);
    return arena_format(m->arena, "%u %ss at a time, %s", at_once, what, how);
}

static Value *build_jacobian(Matrix *m, const Rules *rules, const DiffOptions *options, const char **how)
{
    Step forward, backward;
    unsigned directions = 1, seeds = 1;
    const bool square = matrix_is_square(m), known = square || both_constant(m) || options->no_columns;
    const bool reverse = options->no_columns || (known && !square && reverse_is_cheaper(m));
    if ((!known || !reverse) && matrix_step(m, MODE_JVP, rules, options, &forward))
        directions = matrix_widen(m, &forward, true, options);
    if (!m->failed && (!known || reverse) && matrix_step(m, MODE_VJP, rules, options, &backward))
        seeds = matrix_widen(m, &backward, false, options);
    if (m->failed)
        return NULL;
    *how = describe_way(m, !reverse, reverse ? seeds : directions);
    if (known)
        return reverse ? matrix_loop(m, &backward, false, seeds, NULL) : matrix_loop(m, &forward, true, directions, NULL);
    *how = arena_format(m->arena, "%s or %s, whichever is cheaper", describe_way(m, false, seeds), *how);
    return build_either(m, &forward, directions, &backward, seeds);
}

static Value *build_by_columns(Matrix *m, Mode mode, const Rules *rules, const DiffOptions *options, const char **how)
{
    Step step;
    if (!matrix_step(m, mode, rules, options, &step))
        return NULL;
    const unsigned directions = matrix_widen(m, &step, true, options);
    *how = describe_way(m, true, directions);
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
    matrix_find_effects(&m);
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
