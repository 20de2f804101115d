/* Loops that decide inside their bodies decide in front of them.
 *
 * Problem. A condition with a side effect (`while (n-- > 0)`) is lowered into the body, with a flag that
 * says whether there is another round. Such a loop does not count, and every iteration has an `if`.
 *
 *     while carry (%n0 = %n, %go = true) {         %n4 = while carry (%n0 = %n) {
 *         yield %go                                    %c = gt %n0, 0
 *     } do {                                           yield %c
 *         %c = gt %n0, 0                           } do {
 *         %n1 = sub %n0, 1                   ->        %n1 = sub %n0, 1
 *         %go1 = if %c { B; yield %go }                B
 *                else { yield false }                  yield %n1
 *         yield %n1, %go1                          }
 *     }                                            %n2 = sub %n4, 1     (n as the last round left it)
 *
 * Algorithm. The loop qualifies if its flag starts true and becomes false on the else side of one `if`
 * only. What the condition needs is copied into the condition region; the taken side takes the place of the
 * `if`; the round that fails is copied behind the loop. So everything but the taken side must be cheap
 * and without effect: integers, addresses, loads.
 *
 * And a `do` that counts tests in front if the bound is moved so that the first test succeeds:
 *
 *     do { B; i++; } while (i < n);     ->     m = i < n ? n : i + 1; while (i < m) { B; i++; }
 *
 * Requires: mem2reg. Keeps: SSA, every value. Does not handle: loops that are left in other ways as well;
 * a `do` with an unsigned counter. */
#include "transform/raise_internal.h"

typedef struct Rotation {
    Op *loop;
    Op *choice;    /* the `if` that decides */
    unsigned flag; /* number of the flag among the carried values */
} Rotation;

static bool is_true(const Value *value)
{
    return value_is_int(value, 1);
}

/* May the op be executed a second time: in the condition, or behind the loop? */
static bool is_cheap(const Op *op)
{
    if (op->kind == OP_YIELD || op->kind == OP_LOAD || op->kind == OP_CONST)
        return true;
    return op_table[op->kind].effect == EFFECT_PURE && op->num_results == 1 &&
           !type_is_floating(op->results[0]->type);
}

static bool all_cheap(const Region *region, const Op *except)
{
    for (const Op *op = region->first; op; op = op->next)
        if (op != except && !is_cheap(op))
            return false;
    return true;
}

/* The number of the carried flag that alone decides, and is true at first. */
static bool find_flag(const Op *loop, unsigned *flag)
{
    const Region *test = loop->regions[0];
    const Value *value = op_operand(region_terminator(test), 0);
    if (value->region != test || !is_true(loop_carried_init(loop, value->index)))
        return false;
    *flag = value->index;
    return true;
}

static bool find_rotation(Op *loop, unsigned flag, Rotation *rotation)
{
    const Region *body = loop_body(loop);
    const Value *next = loop_carried_next(loop, flag);
    Op *choice = next->op;
    if (!choice || choice->kind != OP_IF || choice->parent != body)
        return false;
    const Value *taken = op_operand(region_terminator(choice->regions[0]), next->index);
    const Value *other = op_operand(region_terminator(choice->regions[1]), next->index);
    if ((taken != loop_carried_arg(loop, flag) && !is_true(taken)) || !value_is_int(other, 0) ||
        !all_cheap(body, choice) || !all_cheap(choice->regions[1], NULL))
        return false;
    *rotation = (Rotation){loop, choice, flag};
    return true;
}

static Value *mapped(Value *value, Value **map)
{
    return map[value->id] ? map[value->id] : value;
}

static Value **new_map(const Function *function)
{
    return arena_new_array(function->module->arena, Value *, function->num_values);
}

/* The condition region computes what the choice tests. */
static void fill_condition(const Rotation *r)
{
    Region *test = r->loop->regions[0];
    const Region *body = loop_body(r->loop);
    Value **map = new_map(r->loop->function);
    bool *needed = arena_new_array(r->loop->function->module->arena, bool,
                                   r->loop->function->num_values);
    needed[op_operand(r->choice, 0)->id] = true;
    for (const Op *op = r->choice->prev; op; op = op->prev)
        for (unsigned i = 0; i < op->num_operands && needed[op->results[0]->id]; i++)
            needed[op_operand(op, i)->id] = true;
    for (size_t i = 0; i < body->args.count; i++)
        map[body->args.items[i]->id] = test->args.items[i];
    Builder b = builder_before(region_terminator(test));
    for (const Op *op = body->first; op != r->choice; op = op->next)
        if (needed[op->results[0]->id])
            build_clone(&b, op, map);
    op_set_operand(region_terminator(test), 0, mapped(op_operand(r->choice, 0), map));
}

static void clone_until(Builder *b, const Op *from, const Op *end, Value **map)
{
    for (const Op *op = from; op != end; op = op->next)
        if (op->kind != OP_YIELD)
            build_clone(b, op, map);
}

