/* Iterations side by side, in blocks.
 *
 *     for (i = 0; i < n; i++) {                        for each block of 64: first <= i < end {
 *         sum = 0;                                         for (i...) sum[i - first] = 0;
 *         for (q = 0; q < k; q++)                          for (q = 0; q < k; q++)
 *             sum += w[q] * x[i + q];                          for (i...) sum[i - first] += w[q] * x[i + q];
 *         r = sum - y[i];                                  for (i...) r[i - first] = sum[i - first] - y[i];
 *         for (q = 0; q < k; q++) {                        for (q = 0; q < k; q++) {
 *             x_bar[i + q] += r * w[q];                        for (i...) x_bar[i + q] += r[i - first] * w[q];
 *             w_bar[q] += r * x[i + q];                        w_bar[q] += inner product of r and x[first + q...];
 *         }                                                }
 *         loss += r * r;
 *     }                                                    for (i...) loss += r[i - first] * r[i - first];
 *                                                      }
 *
 * Problem. A C compiler must add in the order of the source, so it leaves inner sums as they are; and it does not use vector instructions
 * for a loop that ends in additions to elements that are looked up, although all that comes before them is plain arithmetic.
 *
 * Algorithm. A loop that may and should (analysis/lockstep.h) is cut into blocks, and its body is gone through once for each: inner loops
 * stay loops, and whatever else there is to be done becomes a loop over the iterations of the block, as much as possible in one. What has
 * an effect decides when; values are computed where they are first needed. What a later loop needs again waits in an array of the length of
 * a block, unless it is as cheap to compute again. What is added to elements that iterations beside add to as well has loops of its own at
 * the end. Sums of the loop, and what is added to elements that are looked up, come last, in the order of the source. So each number is
 * computed from the same numbers as before, but for adjoints that several iterations add to.
 *
 * Rows. Inner sums along a row for each iteration (a matrix times a vector) wait for one addition after the other. Four or eight rows at once do not:
 *
 *     while (n - first >= 8) {
 *         double sum[8];                                   written for a fixed number of iterations: C compilers keep it in registers
 *         for (i = first; i < first + 8; i++) sum[i - first] = 0;
 *         for (k = 0; k < m; k++)
 *             for (i = first; i < first + 8; i++) sum[i - first] += A[i][k] * x[k];
 *         ...
 *         first += 8;
 *     }
 *     for (i = first; i < n; i++) ...                      the iterations that are left, as they were
 *
 * Requires: SSA; unused values are removed afterwards. Keeps: values, and the order in which a sum that the primal needs is formed. */
#include "analysis/affine.h"
#include "transform/block_lanes.h"
#include "transform/passes.h"
#include "transform/write_out.h"

/* ---- ops ---- */

static void do_region(Blocks *x, Builder *b, const Region *region);

/* What an inner loop needs is computed in front of it. */
static void prepare_outer_values(Blocks *x, Builder *b, const Op *loop, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next) {
        for (unsigned i = 0; i < op->num_operands; i++)
            if (!value_is_inside(loop, op_operand(op, i)))
                lanes_prepare(x, b, op_operand(op, i));
        for (unsigned r = 0; r < op->num_regions; r++)
            prepare_outer_values(x, b, loop, op->regions[r]);
    }
}

/* Does the inner loop go on with the sum of the loop around it? Then one array serves both. */
static bool goes_on(const Op *loop, unsigned i, Value **outer)
{
    Value *initial = loop_carried_init(loop, i);
    const Op *around = initial->op ? NULL : initial->region->owner;
    *outer = initial;
    return around && around->kind == OP_FOR && around->regions[0] == loop->parent && initial->index > 0 && value_has_one_use(initial) &&
           value_has_one_use(loop->results[i]) && loop_carried_next(around, initial->index - 1) == loop->results[i];
}

