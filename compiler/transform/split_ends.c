/* The iterations at the two ends of a loop run apart, where the others can then do without a test.
 *
 *     for (i = 0; i < n; i++)                          for (end = 0; end < (n < 2 ? n : 2); end++) {
 *         d[i] = u[i == n - 1 ? 0 : i + 1] - u[i];         i = end == 0 ? 0 : n - 1;
 *                                                          d[i] = u[i == n - 1 ? 0 : i + 1] - u[i];
 *                                                      }
 *                                                      for (i = 1; i < n - 1; i++)
 *                                                          d[i] = u[i + 1] - u[i];
 *
 * Algorithm. In an innermost loop that counts up by one, and whose iterations may come in any order, comparisons and remainders are looked
 * for that are the same for all iterations but the first and the last: their operands as affine forms, with the second and the last but one
 * value of the counter in place of it. So `i == 0`, `i < n - 1` and `(i + n - 1) % n` are found, in each way to write them.
 *
 * Why. Compilers use vector instructions for the loop in the middle, and blocks (transform/blocks.c) see that its accesses are beside each
 * other. Both ends are one copy of the body, not two.
 *
 * Requires: SSA. Keeps: what each iteration computes. */
#include "analysis/affine.h"
#include "analysis/iterations.h"
#include "ir/builder.h"
#include "transform/passes.h"
#include "transform/write_out.h"

enum { MAX_OPS = 80, MIN_ROUNDS = 16 };

typedef struct Decided {
    Op *op;
    bool truth;      /* of a comparison */
    int64_t wrapped; /* of a remainder: 0, the dividend; 1, the dividend without the divisor: the counter and `offset` */
    int64_t offset;
} Decided;

typedef struct Ends {
    Arena *arena;
    Op *loop;
    Affine upper; /* the value behind the last one */
    unsigned ops;
    bool failed, different; /* different at the ends */
    VEC(Decided) decided;
} Ends;

/* ---- the range of a form ---- */

/* The form with the value that the counter has `apart` iterations from that end at which it is largest, or smallest. */
static Affine at_end(const Ends *ends, const Affine *form, bool largest, int64_t apart)
{
    const Value *counter = ends->loop->regions[0]->args.items[0];
    const int64_t factor = affine_coefficient(form, counter);
    const bool last = (factor > 0) == largest;
    Affine bound = last ? ends->upper : affine_of(op_operand(ends->loop, 0)), result = *form;
    bound.offset += last ? -1 - apart : apart;
    affine_add(&result, counter, -factor);
    affine_add_multiple(&result, &bound, factor);
    return result;
}

static bool is_at_least(const Ends *ends, const Affine *form, int64_t limit, int64_t apart)
{
    const Affine least = at_end(ends, form, false, apart);
    return affine_is_at_least(&least, limit);
}

static bool is_at_most(const Ends *ends, const Affine *form, int64_t limit, int64_t apart)
{
    const Affine most = at_end(ends, form, true, apart), zero = {.known = true};
    const Affine negative = affine_difference(&zero, &most);
    return affine_is_at_least(&negative, -limit);
}

/* ---- comparisons ---- */

/* Does the comparison of the difference of its operands with zero always come out in one way? */
static bool comes_out(const Ends *ends, OpKind compare, const Affine *difference, int64_t apart, bool *truth)
{
    switch (compare) {
    case OP_EQ:
    case OP_NE:
        *truth = compare == OP_NE;
        return is_at_least(ends, difference, 1, apart) || is_at_most(ends, difference, -1, apart);
    case OP_LT:
    case OP_GE:
        *truth = (compare == OP_LT) == is_at_most(ends, difference, -1, apart);
        return is_at_most(ends, difference, -1, apart) || is_at_least(ends, difference, 0, apart);
    case OP_GT:
    case OP_LE:
        *truth = (compare == OP_GT) == is_at_least(ends, difference, 1, apart);
        return is_at_least(ends, difference, 1, apart) || is_at_most(ends, difference, 0, apart);
    default:
        return false;
    }
}

/* Is it the number that its affine form says? Sums of signed integers are, as they do not overflow. Of unsigned ones the counter is, and one
 * more; and the upper bound less one or two, as there is a middle only if it is three at least. */
