/* Counting `while` loops become `for`; walking pointers become base and counter.
 *
 * Problem. The front end writes every loop as a `while`. A trip count that is known on entry saves the
 * tape, and an index is easier to analyse than a pointer that moves.
 *
 *     while carry (%i0 = %lo, %s0 = %z) {      %s = for.lt %i = %lo, %n, %one
 *         yield lt %i0, %n                               carry (%s0 = %z) {
 *     } do {                            becomes     ...
 *         ...                                       yield %s1
 *         %i1 = add %i0, 1                     }
 *         yield %i1, %s1
 *     }
 *
 * Algorithm. Invariant ops of the condition region move in front of the loop (it is evaluated at least
 * once). If the condition then compares a carried integer that only moves by a constant (as it is, plus a
 * constant, or converted) with a value from outside, and the step leads towards the bound without
 * wrapping around, the loop counts: what is compared becomes the counter.
 * A pointer compared with an end pointer counts elements. Other carried integers and pointers that move
 * by a constant become functions of the counter.
 *
 * Requires: mem2reg. Keeps: SSA, every value bit for bit. Does not handle: counters narrower than int,
 * counters that wrap around. */
#include "analysis/memory.h"
#include "ir/trip_count.h"
#include "transform/passes.h"
#include "transform/raise_internal.h"

/* ---- the condition region ---- */

static bool written_in_loop(const Op *loop, const Value *pointer)
{
    return op_may_write(loop, pointer);
}

static bool is_invariant(const Op *loop, const Op *op)
{
    if (op->num_regions || op->kind == OP_YIELD)
        return false;
    for (unsigned i = 0; i < op->num_operands; i++)
        if (region_contains(loop->regions[0], value_region(op_operand(op, i))))
            return false;
    if (op->kind == OP_LOAD)
        return !written_in_loop(loop, op_operand(op, 0));
    return op_table[op->kind].effect == EFFECT_PURE;
}

static void hoist_condition(Op *loop)
{
    for (Op *op = loop->regions[0]->first, *next; op; op = next) {
        next = op->next;
        if (is_invariant(loop, op)) {
            op_detach(op);
            op_insert_before(op, loop);
        }
    }
}

/* ---- induction ---- */

static bool defined_outside(const Op *loop, const Value *value)
{
    const Region *region = value_region(value);
    return !region_contains(loop->regions[0], region) && !region_contains(loop->regions[1], region);
}

bool moves_by_constant(const Value *carried, const Value *next, int64_t *step)
{
    const Op *op = next->op;
    const bool moves = op && (op->kind == OP_ADD || op->kind == OP_SUB || op->kind == OP_INDEX);
    if (!moves || op->num_operands != 2 || op_operand(op, 0) != carried || !value_is_const(op_operand(op, 1)))
        return false;
    *step = op_operand(op, 1)->op->int_value;
    if (op->kind == OP_SUB)
        *step = -*step;
    return true;
}

/* Does carried value number i move by a constant number of steps? */
static bool find_step(const Op *loop, unsigned i, int64_t *step)
{
    const Value *arg = loop_carried_arg(loop, i);
    const bool counts = type_is_pointer(arg->type) || (type_is_integer(arg->type) && arg->type->kind >= TYPE_INT);
    return counts && moves_by_constant(arg, loop_carried_next(loop, i), step) && *step != 0;
}

/* The `for` counts with the carried value, converted as the condition converts it, plus an offset: what
 * the condition compares. */
typedef struct Counting {
    unsigned carried; /* the counter's number */
    OpKind compare;
    Value *bound;
    int64_t step, offset;
    const Type *type; /* of the comparison */
} Counting;

/* An int that is converted for a comparison counts alike in the new type: it does not overflow. */
static bool keeps_counting(const Types *types, const Op *convert)
{
    const Type *from = op_operand(convert, 0)->type, *to = convert->results[0]->type;
    return type_is_integer(from) && type_is_integer(to) && from->kind >= TYPE_INT &&
           type_is_signed(types, from) && type_bits(types, to) >= type_bits(types, from);
}