static void begin_carried(Blocks *x, Builder *b, const Op *loop)
{
    for (unsigned i = 0; i < loop_num_carried(loop); i++) {
        Value *arg = loop_carried_arg(loop, i), *outer;
        if (goes_on(loop, i, &outer) && x->lanes[outer->id].array) {
            x->lanes[arg->id].array = x->lanes[outer->id].array;
        } else {
            lanes_need(x, b, loop);
            Value *initial = lanes_obtain(x, loop_carried_init(loop, i));
            x->lanes[arg->id].array = lanes_array(x, arg->type, arg->name);
            build_store(&x->inside, lanes_element(x, &x->inside, x->lanes[arg->id].array, x->open), initial);
        }
    }
}

static void end_carried(Blocks *x, Builder *b, const Op *loop)
{
    const unsigned n = loop_num_carried(loop);
    Value **next = arena_new_array(x->lockstep.arena, Value *, n + 1);
    for (unsigned i = 0; i < n; i++) {
        Value *value = loop_carried_next(loop, i);
        const bool is_there = value_is_inside(x->source, value) && /* unchanged, or an inner loop has gone on with it */
                              x->lanes[value->id].array == x->lanes[loop_carried_arg(loop, i)->id].array;
        if (is_there)
            continue;
        lanes_need(x, b, value->op ? value->op : loop);
        next[i] = lanes_obtain(x, value);
        if (value_is_inside(x->open, next[i]) && next[i]->op)
            next[i]->name = NULL; /* it is the array's */
    }
    for (unsigned i = 0; i < n; i++)
        if (next[i])
            build_store(&x->inside, lanes_element(x, &x->inside, x->lanes[loop_carried_arg(loop, i)->id].array, x->open), next[i]);
}

static Value *added_to_sum(const Blocks *x, unsigned i)
{
    const Op *sum = loop_carried_next(x->source, i)->op;
    return op_operand(sum, op_operand(sum, 0) == loop_carried_arg(x->source, i));
}

/* What the sums of the loop itself are made of, as far as it is known already. */
static void prepare_sums(Blocks *x, Builder *b)
{
    for (unsigned i = 0; i < loop_num_carried(x->source); i++)
        if (x->open && lanes_can_obtain(x, added_to_sum(x, i)))
            lanes_prepare_addend(x, b, added_to_sum(x, i));
}

static void do_loop(Blocks *x, Builder *b, const Op *loop)
{
    prepare_outer_values(x, b, loop, loop->regions[0]);
    begin_carried(x, b, loop);
    prepare_sums(x, b);
    lanes_close(x, NULL, 0);
    Value *bounds[3];
    for (unsigned i = 0; i < 3; i++)
        bounds[i] = lanes_uniform(x, op_operand(loop, i));
    b->loc = loop->loc;
    b->flags = loop->flags;
    const Value *counter = loop->regions[0]->args.items[0];
    Op *copy = build_for(b, loop->compare, bounds[0], bounds[1], bounds[2], NULL, 0, counter->name);
    x->map[counter->id] = copy->regions[0]->args.items[0];
    Builder body = builder_at_end(copy->regions[0]);
    do_region(x, &body, loop->regions[0]);
    end_carried(x, &body, loop);
    lanes_close(x, NULL, 0);
    build_yield(&body, NULL, 0);
    for (unsigned i = 0; i < loop_num_carried(loop); i++) /* not before: what depends on them could be computed too early */
        x->lanes[loop->results[i]->id].array = x->lanes[loop_carried_arg(loop, i)->id].array;
}

/* The sum of products of what stands one behind the other; NULL: it is not. */
static Value *sum_of_products(Blocks *x, Builder *b, const Value *term)
{
    if (!term->op || term->op->kind != OP_MUL || !lockstep_varies(&x->lockstep, op_operand(term->op, 0)) ||
        !lockstep_varies(&x->lockstep, op_operand(term->op, 1)))
        return NULL;
    Value *p = lanes_stretch(x, b, op_operand(term->op, 0)), *q = p ? lanes_stretch(x, b, op_operand(term->op, 1)) : NULL;
    return q ? build_inner(b, build_binary(b, OP_SUB, x->end, x->first), p, q) : NULL;
}

