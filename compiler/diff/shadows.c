/* Shadows of pointers, as values of the primal.
 *
 * Problem. The shadow of &x[i] is &x_bar[i]: it follows from the shadow of x. The shadow of a pointer that
 * was loaded from memory, is carried by a loop or chosen by an if follows from nothing; it has to come
 * the same way as the pointer.
 *
 *     rows[k] = x + n * k;              rows[k] = x + n * k;   rows_bar[k] = x_bar + n * k;
 *     p = rows[j];                      p = rows[j];           p_bar = rows_bar[j];
 *     for (...) { t = p; p = q; q = t; }                       ... the same with p_bar, q_bar
 *
 * Algorithm. The memory that holds pointers has a shadow of the same layout, which holds their shadows.
 * Ops that keep it up are put into the primal itself, marked OP_FLAG_SHADOW: a load beside a load, a store
 * beside a store, a carried value beside a carried value. So the plan treats a shadow like every other
 * value that the reverse sweep asks for, whether it is in scope, loaded again, or kept in a cache. The
 * companions of parameters become arguments of the body. Locals with shadows that are asked for in the
 * forward sweep move to the function's top, so that what points to them stays valid.
 *
 * Requires: activity. Keeps: what the primal computes. */
#include "diff/shadows.h"

#include "diff/pairs.h"
#include "diff/reversal.h"
#include "ir/builder.h"

typedef struct Insertion {
    Arena *arena;
    const ShadowNeeds *needs;
    Function *primal;
    Shadows *shadows;
    VEC(Op *) ops; /* the primal's own, collected before anything is inserted */
    bool failed;
} Insertion;

/* ---- what has to be kept ---- */

static bool is_shadowed_type(const Value *value)
{
    return type_is_pointer(value->type) && type_carries_derivative(value->type->elem);
}

/* Does the memory belong to a parameter without a companion? Then nothing in it is active. */
static bool is_foreign(const ShadowNeeds *needs, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    if (object.kind == OBJECT_GLOBAL || object.global)
        return true;
    return (object.kind == OBJECT_PARAM || object.kind == OBJECT_REACHED) &&
           !needs->companion[object.value->index];
}

/* Has the op a result that needs a shadow of its own? */
static bool makes_pointer(const ShadowNeeds *needs, const Op *op)
{
    const bool array = op->kind == OP_ALLOC && needs->clear && !(op->flags & OP_FLAG_SHADOW);
    if (op->kind != OP_LOAD && op->kind != OP_MALLOC && op->kind != OP_TAPE_POP && op->num_regions == 0 && !array)
        return false;
    for (unsigned i = 0; i < op->num_results; i++)
        if (is_shadowed_type(op->results[i]) && !is_foreign(needs, op->results[i]) &&
            (memory_is_shadowed(needs->reversal, op->results[i]) ||
             !type_is_differentiable(op->results[i]->type->elem)))
            return true;
    return false;
}

typedef struct Search {
    const ShadowNeeds *needs;
    bool found;
} Search;

/* The forward sweep gives it the shadows of what its arguments point to: they stand behind them, one for each. */
static bool hands_on_shadows(const ShadowNeeds *needs, const Op *op)
{
    return call_is_recursive(op) && recursive_is_active(needs->reversal, op) &&
           recursive_follows_pointers(op->callee);
}

static void find_maker(Op *op, void *context)
{
    Search *search = context;
    search->found = search->found || makes_pointer(search->needs, op) || hands_on_shadows(search->needs, op);
}

static void collect(Op *op, void *context)
{
    Insertion *in = context;
    vec_push(in->arena, &in->ops, op);
}

/* ---- making shadows ---- */

static Value *shadow_value(Insertion *in, Value *pointer);

static const char *shadow_name(const Insertion *in, const char *name)
{
    return name ? intern_format(in->primal->module->strings, "%s%s", name, in->needs->suffix) : NULL;
}

