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
#include "diff/adjoint.h"

#include <string.h>

#include "diff/caches.h"
#include "diff/custom_calls.h"
#include "diff/fusion.h"
#include "diff/leaves.h"
#include "diff/pairs.h"
#include "diff/report.h"
#include "diff/strategy.h"
#include "diff/ruled_calls.h"
#include "ir/builder.h"

typedef enum FrameKind { FRAME_BODY, FRAME_BRANCH, FRAME_LOOP } FrameKind;

typedef struct Frame {
    struct Frame *outer;
    FrameKind kind;
    const Region *primal; /* the region that is reversed */
    Op *op;               /* branch, loop: the op of the reverse sweep */
    Op *end;              /* fused loop: the terminator, before which the reverse sweep ends; else NULL */
    const Op *first_fused; /* root: its first fused loop, in the primal, or NULL */
    Builder b;
    ValueMap values;   /* primal values at hand */
    ValueMap shadows;  /* pointers */
    ValueMap adjoints; /* so far; an entry with NULL is zero */
    VEC(Value *) gathered; /* loop: outer values with a carried sum, in the order of carrying */
} Frame;

typedef struct Adjoint {
    const Reversal *reversal;
    const Plan *plan;
    Arena *arena;
    AdjointFrame *outside;
    Value **forward; /* by primal value id */
    Caches *caches;
    Frame *frame;
    bool failed;
} Adjoint;

/* ---- frames ---- */

static Frame *frame_open(Adjoint *a, FrameKind kind, const Region *primal, Op *op, Region *region)
{
    Frame *frame = arena_new(a->arena, Frame);
    *frame = (Frame){.outer = a->frame, .kind = kind, .primal = primal, .op = op};
    if (is_root(a->reversal, primal))
        frame->first_fused = first_fused_loop(a->reversal, primal);
    frame->b = builder_at_end(region);
    frame->b.flags = OP_FLAG_ADJOINT;
    if (frame->outer) {
        frame->outer->b.before = op; /* what the outer frame still makes goes in front */
        frame->b.loc = frame->outer->b.loc;
    }
    a->frame = frame;
    return frame;
}

static void frame_close(Adjoint *a)
{
    Frame *frame = a->frame;
    value_map_release(&frame->values);
    value_map_release(&frame->shadows);
    value_map_release(&frame->adjoints);
    a->frame = frame->outer;
    if (a->frame)
        a->frame->b.before = a->frame->end;
}

static Frame *frame_of_region(const Adjoint *a, const Region *region)
{
    Frame *frame = a->frame;
    while (frame && frame->primal != region)
        frame = frame->outer;
    return frame;
}

static Builder relaxed(const Frame *frame)
{
    Builder b = frame->b;
    b.flags |= OP_FLAG_RELAXED;
    return b;
}

/* ---- primal values ---- */

static Value *primal_value(Adjoint *a, Value *value);

/* What is made for a frame's own region is made by its builder, whatever frame asks. */
static Frame *frame_enter(Adjoint *a, Frame *frame)
{
    Frame *here = a->frame;
    a->frame = frame;
    return here;
}

static Value *recompute(Adjoint *a, Frame *frame, const Value *value)
{
    const Op *op = value->op;
    Value **operands = arena_new_array(a->arena, Value *, op->num_operands);
    for (unsigned i = 0; i < op->num_operands; i++)
        operands[i] = primal_value(a, op_operand(op, i));
    Op *copy = op_new(frame->b.function, op->kind, op->num_operands, op->num_results, 0);
    copy->int_value = op->int_value;
    copy->global = op->global;
    copy->callee = op->callee;
    copy->text = op->text;
    copy->flags = op->flags | OP_FLAG_ADJOINT;
    copy->loc = frame->b.loc;
    for (unsigned i = 0; i < op->num_operands; i++)
        op_set_operand(copy, i, operands[i]);
    for (unsigned i = 0; i < op->num_results; i++) {
        copy->results[i]->type = op->results[i]->type;
        copy->results[i]->name = op->results[i]->name;
        value_map_set(a->arena, &frame->values, op->results[i], copy->results[i]);
    }
    if (frame->b.before)
        op_insert_before(copy, frame->b.before);
    else
        op_append(frame->b.region, copy);
    return copy->results[value->index];
}

static Value *value_of(void *context, Value *primal)
{
    return primal_value(context, primal);
}

static Value *load_named(Frame *frame, Value *address, const Value *primal)
{
    Value *loaded = build_load(&frame->b, address);
    loaded->name = primal->name;
    return loaded;
}

static Value *from_cache(Adjoint *a, Frame *frame, Value *value)
{
    const Cache *cache = cache_find(a->caches, value);
    if (cache->kind == CACHE_EXPORT)
        return cache->place;
    if (cache->kind == CACHE_TAPE)
        internal_error("adjoint", "a taped value is asked for before its record was popped");
    return load_named(frame, cache_address(&frame->b, cache, value_of, a), value);
}

static Value *index_like(Adjoint *a, Frame *frame, const Op *op, Value *base)
{
    const unsigned rank = op->num_operands / 2;
    Value **indices = arena_new_array(a->arena, Value *, rank);
    Value **extents = arena_new_array(a->arena, Value *, rank);
    for (unsigned i = 0; i < rank; i++) {
        indices[i] = primal_value(a, op_operand(op, 2 * i + 1));
        if (i)
            extents[i - 1] = primal_value(a, op_operand(op, 2 * i));
    }
    return base ? build_index_n(&frame->b, base, indices, extents, rank) : NULL;
}