static Value *sum_one_by_one(Blocks *x, Builder *b, const Op *op, Value *of)
{
    Value *zero = build_zero(b, of->type);
    lanes_open(x, b, op, &zero, 1);
    Op *lanes = x->open;
    Value *term = lanes_obtain(x, of);
    x->inside.flags = op->flags;
    Value *next = build_binary(&x->inside, OP_ADD, lanes->regions[0]->args.items[1], term);
    lanes_close(x, &next, 1);
    return lanes->results[0];
}

/* A factor that is the same for all iterations is taken out of the sum: the product without it, or NULL. */
static Value *without_factor(const Blocks *x, const Value *term, Value **factor)
{
    if (!term->op || term->op->kind != OP_MUL || !(term->op->flags & OP_FLAG_RELAXED))
        return NULL;
    for (unsigned i = 0; i < 2; i++)
        if (!lockstep_varies(&x->lockstep, op_operand(term->op, i)) && lockstep_varies(&x->lockstep, op_operand(term->op, !i))) {
            *factor = op_operand(term->op, i);
            return op_operand(term->op, !i);
        }
    return NULL;
}

/* Of adjoints, whose order is free; NULL: it would be formed one by one, and is not to be. */
static Value *sum_of_block(Blocks *x, Builder *b, const Op *op, Value *of, bool one_by_one)
{
    const bool negative = of->op && of->op->kind == OP_NEG && (of->op->flags & OP_FLAG_RELAXED);
    of = negative ? op_operand(of->op, 0) : of;
    Value *factor = NULL, *rest = without_factor(x, of, &factor), *term = rest ? rest : of;
    lanes_prepare_addend(x, b, term);
    lanes_close(x, NULL, 0);
    b->loc = op->loc;
    b->flags = op->flags;
    Value *sum = x->lockstep.rows ? NULL : sum_of_products(x, b, term);
    if (!sum && one_by_one)
        sum = sum_one_by_one(x, b, op, term);
    b->loc = op->loc;
    b->flags = op->flags;
    if (sum && rest)
        sum = build_binary(b, OP_MUL, lanes_uniform(x, factor), sum);
    return sum && negative ? build_unary(b, OP_NEG, sum) : sum;
}

/* All iterations add to one element: a sum over the block, added once. */
static void add_sum(Blocks *x, Builder *b, const Op *op)
{
    Value *sum = sum_of_block(x, b, op, op_operand(op, 1), true);
    b->loc = op->loc;
    b->flags = op->flags;
    build_accumulate(b, lanes_uniform(x, op_operand(op, 0)), sum);
}

static void do_access(Blocks *x, Builder *b, const Op *op)
{
    const Stride stride = lockstep_stride(&x->lockstep, op_operand(op, 0));
    if (op->kind == OP_ACCUMULATE && lockstep_stands_apart(&x->lockstep, op)) {
        lanes_prepare(x, b, op_operand(op, 0));
        lanes_prepare(x, b, op_operand(op, 1));
        vec_push(x->lockstep.arena, &x->apart, op);
        return;
    }
    if (op->kind == OP_ACCUMULATE && stride == STRIDE_NONE) {
        add_sum(x, b, op);
        return;
    }
    if (op->kind == OP_ACCUMULATE && stride == STRIDE_IRREGULAR) {
        lanes_prepare(x, b, op_operand(op, 0));
        lanes_prepare(x, b, op_operand(op, 1));
        if (op->parent == x->source->regions[0]) {
            vec_push(x->lockstep.arena, &x->late, op);
            return;
        }
        lanes_close(x, NULL, 0);
        lanes_need(x, b, op);
        lanes_clone(x, op);
        lanes_close(x, NULL, 0);
        return;
    }
    lanes_need(x, b, op);
    lanes_clone(x, op);
}