/* Behind the loop: the round in which the condition failed. */
static void copy_last_round(const Rotation *r)
{
    Op *loop = r->loop;
    const Region *body = loop_body(loop);
    Value **map = new_map(loop->function), **last = new_map(loop->function);
    Op *first_behind = loop->next;
    Builder b = builder_before(first_behind);
    for (size_t i = 0; i < body->args.count; i++) {
        /* a stand-in for the result, whose other uses are replaced below */
        last[i] = build_undef(&b, loop->results[i]->type);
        map[body->args.items[i]->id] = last[i];
    }
    clone_until(&b, body->first, r->choice, map);
    const Op *yield = region_terminator(r->choice->regions[1]);
    clone_until(&b, r->choice->regions[1]->first, NULL, map);
    for (unsigned i = 0; i < r->choice->num_results; i++)
        map[r->choice->results[i]->id] = mapped(op_operand(yield, i), map);
    clone_until(&b, r->choice->next, NULL, map);
    for (unsigned i = 0; i < loop->num_results; i++)
        value_replace_uses(loop->results[i], mapped(loop_carried_next(loop, i), map));
    for (unsigned i = 0; i < loop->num_results; i++) {
        value_replace_uses(last[i], loop->results[i]);
        op_erase(last[i]->op);
    }
}

/* In the body the flag is true. */
static void set_flag(Op *loop, unsigned flag)
{
    Builder b = builder_before(loop_body(loop)->first);
    value_replace_uses(loop_carried_arg(loop, flag), build_bool(&b, true));
}

/* In the body the condition holds: its taken side runs. */
static void take_choice(const Rotation *r)
{
    set_flag(r->loop, r->flag);
    Region *taken = r->choice->regions[0];
    const Op *yield = region_terminator(taken);
    for (unsigned i = 0; i < r->choice->num_results; i++)
        value_replace_uses(r->choice->results[i], op_operand(yield, i));
    while (taken->first != yield) {
        Op *op = taken->first;
        op_detach(op);
        op_insert_before(op, r->choice);
    }
    op_erase(r->choice);
}

/* ---- do ---- */

typedef struct Counter {
    unsigned number; /* among the carried values */
    OpKind compare;
    Value *bound;
    bool up;
} Counter;

static bool find_counter_of(const Op *loop, const Value *moved, Counter *counter)
{
    const Op *op = moved->op;
    if (!op || (op->kind != OP_ADD && op->kind != OP_SUB) || !value_is_const(op_operand(op, 1)) ||
        !type_is_integer(moved->type) ||
        !type_is_signed(loop->function->module->types, moved->type))
        return false;
    for (unsigned i = 0; i < loop_num_carried(loop); i++)
        if (loop_carried_next(loop, i) == moved && loop_carried_arg(loop, i) == op_operand(op, 0)) {
            counter->number = i;
            counter->up = (op->kind == OP_ADD) == (op_operand(op, 1)->op->int_value > 0);
            return true;
        }
    return false;
}

/* The flag becomes `i + 1 < n` for a counter i and a bound from outside. */
static bool find_counter(const Op *loop, unsigned flag, Counter *counter)
{
    const Op *test = loop_carried_next(loop, flag)->op;
    const Region *body = loop_body(loop);
    if (!test || test->parent != body || !op_is_compare(test->kind))
        return false;
    counter->compare = test->kind;
    counter->bound = op_operand(test, 1);
    const bool inside = region_contains(body, value_region(counter->bound));
    if ((inside && !value_is_const(counter->bound)) ||
        !find_counter_of(loop, op_operand(test, 0), counter))
        return false;
    return counter->up ? test->kind == OP_LT || test->kind == OP_LE
                       : test->kind == OP_GT || test->kind == OP_GE;
}

/* The bound that the first test meets too. */
static Value *moved_bound(Builder *b, const Counter *counter, Value *init)
{
    const bool strict = counter->compare == OP_LT || counter->compare == OP_GT;
    Value *first = init, *bound = counter->bound;
    if (value_is_const(bound))
        bound = build_int(b, bound->type, bound->op->int_value);
    if (strict)
        first = build_binary(b, counter->up ? OP_ADD : OP_SUB, init, build_int(b, init->type, 1));
    return build_select(b, build_binary(b, counter->compare, init, bound), bound, first);
}

static void test_in_front(Op *loop, unsigned flag, const Counter *counter)
{
    Builder before = builder_before(loop);
    Value *bound = moved_bound(&before, counter, loop_carried_init(loop, counter->number));
    Op *yield = region_terminator(loop->regions[0]);
    Builder b = builder_before(yield);
    Value *arg = loop->regions[0]->args.items[counter->number];
    op_set_operand(yield, 0, build_binary(&b, counter->compare, arg, bound));
    set_flag(loop, flag);
    Builder behind = builder_before(loop->next);
    value_replace_uses(loop->results[flag], build_bool(&behind, false));
}

void rotate_loop(Op *loop)
{
    Rotation rotation;
    Counter counter;
    unsigned flag;
    if (!find_flag(loop, &flag))
        return;
    if (find_rotation(loop, flag, &rotation)) {
        fill_condition(&rotation);
        copy_last_round(&rotation);
        take_choice(&rotation);
    } else if (find_counter(loop, flag, &counter)) {
        test_in_front(loop, flag, &counter);
    }
}