/* The place in the copy of an array that `pointer` is in the array. */
static Value *address_in_copy(Adjoint *a, Frame *frame, const Value *pointer, Value *copy)
{
    const Op *op = pointer->op;
    return op && op->kind == OP_INDEX ? index_like(a, frame, op, address_in_copy(a, frame, op_operand(op, 0), copy)) : copy;
}

/* The forward sweep kept it only if parameters overlap. */
static Value *from_memory_or_cache(Adjoint *a, Frame *frame, Value *value)
{
    const Cache *cache = cache_find(a->caches, value);
    Value *kept = cache_address(&frame->b, cache, value_of, a);
    Value *address = primal_value(a, a->plan->address[value->id]);
    Op *choice = build_if(&frame->b, cache->only_if, &value->type, 1);
    Value *from[2] = {kept, address};
    for (unsigned i = 0; i < 2; i++) {
        Builder b = builder_at_end(choice->regions[i]);
        b.flags = frame->b.flags;
        Value *loaded = build_load(&b, from[i]);
        build_yield(&b, &loaded, 1);
    }
    choice->results[0]->name = value->name;
    return choice->results[0];
}

static Value *find_primal_value(Adjoint *a, Frame *frame, Value *value)
{
    switch (a->plan->how[value->id]) {
    case AVAILABLE_IN_SCOPE:
        return a->forward[value->id];
    case AVAILABLE_CACHED:
        return from_cache(a, frame, value);
    case AVAILABLE_RELOADED:
        return load_named(frame, primal_value(a, a->plan->address[value->id]), value);
    case AVAILABLE_UNLESS_OVERLAPPING:
        return from_memory_or_cache(a, frame, value);
    case AVAILABLE_COPIED: {
        const Cache *copy = cache_find_copy(a->caches, a->plan->copy[value->id]);
        Value *start = cache_address(&frame->b, copy, value_of, a);
        return load_named(frame, address_in_copy(a, frame, a->plan->address[value->id], start), value);
    }
    case AVAILABLE_RECOMPUTED:
        return recompute(a, frame, value);
    case AVAILABLE_COUNTER:
    case AVAILABLE_NOT:
        break;
    }
    internal_error("adjoint", "a value is asked for that the plan does not provide (%s)",
                   value->op ? op_table[value->op->kind].text : "argument");
}

static Value *primal_value(Adjoint *a, Value *value)
{
    const Region *region = value_region(value);
    if (value_is_const(value)) {
        Builder *b = &a->frame->b;
        return type_is_floating(value->type) ? build_float(b, value->type, value->op->float_value)
                                             : build_int(b, value->type, value->op->int_value);
    }
    const Availability how = a->plan->how[value->id];
    if (region->owner == NULL && how != AVAILABLE_RECOMPUTED && how != AVAILABLE_RELOADED)
        return a->forward[value->id];
    Frame *frame = frame_of_region(a, region);
    if (!frame)
        internal_error("adjoint", "a value of a region that is not reversed is asked for");
    Value *known = value_map_get(frame->values, value);
    if (known)
        return known;
    Frame *here = frame_enter(a, frame);
    known = find_primal_value(a, frame, value);
    a->frame = here;
    value_map_set(a->arena, &frame->values, value, known);
    return known;
}

/* ---- shadows ---- */

static Value *shadow_of(Adjoint *a, Value *pointer);

static void refuse_pointer(Adjoint *a, const Value *pointer)
{
    const SourceLoc loc = pointer->op ? pointer->op->loc : a->frame->b.loc;
    diag(a->reversal->primal->module->diags, MSG_POINTER_UNKNOWN, loc);
    a->failed = true;
}

static const char *with_suffix(const Adjoint *a, const char *name, const char *suffix)
{
    return name ? intern_format(a->reversal->primal->module->strings, "%s%s", name, suffix) : NULL;
}

static Op *forward_loop(const Adjoint *a, const Op *loop)
{
    return a->forward[loop_counter(loop)->id]->region->owner;
}

/* The shadow of a local: a local of the same shape, zero where the reverse of its scope starts: before the first
 * fused loop. */
static Value *shadow_local(Adjoint *a, Frame *frame, Value *pointer)
{
    const Op *op = pointer->op;
    const Op *fused = frame->first_fused;
    Op *before = frame->b.before;
    if (fused && op_precedes(op, fused))
        frame->b.before = forward_loop(a, fused);
    Value **extents = arena_new_array(a->arena, Value *, op->num_operands);
    Value *count = NULL;
    for (unsigned i = 0; i < op->num_operands; i++) {
        extents[i] = primal_value(a, op_operand(op, i));
        Value *extent = extents[i];
        if (count && count->type != extent->type) {
            const Type *type = type_scalar(a->reversal->primal->module->types, TYPE_LONG);
            count = build_convert(&frame->b, count, type);
            extent = build_convert(&frame->b, extent, type);
        }
        count = count ? build_binary(&frame->b, OP_MUL, count, extent) : extent;
    }
    const char *name = with_suffix(a, op->name, "_bar");
    Value *shadow = build_alloca(&frame->b, pointer->type->elem, extents, op->num_operands, name);
    if (!count && pointer->type->elem->kind == TYPE_RECORD)
        count = build_int(&frame->b, type_scalar(a->reversal->primal->module->types, TYPE_INT), 1);
    if (count)
        build_fill_zero(&frame->b, shadow, count);
    else
        build_store(&frame->b, shadow, build_zero(&frame->b, pointer->type->elem));
    frame->b.before = before;
    return shadow;
}

