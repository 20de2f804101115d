/* Which loads can be repeated in the reverse sweep, and which stored values be found where they were stored.
 *
 * Problem. The reverse sweep runs after the whole forward sweep. Reading memory again gives the same
 * value only if nothing has written there since, and "since" includes the later iterations of every
 * loop around the load:
 *
 *     for (i = 1; i < n; i++) x[i] = x[i - 1] * x[i];
 *
 * x[i - 1] is never written again; x[i] is, by the same statement. Downward, with i--, it is the other
 * way round for a neighbour x[i - 1].
 *
 * Algorithm. Each write is compared with the load: if it can come later, do the addresses meet? For two
 * indices of one base, each dimension is an affine function of the counters of the loops around both.
 * The write comes later either in the same iteration (if it stands behind), or in a later iteration of
 * one of the loops, the outer ones being in the same. For each of these cases one dimension has to
 * differ for certain: by its affine form, or because the bounds of what it is made of keep the two apart (k < j in a
 * triangular loop; analysis/affine.h). What is not affine, or whose base differs, may meet.
 *
 * Requires: SSA. */
#include "analysis/reload.h"

#include <string.h>

#include "analysis/affine.h"
#include "analysis/roles.h"

enum { MAX_LOOPS = 16 };

/* The object of its first operand is known once and for all: there are many loads to compare it with. */
typedef struct Write {
    const Op *op;
    Object object; /* calls: unknown */
} Write;

struct Reloads {
    VEC(Write) writes;
    bool others_write;
};

typedef struct Collect {
    Arena *arena;
    Reloads *reloads;
} Collect;

static bool is_write(const Op *op)
{
    return op->num_regions == 0 && op_writes_memory(op) && op->kind != OP_TAPE_PUSH && op->kind != OP_TAPE_POP &&
           op->kind != OP_TAPE_RELEASE;
}

static void collect_write(Op *op, void *context)
{
    Collect *collect = context;
    if (is_write(op))
        vec_push(collect->arena, &collect->reloads->writes,
                 ((Write){op, op->kind == OP_CALL ? (Object){.kind = OBJECT_UNKNOWN} : pointer_object(op_operand(op, 0))}));
}

const Reloads *reloads_compute(Arena *arena, const Function *function, bool others_write)
{
    Reloads *reloads = arena_new(arena, Reloads);
    reloads->others_write = others_write;
    Collect collect = {arena, reloads};
    region_walk(function->body, collect_write, &collect);
    return reloads;
}

/* ---- loops around both ---- */

typedef struct CommonLoops {
    const Op *loops[MAX_LOOPS]; /* outermost first */
    unsigned count;
    bool too_many;
    bool write_is_behind; /* in the same iteration of all of them */
    const Op *load_op, *write_op; /* the ops of the innermost common region that are, or contain, load and write */
} CommonLoops;

static const Value *counter_of(const Op *loop)
{
    return loop->kind == OP_FOR ? loop->regions[0]->args.items[0] : NULL;
}

/* Those inside `root`. */
static CommonLoops common_loops(const Op *load, const Op *write, const Region *root)
{
    CommonLoops common = {0};
    const Region *region = load->parent;
    while (!region_contains(region, write->parent))
        region = region->owner->parent;
    const Op *a = op_ancestor_in(region, (Op *)load), *b = op_ancestor_in(region, (Op *)write);
    common.write_is_behind = op_precedes(a, b);
    common.load_op = a;
    common.write_op = b;
    const Op *found[MAX_LOOPS];
    if (a == b && op_is_loop(a->kind)) { /* condition and body of one loop */
        common.write_is_behind = true;
        found[common.count++] = a;
    }
    for (; region != root; region = region->owner->parent) {
        if (!op_is_loop(region->owner->kind))
            continue;
        if (common.count == MAX_LOOPS) {
            common.too_many = true;
            return common;
        }
        found[common.count++] = region->owner;
    }
    for (unsigned i = 0; i < common.count; i++)
        common.loops[i] = found[common.count - 1 - i];
    return common;
}

/* ---- one dimension ---- */

/* Do the two indices differ for certain, if the loops outside `level` are in the same iteration, and
 * loop number `level` is in a later one for the write (level == count: all are in the same)? */
static bool dimension_differs(const CommonLoops *common, unsigned level, const Affine *read,
                              const Affine *write)
{
    if (!read->known || !write->known)
        return false;
    const Value *counter = level < common->count ? counter_of(common->loops[level]) : NULL;
    /* every term but the counter of `level` must be the same number for both */
    const Affine *sides[2] = {read, write};
    for (unsigned s = 0; s < 2; s++)
        for (unsigned i = 0; i < sides[s]->count; i++) {
            const Value *value = sides[s]->values[i];
            if (affine_coefficient(read, value) != affine_coefficient(write, value))
                return false;
            if (affine_coefficient(read, value) == 0 || value == counter)
                continue;
            if (level < common->count && value_is_inside(common->loops[level], value))
                return false;
        }
    const int64_t shift = write->offset - read->offset;
    const int64_t slope = counter ? affine_coefficient(read, counter) : 0;
    if (slope == 0)
        return shift != 0;
    const Op *loop = common->loops[level];
    int64_t step = op_operand(loop, 2)->op->int_value;
    if (loop->flags & OP_FLAG_REVERSED)
        step = -step;
    /* write - read = slope * step * delta + shift, delta >= 1 */
    const int64_t move = slope * step;
    return -shift % move != 0 || -shift / move < 1;
}