/* The carried value that `value` follows: i, i + 1, (long)i; the ops on the way are counted. NULL: none. */
static const Value *followed(const Region *test, const Value *value, int64_t *offset, unsigned *ops)
{
    *offset = 0;
    for (*ops = 0; value->op && value->op->parent == test; ++*ops) {
        const Op *op = value->op;
        const bool moves = op->kind == OP_ADD || op->kind == OP_SUB;
        if (moves && type_is_integer(value->type) && value_is_const(op_operand(op, 1))) {
            const int64_t by = op_operand(op, 1)->op->int_value;
            if (by > INT32_MAX || by < -INT32_MAX)
                return NULL;
            *offset += op->kind == OP_ADD ? by : -by;
        } else if (op->kind != OP_CONVERT || !keeps_counting(test->function->module->types, op)) {
            return NULL;
        }
        value = op_operand(op, 0);
    }
    return value->region == test ? value : NULL;
}

static unsigned count_ops(const Region *region)
{
    unsigned count = 0;
    for (const Op *op = region->first; op; op = op->next)
        count++;
    return count;
}

/* The condition region must be one comparison of what follows a carried value with one from outside. */
static bool find_comparison(const Op *loop, Counting *counting)
{
    const Region *region = loop->regions[0];
    const Op *test = op_operand(region_terminator(region), 0)->op;
    if (!test || test->parent != region || !op_is_compare(test->kind))
        return false;
    for (unsigned side = 0; side < 2; side++) {
        Value *bound = op_operand(test, 1 - side);
        unsigned ops;
        const Value *arg = followed(region, op_operand(test, side), &counting->offset, &ops);
        if (!arg || !defined_outside(loop, bound) || count_ops(region) != ops + 2)
            continue;
        counting->carried = arg->index;
        counting->compare = side == 0 ? test->kind : compare_swapped(test->kind);
        counting->bound = bound;
        counting->type = bound->type;
        return true;
    }
    return false;
}

static bool is_positive_constant(const Value *value)
{
    return value_is_const(value) && value->op->int_value > 0;
}

/* A counter that ends where it meets its bound: from below, or from above. It does so before it wraps
 * around if it is signed (overflow is undefined) or if there is nothing beyond the bound. */
static void order_inequality(const Op *loop, Counting *counting)
{
    const bool is_signed = type_is_signed(loop->function->module->types, counting->type);
    const Value *init = loop_carried_init(loop, counting->carried);
    const bool from_zero = value_is_int(init, 0) && counting->offset == 0;
    if (counting->step == 1 && (is_signed || from_zero))
        counting->compare = OP_LT;
    else if (counting->step == -1 && (is_signed || value_is_int(counting->bound, 0)))
        counting->compare = OP_GT;
}

/* Does the counter reach its bound without wrapping around? Signed overflow is undefined, so it does
 * not happen. */
static bool terminates(const Types *types, const Counting *counting)
{
    const bool up = counting->step > 0;
    const bool is_signed = type_is_signed(types, counting->type);
    switch (counting->compare) {
    case OP_LT:
        return up && (is_signed || counting->step == 1);
    case OP_LE:
        return up && is_signed;
    case OP_GT:
        return !up && (is_signed || counting->step == -1);
    case OP_GE:
        return !up && (is_signed || (counting->step == -1 && is_positive_constant(counting->bound)));
    default:
        return false;
    }
}

/* The same for a pointer, which counts in elements and cannot wrap around. */
static bool pointer_terminates(Counting *counting)
{
    if (counting->compare == OP_NE && counting->step == 1)
        counting->compare = OP_LT;
    else if (counting->compare == OP_NE && counting->step == -1)
        counting->compare = OP_GT;
    return counting->step > 0 ? counting->compare == OP_LT || counting->compare == OP_LE
                              : counting->compare == OP_GT || counting->compare == OP_GE;
}

static bool find_counting(const Op *loop, Counting *counting)
{
    if (!find_comparison(loop, counting) || !find_step(loop, counting->carried, &counting->step))
        return false;
    if (type_is_pointer(counting->type))
        return pointer_terminates(counting);
    if (counting->compare == OP_NE)
        order_inequality(loop, counting);
    return terminates(loop->function->module->types, counting);
}

/* ---- the values of counters ---- */

static Value *constant_like(Builder *b, const Value *value, int64_t constant)
{
    return build_int(b, value->type, constant);
}

static Value *scaled(Builder *b, Value *value, int64_t factor)
{
    return factor == 1 ? value : build_binary(b, OP_MUL, value, constant_like(b, value, factor));
}

