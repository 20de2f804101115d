/* The tangent: one walk in program order, each op followed by its derivative.
 *
 *     y = sin(x) * a;        y = sin(x) * a;  y_dot = x_dot * cos(x) * a;
 *
 * The tangent of a result is the sum over the operands of the rule's formula with d the operand's
 * tangent. Pointers to active memory have shadows; carried values and results of ifs have tangents
 * beside them. (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.1.)
 *
 * Keeps: the primal. */
#include "diff/tangent.h"

#include "diff/custom_calls.h"
#include "diff/pairs.h"
#include "diff/ruled.h"
#include "diff/ruled_calls.h"

#include "ir/builder.h"

typedef struct Tangent {
    const Reversal *reversal;
    Arena *arena;
    TangentFrame *outside;
    Value **forward; /* by primal value id */
    Value **dot;     /* by primal value id: tangent, or NULL (zero) */
    Value **shadow;  /* by primal value id of pointers */
    Builder b;
    bool failed;
} Tangent;

static Value *mapped(const Tangent *t, const Value *value)
{
    return t->forward[value->id];
}

static bool is_active(const Tangent *t, const Value *value)
{
    return value_is_active(t->reversal->activity, value);
}

static Value *dot_of(const Tangent *t, const Value *value)
{
    return is_active(t, value) ? t->dot[value->id] : NULL;
}

static Value *dot_or_zero(Tangent *t, const Value *value)
{
    Value *dot = dot_of(t, value);
    return dot ? dot : build_zero(&t->b, value->type);
}

static const char *dot_name(const Tangent *t, const char *name)
{
    return name ? intern_format(t->reversal->primal->module->strings, "%s_dot", name) : NULL;
}

static void set_dot(Tangent *t, const Value *value, Value *dot)
{
    if (dot && !dot->name && !value_is_const(dot))
        dot->name = dot_name(t, value->name);
    t->dot[value->id] = dot;
}

/* ---- shadows ---- */

static Value *shadow_of(Tangent *t, const Value *pointer);

static Value *make_shadow(Tangent *t, const Value *pointer)
{
    const Op *op = pointer->op;
    if (!op && pointer->region->owner == NULL)
        return t->outside->shadows[pointer->index];
    if (op && op->kind == OP_INDEX) {
        Value *base = shadow_of(t, op_operand(op, 0));
        Value **numbers = arena_new_array(t->arena, Value *, op->num_operands - 1);
        for (unsigned i = 1; i < op->num_operands; i++)
            numbers[i - 1] = mapped(t, op_operand(op, i));
        return base ? build_index_like(&t->b, op, base, numbers) : NULL;
    }
    if (op && op->kind == OP_CONVERT && type_is_pointer(op_operand(op, 0)->type)) {
        Value *other = shadow_of(t, op_operand(op, 0));
        return other ? build_convert(&t->b, other, pointer->type) : NULL;
    }
    if (op && op->kind == OP_FIELD) {
        Value *record = shadow_of(t, op_operand(op, 0));
        return record ? build_field(&t->b, record, (unsigned)op->int_value) : NULL;
    }
    if (op && op->kind == OP_SELECT) {
        Value *a = shadow_of(t, op_operand(op, 1)), *c = shadow_of(t, op_operand(op, 2));
        return a && c ? build_select(&t->b, mapped(t, op_operand(op, 0)), a, c) : NULL;
    }
    return NULL;
}

static Value *shadow_of(Tangent *t, const Value *pointer)
{
    Value *explicit = shadow_known(t->reversal->shadows, pointer);
    if (explicit && !t->forward[explicit->id])
        internal_error("tangent", "a companion is asked for in front of the shapes of the parameters");
    if (explicit)
        return mapped(t, explicit);
    Value *known = t->shadow[pointer->id];
    if (known && value_region(pointer)->owner == NULL)
        return known;
    if (known && pointer->op &&
        (pointer->op->kind == OP_ALLOCA || pointer->op->kind == OP_ALLOC))
        return known;
    Value *shadow = make_shadow(t, pointer);
    if (!shadow && !t->failed) {
        diag(t->reversal->primal->module->diags, MSG_POINTER_UNKNOWN,
             pointer->op ? pointer->op->loc : t->b.loc);
        t->failed = true;
    }
    return shadow;
}