/* The struct parameter that lives in this local and is never written: then its companion is the shadow. */
static const Value *param_at_home(const Value *local)
{
    const Value *param = NULL;
    for (const Use *use = local->uses; use; use = use->next) {
        const Op *op = use->user;
        if (op->kind == OP_STORE && !op_operand(op, 1)->op && !op->parent->owner &&
            op_operand(op, 1)->type->kind == TYPE_RECORD && use == &op->operands[0] && !param)
            param = op_operand(op, 1);
        else if (op->kind != OP_LOAD && pointer_is_written(local, use))
            return NULL;
    }
    return param;
}

static Value *make_shadow(Adjoint *a, Frame *frame, Value *pointer)
{
    const Op *op = pointer->op;
    switch (op ? op->kind : OP_COUNT) {
    case OP_ALLOCA: {
        const Value *param = param_at_home(pointer);
        return param ? a->outside->shadows[param->index] : shadow_local(a, frame, pointer);
    }
    case OP_INDEX:
        return index_like(a, frame, op, shadow_of(a, op_operand(op, 0)));
    case OP_FIELD: {
        Value *record = shadow_of(a, op_operand(op, 0));
        return record ? build_field(&frame->b, record, (unsigned)op->int_value) : NULL;
    }
    case OP_CONVERT: {
        Value *other = type_is_pointer(op_operand(op, 0)->type) ? shadow_of(a, op_operand(op, 0)) : NULL;
        return other ? build_convert(&frame->b, other, pointer->type) : NULL;
    }
    case OP_SELECT: {
        Value *condition = primal_value(a, op_operand(op, 0));
        Value *first = shadow_of(a, op_operand(op, 1)), *second = shadow_of(a, op_operand(op, 2));
        return first && second ? build_select(&frame->b, condition, first, second) : NULL;
    }
    default:
        refuse_pointer(a, pointer);
        return NULL;
    }
}

static Value *shadow_of(Adjoint *a, Value *pointer)
{
    if (!pointer->op && pointer->region->owner == NULL) {
        Value *shadow = a->outside->shadows[pointer->index];
        if (!shadow)
            refuse_pointer(a, pointer);
        return shadow;
    }
    Value *explicit = shadow_known(a->reversal->shadows, pointer);
    if (explicit)
        return primal_value(a, explicit);
    Frame *frame = frame_of_region(a, value_region(pointer));
    if (!frame) {
        refuse_pointer(a, pointer);
        return NULL;
    }
    Value *known = value_map_get(frame->shadows, pointer);
    if (!known && !a->failed) {
        Frame *here = frame_enter(a, frame);
        known = make_shadow(a, frame, pointer);
        a->frame = here;
        if (known)
            value_map_set(a->arena, &frame->shadows, pointer, known);
    }
    return known;
}

/* ---- adjoints ---- */

static bool owns(const Frame *frame, const Value *value)
{
    return frame->kind == FRAME_BODY || region_contains(frame->primal, value_region(value));
}

/* An outer value's adjoint is gathered in a carried value of the loop, from zero. */
static Value *gather(Adjoint *a, Frame *frame, Value *value)
{
    Builder before = builder_before(frame->op);
    before.flags = OP_FLAG_ADJOINT;
    const char *name = with_suffix(a, value->name, "_sum");
    op_add_operand(frame->op, build_zero(&before, value->type));
    op_add_result(frame->op, value->type, name);
    Value *arg = region_add_arg(frame->op->regions[0], value->type, name);
    vec_push(a->arena, &frame->gathered, value);
    return arg;
}

/* The adjoint so far, as seen in the frame; NULL: zero. */
static Value *adjoint_so_far(Adjoint *a, Frame *frame, Value *value)
{
    const ValueEntry *entry = value_map_find(frame->adjoints, value);
    if (entry)
        return entry->value;
    if (owns(frame, value))
        return NULL;
    Value *so_far = frame->kind == FRAME_LOOP ? gather(a, frame, value)
                                              : adjoint_so_far(a, frame->outer, value);
    if (frame->kind == FRAME_LOOP)
        value_map_set(a->arena, &frame->adjoints, value, so_far);
    return so_far;
}

static void adjoint_set(Adjoint *a, Value *value, Value *adjoint)
{
    if (adjoint && !adjoint->name && !value_is_const(adjoint))
        adjoint->name = with_suffix(a, value->name, "_bar");
    value_map_set(a->arena, &a->frame->adjoints, value, adjoint);
}

static void adjoint_add(Adjoint *a, Value *value, Value *share)
{
    if (!share || !value_is_active(a->reversal->activity, value) ||
        (value_is_const(share) && share->op->float_value == 0))
        return;
    Value *so_far = adjoint_so_far(a, a->frame, value);
    Builder b = relaxed(a->frame);
    adjoint_set(a, value, so_far ? build_binary(&b, OP_ADD, so_far, share) : share);
}

static Value *adjoint_take(Adjoint *a, const Value *value)
{
    return value_map_get(a->frame->adjoints, value);
}

static Value *or_zero(Builder *b, Value *adjoint, const Type *type)
{
    return adjoint ? adjoint : build_zero(b, type);
}

static void free_caches(Adjoint *a, const Region *root, const Op *replayed);

