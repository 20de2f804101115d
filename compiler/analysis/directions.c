/* Which directions can be other than zero: see directions.h.
 *
 * Problem. The tangents of a matrix are computed in all directions at once, but what an input of its own has an influence on is zero in
 * most of them: the transforms of a finger depend on the four parameters of that finger.
 *
 * Algorithm. The function is run on what is known at compile time: integers where they are, and for each element of the local arrays of tangents
 * in which directions it can be other than zero (a sum where one of its terms can, a product where all of its factors can). Loops whose counters are
 * known run round by round, others until nothing changes. So each execution of a loop over directions tells which of them it needs, and
 * from all executions follows a range, of constant width, that begins at a formula of one counter around.
 *
 * A loop that runs over a part leaves the rest of what it overwrites as it was, which is not always zero. So it is run again, with
 * these ranges, and it is noted where memory still holds what it should. What is read must: if it does not, the loop that wrote it
 * needs those directions, too, and it all begins again. Needs only grow, so this ends.
 *
 * Requires: tangents in loops marked `!tangent` (diff/lanes.c). Does not handle: more than 64 directions, extents that are not constant. */
#include "analysis/directions_internal.h"

#include "analysis/coverage.h"

#include <string.h>

enum { MAX_ROUNDS = 40, WIDENING_ROUND = 12, MAX_ELEMENTS = 20000, MAX_LOOPS = 1000 };

typedef struct Finding {
    Arena *arena;
    Run run;
    VEC(LaneLoop) loops;
    VEC(LaneArray) arrays;
} Finding;

/* ---- the arrays ---- */

/* Does the pointer go nowhere: is it only used to read and write what it points to? */
static bool is_confined(const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next) {
        const Op *op = use->user;
        const bool is_address = use == &op->operands[0];
        const bool is_access = op->kind == OP_LOAD || op->kind == OP_STORE || op->kind == OP_ACCUMULATE || op->kind == OP_ZERO ||
                               op->kind == OP_FREE;
        if (!is_address || !(is_access || (op->kind == OP_INDEX && is_confined(op->results[0]))))
            return false;
    }
    return true;
}

static int64_t numbers_in(const Op *allocation)
{
    int64_t count = 1;
    for (unsigned i = 0; i < allocation->num_operands; i++) {
        const Value *extent = op_operand(allocation, i);
        if (!value_is_const(extent) || extent->op->int_value <= 0 || extent->op->int_value > MAX_ELEMENTS * MAX_LANES)
            return 0;
        count *= extent->op->int_value;
        if (count > MAX_ELEMENTS * MAX_LANES)
            return 0;
    }
    return count;
}

/* A matrix has as many numbers as are set to zero at first. */
static int64_t numbers_filled(const Value *matrix)
{
    int64_t most = 0;
    for (const Use *use = matrix->uses; use; use = use->next) {
        const Value *count = use->user->kind == OP_ZERO ? op_operand(use->user, 1) : NULL;
        if (count && value_is_const(count) && count->op->int_value > most)
            most = count->op->int_value;
    }
    return most <= MAX_ELEMENTS * MAX_LANES ? most : 0;
}

/* The array that the address is in has as many numbers for each element as there are directions. */
static void note_array(Finding *f, const Value *address, unsigned lanes)
{
    while (address->op && address->op->kind == OP_INDEX)
        address = op_operand(address->op, 0);
    const Op *op = address->op;
    const bool is_local = op && (op->kind == OP_ALLOCA || op->kind == OP_ALLOC);
    if (!type_is_floating(address->type->elem) || !(is_local || value_is_matrix(f->run.function, address)))
        return;
    for (size_t i = 0; i < f->arrays.count; i++)
        if (f->arrays.items[i].base == address)
            return;
    const int64_t numbers = is_local ? numbers_in(op) : numbers_filled(address);
    if (numbers == 0 || numbers % lanes != 0 || f->run.num_elements + numbers / lanes > MAX_ELEMENTS || !is_confined(address))
        return;
    const LaneArray array = {address, lanes, f->run.num_elements, (unsigned)(numbers / lanes)};
    f->run.num_elements += array.count;
    vec_push(f->arena, &f->arrays, array);
}

/* ---- the loops ---- */

static bool is_over_directions(const Op *op)
{
    if (op->kind != OP_FOR || !(op->flags & OP_FLAG_TANGENT) || op->compare != OP_LT || op->num_results != 0 ||
        !value_is_int(op_operand(op, 0), 0) || !value_is_const(op_operand(op, 1)) || !value_is_int(op_operand(op, 2), 1))
        return false;
    for (const Op *inner = op->regions[0]->first; inner; inner = inner->next)
        if (inner->num_regions || inner->kind == OP_ALLOCA)
            return false;
    const int64_t lanes = op_operand(op, 1)->op->int_value;
    return lanes >= MIN_LANES && lanes <= MAX_LANES;
}