static bool is_shadowed(const Tangent *t, const Value *pointer)
{
    return memory_is_shadowed(t->reversal, pointer);
}

/* ---- ops ---- */

static void tangent_formula(Tangent *t, const Op *op)
{
    const Rules *rules = t->reversal->rules;
    Builder relaxed = t->b;
    relaxed.flags |= OP_FLAG_RELAXED;
    for (unsigned r = 0; r < op->num_results; r++) {
        Value *sum = NULL;
        for (unsigned i = 0; i < op->num_operands; i++) {
            Value *d = dot_of(t, op_operand(op, i));
            if (!d || !partial_is_active(t->reversal, op, r, i))
                continue;
            Value *operands[8] = {0}, *results[2] = {0};
            for (unsigned k = 0; k < op->num_operands && k < 8; k++)
                operands[k] = mapped(t, op_operand(op, k));
            for (unsigned k = 0; k < op->num_results && k < 2; k++)
                results[k] = mapped(t, op->results[k]);
            Value *share = rule_build(rules, &t->b, op->kind, r, i, operands, results, d,
                                      partial_needs_guard(t->reversal, op, r, i));
            sum = sum ? build_binary(&relaxed, OP_ADD, sum, share) : share;
        }
        if (sum)
            set_dot(t, op->results[r], sum);
    }
}

static void tangent_convert(Tangent *t, const Op *op)
{
    Value *d = dot_of(t, op_operand(op, 0));
    if (d && is_active(t, op->results[0]))
        set_dot(t, op->results[0], build_convert(&t->b, d, op->results[0]->type));
}

static void tangent_load(Tangent *t, const Op *op)
{
    if (!is_active(t, op->results[0]))
        return;
    Value *shadow = shadow_of(t, op_operand(op, 0));
    if (shadow)
        set_dot(t, op->results[0], build_load(&t->b, shadow));
}

static void tangent_store(Tangent *t, const Op *op)
{
    Value *shadow = is_shadowed(t, op_operand(op, 0)) ? shadow_of(t, op_operand(op, 0)) : NULL;
    if (!shadow)
        return;
    const Type *type = op_operand(op, 1)->type;
    if (type->kind == TYPE_RECORD && !dot_of(t, op_operand(op, 1))) {
        build_fill_zero(&t->b, shadow, build_int(&t->b, type_scalar(t->reversal->primal->module->types, TYPE_INT), 1));
        return;
    }
    Value *dot = dot_or_zero(t, op_operand(op, 1));
    if (op->kind == OP_STORE)
        build_store(&t->b, shadow, dot);
    else if (dot_of(t, op_operand(op, 1)))
        build_accumulate(&t->b, shadow, dot);
}

static void tangent_range(Tangent *t, const Op *op)
{
    Value *to = is_shadowed(t, op_operand(op, 0)) ? shadow_of(t, op_operand(op, 0)) : NULL;
    if (!to)
        return;
    const bool copies = op->kind == OP_COPY;
    Value *count = mapped(t, op_operand(op, copies ? 2 : 1));
    if (copies && is_shadowed(t, op_operand(op, 1))) {
        Value *from = shadow_of(t, op_operand(op, 1));
        if (from) {
            build_copy(&t->b, to, from, count);
            t->b.region->last->flags |= op->flags & OP_FLAG_OVERLAP;
        }
    } else {
        build_fill_zero(&t->b, to, count);
    }
}

/* The shadow of a local has its shape; what is read from it has been written before. */
static void tangent_alloca(Tangent *t, const Op *op)
{
    if (shadow_known(t->reversal->shadows, op->results[0]) || !is_shadowed(t, op->results[0]))
        return;
    Value **extents = arena_new_array(t->arena, Value *, op->num_operands);
    for (unsigned i = 0; i < op->num_operands; i++)
        extents[i] = mapped(t, op_operand(op, i));
    t->shadow[op->results[0]->id] =
        build_alloca(&t->b, op->results[0]->type->elem, extents, op->num_operands,
                     dot_name(t, op->name));
    t->shadow[op->results[0]->id]->op->flags |= OP_FLAG_TANGENT;
}

