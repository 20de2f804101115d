/* Loops over directions that add multiples of one number are skipped where it is zero.
 *
 *     for (d = 0; d < K; d++)                                      if (w != 0)
 *         y_dot[d] += (a[d] + b[d] * s + c[d] * t) * w;    becomes    for (d = 0; d < K; d++)
 *                                                                          y_dot[d] += ...
 *
 * Problem. Much of a Jacobian is zero because of the data: weights of what has no influence. The primal does not test for it, as a product
 * costs no more than a test; K tangents that are formed of several others cost more.
 *
 * Algorithm. Whatever the loop writes must be what stood there plus a product with the number, so nothing is changed where that is zero (in
 * real numbers: such loops are relaxed). The number is one that was loaded: what is computed is rarely zero.
 *
 * Requires: SSA, common subexpressions merged. */
#include "ir/builder.h"
#include "transform/passes.h"

enum { MIN_LOADS = 3, MIN_WORK = 24 /* loads in all directions */, MAX_FACTORS = 8 };

typedef struct Factors {
    Value *items[MAX_FACTORS];
    unsigned count;
} Factors;

typedef struct Found {
    Arena *arena;
    VEC(Op *) loops;
} Found;

/* Of a product: those from outside the loop that were loaded. */
static void find_factors(const Op *loop, Value *value, Factors *factors)
{
    const Op *op = value->op;
    if (!value_is_inside(loop, value)) {
        if (op && op->kind == OP_LOAD && factors->count < MAX_FACTORS)
            factors->items[factors->count++] = value;
    } else if (op && op->kind == OP_MUL) {
        find_factors(loop, op_operand(op, 0), factors);
        find_factors(loop, op_operand(op, 1), factors);
    } else if (op && op->kind == OP_NEG) {
        find_factors(loop, op_operand(op, 0), factors);
    }
}

static bool is_load_of(const Value *value, const Value *address)
{
    return value->op && value->op->kind == OP_LOAD && op_operand(value->op, 0) == address;
}

/* What the op adds to memory; NULL: it does something else. */
static Value *added(const Op *op)
{
    if (op->kind == OP_ACCUMULATE)
        return op_operand(op, 1);
    const Op *sum = op->kind == OP_STORE ? op_operand(op, 1)->op : NULL;
    const Value *address = op_operand(op, 0);
    if (!sum || sum->parent != op->parent || (sum->kind != OP_ADD && sum->kind != OP_SUB))
        return NULL;
    if (is_load_of(op_operand(sum, 0), address) && op_operand(sum, 0)->op->parent == op->parent)
        return op_operand(sum, 1);
    return sum->kind == OP_ADD && is_load_of(op_operand(sum, 1), address) && op_operand(sum, 1)->op->parent == op->parent
               ? op_operand(sum, 0) : NULL;
}

static void keep_common(Factors *all, const Factors *some)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < all->count; i++)
        for (unsigned k = 0; k < some->count; k++)
            if (all->items[i] == some->items[k]) {
                all->items[kept++] = all->items[i];
                break;
            }
    all->count = kept;
}

/* The number that all that the loop adds is a multiple of; NULL: there is none, or it is not worth a test. */
static Value *common_factor(const Op *loop)
{
    Factors common = {0};
    unsigned loads = 0, effects = 0;
    for (const Op *op = loop->regions[0]->first; op; op = op->next) {
        if (op->kind == OP_YIELD)
            continue;
        loads += op->kind == OP_LOAD;
        if (op->kind == OP_LOAD || (op->num_regions == 0 && op_table[op->kind].effect == EFFECT_PURE))
            continue;
        Value *share = op->kind == OP_STORE || op->kind == OP_ACCUMULATE ? added(op) : NULL;
        Factors factors = {0};
        if (!share)
            return NULL;
        loads -= op->kind == OP_STORE; /* of what is added to */
        find_factors(loop, share, &factors);
        if (effects++)
            keep_common(&common, &factors);
        else
            common = factors;
    }
    const int64_t directions = op_operand(loop, 1)->op->int_value;
    return effects && common.count && loads >= MIN_LOADS && loads * directions >= MIN_WORK ? common.items[0] : NULL;
}

static void find_loop(Op *op, void *context)
{
    Found *found = context;
    const bool is_inner = op->kind == OP_FOR && (op->flags & OP_FLAG_TANGENT) && op->parent->owner;
    if (is_inner && op->num_results == 0 && value_is_const(op_operand(op, 1)) && common_factor(op))
        vec_push(found->arena, &found->loops, op);
}

static void test_factor(Op *loop)
{
    Value *factor = common_factor(loop);
    Builder b = builder_before(loop);
    b.loc = loop->loc;
    Op *test = build_if(&b, build_binary(&b, OP_NE, factor, build_zero(&b, factor->type)), NULL, 0);
    op_detach(loop);
    op_append(test->regions[0], loop);
    for (unsigned r = 0; r < 2; r++) {
        Builder end = builder_at_end(test->regions[r]);
        build_yield(&end, NULL, 0);
    }
}

void skip_zeros(Function *function)
{
    Found found = {.arena = function->module->arena};
    region_walk(function->body, find_loop, &found);
    for (size_t i = 0; i < found.loops.count; i++)
        test_factor(found.loops.items[i]);
}
