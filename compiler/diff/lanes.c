/* Several directions at once: every tangent becomes an array of them; or several seeds: every adjoint does.
 *
 *     t = sin(x[i]);                               t = sin(x[i]);
 *     t_dot = x_dot[i] * cos(x[i]);      becomes   u = cos(x[i]);
 *     y_dot[i] = t_dot * a;                        for (d = 0; d < K; d++) {
 *                                                      t_dot = x_dot[i][d] * u;
 *                                                      y_dot[i][d] = t_dot * a;
 *                                                  }
 *
 * Algorithm. In a tangent's code nothing of the primal depends on tangents, and their memory is apart. So in
 * each stretch without control flow all that belongs to the primal comes first, once, and what belongs to
 * the tangents behind it, in a loop over the directions. A tangent that is used in another stretch, carried by a
 * loop or chosen by an if lives in a local array between them. (Vector mode: Griewank and Walther, Evaluating
 * Derivatives, 2nd ed., section 3.1.) Of an adjoint the same is true, in both of its sweeps.
 *
 * Where x_dot[i][d] is a struct, its members, and what they point to, are each direction's own: such addresses are computed in
 * the loop over the directions.
 *
 * A record of the tape holds the numbers of all lanes one by one; of many directions each has a record of its own. Calls of
 * linear algebra are made once per direction (diff/lane_calls.c).
 *
 * Requires: a tangent or adjoint step, not simplified. Does not handle: pointers to memory of all directions that are stored in structs, other
 * calls; in adjoints, pointers that are followed in memory. */
#include "diff/lanes_internal.h"

#include "diff/short_loops.h"
#include "rules/calls.h"

/* ---- the walk ---- */

static bool touches_tangents(const Lanes *l, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next) {
        for (unsigned i = 0; i < op->num_operands; i++)
            if (l->part[op_operand(op, i)->id] != PART_PRIMAL)
                return true;
        for (unsigned r = 0; r < op->num_regions; r++)
            if (touches_tangents(l, op->regions[r]))
                return true;
    }
    return false;
}

/* Is any operand such a value? */
static bool has_operand(const Lanes *l, const Op *op, bool (*is_such)(const Lanes *l, const Value *value))
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (is_such(l, op_operand(op, i)))
            return true;
    return false;
}

/* A number, or a pointer of each direction, is put where it belongs. */
static bool is_lane_store(const Lanes *l, const Op *op)
{
    if (op->kind != OP_STORE && op->kind != OP_ACCUMULATE)
        return false;
    const Value *address = op_operand(op, 0);
    return is_lanes(l, address) || (is_shadow(l, address) && !type_is_pointer(op_operand(op, 1)->type));
}

static void walk_op(Lanes *l, const Op *op)
{
    l->b.loc = op->loc;
    const bool is_tape = op->kind == OP_TAPE_PUSH || op->kind == OP_TAPE_POP;
    const bool result_lanes = op->num_results && is_lanes(l, op->results[0]);
    if (op->num_regions && (touches_tangents(l, op->regions[op->num_regions - 1]) ||
                            touches_tangents(l, op->regions[0]) || has_operand(l, op, is_lanes))) {
        close_run(l);
        walk_control(l, op);
    } else if (is_tape) {
        tape_op(l, op);
    } else if (op->kind == OP_CALL && (has_operand(l, op, is_lanes) || has_operand(l, op, is_shadow) || result_lanes)) {
        if (call_is_ruled(op))
            ruled_lanes(l, op);
        else
            lanes_refuse(l);
    } else if (result_lanes || is_lane_store(l, op)) {
        lane_op(l, op);
    } else if (has_operand(l, op, is_lanes) && op->kind != OP_SHAPE) {
        lane_range(l, op);
    } else if (has_operand(l, op, is_shadow) || (op->num_results && is_shadow(l, op->results[0]))) {
        shadow_op(l, op);
    } else {
        build_clone(&l->b, op, l->map); /* of the primal: once, in front of the run */
    }
}

void walk_region(Lanes *l, const Region *region)
{
    for (const Op *op = region->first; op && !l->failed; op = op->next)
        if (op->kind != OP_YIELD && op->kind != OP_RETURN)
            walk_op(l, op);
}

/* ---- the step ---- */

static bool expand(const Request *request, unsigned count, Step *step, bool is_quiet)
{
    Arena *arena = step->function->module->arena;
    const Part *part = parts_of_step(arena, step, true);
    if (part && short_loops_write_out(step->function, part))
        part = parts_of_step(arena, step, true);
    const unsigned n = step->function->num_values;
    Lanes l = {.request = request,
               .arena = arena,
               .from = step->function,
               .count = count,
               .is_quiet = is_quiet,
               .part = part,
               .map = arena_new_array(arena, Value *, n),
               .run = arena_new_array(arena, unsigned, n),
               .home = arena_new_array(arena, Value *, n)};
    if (step->is_reverse_over_forward || !l.part)
        lanes_refuse(&l);
    else
        lanes_declare(&l, step);
    if (l.failed)
        return false;
    l.b = builder_at_end(l.to->body);
    lanes_map_params(&l, step);
    walk_region(&l, l.from->body);
    close_run(&l);
    if (l.failed)
        return false;
    const Op *end = region_terminator(l.from->body);
    build_return(&l.b, end->num_operands ? l.map[op_operand(end, 0)->id] : NULL);
    l.to->doc = arena_format(arena, "%s\n\n%u directions at once: the innermost index of each of these is that of the direction.",
                             step->function->doc, count);
    step->function = l.to;
    return true;
}

bool lanes_expand(const Request *request, unsigned lanes, Step *step)
{
    return expand(request, lanes, step, false);
}

bool lanes_try(const Request *request, unsigned lanes, Step *step)
{
    return expand(request, lanes, step, true);
}