static void do_op(Blocks *x, Builder *b, const Op *op)
{
    Builder before = x->open ? builder_before(x->open) : *b;
    switch (op->kind) {
    case OP_YIELD:
        return;
    case OP_FOR:
        do_loop(x, b, op);
        return;
    case OP_IF: /* a choice: what is the same for all iterations */
        do_region(x, b, op->regions[0]);
        do_region(x, b, op->regions[1]);
        return;
    case OP_ALLOCA:
        lanes_widen(x, op);
        return;
    case OP_ZERO:
        lanes_close(x, NULL, 0);
        b->loc = op->loc;
        b->flags = op->flags;
        build_fill_zero(b, x->lanes[op_operand(op, 0)->id].array,
                        build_int(b, op_operand(op, 1)->type, op_operand(op, 1)->op->int_value * x->length));
        return;
    case OP_STORE:
    case OP_ACCUMULATE:
        do_access(x, b, op);
        return;
    default:
        if (!lockstep_varies(&x->lockstep, op->results[0]))
            lanes_clone_uniform(x, &before, op);
        else if (op->kind == OP_LOAD && !lockstep_is_cheap(&x->lockstep, op->results[0]))
            lanes_prepare(x, b, op->results[0]);
    }
}

static void do_region(Blocks *x, Builder *b, const Region *region)
{
    for (const Op *op = region->first; op; op = op->next)
        do_op(x, b, op);
}

/* ---- the blocks ---- */

static void add_apart(Blocks *x, Builder *b)
{
    for (size_t i = 0; i < x->apart.count; i++) {
        lanes_need(x, b, x->apart.items[i]);
        lanes_clone(x, x->apart.items[i]);
        lanes_close(x, NULL, 0);
    }
}

/* The loop's own sum, as an inner product over the block, if the order is free. */
static bool add_product(Blocks *x, Builder *b, unsigned i, Value **carried)
{
    const Op *next = loop_carried_next(x->source, i)->op;
    Value *sum = next->flags & OP_FLAG_RELAXED ? sum_of_block(x, b, next, added_to_sum(x, i), false) : NULL;
    if (sum) {
        *carried = build_binary(b, next->kind, *carried, sum);
        (*carried)->name = x->source->results[i]->name;
    }
    return sum;
}

/* What the loop's own sums are made of, and the additions that were put off. */
static void do_the_rest(Blocks *x, Builder *b, Value **carried)
{
    const Op *loop = x->source;
    const unsigned n = loop_num_carried(loop);
    unsigned *which = arena_new_array(x->lockstep.arena, unsigned, n + 1), left = 0;
    Value **sums = arena_new_array(x->lockstep.arena, Value *, n + 1);
    for (unsigned i = 0; i < n; i++)
        lanes_prepare_addend(x, b, added_to_sum(x, i));
    lanes_close(x, NULL, 0);
    add_apart(x, b);
    for (unsigned i = 0; i < n; i++)
        if (!add_product(x, b, i, &carried[i])) {
            sums[left] = carried[i];
            which[left++] = i;
        }
    if (left == 0 && x->late.count == 0)
        return;
    lanes_open(x, b, left ? loop_carried_next(loop, which[0])->op : x->late.items[0], sums, left);
    Op *lanes = x->open;
    for (unsigned i = 0; i < left; i++)
        x->lanes[loop_carried_arg(loop, which[i])->id] = (Lane){.value = loop_carried_arg(lanes, i), .loop = lanes};
    for (size_t i = 0; i < x->late.count; i++)
        lanes_clone(x, x->late.items[i]);
    for (unsigned i = 0; i < left; i++)
        sums[i] = lanes_obtain(x, loop_carried_next(loop, which[i]));
    lanes_close(x, sums, left);
    for (unsigned i = 0; i < left; i++) {
        lanes->results[i]->name = loop->results[which[i]]->name;
        carried[which[i]] = lanes->results[i];
    }
}

/* The iteration behind the last one. */
static Value *upper_end(Builder *b, const Op *loop)
{
    Value *upper = op_operand(loop, 1);
    return loop->compare == OP_LE ? build_binary(b, OP_ADD, upper, build_int(b, upper->type, 1)) : upper;
}