static Value *refuse(Insertion *in, const Value *pointer, SourceLoc loc)
{
    const Object object = pointer_object(pointer);
    Diagnostics *diags = in->primal->module->diags;
    if (in->failed)
        return NULL;
    in->failed = true;
    if (object.kind == OBJECT_PARAM || (object.kind == OBJECT_REACHED && object.value))
        diag(diags, MSG_SHADOW_MISSING, loc, in->primal->params[object.value->index].name);
    else if (object.global)
        diag(diags, MSG_SHADOW_MISSING, loc, object.global->name);
    else
        diag(diags, MSG_POINTER_UNKNOWN, loc);
    return NULL;
}

static Builder after(const Op *op)
{
    Builder b = {.function = op->function, .region = op->parent, .before = op->next};
    b.loc = op->loc;
    b.flags = OP_FLAG_SHADOW;
    return b;
}

/* Moves a local to the function's top; false where its extents are not known there. */
static bool move_to_top(Op *alloca)
{
    if (!alloca->parent->owner)
        return true;
    for (unsigned i = 0; i < alloca->num_operands; i++)
        if (!value_is_const(op_operand(alloca, i)) &&
            value_region(op_operand(alloca, i))->owner != NULL)
            return false;
    Op *first = op_ancestor_in(alloca->function->body, alloca);
    Builder b = builder_before(first);
    for (unsigned i = 0; i < alloca->num_operands; i++)
        if (value_is_const(op_operand(alloca, i)))
            op_set_operand(alloca, i, build_int(&b, op_operand(alloca, i)->type,
                                                op_operand(alloca, i)->op->int_value));
    op_detach(alloca);
    op_insert_before(alloca, first);
    return true;
}

static Value *element_count(Builder *b, const Op *alloca)
{
    const Type *type = type_scalar(b->function->module->types, TYPE_LONG);
    Value *count = build_int(b, type, 1);
    for (unsigned i = 0; i < alloca->num_operands; i++) {
        Value *extent = build_convert(b, op_operand(alloca, i), type);
        count = i ? build_binary(b, OP_MUL, count, extent) : extent;
    }
    return count;
}

static Value *local_shadow(Insertion *in, Value *local)
{
    Op *op = local->op;
    if (!move_to_top(op))
        return refuse(in, local, op->loc);
    Builder b = after(op);
    Value **extents = arena_new_array(in->arena, Value *, op->num_operands);
    for (unsigned i = 0; i < op->num_operands; i++)
        extents[i] = op_operand(op, i);
    Value *shadow = build_alloca(&b, local->type->elem, extents, op->num_operands,
                                 shadow_name(in, op->name));
    build_fill_zero(&b, shadow, element_count(&b, op)); /* tangents: of what is inactive nobody else writes them */
    return shadow;
}

static Value *index_shadow(Insertion *in, const Op *op)
{
    Value *base = shadow_value(in, op_operand(op, 0));
    if (!base)
        return NULL;
    Value **numbers = arena_new_array(in->arena, Value *, op->num_operands - 1);
    for (unsigned i = 1; i < op->num_operands; i++)
        numbers[i - 1] = op_operand(op, i);
    Builder b = after(op);
    return build_index_like(&b, op, base, numbers);
}

static void remember(Insertion *in, const Value *pointer, Value *shadow)
{
    if (pointer->id < in->shadows->count)
        in->shadows->of[pointer->id] = shadow;
}

static Value *if_shadow(Insertion *in, Op *op, unsigned i)
{
    for (unsigned r = 0; r < 2; r++) {
        Op *yield = region_terminator(op->regions[r]);
        Value *shadow = shadow_value(in, op_operand(yield, i));
        if (!shadow)
            return NULL;
        op_add_operand(yield, shadow);
    }
    return op_add_result(op, op->results[i]->type, shadow_name(in, op->results[i]->name));
}

