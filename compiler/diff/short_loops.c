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

#include "transform/write_out.h"

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

static void look_at(Op *op, void *context)
{
    ShortLoops *s = context;
    if (op->kind != OP_FOR)
        return;
    const int64_t rounds = constant_rounds(op);
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

bool short_loops_write_out(Function *function, const Part *part)
{
    ShortLoops s = {.arena = function->module->arena, .part = part};
    region_walk(function->body, look_at, &s);
    for (size_t i = 0; i < s.found.count; i++)
        write_out_loop(s.found.items[i]);
    return s.found.count > 0;
}
