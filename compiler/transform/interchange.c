/* Loops of the reverse sweep that stride through memory change places with the loop around them.
 *
 *     for (j = 0; j < n; j++) {                         for (k = 0; k < n; k++)
 *         r = C_bar[i][j];                                  for (j = 0; j < n; j++) {
 *         C_bar[i][j] = 0;                                      r = C_bar[i][j];
 *         for (k = 0; k < n; k++) {                             A_bar[i][k] += r * B[k][j];
 *             A_bar[i][k] += r * B[k][j];                       B_bar[k][j] += r * A[i][k];
 *             B_bar[k][j] += r * A[i][k];                   }
 *         }                                             for (j = 0; j < n; j++)
 *     }                                                     C_bar[i][j] = 0;
 *
 * Problem. Where the primal sums along a column, its reverse adds to one: each element is on another line of the cache, and C compilers cannot use vector
 * instructions. With the loops the other way round all that is touched is beside each other.
 *
 * Algorithm. The inner loop only adds to memory, so its additions may come in any order, as long as it reads nothing that it adds to. With
 * the loads and the cheap arithmetic that it takes from the outer loop's body it becomes a nest of its own, in front of the outer loop, which
 * keeps the rest. That is right if the rest neither touches what the nest adds to nor writes what it reads: anywhere before the nest does in the same iteration,
 * and in other iterations. It is done where the inner loop strides, and the nest, turned, does not.
 *
 * Requires: SSA; comes before sums are gathered. Keeps: all but the order of accumulations. Does not handle: inner loops whose bounds depend on the outer
 * one (triangles), that store, choose, or carry values. */
#include "analysis/affine.h"
#include "analysis/iterations.h"
#include "analysis/memory.h"
#include "ir/builder.h"
#include "transform/passes.h"

enum { MAX_ACCESSES = 64, MAX_COST = 6, MAX_DEPTH = 8, MIN_TRIPS = 8 };

typedef VEC(const Op *) Ops;

typedef struct Nest {
    Arena *arena;
    Op *outer, *inner;
    Ops needed;   /* in the outer loop's body, in order: what the inner loop takes from there */
    Ops accesses; /* of the nest to be: loads and accumulations */
    int cost;     /* of the arithmetic on numbers in `needed` */
} Nest;

static Value *counter_of(const Op *loop)
{
    return loop->regions[0]->args.items[0];
}

/* ---- what the nest consists of ---- */

static bool is_in_nest(const Nest *x, const Op *op)
{
    if (op->parent == x->inner->regions[0])
        return true;
    for (size_t i = 0; i < x->needed.count; i++)
        if (x->needed.items[i] == op)
            return true;
    return false;
}

static bool is_plain(const Op *op)
{
    return op->kind == OP_LOAD || (op_is_speculatable(op) && !op->num_regions && op->num_results == 1);
}

static bool take_operands(Nest *x, const Op *op);

static bool take(Nest *x, const Value *value)
{
    const Op *op = value->op;
    if (!value_is_inside(x->outer, value) || value == counter_of(x->outer))
        return true;
    if (!op) /* an argument: of the inner loop its counter, of the outer one what it carries */
        return value->region == x->inner->regions[0];
    if (is_in_nest(x, op))
        return true;
    if (op->parent != x->outer->regions[0] || !is_plain(op) || x->needed.count == MAX_ACCESSES || !take_operands(x, op))
        return false;
    vec_push(x->arena, &x->needed, op);
    if (op->kind == OP_LOAD)
        vec_push(x->arena, &x->accesses, op);
    else if (type_is_floating(value->type))
        x->cost += op_table[op->kind].cost;
    return x->cost <= MAX_COST;
}

static bool take_operands(Nest *x, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!take(x, op_operand(op, i)))
            return false;
    return true;
}

static bool take_inner_loop(Nest *x)
{
    for (const Op *op = x->inner->regions[0]->first; op; op = op->next) {
        if (op->kind == OP_LOAD || (op->kind == OP_ACCUMULATE && (op->flags & OP_FLAG_ADJOINT)))
            vec_push(x->arena, &x->accesses, op);
        else if (op->kind != OP_YIELD && !is_plain(op))
            return false;
        if (!take_operands(x, op))
            return false;
    }
    return x->accesses.count <= MAX_ACCESSES;
}