/* ---- in front of fused loops ---- */

/* What was made behind the loop cannot be used in it: but for what stands at the head of its region, it is made anew. */
static ValueMap known_before(Adjoint *a, const Frame *frame, ValueMap map)
{
    ValueMap kept = NULL;
    for (const ValueEntry *e = map; e; e = e->hh.next) {
        const Op *op = e->value->op;
        const bool local = op && op->kind == OP_ALLOCA && frame->first_fused &&
                           op_precedes(e->key->op, frame->first_fused);
        if (!op || op->parent != frame->b.region || op->kind == OP_TAPE_POP || local)
            value_map_set(a->arena, &kept, e->key, e->value);
    }
    return kept;
}

/* Back to the maps from before the loop, with what has come to them in front of it. */
static void join_maps(Adjoint *a, ValueMap *before, ValueMap inner)
{
    for (const ValueEntry *e = inner; e; e = e->hh.next)
        if (!value_map_find(*before, e->key))
            value_map_set(a->arena, before, e->key, e->value);
    value_map_release(&inner);
}


/* ---- reversing ops ---- */

static void reverse_convert(Adjoint *a, const Op *op)
{
    Value *d = adjoint_take(a, op->results[0]);
    if (!d || !partial_is_active(a->reversal, op, 0, 0))
        return;
    Builder b = relaxed(a->frame);
    adjoint_add(a, op_operand(op, 0), build_convert(&b, d, op_operand(op, 0)->type));
}

/* A choice within a partial (erf' is zero far out), not one between ways. */
static bool is_of_partial(const Value *condition)
{
    const Op *op = condition->op;
    return op && (op->flags & OP_FLAG_RELAXED) && op_is_compare(op->kind) && value_is_const(op_operand(op, 1));
}

/* Is the adjoint zero where what it belongs to was computed, but not used: on the other way through an `if`? Then a factor
 * that is infinite there, x / y with y = 0, must not meet it. What loops and arrays did not use is not seen. */
static bool is_zero_on_some_way(const Value *d, unsigned depth)
{
    const Op *op = d->op;
    if (!op || depth > 8)
        return false;
    switch (op->kind) {
    case OP_CONST:
        return type_is_floating(d->type) && op->float_value == 0;
    case OP_SELECT:
        if (is_of_partial(op_operand(op, 0)) && !(op->flags & OP_FLAG_GUARD))
            return false;
        return (!(op->flags & OP_FLAG_GUARD) && is_zero_on_some_way(op_operand(op, 1), depth + 1)) ||
               is_zero_on_some_way(op_operand(op, 2), depth + 1);
    case OP_IF:
        return is_zero_on_some_way(op_operand(region_terminator(op->regions[0]), d->index), depth + 1) ||
               is_zero_on_some_way(op_operand(region_terminator(op->regions[1]), d->index), depth + 1);
    case OP_ADD:
        return is_zero_on_some_way(op_operand(op, 0), depth + 1) && is_zero_on_some_way(op_operand(op, 1), depth + 1);
    case OP_MUL:
        return is_zero_on_some_way(op_operand(op, 0), depth + 1) || is_zero_on_some_way(op_operand(op, 1), depth + 1);
    case OP_DIV:
    case OP_NEG:
    case OP_CONVERT:
        return is_zero_on_some_way(op_operand(op, 0), depth + 1);
    default:
        return false;
    }
}

static bool is_linear(OpKind kind)
{
    return kind == OP_ADD || kind == OP_SUB || kind == OP_NEG || kind == OP_SELECT;
}

static Value *partial_share(Adjoint *a, const Op *op, unsigned result, unsigned wrt, Value *d)
{
    const Rules *rules = a->reversal->rules;
    Value *operands[8] = {0}, *results[2] = {0};
    const unsigned needs = rule_needs(rules, op->kind, result, wrt);
    for (unsigned i = 0; i < op->num_operands && i < 8; i++)
        if (needs & (1u << i))
            operands[i] = primal_value(a, op_operand(op, i));
    for (unsigned i = 0; i < op->num_results && i < 2; i++)
        if (needs & (1u << (RULE_NEEDS_RESULT + i)))
            results[i] = primal_value(a, op->results[i]);
    return rule_build(rules, &a->frame->b, op->kind, result, wrt, operands, results, d,
                      partial_needs_guard(a->reversal, op, result, wrt) ||
                          (!is_linear(op->kind) && is_zero_on_some_way(d, 0)));
}

static void reverse_formula(Adjoint *a, const Op *op)
{
    for (unsigned r = 0; r < op->num_results; r++) {
        Value *d = adjoint_take(a, op->results[r]);
        for (unsigned i = 0; d && i < op->num_operands; i++)
            if (partial_is_active(a->reversal, op, r, i))
                adjoint_add(a, op_operand(op, i), partial_share(a, op, r, i, d));
    }
}

/* A whole struct is loaded to be returned (its adjoint: the seed), or passed where nothing is active. */
static void reverse_result_load(Adjoint *a, const Op *op)
{
    const Op *end = region_terminator(a->reversal->primal->body);
    Value *seed = a->outside->result_seed;
    if (!seed || !end->num_operands || op_operand(end, 0) != op->results[0])
        return;
    Builder b = relaxed(a->frame);
    Value *shadow = shadow_of(a, op_operand(op, 0));
    Value *home = build_alloca(&b, seed->type, NULL, 0, "result_bar");
    build_store(&b, home, seed);
    if (shadow)
        leaves_accumulate(&b, shadow, home);
}

