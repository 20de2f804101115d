/* Loops of a few short rounds, written out.
 *
 *     for (k = 0; k < 3; k++) {                   s += A[0] * x[0];  s_dot += A[0] * x_dot[0];
 *         s += A[k] * x[k];              becomes  s += A[1] * x[1];  s_dot += A[1] * x_dot[1];
 *         s_dot += A[k] * x_dot[k];               s += A[2] * x[2];  s_dot += A[2] * x_dot[2];
 *     }
 *
 * Problem. In several directions each stretch without control flow has a loop over directions of its own, and what crosses from one
 * to the next waits in an array. In a loop of three rounds that is a store and a load for each product.
 *
 * Algorithm. Innermost loops with constant bounds, whose bodies are arithmetic, loads and stores with tangents (or adjoints) among them, are
 * replaced by copies of their bodies.
 *
 * Requires: nothing. Keeps: the order of effects. */
#include "diff/short_loops.h"

#include "ir/builder.h"

enum { MAX_ROUNDS = 4, MAX_OPS = 12 };

typedef struct ShortLoops {
    Arena *arena;
    const Part *part;
    VEC(Op *) found;
} ShortLoops;

static bool is_plain(const Op *op)
{
    return op->num_regions == 0 && (op_is_speculatable(op) || op->kind == OP_LOAD || op->kind == OP_STORE ||
                                    op->kind == OP_ACCUMULATE || op->kind == OP_YIELD);
}

static bool is_work(const Op *op)
{
    return op->kind != OP_CONST && op->kind != OP_INDEX && op->kind != OP_YIELD;
}

/* -1: not known, or bounds that wrap: -1 is the largest unsigned number. */
static int64_t rounds_of(const Op *loop)
{
    const bool is_signed = type_is_signed(loop->function->module->types, op_operand(loop, 0)->type);
    for (unsigned i = 0; i < 3; i++)
        if (!value_is_const(op_operand(loop, i)) || (i < 2 && !is_signed && op_operand(loop, i)->op->int_value < 0))
            return -1;
    const int64_t lower = op_operand(loop, 0)->op->int_value, upper = op_operand(loop, 1)->op->int_value;
    const int64_t step = op_operand(loop, 2)->op->int_value;
    if (step == 0 || (loop->compare != OP_LT && loop->compare != OP_LE && loop->compare != OP_GT && loop->compare != OP_GE))
        return -1;
    const int64_t distance = step > 0 ? upper - lower : lower - upper, size = step > 0 ? step : -step;
    const bool inclusive = loop->compare == OP_LE || loop->compare == OP_GE;
    if ((step > 0) != (loop->compare == OP_LT || loop->compare == OP_LE))
        return -1;
    return distance + inclusive > 0 ? (distance + (inclusive ? size : size - 1)) / size : 0;
}

static void look_at(Op *op, void *context)
{
    ShortLoops *s = context;
    if (op->kind != OP_FOR)
        return;
    const int64_t rounds = rounds_of(op);
    unsigned work = 0;
    bool derivative = false;
    for (const Op *inner = op->regions[0]->first; inner; inner = inner->next) {
        if (!is_plain(inner))
            return;
        work += is_work(inner);
        derivative = derivative || (inner->num_results && s->part[inner->results[0]->id] == PART_NUMBER);
    }
    if (derivative && work <= MAX_OPS && rounds > 0 && rounds <= MAX_ROUNDS)
        vec_push(s->arena, &s->found, op);
}

static void write_out(ShortLoops *s, Op *loop)
{
    const Region *body = loop->regions[0];
    const unsigned n = loop_num_carried(loop);
    const int64_t rounds = rounds_of(loop), lower = op_operand(loop, 0)->op->int_value, step = op_operand(loop, 2)->op->int_value;
    Builder b = builder_before(loop);
    Value **map = arena_new_array(s->arena, Value *, loop->function->num_values);
    Value **carried = arena_new_array(s->arena, Value *, n + 1);
    for (unsigned i = 0; i < n; i++)
        carried[i] = loop_carried_init(loop, i);
    for (int64_t k = 0; k < rounds; k++) {
        const int64_t round = loop->flags & OP_FLAG_REVERSED ? rounds - 1 - k : k;
        b.loc = loop->loc;
        map[body->args.items[0]->id] = build_int(&b, body->args.items[0]->type, lower + round * step);
        for (unsigned i = 0; i < n; i++)
            map[loop_carried_arg(loop, i)->id] = carried[i];
        for (const Op *op = body->first; op; op = op->next)
            if (op->kind != OP_YIELD)
                build_clone(&b, op, map);
        for (unsigned i = 0; i < n; i++) {
            Value *next = loop_carried_next(loop, i);
            carried[i] = map[next->id] ? map[next->id] : next;
        }
    }
    for (unsigned i = 0; i < n; i++)
        value_replace_uses(loop->results[i], carried[i]);
    op_erase(loop);
}

bool short_loops_write_out(Function *function, const Part *part)
{
    ShortLoops s = {.arena = function->module->arena, .part = part};
    region_walk(function->body, look_at, &s);
    for (size_t i = 0; i < s.found.count; i++)
        write_out(&s, s.found.items[i]);
    return s.found.count > 0;
}
