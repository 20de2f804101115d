/* Last writes: what is written into memory of the function's own and not read any more.
 *
 *     scale_matrix(n, n, 0, C_bar, n);      the adjoint of C = A B clears that of C ...
 *     free(C_bar);                          ... though nobody will look
 *
 * Algorithm. Mark and sweep over the ops that use a local array: what reads it for another purpose counts; a write counts if an op
 * that counts may read the element later, in the same iteration of the loops around both or in another
 * (analysis/reload.h). A sum into an element reads it as well, but only for itself.
 *
 * Requires: SSA. */
#include "analysis/reload.h"
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

/* An op that reads or writes the array. What only writes there is of use only if its writing is. */
typedef struct Access {
    Op *op;
    bool counts;
} Access;

enum { MAX_ACCESSES = 256 }; /* each is compared with each */

typedef struct Accesses {
    const Value *array;
    Access list[MAX_ACCESSES];
    unsigned count;
    bool too_many;
} Accesses;

static void add_access(Accesses *accesses, Op *op)
{
    for (unsigned i = 0; i < accesses->count; i++)
        if (accesses->list[i].op == op)
            return;
    accesses->too_many |= accesses->count == MAX_ACCESSES;
    if (!accesses->too_many)
        accesses->list[accesses->count++] = (Access){op, !only_writes(op, accesses->array)};
}

static void collect_accesses(Accesses *accesses, const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next) {
        if (makes_address(use->user))
            collect_accesses(accesses, use->user->results[0]);
        else if (use->user->kind != OP_FREE && use->user->kind != OP_RELEASE)
            add_access(accesses, use->user);
    }
}

static bool reads_array(const Op *op, const Value *array)
{
    switch (op->kind) {
    case OP_STORE:
    case OP_ZERO:
        return false;
    case OP_COPY:
        return base_of(op_operand(op, 1)) == array;
    default:
        return true;
    }
}

/* May the op read what `write` leaves? Only for single elements there is more to know than the order. */
static bool may_read_later(const Op *write, const Op *op, const Value *array)
{
    const bool element = write->kind == OP_STORE || write->kind == OP_ACCUMULATE;
    const bool same_operand = op->kind == OP_LOAD || op->kind == OP_ACCUMULATE;
    return element && same_operand ? access_is_met_later(write, op, array->op->parent)
                                   : op_may_run_after(write, op, array->op->parent);
}

/* What writes for an op that counts, counts. */
static void mark_writes_for(Accesses *accesses, const Op *op)
{
    for (unsigned i = 0; i < accesses->count && reads_array(op, accesses->array); i++) {
        Access *access = &accesses->list[i];
        if (!access->counts && may_read_later(access->op, op, accesses->array)) {
            access->counts = true;
            mark_writes_for(accesses, access->op);
        }
    }
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

static void remove_writes_for_nobody(const Value *array)
{
    Accesses accesses = {.array = array};
    collect_accesses(&accesses, array);
    if (accesses.too_many)
        return;
    for (unsigned i = 0; i < accesses.count; i++)
        if (!only_writes(accesses.list[i].op, array))
            mark_writes_for(&accesses, accesses.list[i].op);
    for (unsigned i = 0; i < accesses.count; i++)
        if (!accesses.list[i].counts)
            op_erase(accesses.list[i].op);
}

void remove_last_writes(Function *function)
{
    Arrays arrays = {.arena = function->module->arena};
    region_walk(function->body, collect, &arrays);
    for (size_t i = 0; i < arrays.list.count; i++)
        if (is_used_openly(arrays.list.items[i]))
            remove_writes_for_nobody(arrays.list.items[i]);
}