/* Carries the shadow of carried value number i along; its arguments and results get their entries. */
static bool carry_shadow(Insertion *in, Op *op, unsigned i)
{
    Value *init = shadow_value(in, loop_carried_init(op, i));
    if (!init)
        return false;
    const unsigned first = op->kind == OP_FOR ? 1 : 0;
    Value *next = loop_carried_next(op, i);
    const Type *type = op->results[i]->type;
    op_add_operand(op, init);
    remember(in, op->results[i],
             op_add_result(op, type, shadow_name(in, op->results[i]->name)));
    for (unsigned r = 0; r < op->num_regions; r++) {
        const Value *arg = op->regions[r]->args.items[first + i];
        remember(in, arg, region_add_arg(op->regions[r], type, shadow_name(in, arg->name)));
    }
    /* its place first: the next one's shadow may be carried by this loop too */
    Op *yield = region_terminator(loop_body(op));
    const unsigned place = yield->num_operands;
    op_add_operand(yield, shadow_known(in->shadows, loop_carried_arg(op, i)));
    Value *shadow = shadow_value(in, next);
    if (shadow)
        op_set_operand(yield, place, shadow);
    return shadow != NULL;
}

static Value *argument_shadow(Insertion *in, Value *arg)
{
    Op *owner = arg->region->owner;
    if (!owner)
        return arg->index < in->primal->num_params ? in->shadows->params[arg->index] : NULL;
    carry_shadow(in, owner, arg->index - (owner->kind == OP_FOR ? 1 : 0));
    return shadow_known(in->shadows, arg);
}

/* Nothing keeps the shadow of a void *: only what it was converted from tells. */
static Value *converted_shadow(Insertion *in, const Op *op)
{
    Value *from = op_operand(op, 0);
    while (type_is_pointer(from->type) && from->type->elem->kind == TYPE_VOID && from->op &&
           from->op->kind == OP_CONVERT)
        from = op_operand(from->op, 0);
    if (!type_is_pointer(from->type) || from->type->elem->kind == TYPE_VOID)
        return NULL;
    Value *shadow = shadow_value(in, from);
    Builder b = after(op);
    return shadow ? build_convert(&b, shadow, op->results[0]->type) : NULL;
}

/* ---- records of the tape that hold pointers hold their shadows too ---- */

typedef struct Records {
    Insertion *in;
    int64_t kind;
    VEC(Op *) pushes;
    VEC(Op *) pops;
} Records;

static void find_record(Op *op, void *context)
{
    Records *records = context;
    if (op->int_value == records->kind && op->kind == OP_TAPE_PUSH)
        vec_push(records->in->arena, &records->pushes, op);
    if (op->int_value == records->kind && op->kind == OP_TAPE_POP)
        vec_push(records->in->arena, &records->pops, op);
}

static Value *popped_shadow(Insertion *in, const Value *popped)
{
    Records records = {.in = in, .kind = popped->op->int_value};
    const unsigned i = popped->index;
    region_walk(in->primal->body, find_record, &records);
    for (size_t k = 0; k < records.pops.count; k++) {
        Op *pop = records.pops.items[k];
        remember(in, pop->results[i],
                 op_add_result(pop, popped->type, shadow_name(in, pop->results[i]->name)));
    }
    for (size_t k = 0; k < records.pushes.count; k++) {
        Op *push = records.pushes.items[k];
        const unsigned place = push->num_operands;
        Value *pushed = op_operand(push, i + 1);
        op_add_operand(push, pushed); /* its place first */
        Value *shadow = shadow_value(in, pushed);
        if (!shadow)
            return NULL;
        op_set_operand(push, place, shadow);
    }
    return shadow_known(in->shadows, popped);
}