/* init moved `count` times by `step`: count has any integer type. */
static Value *moved(Builder *b, Value *init, Value *count, int64_t step)
{
    if (type_is_pointer(init->type))
        return build_index(b, init, scaled(b, count, step));
    count = build_convert(b, count, init->type);
    return value_is_int(init, 0) ? scaled(b, count, step)
                                 : build_binary(b, OP_ADD, init, scaled(b, count, step));
}

/* ---- building the for ---- */

static void move_ops(Region *to, Region *from)
{
    while (from->first) {
        Op *op = from->first;
        op_detach(op);
        op_append(to, op);
    }
}

/* A `for` with the same body; the counter is still among the carried values. */
static Op *build_loop(Builder *b, Op *loop, const Counting *counting, Value *lower, Value *upper)
{
    const unsigned n = loop_num_carried(loop);
    Value **inits = arena_new_array(b->function->module->arena, Value *, n);
    for (unsigned i = 0; i < n; i++)
        inits[i] = loop_carried_init(loop, i);
    const bool pointer = type_is_pointer(loop_carried_arg(loop, counting->carried)->type);
    Op *result = build_for(b, counting->compare, lower, upper,
                           build_int(b, lower->type, counting->step), inits, n,
                           pointer ? NULL : loop_carried_arg(loop, counting->carried)->name);
    op_detach(result);
    op_insert_before(result, loop);
    Region *body = result->regions[0];
    for (unsigned i = 0; i < n; i++) {
        value_replace_uses(loop_carried_arg(loop, i), body->args.items[i + 1]);
        value_replace_uses(loop->results[i], result->results[i]);
        result->results[i]->name = loop->results[i]->name;
        body->args.items[i + 1]->name = loop_carried_arg(loop, i)->name;
    }
    move_ops(body, loop_body(loop));
    result->loc = loop->loc;
    return result;
}

static void remove_carried(Op *loop, unsigned i)
{
    op_remove_operand(region_terminator(loop_body(loop)), i);
    op_remove_operand(loop, loop_first_init(loop) + i);
    region_remove_arg(loop_body(loop), i + 1);
    op_remove_result(loop, i);
}

/* Carried value number i of `loop` moves by `step` per iteration: make it a function of the counter. */
static void derive_from_counter(Op *loop, unsigned i, int64_t step, const Counting *counting)
{
    Value *lower = op_operand(loop, 0), *upper = op_operand(loop, 1);
    Value *counter = loop_body(loop)->args.items[0];
    Value *arg = loop_carried_arg(loop, i), *init = loop_carried_init(loop, i);
    if (value_has_uses(arg)) {
        Builder b = builder_before(loop_body(loop)->first);
        Value *value = moved(&b, init, build_iteration(&b, counter, lower, counting->step), step);
        if (!value->name && value->op != NULL)
            value->name = arg->name;
        value_replace_uses(arg, value);
    }
    if (value_has_uses(loop->results[i])) {
        Builder b = builder_before(loop->next);
        b.loc = loop->loc;
        Value *end = moved(&b, init, build_trip_count(&b, counting->compare, lower, upper, counting->step), step);
        value_replace_uses(loop->results[i], end);
    }
    remove_carried(loop, i);
}

/* The counter after the loop: where it stopped, or its lower bound if the loop did not run. */
static Value *final_counter(Builder *b, const Counting *counting, Value *lower, Value *upper)
{
    if (counting->step != 1 && counting->step != -1)
        return moved(b, lower, build_trip_count(b, counting->compare, lower, upper, counting->step), counting->step);
    Value *end = upper;
    if (counting->compare == OP_LE || counting->compare == OP_GE)
        end = build_binary(b, OP_ADD, upper, constant_like(b, upper, counting->step));
    return build_select(b, build_binary(b, counting->compare, lower, upper), end, lower);
}

/* The carried value from the counter: what the condition did to it, undone. */
static Value *undone(Builder *b, Value *counter, const Counting *counting, const Type *type)
{
    if (counting->offset)
        counter = build_binary(b, OP_SUB, counter, constant_like(b, counter, counting->offset));
    return build_convert(b, counter, type);
}

/* As an index the counter serves in its own type, where it is never negative. */
static void index_by_counter(Value *arg, Value *counter)
{
    for (Use *use = arg->uses, *next; use; use = next) {
        next = use->next;
        const unsigned operand = (unsigned)(use - use->user->operands);
        if (use->user->kind == OP_INDEX && operand % 2)
            op_set_operand(use->user, operand, counter);
    }
}