/* As for a local; one that is read before it is written starts at zero, and so does its shadow (`zero`). */
static void tangent_alloc(Tangent *t, const Op *op)
{
    if (shadow_known(t->reversal->shadows, op->results[0]) || !is_shadowed(t, op->results[0]))
        return;
    Value *shadow = build_alloc(&t->b, op->results[0]->type->elem, mapped(t, op_operand(op, 0)),
                                dot_name(t, op->name));
    shadow->op->flags |= OP_FLAG_TANGENT;
    t->shadow[op->results[0]->id] = shadow;
}

/* An array of pointers has a shadow where these have. */
static void tangent_free(Tangent *t, const Op *op)
{
    const Value *pointer = op_operand(op, 0);
    const bool holds_shadows = type_is_pointer(pointer->type->elem) && shadow_known(t->reversal->shadows, pointer);
    if (is_shadowed(t, pointer) || holds_shadows) {
        Value *shadow = shadow_of(t, pointer);
        if (shadow)
            build_free(&t->b, shadow);
    }
}

/* ---- the tape: a record carries the tangents of its active values behind them ---- */

typedef struct PopSearch {
    const Tangent *tangent;
    int64_t kind;
    unsigned field;
    bool active;
} PopSearch;

static void meet_record(Op *op, void *context)
{
    PopSearch *search = context;
    if (op->int_value != search->kind)
        return;
    if (op->kind == OP_TAPE_POP && search->field < op->num_results)
        search->active = search->active || is_active(search->tangent, op->results[search->field]);
}

static bool field_is_active(const Tangent *t, int64_t kind, unsigned field)
{
    PopSearch search = {.tangent = t, .kind = kind, .field = field};
    region_walk(t->reversal->primal->body, meet_record, &search);
    return search.active;
}

static void tangent_push(Tangent *t, const Op *op)
{
    VEC(Value *) values = {0};
    const unsigned n = op->num_operands - 1;
    for (unsigned i = 0; i < n; i++)
        vec_push(t->arena, &values, mapped(t, op_operand(op, i + 1)));
    for (unsigned i = 0; i < n; i++)
        if (field_is_active(t, op->int_value, i))
            vec_push(t->arena, &values, dot_or_zero(t, op_operand(op, i + 1)));
    build_tape_push(&t->b, mapped(t, op_operand(op, 0)), values.items, (unsigned)values.count);
    t->b.region->last->int_value = op->int_value;
}

static void tangent_pop(Tangent *t, const Op *op)
{
    VEC(const Type *) types = {0};
    const unsigned n = op->num_results;
    for (unsigned i = 0; i < n; i++)
        vec_push(t->arena, &types, op->results[i]->type);
    for (unsigned i = 0; i < n; i++)
        if (field_is_active(t, op->int_value, i))
            vec_push(t->arena, &types, op->results[i]->type);
    Op *pop = build_tape_pop(&t->b, mapped(t, op_operand(op, 0)), types.items, (unsigned)types.count);
    pop->int_value = op->int_value;
    for (unsigned i = 0, next = n; i < n; i++) {
        t->forward[op->results[i]->id] = pop->results[i];
        pop->results[i]->name = op->results[i]->name;
        if (field_is_active(t, op->int_value, i))
            set_dot(t, op->results[i], pop->results[next++]);
    }
}

/* A zero adjoint passes nothing, whatever the partial. Its tangent may be something all the same: only where
 * both are zero is the tangent of the product zero for certain. */
static void tangent_guard(Tangent *t, const Op *op)
{
    const Op *test = op_operand(op, 0)->op;
    Value *share = dot_of(t, op_operand(op, 2));
    if (!share || !is_active(t, op->results[0]))
        return;
    Value *d = dot_of(t, op_operand(test, 0)), *both = mapped(t, op_operand(op, 0));
    Builder relaxed = t->b;
    relaxed.flags |= OP_FLAG_RELAXED;
    if (d)
        both = build_binary(&relaxed, OP_LAND, both,
                            build_binary(&relaxed, OP_EQ, d, build_zero(&relaxed, d->type)));
    relaxed.flags |= OP_FLAG_GUARD;
    set_dot(t, op->results[0],
            build_select(&relaxed, both, build_zero(&relaxed, share->type), share));
}

static void tangent_shape(Tangent *t, const Op *op)
{
    Value *shadow = t->outside->shadows[op_operand(op, 0)->index];
    Value *extents[16];
    const unsigned rank = op->num_operands - 1;
    for (unsigned i = 0; i < rank && i < 16; i++)
        extents[i] = mapped(t, op_operand(op, i + 1));
    if (shadow && !shadow->op)
        build_shape(&t->b, shadow, extents, rank);
}

