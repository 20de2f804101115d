/* The adjoint: a forward sweep that computes and keeps, then the regions reversed.
 *
 * Problem. For y = f(x) and a seed v compute v^T J by running f's ops backward: the adjoint of each
 * operand grows by the adjoint of the result times the partial (Griewank and Walther, Evaluating
 * Derivatives, 2nd ed., section 3.2).
 *
 * Algorithm. The forward sweep is the primal, with caches added. The reverse sweep walks each region
 * backward in a frame of its own. A frame knows, for the instance of the region it reverses, the primal
 * values that were asked for (from the plan), the shadows of pointers, and the adjoints so far.
 *
 *   if      an if with the same condition; the adjoints of outer values that a branch touches are its
 *           results.
 *   for     the same counters in opposite order; the adjoints of the carried values are carried, and
 *           an outer value used inside gathers its adjoint in a carried sum from zero.
 *   replay  likewise, but each iteration runs what it needs of the forward body first (diff/slice.h).
 *   fused   no loop of its own: each iteration is reversed at the end of the forward loop's body (diff/strategy.h).
 *   while   a for over the counted trips, backward.
 *   load    the shadow at the address grows by the adjoint.
 *   store   the value's adjoint grows by the shadow at the address, which becomes zero: what was there
 *           before the store had no influence on what comes after.
 *
 * Requires: count_trips on the primal. Keeps: the primal. */
#include "diff/adjoint_internal.h"

#include "diff/pairs.h"
#include "diff/report.h"

/* ---- regions ---- */

static void reverse_op(Adjoint *a, const Op *op)
{
    a->frame->b.loc = op->loc;
    switch (op->kind) {
    case OP_LOAD:
        reverse_load(a, op);
        break;
    case OP_STORE:
        reverse_store(a, op);
        break;
    case OP_ACCUMULATE:
        reverse_accumulate(a, op);
        break;
    case OP_ZERO:
        reverse_zero(a, op);
        break;
    case OP_COPY:
        reverse_copy(a, op);
        break;
    case OP_CALL:
        reverse_call(a, op);
        break;
    case OP_IF:
        reverse_if(a, op);
        break;
    case OP_FOR:
    case OP_WHILE:
        reverse_loop(a, op);
        break;
    case OP_CONVERT:
        reverse_convert(a, op);
        break;
    default:
        reverse_formula(a, op);
        break;
    }
}

void reverse_region(Adjoint *a, const Region *region)
{
    for (const Op *op = region->last; op && !a->failed; op = op->prev)
        if (op_is_reversed(a->reversal, op))
            reverse_op(a, op);
}

/* ---- the sweeps ---- */

/* Do the extents of parameters depend on such ops only? */
static bool says_extents(const Op *op)
{
    return op->kind == OP_SHAPE || (op_table[op->kind].effect == EFFECT_PURE && !(op->flags & OP_FLAG_SHADOW));
}

/* The first op behind those that say what extents parameters have; what keeps shadows up may stand between them. */
static const Op *behind_extents(const Region *body)
{
    const Op *behind = body->first;
    for (const Op *op = body->first; op && (says_extents(op) || (op->flags & OP_FLAG_SHADOW)); op = op->next)
        if (op->kind == OP_SHAPE)
            behind = op->next;
    return behind;
}

static void forward_op(Adjoint *a, const Op *op)
{
    Builder b = builder_at_end(a->outside->gradient->body);
    b.loc = op->loc;
    if (op->kind != OP_RETURN)
        build_clone(&b, op, a->forward);
}

static void forward_result(Adjoint *a)
{
    const Op *end = region_terminator(a->reversal->primal->body);
    a->outside->result = end->num_operands ? a->forward[op_operand(end, 0)->id] : NULL;
}

/* The companion of the parameter that this argument of the gradient is; NULL: it is none, or has none. */
static Value *shadow_of_forward(const Adjoint *a, const Value *argument)
{
    const Function *primal = a->reversal->primal;
    for (unsigned i = 0; i < primal->num_params; i++)
        if (a->outside->forward[i] == argument)
            return a->outside->shadows[i];
    return NULL;
}