/* ---- may it be? ---- */

static bool may_overlap(const Op *a, const Op *b)
{
    const Value *p = op_operand(a, 0), *q = op_operand(b, 0);
    return objects_may_overlap(pointer_object(p), access_type(p), pointer_object(q), access_type(q));
}

static bool nest_reads_what_it_adds_to(const Nest *x)
{
    for (size_t i = 0; i < x->accesses.count; i++)
        for (size_t k = 0; k < x->accesses.count; k++)
            if (x->accesses.items[i]->kind == OP_LOAD && x->accesses.items[k]->kind == OP_ACCUMULATE &&
                may_overlap(x->accesses.items[i], x->accesses.items[k]))
                return true;
    return false;
}

/* The rest of the outer loop's body. */
typedef struct Rest {
    const Nest *nest;
    Accesses accesses;
} Rest;

static void note_rest(Op *op, void *context)
{
    Rest *rest = context;
    if (op != rest->nest->inner && op->parent != rest->nest->inner->regions[0])
        note_access(op, &rest->accesses);
}

static bool order_matters(const Nest *x, Op *op, const Op *access)
{
    const bool both_load = op->kind == OP_LOAD && access->kind == OP_LOAD;
    const bool both_add = op->kind == OP_ACCUMULATE && access->kind == OP_ACCUMULATE;
    if (both_load || both_add)
        return false;
    const Region *body = x->outer->regions[0];
    const bool behind = op_precedes(op_ancestor_in(body, (Op *)access), op_ancestor_in(body, op));
    return behind ? accesses_conflict(x->outer, op, access) : may_overlap(op, access);
}

static bool rest_can_follow(const Nest *x)
{
    Rest rest = {.nest = x, .accesses = {.arena = x->arena}};
    region_walk(x->outer->regions[0], note_rest, &rest);
    if (rest.accesses.failed || rest.accesses.list.count > MAX_ACCESSES)
        return false;
    for (size_t i = 0; i < rest.accesses.list.count; i++)
        for (size_t k = 0; k < x->accesses.count; k++)
            if (order_matters(x, (Op *)rest.accesses.list.items[i], x->accesses.items[k]))
                return false;
    return true;
}

static bool is_rectangular(const Nest *x)
{
    for (unsigned i = 0; i < 3; i++)
        if (value_is_inside(x->outer, op_operand(x->inner, i)))
            return false;
    return loop_num_carried(x->inner) == 0;
}

/* ---- is it worth it? ---- */

typedef enum Move { MOVE_NONE, MOVE_ONE, MOVE_FAR } Move;

/* Is it the same in all iterations of both loops, though perhaps computed there? */
static bool is_invariant(const Nest *x, const Value *value, unsigned depth)
{
    const Op *op = value->op;
    if (!value_is_inside(x->outer, value))
        return true;
    if (!op || op_table[op->kind].effect != EFFECT_PURE || op->num_regions || depth == MAX_DEPTH)
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!is_invariant(x, op_operand(op, i), depth + 1))
            return false;
    return true;
}

static Move index_move(const Nest *x, const Value *index, const Value *counter, bool last)
{
    const Value *other = (counter == counter_of(x->outer) ? counter_of(x->inner) : counter_of(x->outer));
    const Affine sum = affine_of(index);
    const int64_t coefficient = affine_coefficient(&sum, counter);
    for (unsigned i = 0; i < sum.count; i++)
        if (sum.coefficients[i] != 0 && sum.values[i] != counter && sum.values[i] != other && !is_invariant(x, sum.values[i], 0))
            return MOVE_FAR;
    if (!sum.known)
        return MOVE_FAR;
    return coefficient == 0 ? MOVE_NONE : last && (coefficient == 1 || coefficient == -1) ? MOVE_ONE : MOVE_FAR;
}

