/* Minima and maxima that a loop finds.
 *
 * Problem. Which x[i] is the largest is decided by comparisons, without derivatives; reversed as it is written, the loop still
 * remembers each of them and walks through them again, though the adjoint goes to one element.
 *
 *     for (i = 1; i < n; i++)                 for (i = 1; i < n; i++)
 *         if (x[i] > max)                         if (x[i] > max)
 *             max = x[i];                             max = x[i], last = i;
 *                                             max = same(max, last >= 1 ? x[last] : x[0]);
 *
 * Algorithm. A carried value `v` that is a choice between itself and a candidate, and is used in comparisons besides, is followed by a
 * carried counter, `last`. Behind the loop the candidate of that iteration is read where the loop has stored it, or computed again from
 * the ops it is made of: these are copied, if they read nothing that the loop writes and no other carried value. `same` has the value of
 * the one and the derivative of the other; so the loop itself becomes inactive, and where the reverse sweep needs no values of the copy,
 * the copy is dead. A candidate that is used for something else as well is reversed anyway: it is not computed again.
 *
 * Requires: SSA; loops that count. Keeps: values. */
#include "diff/winners.h"

#include "analysis/reload.h"
#include "diff/reversal.h"
#include "ir/builder.h"

enum { MAX_SLICE = 64 };

typedef struct Winner {
    const Reloads *reloads;
    Op *loop;
    unsigned carried;
    const Op *choice;      /* select or if: the next value */
    bool chosen_if;        /* the truth value with which the candidate is chosen */
    Value *candidate;
    Value *address;        /* where the loop leaves it; NULL: it is computed again */
    const Op *slice[MAX_SLICE]; /* what it is made of, in the loop; each op with its regions */
    unsigned count;
    bool first_wins; /* the first iteration, whatever its candidate */
} Winner;

/* ---- the choice ---- */

/* What the choice results in if its condition holds, and if not. */
static Value *side(const Op *choice, const Value *result, bool holds)
{
    if (choice->kind == OP_SELECT)
        return op_operand(choice, holds ? 1 : 2);
    return op_operand(region_terminator(choice->regions[holds ? 0 : 1]), result->index);
}

static bool find_choice(Winner *w)
{
    const Value *arg = loop_carried_arg(w->loop, w->carried), *next = loop_carried_next(w->loop, w->carried);
    if (!type_is_floating(next->type) || !next->op || next->op->parent != loop_body(w->loop) ||
        (next->op->kind != OP_SELECT && next->op->kind != OP_IF))
        return false;
    w->choice = next->op;
    for (unsigned holds = 0; holds < 2; holds++)
        if (side(w->choice, next, !holds) == arg && side(w->choice, next, holds) != arg) {
            w->chosen_if = holds;
            w->candidate = side(w->choice, next, holds);
            return true;
        }
    return false;
}

/* Besides the choice it is only compared. */
static bool is_only_compared(const Winner *w)
{
    for (const Use *use = loop_carried_arg(w->loop, w->carried)->uses; use; use = use->next) {
        const Op *user = use->user;
        const bool chosen = user == w->choice ||
                            (user->kind == OP_YIELD && user->parent->owner == w->choice &&
                             use == &user->operands[loop_carried_next(w->loop, w->carried)->index]);
        if (!chosen && !op_is_compare(user->kind))
            return false;
    }
    return true;
}

/* Upward from a constant, so that the counter in front of the first tells that nothing won. */
static bool counts_up(const Op *loop)
{
    const Value *lower = op_operand(loop, 0), *step = op_operand(loop, 2);
    return !(loop->flags & OP_FLAG_REVERSED) && value_is_const(lower) && lower->op->int_value >= 0 &&
           value_is_const(step) && step->op->int_value > 0 && type_is_signed(loop->function->module->types, lower->type);
}

/* ---- the candidate ---- */

static bool collect_value(Winner *w, const Value *value);

static bool op_can_be_repeated(Winner *w, const Op *op)
{
    switch (op->kind) {
    case OP_LOAD:
        if (op_may_touch(w->loop, op_operand(op, 0)))
            return false;
        break;
    case OP_FOR:
    case OP_IF:
    case OP_YIELD:
        break;
    default:
        if (op_table[op->kind].effect != EFFECT_PURE)
            return false;
    }
    for (unsigned i = 0; i < op->num_operands; i++)
        if (!collect_value(w, op_operand(op, i)))
            return false;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (!op_can_be_repeated(w, inner))
                return false;
    return true;
}

static bool is_in_slice(const Winner *w, const Op *op)
{
    for (unsigned i = 0; i < w->count; i++)
        if (w->slice[i] == op)
            return true;
    return false;
}

/* Is the op, or one around it, copied? */
static bool is_copied(const Winner *w, const Op *op)
{
    for (; op && op != w->loop; op = op->parent->owner)
        if (is_in_slice(w, op))
            return true;
    return false;
}