/* Is the write's index greater than the read's, in whatever iterations of what is inside the two ops? `shift`: added to
 * it; `counter` means the same number on both sides. */
static bool lies_above(const Affine *read, const Op *read_op, const Affine *write, const Op *write_op,
                       const Value *counter, int64_t shift)
{
    Affine high = *read, low = *write;
    if (!affine_bound_outside(&high, read_op, counter, true) || !affine_bound_outside(&low, write_op, counter, false))
        return false;
    const int64_t move = shift * affine_coefficient(&low, counter);
    const Affine distance = affine_difference(&low, &high);
    return move >= 0 && affine_is_at_least(&distance, 1 - move);
}

static bool lies_below(const Affine *read, const Op *read_op, const Affine *write, const Op *write_op,
                       const Value *counter, int64_t shift)
{
    Affine low = *read, high = *write;
    if (!affine_bound_outside(&low, read_op, counter, false) || !affine_bound_outside(&high, write_op, counter, true))
        return false;
    const int64_t move = -shift * affine_coefficient(&high, counter);
    const Affine distance = affine_difference(&low, &high);
    return move >= 0 && affine_is_at_least(&distance, 1 - move);
}

/* The same question, answered by the bounds of what the indices are made of: for (i = k + 1...) has i > k. */
static bool dimension_is_apart(const CommonLoops *common, unsigned level, const Affine *read, const Affine *write)
{
    if (level == common->count)
        return lies_above(read, common->load_op, write, common->write_op, NULL, 0) ||
               lies_below(read, common->load_op, write, common->write_op, NULL, 0);
    const Op *loop = common->loops[level];
    const Value *counter = counter_of(loop);
    int64_t step = counter ? op_operand(loop, 2)->op->int_value : 0;
    if (loop->flags & OP_FLAG_REVERSED)
        step = -step;
    return lies_above(read, loop, write, loop, counter, step) || lies_below(read, loop, write, loop, counter, step);
}

/* outermost: NULL, or the outermost loop in whose iterations they are compared. */
static bool comparable(const Op *outermost, const Op *a, const Op *b)
{
    if (!a || !b || a->kind != OP_INDEX || b->kind != OP_INDEX ||
        op_operand(a, 0) != op_operand(b, 0) || a->num_operands != b->num_operands)
        return false;
    if (outermost && value_is_inside(outermost, op_operand(a, 0)))
        return false;
    for (unsigned i = 2; i < a->num_operands; i += 2)
        if (!values_are_same(op_operand(a, i), op_operand(b, i)))
            return false;
    return true;
}

static bool addresses_differ(const CommonLoops *common, unsigned level, const Op *read,
                             const Op *write)
{
    for (unsigned i = 1; i < read->num_operands; i += 2) {
        const Affine a = affine_of(op_operand(read, i)), b = affine_of(op_operand(write, i));
        if (dimension_differs(common, level, &a, &b) || dimension_is_apart(common, level, &a, &b))
            return true;
    }
    return false;
}

/* ---- one write ---- */

bool access_is_met_later(const Op *load, const Op *write, const Region *root)
{
    const Value *address = op_operand(load, 0), *target = op_operand(write, 0);
    const CommonLoops common = common_loops(load, write, root);
    if (common.too_many)
        return true;
    if (common.count == 0 && !common.write_is_behind)
        return false;
    const bool element = write->kind == OP_STORE || write->kind == OP_ACCUMULATE || write->kind == OP_LOAD;
    if (common.count == 0 && element && !pointers_may_alias(address, target))
        return false;
    if (!element || !comparable(common.count ? common.loops[0] : NULL, address->op, target->op))
        return true;
    if (common.write_is_behind &&
        !addresses_differ(&common, common.count, address->op, target->op))
        return true;
    for (unsigned level = 0; level < common.count; level++)
        if (!addresses_differ(&common, level, address->op, target->op))
            return true;
    return false;
}

bool op_may_run_after(const Op *first, const Op *op, const Region *root)
{
    const CommonLoops common = common_loops(first, op, root);
    return common.count > 0 || common.too_many || common.write_is_behind;
}

bool write_may_touch(const Op *write, const Value *address)
{
    if (write->kind == OP_CALL)
        return op_may_write(write, address);
    return any_objects_overlap(op_operand(write, 0), address);
}

bool op_may_touch(const Op *op, const Value *address)
{
    if (is_write(op))
        return write_may_touch(op, address);
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (op_may_touch(inner, address))
                return true;
    return false;
}