/* ---- control ---- */

static void walk_region(Tangent *t, const Region *region);

/* Yields what the primal yields, and behind it the tangents of the active results. */
static void yield_with_tangents(Tangent *t, const Op *yield, const Op *owner)
{
    VEC(Value *) values = {0};
    for (unsigned i = 0; i < yield->num_operands; i++)
        vec_push(t->arena, &values, mapped(t, op_operand(yield, i)));
    for (unsigned i = 0; i < owner->num_results; i++)
        if (is_active(t, owner->results[i]) ||
            (op_is_loop(owner->kind) && is_active(t, loop_carried_arg(owner, i))))
            vec_push(t->arena, &values, dot_or_zero(t, op_operand(yield, i)));
    build_yield(&t->b, values.items, (unsigned)values.count);
}

static void take_results(Tangent *t, const Op *op, Op *copy)
{
    unsigned next = op->num_results;
    for (unsigned i = 0; i < op->num_results; i++) {
        t->forward[op->results[i]->id] = copy->results[i];
        copy->results[i]->name = op->results[i]->name;
    }
    for (unsigned i = 0; i < op->num_results; i++)
        if (is_active(t, op->results[i]) ||
            (op_is_loop(op->kind) && is_active(t, loop_carried_arg(op, i)))) {
            copy->results[next]->name = dot_name(t, op->results[i]->name);
            t->dot[op->results[i]->id] = copy->results[next++];
        }
}

static void walk_if(Tangent *t, const Op *op)
{
    VEC(const Type *) types = {0};
    for (unsigned i = 0; i < op->num_results; i++)
        vec_push(t->arena, &types, op->results[i]->type);
    for (unsigned i = 0; i < op->num_results; i++)
        if (is_active(t, op->results[i]))
            vec_push(t->arena, &types, op->results[i]->type);
    Op *copy = build_if(&t->b, mapped(t, op_operand(op, 0)), types.items, (unsigned)types.count);
    for (unsigned r = 0; r < 2; r++) {
        const Builder outer = builder_enter(&t->b, copy->regions[r]);
        walk_region(t, op->regions[r]);
        yield_with_tangents(t, region_terminator(op->regions[r]), op);
        t->b = outer;
    }
    take_results(t, op, copy);
}

static void map_args(Tangent *t, const Op *op, unsigned r, const Op *copy)
{
    const Region *from = op->regions[r], *to = copy->regions[r];
    const unsigned first = op->kind == OP_FOR ? 1 : 0;
    unsigned next = (unsigned)from->args.count;
    for (size_t i = 0; i < from->args.count; i++) {
        t->forward[from->args.items[i]->id] = to->args.items[i];
        to->args.items[i]->name = from->args.items[i]->name;
    }
    for (unsigned i = 0; i < op->num_results; i++)
        if (is_active(t, op->results[i]) || is_active(t, loop_carried_arg(op, i))) {
            Value *dot = to->args.items[next++];
            dot->name = dot_name(t, from->args.items[first + i]->name);
            t->dot[from->args.items[first + i]->id] = dot;
        }
}

static void walk_loop(Tangent *t, const Op *op)
{
    const unsigned n = loop_num_carried(op);
    VEC(Value *) inits = {0};
    for (unsigned i = 0; i < n; i++)
        vec_push(t->arena, &inits, mapped(t, loop_carried_init(op, i)));
    for (unsigned i = 0; i < n; i++)
        if (is_active(t, op->results[i]) || is_active(t, loop_carried_arg(op, i)))
            vec_push(t->arena, &inits, dot_or_zero(t, loop_carried_init(op, i)));
    Op *copy;
    if (op->kind == OP_FOR)
        copy = build_for(&t->b, op->compare, mapped(t, op_operand(op, 0)),
                         mapped(t, op_operand(op, 1)), mapped(t, op_operand(op, 2)), inits.items,
                         (unsigned)inits.count, op->regions[0]->args.items[0]->name);
    else
        copy = build_while(&t->b, inits.items, (unsigned)inits.count);
    copy->flags |= op->flags & OP_FLAG_REVERSED;
    for (unsigned r = 0; r < op->num_regions; r++) {
        const Builder outer = builder_enter(&t->b, copy->regions[r]);
        map_args(t, op, r, copy);
        walk_region(t, op->regions[r]);
        const Op *yield = region_terminator(op->regions[r]);
        if (op->regions[r] == loop_body(op)) {
            yield_with_tangents(t, yield, op);
        } else {
            Value *test = mapped(t, op_operand(yield, 0));
            build_yield(&t->b, &test, 1);
        }
        t->b = outer;
    }
    take_results(t, op, copy);
}