static bool collect_value(Winner *w, const Value *value)
{
    if (!value_is_inside(w->loop, value) || value == loop_counter(w->loop))
        return true;
    if (!value->op) /* an argument: of a loop that is copied, or something carried */
        return value->region->owner != w->loop && is_copied(w, value->region->owner);
    const Op *op = value->op;
    if (is_copied(w, op))
        return true;
    const bool on_side = w->choice->kind == OP_IF && op->parent->owner == w->choice;
    if (w->count == MAX_SLICE || op == w->choice || !(op->parent == loop_body(w->loop) || on_side))
        return false;
    w->slice[w->count++] = op;
    return op_can_be_repeated(w, op);
}

static bool reads_numbers(const Winner *w)
{
    for (unsigned i = 0; i < w->count; i++)
        for (unsigned k = 0; k < w->slice[i]->num_operands; k++)
            if (type_is_pointer(op_operand(w->slice[i], k)->type) || type_is_floating(op_operand(w->slice[i], k)->type))
                return true;
    return !value_is_const(w->candidate) && !value_is_inside(w->loop, w->candidate);
}

/* Is it stored in each iteration where nothing overwrites it until the loop ends? */
static bool find_address(Winner *w)
{
    for (const Use *use = w->candidate->uses; use; use = use->next) {
        const Op *store = use->user;
        if (store->kind != OP_STORE || use == &store->operands[0] || store->parent != loop_body(w->loop) ||
            !store_is_last_in(w->reloads, store, w->loop))
            continue;
        w->count = 0;
        w->address = op_operand(store, 0);
        if (collect_value(w, w->address))
            return true;
    }
    w->count = 0;
    w->address = NULL;
    return false;
}

/* Has it any use but being compared and chosen? */
static bool is_used_otherwise(const Winner *w)
{
    for (const Use *use = w->candidate->uses; use; use = use->next)
        if (use->user != w->choice && use->user->parent->owner != w->choice && !op_is_compare(use->user->kind))
            return true;
    return false;
}

static bool is_cheap(const Winner *w)
{
    enum { CHEAP = 8 }; /* some arithmetic, no call and no loop */
    unsigned cost = 0;
    for (unsigned i = 0; i < w->count; i++)
        cost += w->slice[i]->num_regions ? CHEAP + 1 : op_table[w->slice[i]->kind].cost;
    return cost <= CHEAP;
}

static bool find_candidate(Winner *w)
{
    if (find_address(w))
        return true;
    return collect_value(w, w->candidate) && reads_numbers(w) && (is_cheap(w) || !is_used_otherwise(w));
}

/* Is the one address that of the element in front of the first one of the other? */
static bool is_in_front(const Winner *w, const Value *address, const Value *moving)
{
    const int64_t lower = op_operand(w->loop, 0)->op->int_value;
    const Op *a = address->op, *b = moving->op;
    if (!b || b->kind != OP_INDEX)
        return false;
    if (address == op_operand(b, 0))
        return lower == 1 && b->num_operands == 2 && op_operand(b, 1) == loop_counter(w->loop);
    if (!a || a->kind != OP_INDEX || a->num_operands != b->num_operands || op_operand(a, 0) != op_operand(b, 0))
        return false;
    for (unsigned i = 1; i < a->num_operands; i++) {
        const Value *x = op_operand(a, i), *y = op_operand(b, i);
        if (!(y == loop_counter(w->loop) && value_is_int(x, lower - 1)) && !values_are_same(x, y))
            return false;
    }
    return true;
}

/* Does the initial value read the element in front of the candidate of the first iteration: max = x[0], and x[i] from 1 on? Then
 * some element has always won. */
static bool initial_is_in_line(const Winner *w)
{
    const Op *first = loop_carried_init(w->loop, w->carried)->op, *load = w->candidate->op;
    if (w->address || !first || first->kind != OP_LOAD || !load || load->kind != OP_LOAD || first->parent != w->loop->parent ||
        !is_in_front(w, op_operand(first, 0), op_operand(load, 0)))
        return false;
    for (const Op *op = first->next; op != w->loop; op = op->next)
        if (op_may_touch(op, op_operand(first, 0)))
            return false;
    return true;
}

/* ---- the rewriting ---- */

/* Is it made of values that are there whatever is chosen? */
static bool is_choice_of_values(const Op *choice)
{
    return choice->kind == OP_SELECT || (choice->regions[0]->first == region_terminator(choice->regions[0]) &&
                                         choice->regions[1]->first == region_terminator(choice->regions[1]));
}

static bool is_first_iteration(const Op *loop, const Value *condition)
{
    const Op *op = condition->op;
    return op && op->kind == OP_EQ &&
           ((op_operand(op, 0) == loop_counter(loop) && values_are_same(op_operand(op, 1), op_operand(loop, 0))) ||
            (op_operand(op, 1) == loop_counter(loop) && values_are_same(op_operand(op, 0), op_operand(loop, 0))));
}

/* Where the first iteration always wins, `c == 0 || x < least`, the bound that x is compared with is x itself then, and what is left is
 * a comparison and choices by it: no `||`, whose jump would be mispredicted.
 *
 *     bound = c == 0 ? x : least;        last = x < bound ? c : last;        least = x < bound ? x : bound; */