/* Rows: is there a whole block left? */
static Value *is_more(const Blocks *x, Builder *b, Value *first, Value *upper)
{
    Value *is_left = build_binary(b, OP_LT, first, upper);
    if (!x->lockstep.rows)
        return is_left;
    const Value *lower = op_operand(x->source, 0);
    const Affine from = affine_of(lower), to = affine_of(upper), distance = affine_difference(&to, &from);
    Value *is_whole = build_binary(b, OP_GE, build_binary(b, OP_SUB, upper, first), build_int(b, upper->type, x->length));
    const bool never_overflows = value_is_int(lower, 0) || affine_is_at_least(&distance, 0);
    return never_overflows ? is_whole : build_binary(b, OP_LAND, is_left, is_whole);
}

/* `first` is not counted up by the length of a block, as it would overflow close to the largest number. */
static Op *build_blocks(Blocks *x, Builder *b, Value *upper)
{
    const Op *loop = x->source;
    const unsigned n = loop_num_carried(loop);
    Value **initial = arena_new_array(x->lockstep.arena, Value *, n + 1);
    initial[0] = op_operand(loop, 0);
    for (unsigned i = 0; i < n; i++)
        initial[i + 1] = loop_carried_init(loop, i);
    Op *blocks = build_while(b, initial, n + 1);
    blocks->results[0]->name = "first";
    for (unsigned r = 0; r < 2; r++)
        for (unsigned i = 0; i <= n; i++)
            blocks->regions[r]->args.items[i]->name = i ? loop_carried_arg(loop, i - 1)->name : "first";
    for (unsigned i = 0; i < n; i++)
        blocks->results[i + 1]->name = loop->results[i]->name;
    Builder condition = builder_at_end(blocks->regions[0]);
    condition.loc = loop->loc;
    Value *more = is_more(x, &condition, blocks->regions[0]->args.items[0], upper);
    build_yield(&condition, &more, 1);
    return blocks;
}

static Value *end_of_block(const Blocks *x, Builder *b, Value *upper, Value *length)
{
    Value *whole = build_binary(b, OP_ADD, x->first, length);
    if (x->lockstep.rows)
        return whole;
    Value *is_full = build_binary(b, OP_GT, build_binary(b, OP_SUB, upper, x->first), length);
    return build_select(b, is_full, whole, upper);
}

/* Rows: the iterations that are left run as they did. */
static Op *build_rest(Blocks *x, Builder *b, const Op *blocks)
{
    Op *rest = build_clone(b, x->source, x->map);
    op_set_operand(rest, 0, blocks->results[0]);
    for (unsigned i = 0; i < loop_num_carried(rest); i++)
        op_set_operand(rest, 3 + i, blocks->results[i + 1]);
    return rest;
}

static void rewrite(Blocks *x)
{
    Op *loop = x->source;
    const unsigned n = loop_num_carried(loop);
    Builder b = builder_before(loop);
    b.loc = loop->loc;
    b.flags = loop->flags & OP_FLAG_ADJOINT;
    Value *upper = upper_end(&b, loop);
    Op *blocks = build_blocks(x, &b, upper);
    Builder body = builder_at_end(blocks->regions[1]);
    body.loc = loop->loc;
    Value **carried = arena_new_array(x->lockstep.arena, Value *, n + 1);
    for (unsigned i = 0; i < n; i++)
        carried[i + 1] = blocks->regions[1]->args.items[i + 1];
    x->first = blocks->regions[1]->args.items[0];
    Value *length = build_int(&body, upper->type, x->length);
    x->top = length->op;
    x->end = end_of_block(x, &body, upper, length);
    x->end->name = "end";
    do_region(x, &body, loop->regions[0]);
    do_the_rest(x, &body, carried + 1);
    carried[0] = x->end;
    build_yield(&body, carried, n + 1);
    const bool is_rest = x->lockstep.rows && (constant_rounds(loop) < 0 || constant_rounds(loop) % x->length);
    const Op *rest = is_rest ? build_rest(x, &b, blocks) : NULL;
    for (unsigned i = 0; i < n; i++)
        value_replace_uses(loop->results[i], rest ? rest->results[i] : blocks->results[i + 1]);
    op_erase(loop);
}