/* ---- functions with derivatives of their own ---- */

static Value *value_for_call(void *context, Value *primal)
{
    return mapped(context, primal);
}

static Value *shadow_for_call(void *context, Value *pointer)
{
    return shadow_of(context, pointer);
}

static Value *tangent_for_call(void *context, Value *primal)
{
    return dot_of(context, primal);
}

static void copy_into(void *context, Value *buffer, const Op *call, unsigned argument)
{
    Tangent *t = context;
    Value *count = mapped(t, custom_of(t->reversal, call)->kept[argument].count);
    build_copy(&t->b, buffer, mapped(t, op_operand(call, argument)), count);
}

/* The jvp comes first: the function may overwrite what it reads. */
static void walk_custom(Tangent *t, const Op *op)
{
    const CustomSweep sweep = {.reversal = t->reversal,
                               .b = &t->b,
                               .context = t,
                               .value_of = value_for_call,
                               .shadow_of = shadow_for_call,
                               .keep_into = copy_into,
                               .tangent_of = tangent_for_call};
    Value *dot = custom_call_jvp(&sweep, op);
    build_clone(&t->b, op, t->forward);
    if (dot && is_active(t, op->results[0]))
        set_dot(t, op->results[0], dot);
}

/* One function for both: the call of the original goes. */
static void walk_recursion(Tangent *t, const Op *op)
{
    const Pair *pair = pair_of(op);
    const unsigned n = (unsigned)pair->forward_slots.list.count;
    Value **args = arena_new_array(t->arena, Value *, n);
    Value *cell = NULL;
    for (unsigned i = 0; i < n; i++) {
        const Slot slot = pair->forward_slots.list.items[i];
        Value *arg = slot.kind == SLOT_RESULT_DOT ? NULL : op_operand(op, slot.param), *dot;
        if (slot.kind == SLOT_ORIGINAL) {
            args[i] = mapped(t, arg);
        } else if (slot.kind == SLOT_RESULT_DOT) {
            cell = build_alloca(&t->b, op->results[0]->type, NULL, 0, "result_dot");
            cell->op->flags |= OP_FLAG_TANGENT;
            args[i] = cell;
        } else if (type_is_pointer(arg->type)) {
            args[i] = shadow_of(t, arg);
        } else {
            dot = dot_of(t, arg);
            args[i] = dot ? dot : build_zero(&t->b, arg->type);
        }
        if (!args[i])
            return;
    }
    Value *result = build_call(&t->b, pair->forward, args, n);
    if (result)
        t->forward[op->results[0]->id] = result;
    if (cell)
        set_dot(t, op->results[0], build_load(&t->b, cell));
}

/* What is overwritten is read in front of the call, what is computed behind it. */
static void walk_ruled(Tangent *t, const Op *op)
{
    const CustomSweep sweep = {.reversal = t->reversal,
                               .b = &t->b,
                               .context = t,
                               .value_of = value_for_call,
                               .shadow_of = shadow_for_call,
                               .tangent_of = tangent_for_call};
    Value *dot = ruled_tangent(&sweep, op, false);
    build_clone(&t->b, op, t->forward);
    Value *rest = ruled_tangent(&sweep, op, true);
    if (op->num_results && is_active(t, op->results[0]))
        set_dot(t, op->results[0], dot ? dot : rest);
}