static Value *make_shadow(Insertion *in, Value *pointer)
{
    Op *op = pointer->op;
    if (!op)
        return argument_shadow(in, pointer);
    Builder b = after(op);
    Value *first, *second;
    switch (op->kind) {
    case OP_ALLOCA:
        return local_shadow(in, pointer);
    case OP_INDEX:
        return index_shadow(in, op);
    case OP_FIELD:
        first = shadow_value(in, op_operand(op, 0));
        b = after(op);
        return first ? build_field(&b, first, (unsigned)op->int_value) : NULL;
    case OP_CONVERT:
        return converted_shadow(in, op);
    case OP_MALLOC:
        return build_malloc(&b, pointer->type->elem, op_operand(op, 0), 2, shadow_name(in, pointer->name));
    case OP_ALLOC: /* a cache of the gradient, or a local of the tangent, that is differentiated here */
        if (in->needs->clear)
            return build_malloc(&b, pointer->type->elem, op_operand(op, 0), 2, shadow_name(in, pointer->name));
        first = build_alloc(&b, pointer->type->elem, op_operand(op, 0), shadow_name(in, pointer->name));
        build_fill_zero(&b, first, op_operand(op, 0));
        return first;
    case OP_SELECT:
        first = shadow_value(in, op_operand(op, 1));
        second = shadow_value(in, op_operand(op, 2));
        b = after(op);
        return first && second ? build_select(&b, op_operand(op, 0), first, second) : NULL;
    case OP_LOAD:
        first = shadow_value(in, op_operand(op, 0));
        b = after(op);
        first = first ? build_load(&b, first) : NULL;
        if (first)
            first->name = shadow_name(in, pointer->name);
        return first;
    case OP_TAPE_POP:
        return popped_shadow(in, pointer);
    case OP_NULLPTR:
    case OP_UNDEF:
        return pointer;
    case OP_IF:
        return if_shadow(in, op, pointer->index);
    case OP_FOR:
    case OP_WHILE:
        carry_shadow(in, op, pointer->index);
        return shadow_known(in->shadows, pointer);
    default:
        return NULL;
    }
}

static Value *shadow_value(Insertion *in, Value *pointer)
{
    Value *known = shadow_known(in->shadows, pointer);
    if (known || in->failed)
        return known;
    Value *shadow = make_shadow(in, pointer);
    if (!shadow)
        return refuse(in, pointer, pointer->op ? pointer->op->loc : in->primal->loc);
    remember(in, pointer, shadow);
    return shadow;
}

/* ---- keeping the memory up ---- */

/* Memory that is allocated here, stored where the caller finds it: its shadow would be freed. */
static bool is_handed_out(const Value *address, const Value *stored)
{
    const Object holder = pointer_object(address);
    if (holder.kind != OBJECT_PARAM && holder.kind != OBJECT_REACHED)
        return false;
    Object candidates[MAX_CANDIDATES];
    bool complete;
    const unsigned count = pointer_candidates(stored, candidates, &complete);
    for (unsigned i = 0; i < count; i++)
        if (candidates[i].kind == OBJECT_HEAP || candidates[i].kind == OBJECT_LOCAL)
            return true;
    return !complete;
}

/* The shadow of a pointer whose memory is given back; NULL: it has none, or it is given back elsewhere. */
static Value *released_shadow(Insertion *in, Value *pointer)
{
    if (in->needs->clear || !is_shadowed_type(pointer) || is_foreign(in->needs, pointer))
        return NULL;
    const bool shadowed = shadow_known(in->shadows, pointer) ||
                          memory_is_shadowed(in->needs->reversal, pointer) ||
                          !type_is_differentiable(pointer->type->elem);
    return shadowed ? shadow_value(in, pointer) : NULL;
}

/* Where the tangents go along with the values, they are freed with them. */
static void keep_release(Insertion *in, Op *release)
{
    Value *shadow = released_shadow(in, op_operand(release, 0));
    Builder b = after(release);
    if (shadow)
        build_release(&b, shadow);
}

/* A pointer on a tape of what is freed at the end (heap.c): so is its shadow. */
static void keep_push(Insertion *in, Op *push)
{
    const Op *plain = push->num_operands == 2 ? op_operand(push, 1)->op : NULL;
    if (!plain || plain->kind != OP_CONVERT || !type_is_pointer(plain->results[0]->type) ||
        plain->results[0]->type->elem->kind != TYPE_VOID)
        return;
    Value *shadow = released_shadow(in, op_operand(plain, 0));
    Builder b = after(push);
    if (!shadow)
        return;
    Value *value = build_convert(&b, shadow, plain->results[0]->type);
    build_tape_push(&b, op_operand(push, 0), &value, 1);
    push->next->next->int_value = push->int_value;
}