static void reverse_load(Adjoint *a, const Op *op)
{
    if (op->results[0]->type->kind == TYPE_RECORD) {
        reverse_result_load(a, op);
        return;
    }
    Value *d = adjoint_take(a, op->results[0]);
    Value *shadow = d ? shadow_of(a, op_operand(op, 0)) : NULL;
    if (!shadow)
        return;
    Builder b = relaxed(a->frame);
    build_accumulate(&b, shadow, d);
}

/* A whole struct is stored only when it comes from a parameter (its companion: `from`), or a call. */
static void reverse_record_store(Builder *b, Value *shadow, Value *from)
{
    if (shadow == from)
        return;
    if (from)
        leaves_accumulate(b, from, shadow);
    leaves_zero(b, shadow);
}

static bool is_behind(const Value *value, const Op *loop)
{
    return value && value->op && value->op->parent == loop->parent && op_precedes(loop, value->op);
}

/* At the frame's builder, which may stand in front of `loop`, or NULL: what was found behind the loop is added to there. */
static void reverse_store_here(Adjoint *a, const Op *op, const Op *loop)
{
    Value *stored = op_operand(op, 1), *shadow = shadow_of(a, op_operand(op, 0));
    if (!shadow)
        return;
    Builder b = relaxed(a->frame);
    if (stored->type->kind == TYPE_RECORD) {
        reverse_record_store(&b, shadow, stored->op ? NULL : a->outside->shadows[stored->index]);
    } else if (value_is_active(a->reversal->activity, stored)) {
        Value *d = build_load(&b, shadow);
        d->name = with_suffix(a, stored->name ? stored->name : "r", "_bar");
        build_store(&b, shadow, build_zero(&b, stored->type));
        if (loop && is_behind(adjoint_so_far(a, a->frame, stored), loop))
            a->frame->b.before = a->frame->end;
        adjoint_add(a, stored, d);
    } else {
        build_store(&b, shadow, build_zero(&b, stored->type));
    }
}

static void reverse_store(Adjoint *a, const Op *op)
{
    Frame *frame = a->frame;
    if (!frame->first_fused || !store_is_early(a->reversal, op)) {
        reverse_store_here(a, op, NULL);
        return;
    }
    ValueMap shadows = frame->shadows; /* made behind the loops: not for this */
    frame->shadows = known_before(a, frame, shadows);
    frame->b.before = forward_loop(a, frame->first_fused);
    reverse_store_here(a, op, frame->b.before);
    frame->b.before = frame->end;
    join_maps(a, &shadows, frame->shadows);
    frame->shadows = shadows;
}

static void reverse_accumulate(Adjoint *a, const Op *op)
{
    Value *shadow = shadow_of(a, op_operand(op, 0));
    if (!shadow || !value_is_active(a->reversal->activity, op_operand(op, 1)))
        return;
    adjoint_add(a, op_operand(op, 1), build_load(&a->frame->b, shadow));
}

static void reverse_zero(Adjoint *a, const Op *op)
{
    Value *shadow = shadow_of(a, op_operand(op, 0));
    Builder b = relaxed(a->frame);
    if (shadow)
        ranges_zero(&b, shadow, primal_value(a, op_operand(op, 1)));
}

static bool copy_may_overlap(const Op *op)
{
    const Value *to = op_operand(op, 0), *from = op_operand(op, 1);
    return (op->flags & OP_FLAG_OVERLAP) &&
           objects_may_overlap(pointer_object(to), to->type->elem, pointer_object(from),
                               from->type->elem);
}

/* What was copied to `to` came from `from`; the old contents of `to` are lost. The adjoints are moved
 * out first where the ranges may overlap. */
static void reverse_copy(Adjoint *a, const Op *op)
{
    Builder *b = &a->frame->b;
    Value *to = shadow_of(a, op_operand(op, 0)), *count = primal_value(a, op_operand(op, 2));
    const bool active = memory_is_active(a->reversal->activity, op_operand(op, 1));
    Value *from = active && to ? shadow_of(a, op_operand(op, 1)) : NULL;
    if (!to)
        return;
    Builder relaxed_b = relaxed(a->frame);
    if (!from) {
        ranges_zero(&relaxed_b, to, count);
    } else if (copy_may_overlap(op)) {
        const bool one = value_is_int(count, 1);
        Value *moved = one ? build_alloca(b, to->type->elem, NULL, 0, "moved")
                           : build_alloc(b, to->type->elem, count, "moved");
        build_copy(b, moved, to, count);
        ranges_zero(&relaxed_b, to, count);
        ranges_accumulate(&relaxed_b, from, moved, count);
        if (!one)
            build_free(b, moved);
    } else {
        ranges_accumulate(&relaxed_b, from, to, count);
        ranges_zero(&relaxed_b, to, count);
    }
}

static void reverse_region(Adjoint *a, const Region *region);

/* ---- records of the tape ---- */

static void pop_record(Adjoint *a)
{
    const TapeRecord *record = record_find(a->caches, a->frame->primal);
    if (!record)
        return;
    const unsigned n = (unsigned)record->values.count;
    const Type **types = arena_new_array(a->arena, const Type *, n);
    for (unsigned i = 0; i < n; i++)
        types[i] = record->values.items[i]->type;
    Op *pop = build_tape_pop(&a->frame->b, a->caches->tape, types, n);
    pop->int_value = (int64_t)(record - a->caches->records.items) + 1;
    for (unsigned i = 0; i < n; i++) {
        pop->results[i]->name = record->values.items[i]->name;
        value_map_set(a->arena, &a->frame->values, record->values.items[i], pop->results[i]);
    }
}