static void find_loop(Op *op, void *context)
{
    Finding *f = context;
    if (!is_over_directions(op))
        return;
    LaneLoop loop = {.loop = op, .lanes = (unsigned)op_operand(op, 1)->op->int_value};
    loop.range = (DirectionRange){.width = loop.lanes, .divisor = 1};
    for (const Op *inner = op->regions[0]->first; inner; inner = inner->next)
        if (inner->kind == OP_LOAD || inner->kind == OP_STORE || inner->kind == OP_ACCUMULATE)
            note_array(f, op_operand(inner, 0), loop.lanes);
    vec_push(f->arena, &f->loops, loop);
}

static void note_levels(Finding *f, LaneLoop *loop)
{
    loop->levels = arena_new_array(f->arena, Level, MAX_AROUND);
    for (Op *op = loop->loop->parent->owner; op && loop->depth < MAX_AROUND; op = op->parent->owner)
        if (op->kind == OP_FOR)
            loop->levels[loop->depth++].around = op;
}

/* Are such arrays all that it writes? */
static bool writes_arrays_only(const Run *run, const LaneLoop *loop)
{
    for (const Op *op = loop->loop->regions[0]->first; op; op = op->next) {
        const bool writes = op->kind == OP_STORE || op->kind == OP_ACCUMULATE;
        if (!writes && op->kind != OP_LOAD && op->kind != OP_YIELD && op_table[op->kind].effect != EFFECT_PURE)
            return false;
        const Value *base = op->num_operands ? op_operand(op, 0) : NULL;
        while (writes && base->op && base->op->kind == OP_INDEX)
            base = op_operand(base->op, 0);
        if (writes && !run->array_of[base->id])
            return false;
    }
    return true;
}

/* ---- rounds ---- */

static void prepare(Finding *f)
{
    Run *run = &f->run;
    run->arrays = f->arrays.items;
    run->num_arrays = f->arrays.count;
    run->loops = f->loops.items;
    run->num_loops = f->loops.count;
    run->loop_of = arena_new_array(f->arena, LaneLoop *, run->function->num_values);
    run->array_of = arena_new_array(f->arena, const LaneArray *, run->function->num_values);
    run->loaded = arena_new_array(f->arena, LaneSet, run->function->num_values);
    run->known = arena_new_array(f->arena, Known, run->function->num_values);
    for (size_t i = 0; i < run->num_arrays; i++)
        run->array_of[run->arrays[i].base->id] = &run->arrays[i];
    for (size_t i = 0; i < run->num_loops; i++) {
        LaneLoop *loop = &run->loops[i];
        run->loop_of[loop->loop->regions[0]->args.items[0]->id] = loop;
        note_levels(f, loop);
        loop->is_full = !writes_arrays_only(run, loop);
    }
}

/* Does any loop leave out directions? */
static bool are_some_narrow(const Run *run)
{
    for (size_t i = 0; i < run->num_loops; i++)
        if (!run->loops[i].is_full && run->loops[i].range.width < run->loops[i].lanes)
            return true;
    return false;
}

/* Until every need is met, or there is no loop any more that leaves out any; false: it takes too long. */
static bool run_rounds(Finding *f)
{
    Run *run = &f->run;
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        Arena scratch = {0};
        run->scratch = &scratch;
        run->elements = arena_new_array(&scratch, Element, run->num_elements);
        run->changed = false;
        run->widens = round >= WIDENING_ROUND;
        run_function(run);
        arena_release(&scratch);
        if (run->failed)
            return false;
        if (!run->changed && round > 0)
            return true;
        for (size_t i = 0; i < run->num_loops; i++)
            if (!run->loops[i].is_full)
                choose_range(&run->loops[i]);
        if (!are_some_narrow(run))
            return true;
    }
    return false;
}

static DirectionLoops result_of(const Finding *f, Arena *arena)
{
    const Run *run = &f->run;
    DirectionLoops found = {.items = arena_new_array(arena, DirectionLoop, run->num_loops),
                            .count = run->num_loops,
                            .sets = arena_new_array(arena, uint64_t, run->function->num_values)};
    memcpy(found.sets, run->loaded, run->function->num_values * sizeof *found.sets);
    for (size_t i = 0; i < run->num_loops; i++) {
        const LaneLoop *loop = &run->loops[i];
        found.items[i] = (DirectionLoop){loop->loop, loop->lanes, loop->range};
        if (loop->is_full)
            found.items[i].range = (DirectionRange){.width = loop->lanes, .divisor = 1};
    }
    return found;
}

DirectionLoops directions_find(Arena *arena, Function *function)
{
    Arena scratch = {0};
    Finding f = {.arena = &scratch, .run.function = function};
    DirectionLoops found = {0};
    region_walk(function->body, find_loop, &f);
    if (f.arrays.count > 0 && f.loops.count <= MAX_LOOPS) {
        prepare(&f);
        if (run_rounds(&f))
            found = result_of(&f, arena);
    }
    arena_release(&scratch);
    return found;
}