/* A pointer is stored: so is its shadow. */
static void keep_store(Insertion *in, Op *store)
{
    Value *address = op_operand(store, 0), *stored = op_operand(store, 1);
    if (!is_shadowed_type(stored))
        return;
    if (is_foreign(in->needs, address)) {
        if (!is_foreign(in->needs, stored))
            refuse(in, address, store->loc);
        return;
    }
    if (is_foreign(in->needs, stored)) {
        refuse(in, stored, store->loc);
        return;
    }
    if (in->needs->clear && is_handed_out(address, stored)) {
        diag(in->primal->module->diags, MSG_HANDED_OUT, store->loc);
        in->failed = true;
        return;
    }
    Value *to = shadow_value(in, address), *shadow = to ? shadow_value(in, stored) : NULL;
    Builder b = after(store);
    if (shadow)
        build_store(&b, to, shadow);
}

static void copy_pointers(Builder *b, Value *to, Value *from);

static bool holds_pointers(const Type *type)
{
    if (type_is_pointer(type))
        return type_carries_derivative(type->elem);
    if (type->kind != TYPE_RECORD)
        return false;
    for (unsigned i = 0; i < type->record->num_fields; i++)
        if (holds_pointers(type->record->fields[i].type))
            return true;
    return false;
}

static void copy_each(Builder *b, Value *to, Value *from, Value *count)
{
    if (value_is_int(count, 1)) {
        copy_pointers(b, to, from);
        return;
    }
    Value *zero = build_zero(b, count->type), *one = build_int(b, count->type, 1);
    Op *loop = build_for(b, OP_LT, zero, count, one, NULL, 0, "i");
    Builder inner = builder_at_end(loop->regions[0]);
    inner.loc = b->loc;
    inner.flags = b->flags;
    Value *i = loop->regions[0]->args.items[0];
    copy_pointers(&inner, build_index(&inner, to, i), build_index(&inner, from, i));
    build_yield(&inner, NULL, 0);
}

/* Of one element, only the pointers: the numbers in a shadow are adjoints. */
static void copy_pointers(Builder *b, Value *to, Value *from)
{
    const Type *type = to->type->elem;
    if (type_is_pointer(type)) {
        build_store(b, to, build_load(b, from));
        return;
    }
    for (unsigned i = 0; i < type->record->num_fields; i++) {
        const Field *field = &type->record->fields[i];
        if (!holds_pointers(field->type))
            continue;
        int64_t count = 1;
        for (unsigned k = 0; k < field->rank; k++)
            count *= field->extents[k];
        Value *number = build_int(b, type_scalar(b->function->module->types, TYPE_INT), count);
        copy_each(b, build_field(b, to, i), build_field(b, from, i), number);
    }
}

static void keep_copy(Insertion *in, Op *copy)
{
    Value *to = op_operand(copy, 0), *from = op_operand(copy, 1);
    if (!holds_pointers(to->type->elem) || (is_foreign(in->needs, to) && is_foreign(in->needs, from)))
        return;
    if (is_foreign(in->needs, to) || is_foreign(in->needs, from)) {
        refuse(in, is_foreign(in->needs, to) ? to : from, copy->loc);
        return;
    }
    Value *to_shadow = shadow_value(in, to), *from_shadow = shadow_value(in, from);
    Builder b = after(copy);
    if (!to_shadow || !from_shadow)
        return;
    const bool moves = (copy->flags & OP_FLAG_OVERLAP) && !value_is_int(op_operand(copy, 2), 1);
    if (moves && type_is_pointer(to->type->elem)) {
        build_copy(&b, to_shadow, from_shadow, op_operand(copy, 2));
        copy->next->flags |= OP_FLAG_OVERLAP;
    } else if (moves) {
        refuse(in, to, copy->loc);
    } else {
        copy_each(&b, to_shadow, from_shadow, op_operand(copy, 2));
    }
}

/* A struct parameter is put into its local: the pointers in its companion go into the local's shadow. */
static void keep_parameter(Insertion *in, Op *store)
{
    Value *param = op_operand(store, 1), *local = op_operand(store, 0);
    if (param->op || !holds_pointers(param->type) || is_foreign(in->needs, local))
        return;
    Value *companion = in->shadows->params[param->index];
    Value *shadow = companion ? shadow_value(in, local) : NULL;
    Builder b = after(store);
    if (shadow && type_is_pointer(companion->type))
        copy_pointers(&b, shadow, companion);
    else if (shadow)
        build_store(&b, shadow, companion);
}

