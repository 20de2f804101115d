/* Runs a function on what is known of its values: round by round where the bounds of loops are known, each branch where its
 * condition is not. */
#include "analysis/directions_internal.h"

#include <string.h>

enum { MAX_STEPS = 1000000, MAX_PASSES = 40, WIDENING_PASS = 6 };

static void run_region(Run *run, const Region *region);

static void forget(Run *run, const Value *value)
{
    run->known[value->id] = (Known){.number = NUMBER_UNKNOWN, .set = lanes_below(MAX_LANES)};
}

static void forget_results(Run *run, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++)
        forget(run, op->results[i]);
}

/* ---- branches ---- */

static void take_branch(Run *run, const Op *op, unsigned branch)
{
    run_region(run, op->regions[branch]);
    for (unsigned i = 0; i < op->num_results; i++)
        run->known[op->results[i]->id] = run->known[op_operand(region_terminator(op->regions[branch]), i)->id];
}

static void run_if(Run *run, const Op *op)
{
    const Number condition = run->known[op_operand(op, 0)->id].number;
    if (number_is_exact(&condition)) {
        take_branch(run, op, condition.offset == 0);
        return;
    }
    Element *before = elements_copy(run);
    run_region(run, op->regions[0]);
    Element *after = run->elements;
    run->elements = before;
    run_region(run, op->regions[1]);
    elements_join(run, run->elements, after, false);
    for (unsigned i = 0; i < op->num_results; i++) {
        const LaneSet set = run->known[op_operand(region_terminator(op->regions[0]), i)->id].set |
                            run->known[op_operand(region_terminator(op->regions[1]), i)->id].set;
        forget(run, op->results[i]);
        run->known[op->results[i]->id].set = set;
    }
}

/* ---- loops ---- */

static int64_t trips_of(const Op *loop, int64_t lower, int64_t upper, int64_t step)
{
    const int64_t span = upper - lower;
    switch (loop->compare) {
    case OP_LT: return span > 0 ? (span + step - 1) / step : 0;
    case OP_LE: return span >= 0 ? span / step + 1 : 0;
    case OP_GT: return span < 0 ? (span + step + 1) / step : 0;
    case OP_GE: return span <= 0 ? span / step + 1 : 0;
    default: return -1;
    }
}

static void run_rounds(Run *run, const Op *loop, int64_t lower, int64_t step, int64_t trips)
{
    const Region *body = loop->regions[0];
    for (unsigned i = 0; i < loop->num_results; i++)
        run->known[loop->results[i]->id] = run->known[loop_carried_init(loop, i)->id];
    for (int64_t t = 0; t < trips && !run->failed; t++) {
        const int64_t round = loop->flags & OP_FLAG_REVERSED ? trips - 1 - t : t;
        run->known[body->args.items[0]->id].number = (Number){lower + round * step, 0, 0};
        for (unsigned i = 0; i < loop->num_results; i++)
            run->known[loop_carried_arg(loop, i)->id] = run->known[loop->results[i]->id];
        run_region(run, body);
        for (unsigned i = 0; i < loop->num_results; i++)
            run->known[loop->results[i]->id] = run->known[loop_carried_next(loop, i)->id];
    }
}

/* Until nothing changes: what holds at the beginning of every round, and so behind the last one. */
static void run_until_stable(Run *run, const Op *loop)
{
    for (unsigned r = 0; r < loop->num_regions; r++)
        for (size_t i = 0; i < loop->regions[r]->args.count; i++)
            forget(run, loop->regions[r]->args.items[i]);
    Element *head = elements_copy(run);
    for (unsigned pass = 0; !run->failed; pass++) {
        for (unsigned r = 0; r < loop->num_regions; r++)
            run_region(run, loop->regions[r]);
        const bool changed = elements_join(run, head, run->elements, pass >= WIDENING_PASS);
        memcpy(run->elements, head, run->num_elements * sizeof *head);
        if (!changed)
            break;
        run->failed = run->failed || pass == MAX_PASSES;
    }
    forget_results(run, loop);
}

static void run_for(Run *run, const Op *loop)
{
    const Number lower = run->known[op_operand(loop, 0)->id].number, upper = run->known[op_operand(loop, 1)->id].number;
    const Number step = run->known[op_operand(loop, 2)->id].number;
    const bool is_known = number_is_exact(&lower) && number_is_exact(&upper) && number_is_exact(&step) && step.offset != 0;
    const int64_t trips = is_known ? trips_of(loop, lower.offset, upper.offset, step.offset) : -1;
    if (trips >= 0 && trips <= MAX_COUNTER)
        run_rounds(run, loop, lower.offset, step.offset, trips);
    else
        run_until_stable(run, loop);
}