/* ---- functions with derivatives of their own ---- */

static Value *shadow_for_call(void *context, Value *pointer)
{
    return shadow_of(context, pointer);
}

static void adjoint_from_call(void *context, Value *primal, Value *share)
{
    adjoint_add(context, primal, share);
}

/* buffer[i] = what the argument pointed to */
static void keep_into(void *context, Value *buffer, const Op *call, unsigned argument)
{
    Adjoint *a = context;
    const Kept *kept = &custom_of(a->reversal, call)->kept[argument];
    Builder *b = &a->frame->b;
    Value *count = primal_value(a, kept->count);
    Op *loop = build_for(b, OP_LT, build_zero(b, count->type), count,
                         build_int(b, count->type, 1), NULL, 0, "i");
    if (record_find(a->caches, loop_body(kept->loop)))
        loop->flags |= OP_FLAG_REVERSED;
    Frame *frame = frame_open(a, FRAME_LOOP, loop_body(kept->loop), loop, loop->regions[0]);
    Value *counter = loop->regions[0]->args.items[0];
    value_map_set(a->arena, &frame->values, loop_body(kept->loop)->args.items[0], counter);
    pop_record(a);
    Value *element = primal_value(a, kept->element);
    build_store(&frame->b, build_index(&frame->b, buffer, counter), element);
    build_yield(&frame->b, NULL, 0);
    frame_close(a);
}

/* The companion of argument number i of a call of a recursive function. */
static Value *companion_for_call(Adjoint *a, const Op *op, unsigned i, Value **cell)
{
    Value *arg = op_operand(op, i);
    const char *name = op->callee->params[i].name;
    if (type_is_pointer(arg->type))
        return op->num_operands > op->callee->num_params
                   ? primal_value(a, op_operand(op, op->callee->num_params + i))
                   : shadow_of(a, arg);
    Builder *b = &a->frame->b;
    *cell = build_alloca(b, arg->type, NULL, 0, with_suffix(a, name, "_bar"));
    build_store(b, *cell, build_zero(b, arg->type));
    return *cell;
}

static void reverse_recursion(Adjoint *a, const Op *op)
{
    const Slots *slots = &pair_of(op)->reverse_slots;
    const unsigned n = (unsigned)slots->list.count;
    Value **args = arena_new_array(a->arena, Value *, n + 1);
    Value **cells = arena_new_array(a->arena, Value *, op->callee->num_params);
    args[0] = a->caches->tape;
    for (unsigned i = 0; i < n && !a->failed; i++) {
        const Slot slot = slots->list.items[i];
        if (slot.kind == SLOT_ORIGINAL)
            args[i + 1] = primal_value(a, op_operand(op, slot.param));
        else if (slot.kind == SLOT_RESULT_BAR)
            args[i + 1] = or_zero(&a->frame->b, adjoint_take(a, op->results[0]), op->results[0]->type);
        else
            args[i + 1] = companion_for_call(a, op, slot.param, &cells[slot.param]);
    }
    if (a->failed)
        return;
    build_call(&a->frame->b, pair_of(op)->reverse, args, n + 1);
    for (unsigned i = 0; i < op->callee->num_params; i++)
        if (cells[i])
            adjoint_add(a, op_operand(op, i), build_load(&a->frame->b, cells[i]));
}

static void reverse_call(Adjoint *a, const Op *op)
{
    if (call_is_recursive(op)) {
        reverse_recursion(a, op);
        return;
    }
    const CustomSweep sweep = {.reversal = a->reversal,
                               .b = &a->frame->b,
                               .context = a,
                               .value_of = value_of,
                               .shadow_of = shadow_for_call,
                               .keep_into = keep_into,
                               .add_adjoint = adjoint_from_call};
    Value *seed = NULL;
    if (type_is_floating(op->callee->result))
        seed = or_zero(&a->frame->b, adjoint_take(a, op->results[0]), op->callee->result);
    if (op->callee->rule)
        ruled_adjoint(&sweep, op, seed);
    else
        custom_call_vjp(&sweep, op, seed);
}

/* ---- if ---- */

static bool any_seed(Adjoint *a, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++)
        if (adjoint_take(a, op->results[i]))
            return true;
    return false;
}

static bool has_memory_work(const Adjoint *a, const Op *op)
{
    for (unsigned r = 0; r < op->num_regions; r++)
        for (const Op *inner = op->regions[r]->first; inner; inner = inner->next)
            if (inner->num_regions ? has_memory_work(a, inner)
                                   : (inner->num_results == 0 || inner->kind == OP_CALL) &&
                                         op_is_reversed(a->reversal, inner))
                return true;
    return false;
}

static bool nothing_to_do(Adjoint *a, const Op *op)
{
    return !any_seed(a, op) && !has_memory_work(a, op) && !op_has_records(a->caches, op);
}

/* The adjoints that a branch leaves behind, of values from outside. */
typedef struct BranchEnd {
    Builder b;
    ValueMap adjoints;
} BranchEnd;