static void keep_call(Insertion *in, Op *op)
{
    const unsigned n = op->callee->num_params;
    for (unsigned i = 0; i < n && !in->failed; i++) {
        Value *arg = op_operand(op, i);
        const bool active = type_is_pointer(arg->type) && recursive_argument_is_active(in->needs->reversal, op, i);
        op_add_operand(op, active ? shadow_value(in, arg) : arg);
    }
}

static void keep_op(Insertion *in, Op *op)
{
    if (hands_on_shadows(in->needs, op))
        keep_call(in, op);
    else if (op->kind == OP_STORE && op_operand(op, 1)->type->kind == TYPE_RECORD)
        keep_parameter(in, op);
    else if (op->kind == OP_STORE)
        keep_store(in, op);
    else if (op->kind == OP_COPY)
        keep_copy(in, op);
    else if (op->kind == OP_RELEASE)
        keep_release(in, op);
    else if (op->kind == OP_TAPE_PUSH)
        keep_push(in, op);
    else if (makes_pointer(in->needs, op))
        for (unsigned i = 0, n = op->num_results; i < n && !in->failed; i++)
            if (op->results[i]->id < in->shadows->count && is_shadowed_type(op->results[i]) && !is_foreign(in->needs, op->results[i]) &&
                !shadow_known(in->shadows, op->results[i]))
                shadow_value(in, op->results[i]);
}

/* ---- the entry ---- */

static void add_arguments(Insertion *in)
{
    Function *primal = in->primal;
    const unsigned n = primal->num_params;
    Param *params = arena_new_array(in->arena, Param, 2 * n);
    for (unsigned i = 0; i < n; i++)
        params[i] = primal->params[i];
    primal->params = params; /* those behind number n belong to the arguments that are added */
    in->shadows->params = arena_new_array(in->arena, Value *, n);
    for (unsigned i = 0; i < n; i++) {
        const Type *type = primal->body->args.items[i]->type;
        const bool by_value = type->kind == TYPE_RECORD;
        if (!in->needs->companion[i] || !type_carries_derivative(type) || type_is_floating(type))
            continue;
        const Type *companion =
            by_value && in->needs->clear ? type_pointer(primal->module->types, type) : type;
        Value *arg = region_add_arg(primal->body, companion, shadow_name(in, params[i].name));
        params[arg->index] = (Param){.name = arg->name,
                                     .loc = params[i].loc,
                                     .rank = params[i].rank,
                                     .is_restrict = params[i].is_restrict,
                                     .is_companion = true};
        in->shadows->params[i] = arg;
    }
}

Value *shadow_known(const Shadows *shadows, const Value *pointer)
{
    return shadows && pointer->id < shadows->count ? shadows->of[pointer->id] : NULL;
}

const Shadows *shadows_insert(Arena *arena, const ShadowNeeds *needs, bool *failed)
{
    Search search = {.needs = needs};
    Function *primal = needs->reversal->primal;
    region_walk(primal->body, find_maker, &search);
    if (!search.found)
        return NULL;
    Insertion in = {.arena = arena,
                    .needs = needs,
                    .primal = primal,
                    .shadows = arena_new(arena, Shadows)};
    in.shadows->count = primal->num_values;
    in.shadows->of = arena_new_array(arena, Value *, in.shadows->count);
    region_walk(primal->body, collect, &in);
    add_arguments(&in);
    for (unsigned i = 0; i < primal->num_params; i++)
        if (in.shadows->params[i] && type_is_pointer(primal->body->args.items[i]->type))
            remember(&in, primal->body->args.items[i], in.shadows->params[i]);
    for (size_t i = 0; i < in.ops.count && !in.failed; i++)
        keep_op(&in, in.ops.items[i]);
    *failed = *failed || in.failed;
    return in.shadows;
}