static void choose_first_apart(Winner *w, Op *choice)
{
    const Value *arg = loop_carried_arg(w->loop, w->carried);
    const Op *either = op_operand(choice, 0)->op;
    if (!w->chosen_if || !is_choice_of_values(choice) || !either || either->kind != OP_LOR)
        return;
    Value *first = op_operand(either, 0);
    if (!is_first_iteration(w->loop, first))
        return;
    const Op *better = op_operand(either, 1)->op;
    if (!better || !op_is_compare(better->kind))
        return;
    const unsigned side_of_arg = op_operand(better, 0) == arg ? 0 : 1;
    if (op_operand(better, side_of_arg) != arg || op_operand(better, !side_of_arg) != w->candidate)
        return;
    Builder b = builder_before(choice);
    b.loc = choice->loc;
    Value *bound = build_select(&b, first, w->candidate, (Value *)arg);
    Value *closer = build_binary(&b, better->kind, side_of_arg == 0 ? bound : w->candidate, side_of_arg == 0 ? w->candidate : bound);
    for (unsigned i = 0; i < choice->num_results; i++) {
        Value *result = choice->results[i], *won = side(choice, result, true), *lost = side(choice, result, false);
        lost = lost == arg && won == w->candidate ? bound : build_select(&b, first, won, lost);
        value_replace_uses(result, build_select(&b, closer, won, lost));
    }
    op_set_operand(choice, 0, closer);
    w->first_wins = true;
}

static Value *carry_last(Winner *w)
{
    Op *loop = w->loop;
    const Type *type = loop_counter(loop)->type;
    choose_first_apart(w, (Op *)w->choice);
    Builder b = builder_before(loop);
    b.loc = w->choice->loc;
    op_add_operand(loop, build_int(&b, type, op_operand(loop, 0)->op->int_value - !w->first_wins));
    Value *last = op_add_result(loop, type, "last");
    Value *arg = region_add_arg(loop_body(loop), type, "last");
    Op *end = region_terminator(loop_body(loop));
    b = builder_before(end);
    b.loc = w->choice->loc;
    Value *counter = loop_counter(loop);
    op_add_operand(end, build_select(&b, op_operand(w->choice, 0), w->chosen_if ? counter : arg, w->chosen_if ? arg : counter));
    loop_swap_carried(loop, w->carried, last->index); /* the counter first: gcc makes a jump of it else */
    w->carried = loop_num_carried(loop) - 1;
    return last;
}

static void copy_slice(const Winner *w, Builder *b, const Region *region, Value **map)
{
    for (const Op *op = region->first; op; op = op->next) {
        if (is_in_slice(w, op))
            build_clone(b, op, map);
        else if (op == w->choice && op->kind == OP_IF)
            copy_slice(w, b, op->regions[w->chosen_if ? 0 : 1], map);
    }
}

/* The candidate of the iteration `last`. */
static Value *repeat_candidate(const Winner *w, Builder *b, Value *last)
{
    const Function *function = w->loop->function;
    Value **map = arena_new_array(function->module->arena, Value *, function->num_values);
    map[loop_counter(w->loop)->id] = last;
    copy_slice(w, b, loop_body(w->loop), map);
    if (w->address)
        return build_load(b, map[w->address->id] ? map[w->address->id] : w->address);
    return map[w->candidate->id] ? map[w->candidate->id] : w->candidate;
}

static Value *repeat_winner(const Winner *w, Builder *b, Value *last)
{
    if (initial_is_in_line(w))
        return repeat_candidate(w, b, last);
    const Op *loop = w->loop;
    Value *someone = w->first_wins ? build_binary(b, loop->compare, op_operand(loop, 0), op_operand(loop, 1))
                                   : build_binary(b, OP_GE, last, op_operand(loop, 0));
    Op *won = build_if(b, someone, &w->candidate->type, 1);
    Builder side = builder_at_end(won->regions[0]);
    Value *again = repeat_candidate(w, &side, last);
    build_yield(&side, &again, 1);
    side = builder_at_end(won->regions[1]);
    Value *initial = loop_carried_init(w->loop, w->carried);
    build_yield(&side, &initial, 1);
    return won->results[0];
}

static void rewrite(Winner *w)
{
    Op *loop = w->loop;
    Value *result = loop->results[w->carried], *last = carry_last(w);
    Builder b = builder_before(loop->next);
    b.loc = w->choice->loc;
    Value *winner = repeat_winner(w, &b, last);
    Value *same = build_binary(&b, OP_SAME, winner, winner); /* `result` comes in last: its other uses are replaced first */
    value_replace_uses(result, same);
    op_set_operand(same->op, 0, result);
}

static void visit(Op *op, void *context)
{
    if (op->kind != OP_FOR || !counts_up(op))
        return;
    const unsigned n = loop_num_carried(op);
    for (unsigned i = 0; i < n; i++) {
        Winner w = {.reloads = context, .loop = op, .carried = i};
        if (value_has_uses(op->results[i]) && find_choice(&w) && is_only_compared(&w) && find_candidate(&w))
            rewrite(&w);
    }
}

void find_winners(Function *primal)
{
    region_walk(primal->body, visit, (void *)reloads_compute(primal->module->arena, primal, false));
}