/* How far the address moves when the counter goes on by one. */
static Move address_move(const Nest *x, const Value *address, const Value *counter)
{
    const Op *op = address->op;
    if (is_invariant(x, address, 0))
        return MOVE_NONE;
    if (!op || (op->kind != OP_INDEX && op->kind != OP_FIELD))
        return MOVE_FAR;
    Move move = address_move(x, op_operand(op, 0), counter);
    for (unsigned i = 1; i < op->num_operands && op->kind == OP_INDEX; i += 2) {
        const Move here = index_move(x, op_operand(op, i), counter, i + 1 == op->num_operands);
        move = move == MOVE_NONE ? here : here == MOVE_NONE ? move : MOVE_FAR;
    }
    return move == MOVE_ONE && op->kind == OP_FIELD ? MOVE_FAR : move;
}

static unsigned accesses_that_move(const Nest *x, const Op *loop, Move how)
{
    unsigned n = 0;
    for (size_t i = 0; i < x->accesses.count; i++)
        n += address_move(x, op_operand(x->accesses.items[i], 0), counter_of(loop)) == how;
    return n;
}

static bool is_short(const Op *loop)
{
    const Value *lower = op_operand(loop, 0), *upper = op_operand(loop, 1);
    return value_is_const(lower) && value_is_const(upper) && upper->op->int_value - lower->op->int_value < MIN_TRIPS &&
           lower->op->int_value - upper->op->int_value < MIN_TRIPS;
}

static bool is_worth_it(const Nest *x)
{
    return !is_short(x->outer) && accesses_that_move(x, x->inner, MOVE_FAR) > 0 && accesses_that_move(x, x->outer, MOVE_FAR) == 0 &&
           accesses_that_move(x, x->outer, MOVE_ONE) > 0;
}

/* ---- the nest ---- */

static Op *build_loop_like(Builder *b, const Op *loop)
{
    b->loc = loop->loc;
    b->flags = loop->flags;
    return build_for(b, loop->compare, op_operand(loop, 0), op_operand(loop, 1), op_operand(loop, 2), NULL, 0, counter_of(loop)->name);
}

static void close_loop(Op *loop)
{
    Builder b = builder_at_end(loop->regions[0]);
    b.loc = loop->loc;
    b.flags = loop->flags & OP_FLAG_ADJOINT;
    build_yield(&b, NULL, 0);
}

static void build_nest(Nest *x)
{
    Value **map = arena_new_array(x->arena, Value *, x->outer->function->num_values);
    Builder before = builder_before(x->outer);
    Op *around = build_loop_like(&before, x->inner);
    Builder between = builder_at_end(around->regions[0]);
    Op *inside = build_loop_like(&between, x->outer);
    map[counter_of(x->inner)->id] = counter_of(around);
    map[counter_of(x->outer)->id] = counter_of(inside);
    Builder body = builder_at_end(inside->regions[0]);
    for (size_t i = 0; i < x->needed.count; i++)
        build_clone(&body, x->needed.items[i], map);
    for (const Op *op = x->inner->regions[0]->first; op->kind != OP_YIELD; op = op->next)
        build_clone(&body, op, map);
    close_loop(inside);
    close_loop(around);
    op_erase(x->inner);
}

static bool try_interchange(Op *outer, Op *inner)
{
    Nest x = {.arena = outer->function->module->arena, .outer = outer, .inner = inner};
    if (!(inner->flags & OP_FLAG_ADJOINT) || !is_rectangular(&x) || !take_inner_loop(&x) || !is_worth_it(&x) || nest_reads_what_it_adds_to(&x) ||
        !rest_can_follow(&x))
        return false;
    build_nest(&x);
    return true;
}

static bool visit_region(Region *region)
{
    bool changed = false;
    for (Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            changed |= visit_region(op->regions[r]);
        if (op->kind != OP_FOR || !(op->flags & OP_FLAG_ADJOINT))
            continue;
        for (Op *inner = op->regions[0]->first, *next; inner; inner = next) {
            next = inner->next;
            if (inner->kind == OP_FOR)
                changed |= try_interchange(op, inner);
        }
    }
    return changed;
}

bool interchange_loops(Function *function)
{
    return visit_region(function->body);
}