static BranchEnd reverse_branch(Adjoint *a, const Op *op, Op *reverse, unsigned which)
{
    Frame *frame = frame_open(a, FRAME_BRANCH, op->regions[which], reverse, reverse->regions[which]);
    pop_record(a);
    for (unsigned i = 0; i < op->num_results; i++) {
        Value *yielded = op_operand(region_terminator(op->regions[which]), i);
        adjoint_add(a, yielded, value_map_get(frame->outer->adjoints, op->results[i]));
    }
    reverse_region(a, op->regions[which]);
    BranchEnd end = {.b = frame->b};
    for (const ValueEntry *entry = frame->adjoints; entry; entry = entry->hh.next)
        if (!region_contains(op->regions[which], value_region(entry->key)))
            value_map_set(a->arena, &end.adjoints, entry->key, entry->value);
    frame_close(a);
    return end;
}

static void join_branches(Adjoint *a, Op *reverse, BranchEnd *ends)
{
    ValueMap touched = NULL;
    for (unsigned which = 0; which < 2; which++)
        for (const ValueEntry *e = ends[which].adjoints; e; e = e->hh.next)
            value_map_set(a->arena, &touched, e->key, NULL);
    VEC(Value *) yields[2] = {{0}, {0}};
    a->frame->b.before = reverse;
    for (const ValueEntry *e = touched; e; e = e->hh.next) {
        Value *before = adjoint_so_far(a, a->frame, e->key);
        for (unsigned which = 0; which < 2; which++) {
            const ValueEntry *end = value_map_find(ends[which].adjoints, e->key);
            Value *value = end ? end->value : before;
            vec_push(a->arena, &yields[which], or_zero(&ends[which].b, value, e->key->type));
        }
    }
    a->frame->b.before = a->frame->end;
    for (unsigned which = 0; which < 2; which++)
        build_yield(&ends[which].b, yields[which].items, (unsigned)yields[which].count);
    for (const ValueEntry *e = touched; e; e = e->hh.next) {
        Value *result =
            op_add_result(reverse, e->key->type, with_suffix(a, e->key->name, "_bar"));
        adjoint_set(a, e->key, result);
    }
    value_map_release(&touched);
    value_map_release(&ends[0].adjoints);
    value_map_release(&ends[1].adjoints);
}

static void reverse_if(Adjoint *a, const Op *op)
{
    if (nothing_to_do(a, op))
        return;
    Value *condition = primal_value(a, op_operand(op, 0));
    Op *reverse = build_if(&a->frame->b, condition, NULL, 0);
    BranchEnd ends[2];
    for (unsigned which = 0; which < 2; which++)
        ends[which] = reverse_branch(a, op, reverse, which);
    join_branches(a, reverse, ends);
}

/* ---- loops ---- */

static bool carried_is_active(const Adjoint *a, const Op *op, unsigned i)
{
    return value_is_active(a->reversal->activity, op->results[i]) ||
           value_is_active(a->reversal->activity, loop_carried_arg(op, i));
}

/* The reversed loop: the carried adjoints are those of the active carried values. */
static Op *open_reverse_loop(Adjoint *a, const Op *op)
{
    const unsigned n = loop_num_carried(op);
    Builder *b = &a->frame->b;
    Value **seeds = arena_new_array(a->arena, Value *, n);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        if (carried_is_active(a, op, i))
            seeds[count++] = or_zero(b, adjoint_take(a, op->results[i]), op->results[i]->type);
    Value *lower, *upper, *step;
    OpKind compare = OP_LT;
    if (op->kind == OP_FOR) {
        lower = primal_value(a, op_operand(op, 0));
        upper = primal_value(a, op_operand(op, 1));
        step = primal_value(a, op_operand(op, 2));
        compare = op->compare;
    } else {
        upper = primal_value(a, op->results[while_counter(op)]);
        lower = build_zero(b, upper->type);
        step = build_int(b, upper->type, 1);
    }
    const Value *counter = op->kind == OP_FOR ? op->regions[0]->args.items[0]
                                              : loop_carried_arg(op, while_counter(op));
    const char *name = strcmp(counter->name ? counter->name : "", "trips") ? counter->name : "trip";
    Op *reverse = build_for(b, compare, lower, upper, step, seeds, count, name);
    reverse->flags |= OP_FLAG_REVERSED ^ (op->flags & OP_FLAG_REVERSED);
    for (unsigned i = 0, k = 0; i < n; i++)
        if (carried_is_active(a, op, i)) {
            const char *bar = with_suffix(a, loop_carried_arg(op, i)->name, "_bar");
            reverse->regions[0]->args.items[1 + k]->name = bar;
            reverse->results[k++]->name = bar;
        }
    return reverse;
}

static void seed_iteration(Adjoint *a, const Op *op, Op *reverse)
{
    Frame *frame = a->frame;
    Value *counter = op->kind == OP_FOR ? loop_body(op)->args.items[0]
                                        : loop_carried_arg(op, while_counter(op));
    value_map_set(a->arena, &frame->values, counter, reverse->regions[0]->args.items[0]);
    pop_record(a);
    for (unsigned i = 0, k = 0; i < loop_num_carried(op); i++)
        if (carried_is_active(a, op, i))
            adjoint_add(a, loop_carried_next(op, i), reverse->regions[0]->args.items[1 + k++]);
}

