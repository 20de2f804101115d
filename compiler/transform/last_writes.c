/* Last writes: what is written into memory of the function's own and not read any more.
 *
 *     scale_matrix(n, n, 0, C_bar, n);      the adjoint of C = A B clears that of C ...
 *     free(C_bar);                          ... though nobody will look
 *
 * Algorithm. From the end of a local array's life (its `free`, or the end of its region) backward: an op that does nothing
 * but write there goes, if what it writes is not among the elements that are loaded further on; the first that does anything else
 * than to load or store an element ends the search. An op that uses the array in a region of its own does something else.
 *
 * Requires: nothing. */
#include "analysis/memory.h"
#include "analysis/roles.h"
#include "transform/passes.h"

static bool makes_address(const Op *op)
{
    return op->kind == OP_INDEX || op->kind == OP_FIELD;
}

/* Every use is by an op that takes the pointer itself, or one to an element: none keeps it. */
static bool is_used_openly(const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next)
        switch (use->user->kind) {
        case OP_ZERO:
        case OP_COPY:
        case OP_FREE:
        case OP_RELEASE:
        case OP_LOAD:
            break;
        case OP_INDEX:
        case OP_FIELD:
            if (!is_used_openly(use->user->results[0]))
                return false;
            break;
        case OP_ACCUMULATE:
        case OP_STORE:
            if (use != &use->user->operands[0])
                return false;
            break;
        case OP_CALL:
            if (!call_has_roles(use->user) || use->user->callee->is_custom)
                return false;
            break;
        default:
            return false;
        }
    return true;
}

static const Value *base_of(const Value *pointer)
{
    while (pointer->op && makes_address(pointer->op))
        pointer = op_operand(pointer->op, 0);
    return pointer;
}

static bool is_used_by(const Op *op, const Value *pointer)
{
    for (unsigned i = 0; i < op->num_operands && !makes_address(op); i++)
        if (base_of(op_operand(op, i)) == pointer)
            return true;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (is_used_by(inner, pointer))
                return true;
    return false;
}

static bool only_writes(const Op *op, const Value *pointer)
{
    switch (op->kind) {
    case OP_ZERO:
    case OP_STORE:
    case OP_ACCUMULATE:
        return base_of(op_operand(op, 0)) == pointer;
    case OP_COPY:
        return base_of(op_operand(op, 0)) == pointer;
    case OP_CALL:
        for (unsigned i = 0; i < op->num_operands; i++)
            if (argument_is_written(op, i) && base_of(op_operand(op, i)) != pointer)
                return false;
        return op->num_results == 0;
    default:
        return false;
    }
}

enum { MAX_READS = 64 };

typedef struct Reads {
    const Value *addresses[MAX_READS]; /* that are read further on */
    unsigned count;
} Reads;

static bool is_read(const Reads *reads, const Value *address)
{
    for (unsigned i = 0; i < reads->count; i++)
        if (pointers_may_alias(reads->addresses[i], address))
            return true;
    return false;
}

/* Is nothing read of what the op writes? */
static bool writes_for_nobody(const Reads *reads, const Op *op)
{
    const bool is_element = op->kind == OP_STORE || op->kind == OP_ACCUMULATE;
    return is_element ? !is_read(reads, op_operand(op, 0)) : reads->count == 0;
}

/* Goes backward from `end`, which is the op behind the last one that counts. */
static void remove_before(Op *end, const Value *pointer)
{
    Reads reads = {0};
    for (Op *op = end->prev, *prev; op && op != pointer->op; op = prev) {
        prev = op->prev;
        if (!is_used_by(op, pointer))
            continue;
        if (only_writes(op, pointer) && writes_for_nobody(&reads, op)) {
            op_erase(op);
            continue;
        }
        if (op->kind == OP_STORE && only_writes(op, pointer))
            continue;
        if ((op->kind != OP_LOAD && op->kind != OP_ACCUMULATE) || reads.count == MAX_READS)
            return;
        reads.addresses[reads.count++] = op_operand(op, 0);
    }
}

static Op *end_of_life(const Value *pointer)
{
    if (pointer->op->kind == OP_ALLOCA)
        return region_terminator(pointer->op->parent);
    for (const Use *use = pointer->uses; use; use = use->next)
        if ((use->user->kind == OP_FREE || use->user->kind == OP_RELEASE) && use->user->parent == pointer->op->parent)
            return use->user;
    return NULL;
}

typedef struct Arrays {
    Arena *arena;
    VEC(const Value *) list;
} Arrays;

static void collect(Op *op, void *context)
{
    Arrays *arrays = context;
    if (op->kind == OP_ALLOC || op->kind == OP_ALLOCA || op->kind == OP_MALLOC)
        vec_push(arrays->arena, &arrays->list, op->results[0]);
}

void remove_last_writes(Function *function)
{
    Arrays arrays = {.arena = function->module->arena};
    region_walk(function->body, collect, &arrays);
    for (size_t i = 0; i < arrays.list.count; i++) {
        const Value *pointer = arrays.list.items[i];
        Op *end = is_used_openly(pointer) ? end_of_life(pointer) : NULL;
        if (end)
            remove_before(end, pointer);
    }
}