static void derive_counter(Op *loop, const Counting *counting)
{
    const unsigned i = counting->carried;
    Value *arg = loop_carried_arg(loop, i), *counter = loop_body(loop)->args.items[0];
    const Value *init = loop_carried_init(loop, i);
    if (counting->offset == 0 && counting->step > 0 && value_is_const(init) &&
        init->op->int_value >= 0)
        index_by_counter(arg, counter);
    if (value_has_uses(arg)) {
        Builder b = builder_before(loop_body(loop)->first);
        value_replace_uses(arg, undone(&b, counter, counting, arg->type));
    }
    if (value_has_uses(loop->results[i])) {
        Builder b = builder_before(loop->next);
        b.loc = loop->loc;
        Value *end = final_counter(&b, counting, op_operand(loop, 0), op_operand(loop, 1));
        value_replace_uses(loop->results[i], undone(&b, end, counting, arg->type));
    }
    remove_carried(loop, i);
}

static void derive_others(Op *loop, const Counting *counting)
{
    for (unsigned i = loop_num_carried(loop); i-- > 0;) {
        int64_t step;
        if (find_step(loop, i, &step))
            derive_from_counter(loop, i, step, counting);
    }
}

/* A pointer that counts up from where it starts: carried value and counter move alike. */
static Op *raise_walk_up(Op *loop, const Counting *counting)
{
    Builder b = builder_before(loop);
    Value *upper = build_ptrdiff(&b, counting->bound, loop_carried_init(loop, counting->carried));
    return build_loop(&b, loop, counting, build_int(&b, upper->type, 0), upper);
}

/* A pointer that counts down to its bound: it is the bound plus the counter. */
static Op *raise_walk_down(Op *loop, const Counting *counting)
{
    const unsigned i = counting->carried;
    Builder before = builder_before(loop);
    Value *lower = build_ptrdiff(&before, loop_carried_init(loop, i), counting->bound);
    Value *upper = build_int(&before, lower->type, 0);
    Op *raised = build_loop(&before, loop, counting, lower, upper);
    if (value_has_uses(loop_carried_arg(raised, i))) {
        Builder b = builder_before(loop_body(raised)->first);
        Value *pointer = build_index(&b, counting->bound, loop_body(raised)->args.items[0]);
        pointer->name = loop_carried_arg(raised, i)->name;
        value_replace_uses(loop_carried_arg(raised, i), pointer);
    }
    if (value_has_uses(raised->results[i])) {
        Builder b = builder_before(raised->next);
        b.loc = loop->loc;
        value_replace_uses(raised->results[i], build_index(&b, counting->bound, final_counter(&b, counting, lower, upper)));
    }
    remove_carried(raised, i);
    return raised;
}

static Op *raise_counter(Op *loop, const Counting *counting)
{
    Builder b = builder_before(loop);
    Value *lower = build_convert(&b, loop_carried_init(loop, counting->carried), counting->type);
    if (counting->offset)
        lower = build_binary(&b, OP_ADD, lower, constant_like(&b, lower, counting->offset));
    Op *raised = build_loop(&b, loop, counting, lower, counting->bound);
    derive_counter(raised, counting);
    return raised;
}

static void raise_loop(Op *loop, const Counting *counting)
{
    Op *raised = !type_is_pointer(counting->type) ? raise_counter(loop, counting)
                 : counting->step > 0             ? raise_walk_up(loop, counting)
                                                  : raise_walk_down(loop, counting);
    op_erase(loop);
    derive_others(raised, counting);
}

static bool carries_pointer(const Op *loop)
{
    for (unsigned i = 0; i < loop->num_results; i++)
        if (type_is_pointer(loop->results[i]->type))
            return true;
    return false;
}

static void visit_region(Region *region, RaisedLoops which)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned r = 0; r < op->num_regions; r++)
            visit_region(op->regions[r], which);
        Counting counting;
        if (op->kind != OP_WHILE || (which == RAISE_WALKING_POINTERS && !carries_pointer(op)))
            continue;
        rotate_loop(op);
        hoist_condition(op);
        if (find_counting(op, &counting))
            raise_loop(op, &counting);
        else if (which == RAISE_ALL)
            count_rounds(op);
    }
}

void raise_loops(Function *function, RaisedLoops which)
{
    visit_region(function->body, which);
}