static void close_iteration(Adjoint *a, const Op *op)
{
    Frame *frame = a->frame;
    VEC(Value *) yields = {0};
    for (unsigned i = 0; i < loop_num_carried(op); i++)
        if (carried_is_active(a, op, i)) {
            Value *arg = loop_carried_arg(op, i);
            vec_push(a->arena, &yields, or_zero(&frame->b, adjoint_take(a, arg), arg->type));
        }
    for (size_t i = 0; i < frame->gathered.count; i++)
        vec_push(a->arena, &yields, value_map_get(frame->adjoints, frame->gathered.items[i]));
    build_yield(&frame->b, yields.items, (unsigned)yields.count);
}

/* ---- fused loops ---- */

/* The op that forms a value behind the loop, and what it is formed of, move in front of it. */
static void move_before(Op *loop, Value *value)
{
    Op *op = value->op;
    if (!op || op->parent != loop->parent || op_precedes(op, loop))
        return;
    if (!op_is_speculatable(op))
        internal_error("adjoint", "the adjoint of a fused loop's result is not known before it (%s)",
                       op_table[op->kind].text);
    for (unsigned i = 0; i < op->num_operands; i++)
        move_before(loop, op_operand(op, i));
    op_detach(op);
    op_insert_before(op, loop);
}

/* The arrays are freed where the reverse of their root ends, or behind that of the replayed loop. */
static void free_caches(Adjoint *a, const Region *root, const Op *replayed)
{
    for (size_t i = 0; i < a->caches->heap.count; i++)
        if (a->caches->heap.items[i].root == root && a->caches->heap.items[i].replayed == replayed)
            build_free(&a->frame->b, a->caches->heap.items[i].array);
}

/* The iterations of the forward loop are reversed one by one. */
static void reverse_fused(Adjoint *a, const Op *op)
{
    Op *loop = forward_loop(a, op);
    const unsigned n = loop_num_carried(op), num_results = loop->num_results;
    Frame *outer = a->frame;
    Value **seeds = arena_new_array(a->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        seeds[i] = carried_is_active(a, op, i) ? adjoint_take(a, op->results[i]) : NULL;
        if (seeds[i])
            move_before(loop, seeds[i]);
    }
    ValueMap values = outer->values, shadows = outer->shadows;
    outer->values = known_before(a, outer, values);
    outer->shadows = known_before(a, outer, shadows);
    Frame *frame = frame_open(a, FRAME_LOOP, loop_body(op), loop, loop->regions[0]);
    frame->end = frame->b.before = region_terminator(loop->regions[0]);
    value_map_set(a->arena, &frame->values, loop_body(op)->args.items[0], loop->regions[0]->args.items[0]);
    for (unsigned i = 0; i < n; i++)
        adjoint_add(a, loop_carried_next(op, i), seeds[i]);
    reverse_region(a, loop_body(op));
    free_caches(a, loop_body(op), NULL);
    for (size_t i = 0; i < frame->gathered.count; i++)
        op_add_operand(frame->end, value_map_get(frame->adjoints, frame->gathered.items[i]));
    frame_close(a);
    join_maps(a, &values, outer->values);
    join_maps(a, &shadows, outer->shadows);
    outer->values = values;
    outer->shadows = shadows;
    for (unsigned i = 0; i < n; i++)
        adjoint_add(a, loop_carried_init(op, i), seeds[i]);
    for (size_t i = 0; i < frame->gathered.count; i++)
        adjoint_add(a, frame->gathered.items[i], loop->results[num_results + i]);
}

/* ---- replayed loops ---- */

/* The forward ops of the iteration that is to be reversed, in the reverse loop: from here on they stand for those of the
 * forward sweep. */
static void run_again(Adjoint *a, const Slice *slice, Op *reverse)
{
    a->forward[loop_counter(slice->loop)->id] = reverse->regions[0]->args.items[0];
    Frame *here = frame_enter(a, a->frame->outer);
    for (size_t i = 0; i < slice->outer.count; i++) {
        Value *value = slice->outer.items[i];
        if (!is_root(a->reversal, value_region(value)))
            a->forward[value->id] = primal_value(a, value);
    }
    a->frame = here;
    Builder b = here->b;
    b.flags = 0;
    slice_clone(a->reversal, slice, &b, a->forward);
    caches_insert(a->caches, a->reversal, a->plan, a->outside->gradient, a->forward, slice->loop);
}

static void reverse_loop(Adjoint *a, const Op *op)
{
    if (nothing_to_do(a, op))
        return;
    if (op->kind == OP_FOR && strategy_of(a->reversal, op) == STRATEGY_FUSE) {
        reverse_fused(a, op);
        return;
    }
    Op *reverse = open_reverse_loop(a, op);
    Frame *frame = frame_open(a, FRAME_LOOP, loop_body(op), reverse, reverse->regions[0]);
    const Slice *slice = slice_of(a->reversal, op);
    if (slice)
        run_again(a, slice, reverse);
    seed_iteration(a, op, reverse);
    reverse_region(a, loop_body(op));
    if (slice)
        free_caches(a, loop_body(op), NULL);
    close_iteration(a, op);
    frame_close(a);
    if (slice)
        free_caches(a, NULL, op);
    unsigned k = 0;
    for (unsigned i = 0; i < loop_num_carried(op); i++)
        if (carried_is_active(a, op, i))
            adjoint_add(a, loop_carried_init(op, i), reverse->results[k++]);
    for (size_t i = 0; i < frame->gathered.count; i++)
        adjoint_add(a, frame->gathered.items[i], reverse->results[k++]);
}

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

static void reverse_region(Adjoint *a, const Region *region)
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
        a.frame->b.before = forward_loop(&a, a.frame->first_fused);
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