/* Companions have the shape of what they shadow: it is said behind that of the original. */
static void shape_shadows(Adjoint *a)
{
    for (const Op *op = a->outside->gradient->body->first, *next; op; op = next) {
        next = op->next;
        if (op->kind != OP_SHAPE || op_operand(op, 0)->op)
            continue;
        Value *shadow = shadow_of_forward(a, op_operand(op, 0));
        if (!shadow || shadow->op)
            continue;
        Builder b = {.function = op->function, .region = op->parent, .before = op->next};
        Value *extents[16];
        const unsigned rank = op->num_operands - 1;
        for (unsigned i = 0; i < rank && i < 16; i++)
            extents[i] = op_operand(op, i + 1);
        build_shape(&b, shadow, extents, rank);
    }
}

static void release_caches(Adjoint *a)
{
    Builder *b = &a->frame->b;
    b->loc = (SourceLoc){0};
    free_caches(a, a->reversal->primal->body, NULL);
    if (a->caches->tape)
        build_tape_release(b, a->caches->tape);
    const Heap *heap = a->reversal->heap;
    for (size_t i = 0; heap && i < heap->at_end.count; i++)
        build_release(b, a->forward[heap->at_end.items[i]->id]);
    if (heap && heap->later)
        build_tape_drain(b, a->forward[heap->later->id]);
}

/* Do pointers in the forward sweep have shadows that lead into companions still to be prepared? */
static bool needs_early(const Function *primal, const Shadows *shadows, const AdjointFrame *outside)
{
    for (unsigned i = 0; i < primal->num_params; i++)
        if (shadows->params[i] && !outside->shadows[i])
            return true;
    return false;
}

bool adjoint_sweeps(const Reversal *reversal, AdjointFrame *outside, PrepareShadows *prepare,
                    void *context)
{
    Function *primal = reversal->primal;
    Adjoint a = {.reversal = reversal,
                 .plan = plan_compute(reversal),
                 .arena = reversal->arena,
                 .outside = outside};
    array_copies_mark(a.plan->copies);
    a.forward = arena_new_array(a.arena, Value *, primal->num_values);
    const Shadows *shadows = reversal->shadows;
    const bool early = shadows && needs_early(primal, shadows, outside);
    for (unsigned i = 0; i < primal->num_params; i++)
        a.forward[primal->body->args.items[i]->id] = outside->forward[i];
    const Op *behind = behind_extents(primal->body); /* companions of ours need the extents */
    for (const Op *op = primal->body->first; op != behind; op = op->next)
        if (says_extents(op))
            forward_op(&a, op);
    if (early) {
        Builder b = builder_at_end(outside->gradient->body);
        b.flags = OP_FLAG_ADJOINT;
        prepare(&b, outside, context);
    }
    for (unsigned i = 0; shadows && i < primal->num_params; i++)
        if (shadows->params[i])
            a.forward[shadows->params[i]->id] = outside->shadows[i];
    for (const Op *op = primal->body->first; op != behind; op = op->next)
        if (!says_extents(op))
            forward_op(&a, op);
    for (const Op *op = behind; op; op = op->next)
        forward_op(&a, op);
    forward_result(&a);
    a.caches = caches_new(reversal);
    caches_insert(a.caches, reversal, a.plan, outside->gradient, a.forward, NULL);
    pairs_call_forward(reversal, outside->gradient, a.caches->tape);
    outside->boundary = outside->gradient->body->last;
    outside->tape = a.caches->tape;
    outside->records = (int64_t)a.caches->records.count;
    frame_open(&a, FRAME_BODY, primal->body, NULL, outside->gradient->body);
    if (a.frame->first_fused)
        a.frame->b.before = forward_of(&a, a.frame->first_fused);
    if (!early)
        prepare(&a.frame->b, outside, context);
    a.frame->b.before = NULL;
    shape_shadows(&a);
    const Op *end = region_terminator(primal->body);
    if (end->num_operands && outside->result_seed && type_is_floating(primal->result))
        adjoint_add(&a, op_operand(end, 0), outside->result_seed);
    reverse_region(&a, primal->body);
    for (unsigned i = 0; i < primal->num_params; i++)
        outside->adjoints[i] = adjoint_take(&a, primal->body->args.items[i]);
    release_caches(&a);
    frame_close(&a);
    array_copies_unmark(a.plan->copies);
    if (reversal->options->report)
        report_reversal(reversal, a.plan, a.caches, reversal->options->report);
    return !a.failed;
}