/* ---- the loops ---- */

enum { LENGTH = 64, SHORT_LENGTH = 4 /* for tests: more blocks */, ROWS = 8, ROWS_OF_SUMS = 4 };

static int64_t length_of_block(const Lockstep *l, bool wherever_possible)
{
    if (l->rows)
        return l->sums == 1 ? ROWS : ROWS_OF_SUMS; /* what fits into registers */
    return wherever_possible ? SHORT_LENGTH : LENGTH;
}

typedef struct Candidates {
    Arena *arena;
    bool anyway;         /* whether or not it is worth it */
    bool only_scattered; /* those that add to elements that are looked up */
    Lockstep lockstep;
    VEC(Op *) list;
} Candidates;

/* Inner loops first; none around one that is cut. */
static bool find_candidates(Candidates *candidates, Region *region)
{
    bool any = false;
    for (Op *op = region->first; op; op = op->next) {
        bool inner = false;
        for (unsigned r = 0; r < op->num_regions; r++)
            inner = find_candidates(candidates, op->regions[r]) || inner;
        if (!inner && lockstep_analyse(candidates->arena, op, candidates->anyway, &candidates->lockstep)) {
            inner = true;
            if (!candidates->only_scattered || candidates->lockstep.scattered)
                vec_push(candidates->arena, &candidates->list, op);
        }
        any = any || inner;
    }
    return any;
}

static bool can_be_written_out(const Op *loop)
{
    enum { MAX_ROUNDS = 6, MAX_OPS = 24 };
    unsigned ops = 0;
    for (const Op *op = loop->regions[0]->first; op; op = op->next) {
        if (op->num_regions)
            return false;
        ops++;
    }
    const int64_t rounds = constant_rounds(loop);
    return rounds > 0 && rounds <= MAX_ROUNDS && ops <= MAX_OPS;
}

bool write_out_in_blocks(Function *function)
{
    Candidates candidates = {.arena = function->module->arena, .only_scattered = true};
    find_candidates(&candidates, function->body);
    bool any = false;
    for (size_t i = 0; i < candidates.list.count; i++)
        for (Op *op = candidates.list.items[i]->regions[0]->first, *next; op; op = next) {
            next = op->next;
            if (op->kind == OP_FOR && can_be_written_out(op)) {
                write_out_loop(op);
                any = true;
            }
        }
    return any;
}

/* One loop after the other: tables are used again, and grow with the function. */
static void cut(Blocks *x, Arena *arena, Op *loop, bool wherever_possible)
{
    const unsigned known = loop->function->num_values;
    *x = (Blocks){.lockstep = x->lockstep, .source = loop, .lanes = x->lanes, .map = x->map, .known = x->known};
    if (x->known < known) {
        x->lanes = arena_grow(arena, x->lanes, x->known * sizeof(Lane), 2 * known * sizeof(Lane));
        x->map = arena_grow(arena, x->map, x->known * sizeof(Value *), 2 * known * sizeof(Value *));
        x->known = 2 * known;
    }
    lockstep_analyse(arena, loop, wherever_possible, &x->lockstep);
    x->length = length_of_block(&x->lockstep, wherever_possible);
    rewrite(x);
}

bool cut_into_blocks(Function *function, bool wherever_possible)
{
    Candidates candidates = {.arena = function->module->arena, .anyway = wherever_possible};
    find_candidates(&candidates, function->body);
    Blocks blocks = {.lockstep = candidates.lockstep};
    for (size_t i = 0; i < candidates.list.count; i++)
        cut(&blocks, candidates.arena, candidates.list.items[i], wherever_possible);
    return candidates.list.count > 0;
}