static bool is_exact(const Ends *ends, const Value *value)
{
    const Op *op = value->op, *loop = ends->loop;
    if (!op || (op->kind != OP_ADD && op->kind != OP_SUB && op->kind != OP_NEG && op->kind != OP_MUL && op->kind != OP_CONVERT))
        return true;
    if (op->kind == OP_CONVERT && value->type->kind < op_operand(op, 0)->type->kind)
        return false;
    if (type_is_signed(op->function->module->types, value->type) || op->kind == OP_CONVERT) {
        for (unsigned i = 0; i < op->num_operands; i++)
            if (!is_exact(ends, op_operand(op, i)))
                return false;
        return op->kind != OP_CONVERT || type_is_signed(op->function->module->types, value->type) ||
               op_operand(op, 0) == loop->regions[0]->args.items[0] || values_are_same(op_operand(op, 0), op_operand(loop, 1));
    }
    const bool steps = op->kind != OP_MUL && op->kind != OP_NEG && value_is_const(op_operand(op, 1)) && op_operand(op, 1)->op->int_value >= 0;
    if (op->kind == OP_ADD)
        return steps && op_operand(op, 0) == loop->regions[0]->args.items[0] && op_operand(op, 1)->op->int_value <= 1;
    return op->kind == OP_SUB && steps && op_operand(op, 1)->op->int_value <= 2 && values_are_same(op_operand(op, 0), op_operand(loop, 1));
}

static void find_access(Op *op, void *context)
{
    bool *found = context;
    *found = *found || op->kind == OP_LOAD || op->kind == OP_STORE || op->kind == OP_ACCUMULATE;
}

/* Does it say what is accessed, or whether? A choice between numbers costs nothing. */
static bool decides_accesses(const Value *condition)
{
    bool found = false;
    for (const Use *use = condition->uses; use && !found; use = use->next) {
        const Op *user = use->user;
        if (user->kind == OP_IF)
            for (unsigned r = 0; r < 2; r++)
                region_walk(user->regions[r], find_access, &found);
        else if (user->kind == OP_SELECT && condition == op_operand(user, 0))
            found = type_is_integer(user->results[0]->type);
        else
            found = user->num_results == 1 && type_is_integer(user->results[0]->type) && decides_accesses(user->results[0]);
    }
    return found;
}

static void look_at_comparison(Ends *ends, Op *op)
{
    Decided decided = {.op = op};
    if (!type_is_integer(op_operand(op, 0)->type) || !is_exact(ends, op_operand(op, 0)) || !is_exact(ends, op_operand(op, 1)))
        return;
    const Affine a = affine_of(op_operand(op, 0)), b = affine_of(op_operand(op, 1)), difference = affine_difference(&a, &b);
    if (affine_coefficient(&difference, ends->loop->regions[0]->args.items[0]) == 0 ||
        !comes_out(ends, op->kind, &difference, 1, &decided.truth))
        return;
    bool everywhere;
    ends->different = ends->different || (decides_accesses(op->results[0]) && !comes_out(ends, op->kind, &difference, 0, &everywhere));
    vec_push(ends->arena, &ends->decided, decided);
}

/* ---- remainders ---- */

/* Is the form from zero to one less than the upper bound? */
static bool is_below_upper(const Ends *ends, const Affine *form, int64_t apart)
{
    const Affine difference = affine_difference(form, &ends->upper);
    return is_at_least(ends, form, 0, apart) && is_at_most(ends, &difference, -1, apart);
}

static bool may_wrap(const Op *op, const Type *type)
{
    return !type_is_signed(op->function->module->types, type) && type->kind < TYPE_LONG;
}

/* Sums of counters and bounds of 64 bits do not wrap while loops of so many rounds end. */
static void look_at_remainder(Ends *ends, Op *op)
{
    const Value *counter = ends->loop->regions[0]->args.items[0];
    const Affine dividend = affine_of(op_operand(op, 0)), divisor = affine_of(op_operand(op, 1));
    const Affine from_upper = affine_difference(&divisor, &ends->upper), less = affine_difference(&dividend, &divisor);
    Affine rest = less;
    affine_add(&rest, counter, -1);
    if (may_wrap(op, op->results[0]->type) || may_wrap(op, counter->type) || affine_coefficient(&less, counter) != 1 ||
        !affine_is_number(&from_upper) || from_upper.offset != 0)
        return;
    Decided decided = {.op = op};
    if (!is_below_upper(ends, &dividend, 1)) {
        if (!affine_is_number(&rest) || !is_below_upper(ends, &less, 1))
            return;
        decided.wrapped = 1;
        decided.offset = rest.offset;
    }
    ends->different = ends->different || !is_below_upper(ends, decided.wrapped ? &less : &dividend, 0);
    vec_push(ends->arena, &ends->decided, decided);
}

/* ---- the loop ---- */

static void look_at(Op *op, void *context)
{
    Ends *ends = context;
    ends->failed = ends->failed || ++ends->ops > MAX_OPS || op_is_loop(op->kind);
    if (op_is_compare(op->kind))
        look_at_comparison(ends, op);
    else if (op->kind == OP_REM)
        look_at_remainder(ends, op);
}