static void walk_op(Tangent *t, const Op *op)
{
    t->b.loc = op->loc;
    if (op->flags & OP_FLAG_SHADOW) {
        Op *kept = build_clone(&t->b, op, t->forward);
        if (op->kind == OP_ALLOCA || op->kind == OP_ALLOC || op->kind == OP_MALLOC)
            kept->flags |= OP_FLAG_TANGENT;
        return;
    }
    if (op->kind == OP_IF) {
        walk_if(t, op);
        return;
    }
    if (op_is_loop(op->kind)) {
        walk_loop(t, op);
        return;
    }
    if (op->kind == OP_TAPE_PUSH) {
        tangent_push(t, op);
        return;
    }
    if (op->kind == OP_TAPE_POP) {
        tangent_pop(t, op);
        return;
    }
    if (call_is_ruled(op) && ruled_is_active(t->reversal, op)) {
        walk_ruled(t, op);
        return;
    }
    if (call_is_custom(op) && custom_is_active(t->reversal, op)) {
        walk_custom(t, op);
        return;
    }
    if (call_is_recursive(op)) {
        if (pair_of(op))
            walk_recursion(t, op);
        else
            build_clone(&t->b, op, t->forward)->callee = recursive_copy(op->callee);
        return;
    }
    /* A store's own tangent comes first: nothing of it depends on the stored value. */
    build_clone(&t->b, op, t->forward);
    switch (op->kind) {
    case OP_LOAD:
        tangent_load(t, op);
        break;
    case OP_STORE:
    case OP_ACCUMULATE:
        tangent_store(t, op);
        break;
    case OP_ZERO:
    case OP_COPY:
        tangent_range(t, op);
        break;
    case OP_ALLOCA:
        tangent_alloca(t, op);
        break;
    case OP_ALLOC:
        tangent_alloc(t, op);
        break;
    case OP_FREE:
        tangent_free(t, op);
        break;
    case OP_SELECT:
        if (op->flags & OP_FLAG_GUARD)
            tangent_guard(t, op);
        else
            tangent_formula(t, op);
        break;
    case OP_SHAPE:
        tangent_shape(t, op);
        break;
    case OP_CONVERT:
        tangent_convert(t, op);
        break;
    default:
        tangent_formula(t, op);
        break;
    }
}

static void walk_region(Tangent *t, const Region *region)
{
    for (const Op *op = region->first; op && !t->failed; op = op->next)
        if (op->kind != OP_YIELD && op->kind != OP_RETURN)
            walk_op(t, op);
}

/* The last op that describes the parameters: extents and shapes. */
static const Op *last_shape(const Region *body)
{
    const Op *last = NULL;
    for (const Op *op = body->first; op; op = op->next)
        if (op->kind == OP_SHAPE)
            last = op;
    return last;
}

/* The companions that are locals are made; all are what the primal's pointers to companions lead to. */
static void enter_shadows(Tangent *t, PrepareTangents *prepare, void *context)
{
    const Function *primal = t->reversal->primal;
    const Shadows *shadows = t->reversal->shadows;
    prepare(&t->b, t->outside, context);
    for (unsigned i = 0; shadows && i < primal->num_params; i++) {
        if (!shadows->params[i])
            continue;
        Value *companion = type_is_pointer(primal->body->args.items[i]->type) ? t->outside->shadows[i] : t->outside->tangents[i];
        t->forward[shadows->params[i]->id] = companion;
        t->failed = t->failed || (!companion && primal->module->diags->errors > 0); /* it could not be made, which was said; else it is zero */
    }
}

bool tangent_walk(const Reversal *reversal, TangentFrame *outside, PrepareTangents *prepare,
                  void *context)
{
    Function *primal = reversal->primal;
    Arena *arena = reversal->arena;
    Tangent t = {.reversal = reversal,
                 .arena = arena,
                 .outside = outside,
                 .forward = arena_new_array(arena, Value *, primal->num_values),
                 .dot = arena_new_array(arena, Value *, primal->num_values),
                 .shadow = arena_new_array(arena, Value *, primal->num_values),
                 .b = builder_at_end(outside->function->body)};
    for (unsigned i = 0; i < primal->num_params; i++) {
        const Value *arg = primal->body->args.items[i];
        t.forward[arg->id] = outside->forward[i];
        t.dot[arg->id] = outside->tangents[i];
    }
    const Op *shape = last_shape(primal->body);
    if (!shape)
        enter_shadows(&t, prepare, context);
    for (const Op *op = primal->body->first; op && !t.failed; op = op->next) {
        if (op->kind == OP_RETURN)
            break;
        walk_op(&t, op);
        if (op == shape)
            enter_shadows(&t, prepare, context);
    }
    const Op *end = region_terminator(primal->body);
    outside->result = end->num_operands ? mapped(&t, op_operand(end, 0)) : NULL;
    outside->result_tangent = end->num_operands ? dot_of(&t, op_operand(end, 0)) : NULL;
    return !t.failed;
}