static bool address_is_fixed(const Op *loop, const Value *address)
{
    const Op *op = address->op;
    if (!value_is_inside(loop, address) || value_is_const(address))
        return true;
    if (!op) { /* the counter of an inner loop, which starts where it always does */
        const Op *inner = address->region->owner;
        return inner != loop && inner->kind == OP_FOR && address->index == 0 &&
               address_is_fixed(loop, op_operand(inner, 0));
    }
    if (!op_is_speculatable(op))
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!address_is_fixed(loop, op_operand(op, i)))
            return false;
    return true;
}

/* Do the two never meet, in whatever iterations of the loop? */
static bool always_apart(const Op *loop, const Op *load, const Op *write)
{
    if (write->kind != OP_STORE && write->kind != OP_ACCUMULATE)
        return false;
    const Op *read_index = op_operand(load, 0)->op, *write_index = op_operand(write, 0)->op;
    if (!comparable(loop, read_index, write_index))
        return false;
    for (unsigned i = 1; i < read_index->num_operands; i += 2) {
        const Affine a = affine_of(op_operand(read_index, i)), b = affine_of(op_operand(write_index, i));
        if (lies_above(&a, loop, &b, loop, NULL, 0) || lies_below(&a, loop, &b, loop, NULL, 0))
            return true;
    }
    return false;
}

bool load_is_invariant(const Reloads *reloads, const Op *load, const Op *loop)
{
    if (!address_is_fixed(loop, op_operand(load, 0)) || reloads->others_write)
        return false;
    for (size_t i = 0; i < reloads->writes.count; i++) {
        const Op *write = reloads->writes.items[i].op;
        if (region_contains(loop_body(loop), write->parent) &&
            write_may_touch(write, op_operand(load, 0)) && !always_apart(loop, load, write))
            return false;
    }
    return true;
}

static bool memory_survives(const Op *load, const Region *root)
{
    const Object object = pointer_object(op_operand(load, 0));
    if (object.kind == OBJECT_HEAP && object.value->op->kind == OP_MALLOC)
        return true; /* it is freed at the very end */
    if (object.kind == OBJECT_LOCAL || object.kind == OBJECT_HEAP)
        return region_contains(object.value->op->parent, root);
    return true;
}

/* Does somebody else know the memory, who may write it? */
static bool others_may_write(const Reloads *reloads, Object object)
{
    if (!reloads->others_write)
        return false;
    switch (object.kind) {
    case OBJECT_LOCAL:
    case OBJECT_HEAP:
        return local_escapes(object.value);
    case OBJECT_GLOBAL:
        return !object.global->is_const;
    default:
        return true;
    }
}

bool memory_is_unchanged(const Reloads *reloads, const Op *at, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    if (others_may_write(reloads, object))
        return false;
    if ((object.kind == OBJECT_LOCAL || object.kind == OBJECT_HEAP) &&
        object.value->op->parent->owner != NULL)
        return false;
    for (size_t i = 0; i < reloads->writes.count; i++) {
        const Op *write = reloads->writes.items[i].op;
        const CommonLoops common = common_loops(at, write, at->function->body);
        if ((common.count > 0 || common.write_is_behind || common.too_many) && write_may_touch(write, pointer))
            return false;
    }
    return true;
}

/* By what is known of the two objects alone. */
static bool objects_may_meet(const Write *write, Object read, const Value *address)
{
    return write->object.kind == OBJECT_UNKNOWN || read.kind == OBJECT_UNKNOWN ||
           objects_may_overlap(write->object, access_type(op_operand(write->op, 0)), read, access_type(address));
}

const Op *load_overwritten_by(const Reloads *reloads, const Op *load, const Region *root, size_t *next)
{
    const Object object = pointer_object(op_operand(load, 0));
    while (*next < reloads->writes.count) {
        const Write *candidate = &reloads->writes.items[(*next)++];
        const Op *write = candidate->op;
        if (!objects_may_meet(candidate, object, op_operand(load, 0)) ||
            !region_contains(root, write->parent))
            continue;
        const bool any_time = write->kind == OP_CALL && !call_has_roles(write);
        if (write_may_touch(write, op_operand(load, 0)) && (any_time || access_is_met_later(load, write, root)))
            return write;
    }
    return NULL;
}

bool store_is_last_in(const Reloads *reloads, const Op *store, const Op *op)
{
    const Object object = pointer_object(op_operand(store, 0));
    for (size_t i = 0; i < reloads->writes.count; i++) {
        const Op *write = reloads->writes.items[i].op;
        if (objects_may_meet(&reloads->writes.items[i], object, op_operand(store, 0)) &&
            op_ancestor_in(op->parent, (Op *)write) == op && write_may_touch(write, op_operand(store, 0)) &&
            access_is_met_later(store, write, op->parent))
            return false;
    }
    return true;
}

bool load_is_kept(const Reloads *reloads, const Op *load, const Region *root)
{
    return memory_survives(load, root) && !others_may_write(reloads, pointer_object(op_operand(load, 0)));
}

bool load_is_repeatable(const Reloads *reloads, const Op *load, const Region *root)
{
    size_t next = 0;
    return load_is_kept(reloads, load, root) && !load_overwritten_by(reloads, load, root, &next);
}