static bool find_ends(Ends *ends, Arena *arena, Op *loop)
{
    if (loop->kind != OP_FOR || !counts_plainly(loop))
        return false;
    const int64_t rounds = constant_rounds(loop);
    if (rounds >= 0 && rounds < MIN_ROUNDS)
        return false;
    *ends = (Ends){.arena = arena, .loop = loop, .upper = affine_of(op_operand(loop, 1))};
    ends->upper.offset += loop->compare == OP_LE;
    region_walk(loop->regions[0], look_at, ends);
    return ends->different && !ends->failed && iterations_commute(loop);
}

/* The middle, which the loop becomes: one later to one earlier. An unsigned bound may be zero. */
static void shorten(Builder *b, Op *loop)
{
    Value *lower = op_operand(loop, 0), *upper = op_operand(loop, 1);
    Value *one = build_int(b, lower->type, 1), *earlier = build_binary(b, OP_SUB, upper, build_int(b, upper->type, 1));
    if (!type_is_signed(loop->function->module->types, upper->type))
        earlier = build_select(b, build_binary(b, OP_GT, upper, lower), earlier, lower);
    op_set_operand(loop, 0, build_binary(b, OP_ADD, lower, one));
    op_set_operand(loop, 1, earlier);
}

/* The first iteration and the last, or the only one: a copy of the body. */
static void run_ends(Arena *arena, Builder *b, Op *loop)
{
    Value *lower = op_operand(loop, 0), *upper = op_operand(loop, 1), *counter = loop->regions[0]->args.items[0];
    Value **map = arena_new_array(arena, Value *, loop->function->num_values);
    const unsigned n = loop_num_carried(loop);
    const int64_t inclusive = loop->compare == OP_LE;
    Value *most = build_int(b, upper->type, lower->op->int_value + 2 - inclusive);
    Value *some = build_select(b, build_binary(b, OP_LT, upper, most), upper, most);
    Value **next = arena_new_array(arena, Value *, n + 1);
    for (unsigned i = 0; i < n; i++)
        next[i] = loop_carried_init(loop, i);
    Op *copy = build_for(b, loop->compare, lower, some, build_int(b, lower->type, 1), next, n, "end");
    copy->flags = loop->flags;
    for (unsigned i = 0; i < n; i++) {
        copy->results[i]->name = loop->results[i]->name;
        op_set_operand(loop, 3 + i, copy->results[i]);
    }
    Builder body = builder_at_end(copy->regions[0]);
    body.loc = loop->loc;
    Value *is_first = build_binary(&body, OP_EQ, copy->regions[0]->args.items[0], lower);
    Value *last = inclusive ? upper : build_binary(&body, OP_SUB, upper, build_int(&body, upper->type, 1));
    map[counter->id] = build_select(&body, is_first, lower, last);
    map[counter->id]->name = counter->name;
    for (unsigned i = 0; i < n; i++)
        map[loop_carried_arg(loop, i)->id] = loop_carried_arg(copy, i);
    for (const Op *op = loop->regions[0]->first; op; op = op->next)
        if (op->kind != OP_YIELD)
            build_clone(&body, op, map);
    for (unsigned i = 0; i < n; i++) /* a sum: it is computed in the body */
        next[i] = map[loop_carried_next(loop, i)->id];
    build_yield(&body, next, n);
}

static void use_decided(const Decided *decided, Value *counter)
{
    Builder b = builder_before(decided->op);
    b.loc = decided->op->loc;
    b.flags = decided->op->flags;
    const Type *type = decided->op->results[0]->type;
    Value *value = op_operand(decided->op, 0);
    if (decided->op->kind != OP_REM)
        value = build_bool(&b, decided->truth);
    else if (decided->wrapped && decided->offset < 0)
        value = build_convert(&b, build_binary(&b, OP_SUB, counter, build_int(&b, counter->type, -decided->offset)), type);
    else if (decided->wrapped)
        value = build_convert(&b, build_binary(&b, OP_ADD, counter, build_int(&b, counter->type, decided->offset)), type);
    value_replace_uses(decided->op->results[0], value);
}

static void split(Ends *ends)
{
    Op *loop = ends->loop;
    Builder b = builder_before(loop);
    b.loc = loop->loc;
    b.flags = loop->flags & OP_FLAG_ADJOINT;
    run_ends(ends->arena, &b, loop);
    shorten(&b, loop);
    for (size_t i = 0; i < ends->decided.count; i++)
        use_decided(&ends->decided.items[i], loop->regions[0]->args.items[0]);
}

static bool visit_region(Arena *arena, Region *region)
{
    bool any = false;
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned r = 0; r < op->num_regions; r++)
            any = visit_region(arena, op->regions[r]) || any;
        Ends ends;
        if (find_ends(&ends, arena, op)) {
            split(&ends);
            any = true;
        }
    }
    return any;
}

bool split_ends(Function *function)
{
    return visit_region(function->module->arena, function->body);
}