/* All directions at once: one does not touch what is another one's. */
static void run_directions(Run *run, LaneLoop *loop)
{
    Execution *execution = arena_new(run->scratch, Execution);
    execution->loop = loop;
    for (unsigned i = 0; i < loop->depth; i++) {
        const Number counter = run->known[loop->levels[i].around->regions[0]->args.items[0]->id].number;
        const bool is_usable = number_is_exact(&counter) && counter.offset >= 0 && counter.offset < MAX_COUNTER;
        execution->counters[i] = is_usable ? (int)counter.offset : -1;
    }
    const Region *body = loop->loop->regions[0];
    for (size_t i = 0; i < body->args.count; i++)
        forget(run, body->args.items[i]);
    run->known[body->args.items[0]->id].number = (Number){0, 1, 0};
    run->execution = execution;
    run->range = loop->is_full ? lanes_below(loop->lanes) : range_of(execution);
    need_lanes(run, execution, 0);
    run_region(run, body);
    run->execution = NULL;
    forget_results(run, loop->loop);
}

/* ---- ops ---- */

/* &base[i0]...[in], counted in numbers. */
static void run_index(Run *run, const Op *op)
{
    const Known base = run->known[op_operand(op, 0)->id];
    Number place = run->known[op_operand(op, 1)->id].number;
    for (unsigned i = 2; i < op->num_operands; i += 2) {
        const Number extent = run->known[op_operand(op, i)->id].number;
        place = number_is_exact(&extent) ? number_product(place, extent.offset) : NUMBER_UNKNOWN;
        place = number_sum(place, run->known[op_operand(op, i + 1)->id].number);
    }
    run->known[op->results[0]->id] = (Known){.number = number_sum(base.number, place), .array = base.array};
}

static void run_memory(Run *run, const Op *op)
{
    if (op->kind == OP_ALLOCA || op->kind == OP_ALLOC) {
        const LaneArray *array = run->array_of[op->results[0]->id];
        forget_results(run, op);
        if (array) {
            run->known[op->results[0]->id] = (Known){.array = array};
            array_is_new(run, array);
        }
        return;
    }
    const bool is_array = run->known[op_operand(op, 0)->id].array != NULL;
    if (op->kind == OP_INDEX) {
        run_index(run, op);
    } else if (op->kind == OP_LOAD) {
        forget_results(run, op);
        if (is_array)
            run->known[op->results[0]->id].set = read_lanes(run, op);
        run->loaded[op->results[0]->id] |= run->known[op->results[0]->id].set;
    } else if (is_array && op->kind == OP_ZERO) {
        fill_lanes(run, op);
    } else if (is_array && op->kind != OP_FREE) {
        write_lanes(run, op);
    }
}

static void run_control(Run *run, const Op *op)
{
    LaneLoop *directions = op->kind == OP_FOR ? run->loop_of[op->regions[0]->args.items[0]->id] : NULL;
    if (directions)
        run_directions(run, directions);
    else if (op->kind == OP_IF)
        run_if(run, op);
    else if (op->kind == OP_FOR)
        run_for(run, op);
    else
        run_until_stable(run, op);
}

static void run_op(Run *run, const Op *op)
{
    switch (op->kind) {
    case OP_ALLOCA:
    case OP_ALLOC:
    case OP_INDEX:
    case OP_LOAD:
    case OP_STORE:
    case OP_ACCUMULATE:
    case OP_ZERO:
    case OP_FREE:
        run_memory(run, op);
        break;
    case OP_IF:
    case OP_FOR:
    case OP_WHILE:
        run_control(run, op);
        break;
    default:
        forget_results(run, op);
        if (op->num_results == 1) {
            run->known[op->results[0]->id].number = number_of_op(run, op);
            run->known[op->results[0]->id].set = set_of_op(run, op);
        }
    }
}

static void run_region(Run *run, const Region *region)
{
    for (const Op *op = region->first; op && !run->failed; op = op->next) {
        run_op(run, op);
        run->failed = run->failed || ++run->steps > MAX_STEPS;
    }
}

/* The matrix that the function fills is read by its caller. */
static void return_arrays(Run *run)
{
    for (size_t i = 0; i < run->num_arrays; i++)
        if (!run->arrays[i].base->op)
            array_is_read(run, &run->arrays[i]);
}

void run_function(Run *run)
{
    for (unsigned i = 0; i < run->function->num_values; i++)
        run->known[i] = (Known){.number = NUMBER_UNKNOWN, .set = lanes_below(MAX_LANES)};
    for (size_t i = 0; i < run->num_arrays; i++) {
        const LaneArray *array = &run->arrays[i];
        array_is_new(run, array);
        if (!array->base->op)
            run->known[array->base->id] = (Known){.array = array};
    }
    run->execution = NULL;
    run->steps = 0;
    run_region(run, run->function->body);
    return_arrays(run);
}
