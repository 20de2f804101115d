/* Activity: two fixpoints over the function, varied forward and useful backward.
 *
 *     y = sin(x);      x independent: x, y, z varied
 *     z = y * a;       z dependent:   a, y, x, z useful (a is not varied: inactive)
 *     k = floor(y);    k not varied: the derivative is zero
 *
 * Values are in SSA form, so a fact about a value holds wherever it is used. An object is varied if
 * anything varied is ever stored into it, useful if a useful value is ever loaded from it. Parameters
 * that have companions may overlap, and then what holds for one holds for the other. */
#include "analysis/activity.h"

#include "analysis/recursion.h"
#include "analysis/roles.h"

/* ---- facts about objects ---- */

static ObjectFacts *facts_of(Activity *activity, Arena *arena, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    for (size_t i = 0; i < activity->objects.count; i++)
        if (objects_equal(activity->objects.items[i].object, object))
            return &activity->objects.items[i];
    /* what pointers in memory lead to may have any type: void stands for that */
    const bool several = object.kind == OBJECT_UNKNOWN || object.kind == OBJECT_REACHED;
    const Type *any = type_scalar(activity->function->module->types, TYPE_VOID);
    const ObjectFacts facts = {.object = object, .elem = several ? any : pointer->type->elem};
    vec_push(arena, &activity->objects, facts);
    return &activity->objects.items[activity->objects.count - 1];
}

static const ObjectFacts *find_facts(const Activity *activity, const Value *pointer)
{
    const Object object = pointer_object(pointer);
    for (size_t i = 0; i < activity->objects.count; i++)
        if (objects_equal(activity->objects.items[i].object, object))
            return &activity->objects.items[i];
    return NULL;
}

typedef struct Walk {
    Activity *activity;
    Arena *arena;
    const ActivitySeeds *seeds;
    bool forward;
} Walk;

static void set(Walk *w, bool *fact)
{
    if (!*fact) {
        *fact = true;
        w->activity->changed = true;
    }
}

static bool *value_fact(Walk *w, const Value *value)
{
    return w->forward ? &w->activity->varied[value->id] : &w->activity->useful[value->id];
}

/* Can a pointer that was found somewhere in memory point into the object? */
static bool is_at_large(Object object)
{
    switch (object.kind) {
    case OBJECT_REACHED:
    case OBJECT_UNKNOWN:
        return true;
    case OBJECT_GLOBAL:
        return !object.global->is_const;
    default:
        return local_escapes(object.value);
    }
}

/* A pointer into one of several objects (p = c ? a : b): what holds for one of them holds for all. */
static void tie_candidates(Walk *w, const Value *pointer)
{
    Object candidates[MAX_CANDIDATES];
    bool complete, any = false;
    const unsigned count = pointer_candidates(pointer, candidates, &complete);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < w->activity->objects.count; i++) {
            ObjectFacts *facts = &w->activity->objects.items[i];
            bool tied = facts->object.kind == OBJECT_UNKNOWN ||
                        (!complete && is_at_large(facts->object));
            for (unsigned k = 0; k < count && !tied; k++)
                tied = objects_equal(candidates[k], facts->object);
            bool *fact = w->forward ? &facts->varied : &facts->useful;
            any = any || (tied && *fact);
            if (pass == 1 && tied && any)
                set(w, fact);
        }
}

static bool *object_fact(Walk *w, const Value *pointer)
{
    if (pointer_object(pointer).kind == OBJECT_UNKNOWN) {
        facts_of(w->activity, w->arena, pointer);
        tie_candidates(w, pointer);
    }
    ObjectFacts *facts = facts_of(w->activity, w->arena, pointer);
    return w->forward ? &facts->varied : &facts->useful;
}

/* The fact flows between two values: downward or upward by the direction of the walk. */
static void flow(Walk *w, const Value *source, const Value *target)
{
    const Value *from = w->forward ? source : target, *to = w->forward ? target : source;
    if (*value_fact(w, from) && type_is_differentiable(to->type))
        set(w, value_fact(w, to));
}

/* ---- ops ---- */

static void visit_formula(Walk *w, const Op *op)
{
    if (op->kind == OP_CONVERT) {
        flow(w, op_operand(op, 0), op->results[0]);
        return;
    }
    if (op->flags & OP_FLAG_INACTIVE)
        return;
    for (unsigned r = 0; r < op->num_results; r++)
        for (unsigned i = 0; i < op->num_operands; i++)
            if (!rule_is_zero(w->activity->rules, op->kind, r, i))
                flow(w, op_operand(op, i), op->results[r]);
}

static void visit_load(Walk *w, const Op *op)
{
    if (!type_is_differentiable(op->results[0]->type))
        return;
    bool *memory = object_fact(w, op_operand(op, 0)), *value = value_fact(w, op->results[0]);
    if (w->forward && *memory)
        set(w, value);
    else if (!w->forward && *value)
        set(w, memory);
}

static void visit_store(Walk *w, const Op *op)
{
    const Value *stored = op_operand(op, 1);
    if (!type_is_differentiable(stored->type))
        return;
    bool *memory = object_fact(w, op_operand(op, 0)), *value = value_fact(w, stored);
    if (w->forward && *value)
        set(w, memory);
    else if (!w->forward && *memory)
        set(w, value);
}

static void visit_copy(Walk *w, const Op *op)
{
    const bool to = *object_fact(w, op_operand(op, 0)), from = *object_fact(w, op_operand(op, 1));
    if (w->forward && from)
        set(w, object_fact(w, op_operand(op, 0)));
    else if (!w->forward && to)
        set(w, object_fact(w, op_operand(op, 1)));
}

static void visit_if(Walk *w, const Op *op)
{
    for (unsigned r = 0; r < 2; r++)
        for (unsigned i = 0; i < op->num_results; i++)
            flow(w, op_operand(region_terminator(op->regions[r]), i), op->results[i]);
}

static void visit_loop(Walk *w, const Op *op)
{
    const unsigned first = op->kind == OP_FOR ? 1 : 0;
    for (unsigned i = 0; i < loop_num_carried(op); i++) {
        flow(w, loop_carried_init(op, i), op->results[i]);
        flow(w, loop_carried_next(op, i), op->results[i]);
        for (unsigned r = 0; r < op->num_regions; r++) {
            flow(w, loop_carried_init(op, i), op->regions[r]->args.items[first + i]);
            flow(w, loop_carried_next(op, i), op->regions[r]->args.items[first + i]);
        }
    }
}

/* ---- the tape: what was pushed comes back in the pops of its kind ---- */

typedef struct TapeWalk {
    Walk *walk;
    const Op *pop;
} TapeWalk;

static void meet_push(Op *op, void *context)
{
    TapeWalk *t = context;
    if (op->kind != OP_TAPE_PUSH || op->int_value != t->pop->int_value)
        return;
    for (unsigned i = 0; i < t->pop->num_results && i + 1 < op->num_operands; i++)
        flow(t->walk, op_operand(op, i + 1), t->pop->results[i]);
}

static void visit_pop(Walk *w, const Op *op)
{
    TapeWalk tape = {.walk = w, .pop = op};
    region_walk(w->activity->function->body, meet_push, &tape);
}

static bool is_data(const Type *type)
{
    return type_is_pointer(type) && type_carries_derivative(type->elem);
}

/* A function with derivatives of its own, or with a rule: each output depends on each input. What it writes without a
 * companion is followed too, so that it can be refused. */
static void visit_custom(Walk *w, const Op *op)
{
    const unsigned n = call_num_arguments(op);
    const bool returns = op->num_results && type_is_floating(op->results[0]->type);
    bool any = !w->forward && returns && *value_fact(w, op->results[0]);
    for (unsigned i = 0; i < n; i++) {
        const Value *arg = op_operand(op, i);
        const bool counts = w->forward ? argument_is_input(op, i) || argument_is_output(op, i)
                                       : argument_is_output(op, i);
        if (counts)
            any = any || (is_data(arg->type) ? *object_fact(w, arg) : *value_fact(w, arg));
    }
    if (!any)
        return;
    if (w->forward && returns)
        set(w, value_fact(w, op->results[0]));
    for (unsigned i = 0; i < n; i++) {
        const Value *arg = op_operand(op, i);
        if (is_data(arg->type) && (argument_is_written(op, i) || !w->forward))
            set(w, object_fact(w, arg));
        else if (!w->forward && argument_is_input(op, i))
            set(w, value_fact(w, arg));
    }
}

/* Does the call reach the object, to write it or at all: by an argument, or by pointers in memory that it reaches? */
static bool call_reaches(const Op *call, Object object, bool to_write)
{
    bool follows = false;
    for (unsigned i = 0; i < call->callee->num_params; i++) {
        const Value *arg = op_operand(call, i);
        if (!is_data(arg->type) || (to_write && !recursive_is_output(call->callee, i)))
            continue;
        const Object base = pointer_object(arg);
        if (objects_equal(base, object))
            return true;
        follows = follows || base.kind == OBJECT_UNKNOWN || !type_is_floating(arg->type->elem);
    }
    return follows && is_at_large(object);
}

/* A recursive function: whatever comes out depends on whatever goes in. */
static void visit_recursion(Walk *w, const Op *op)
{
    const unsigned n = op->callee->num_params;
    const bool returns = op->num_results && type_is_differentiable(op->results[0]->type);
    bool any = !w->forward && returns && *value_fact(w, op->results[0]);
    for (unsigned i = 0; i < n; i++) {
        const Value *arg = op_operand(op, i);
        if (is_data(arg->type) && (w->forward || recursive_is_output(op->callee, i)))
            any = *object_fact(w, arg) || any;
        else if (w->forward && !is_data(arg->type) && type_is_differentiable(arg->type))
            any = any || *value_fact(w, arg);
    }
    for (size_t k = 0; k < w->activity->objects.count && !any; k++) {
        const ObjectFacts *facts = &w->activity->objects.items[k];
        any = (w->forward ? facts->varied : facts->useful) &&
              call_reaches(op, facts->object, !w->forward);
    }
    if (!any)
        return;
    if (w->forward && returns)
        set(w, value_fact(w, op->results[0]));
    for (unsigned i = 0; i < n; i++) {
        const Value *arg = op_operand(op, i);
        if (is_data(arg->type) && (!w->forward || recursive_is_output(op->callee, i)))
            set(w, object_fact(w, arg));
        else if (!w->forward && type_is_differentiable(arg->type))
            set(w, value_fact(w, arg));
    }
    for (size_t k = 0; k < w->activity->objects.count; k++) {
        ObjectFacts *facts = &w->activity->objects.items[k];
        if (is_at_large(facts->object) && call_reaches(op, facts->object, w->forward))
            set(w, w->forward ? &facts->varied : &facts->useful);
    }
}

static void visit_region(Walk *w, const Region *region);

static void visit_op(Walk *w, const Op *op)
{
    if (op->flags & OP_FLAG_SHADOW)
        return;
    switch (op->kind) {
    case OP_LOAD:
        visit_load(w, op);
        break;
    case OP_STORE:
    case OP_ACCUMULATE:
        visit_store(w, op);
        break;
    case OP_COPY:
        visit_copy(w, op);
        break;
    case OP_TAPE_POP:
        visit_pop(w, op);
        break;
    case OP_CALL:
        if (call_has_roles(op))
            visit_custom(w, op);
        else if (call_is_recursive(op))
            visit_recursion(w, op);
        break;
    case OP_IF:
        visit_if(w, op);
        break;
    case OP_FOR:
    case OP_WHILE:
        visit_loop(w, op);
        break;
    case OP_RETURN:
        if (!w->forward && w->seeds->result && op->num_operands &&
            type_is_differentiable(op_operand(op, 0)->type))
            set(w, value_fact(w, op_operand(op, 0)));
        break;
    default:
        visit_formula(w, op);
        break;
    }
    for (unsigned r = 0; r < op->num_regions; r++)
        visit_region(w, op->regions[r]);
    if (op->kind == OP_IF)
        visit_if(w, op);
}

static void visit_region(Walk *w, const Region *region)
{
    if (w->forward)
        for (const Op *op = region->first; op; op = op->next)
            visit_op(w, op);
    else
        for (const Op *op = region->last; op; op = op->prev)
            visit_op(w, op);
}

/* ---- parameters ---- */

/* What a parameter leads to through the pointers in its memory is seeded with it. */
static void seed_reached(Walk *w, const Value *arg)
{
    for (size_t i = 0; i < w->activity->objects.count; i++) {
        ObjectFacts *facts = &w->activity->objects.items[i];
        if (facts->object.kind == OBJECT_REACHED && facts->object.value == arg)
            set(w, w->forward ? &facts->varied : &facts->useful);
    }
}

static void seed_params(Walk *w)
{
    const Function *function = w->activity->function;
    for (unsigned i = 0; i < function->num_params; i++) {
        const Value *arg = function->body->args.items[i];
        const bool seeded = w->forward ? w->seeds->independent[i] : w->seeds->dependent[i];
        if (!seeded)
            continue;
        seed_reached(w, arg);
        if (type_is_pointer(arg->type))
            set(w, object_fact(w, arg));
        else if (w->forward)
            set(w, value_fact(w, arg));
    }
}

static bool has_companion(const Walk *w, Object object)
{
    return (object.kind == OBJECT_PARAM || (object.kind == OBJECT_REACHED && object.value)) &&
           w->seeds->companion[object.value->index];
}

/* What overlaps shares its facts. */
static void join_overlapping(Walk *w)
{
    const Activity *activity = w->activity;
    for (size_t i = 0; i < activity->objects.count; i++)
        for (size_t j = 0; j < activity->objects.count; j++) {
            ObjectFacts *a = &activity->objects.items[i], *b = &activity->objects.items[j];
            if (i == j || !has_companion(w, a->object) || !has_companion(w, b->object) ||
                !objects_may_overlap(a->object, a->elem, b->object, b->elem))
                continue;
            if (w->forward && a->varied)
                set(w, &b->varied);
            if (!w->forward && a->useful)
                set(w, &b->useful);
        }
}

static void fixpoint(Walk *w)
{
    do {
        w->activity->changed = false;
        seed_params(w);
        visit_region(w, w->activity->function->body);
        join_overlapping(w);
    } while (w->activity->changed);
}

const Activity *activity_compute(Arena *arena, const Function *function, const Rules *rules,
                                 const ActivitySeeds *seeds)
{
    Activity *activity = arena_new(arena, Activity);
    *activity = (Activity){.function = function,
                           .rules = rules,
                           .varied = arena_new_array(arena, bool, function->num_values),
                           .useful = arena_new_array(arena, bool, function->num_values),
                           .everything = seeds->everything};
    Walk walk = {.activity = activity, .arena = arena, .seeds = seeds, .forward = true};
    fixpoint(&walk);
    walk.forward = false;
    fixpoint(&walk);
    return activity;
}

bool value_is_active(const Activity *activity, const Value *value)
{
    if (!type_is_differentiable(value->type) || value_is_const(value))
        return false;
    return activity->varied[value->id] &&
           (activity->everything || activity->useful[value->id]);
}

bool memory_is_varied(const Activity *activity, const Value *pointer)
{
    const ObjectFacts *facts = find_facts(activity, pointer);
    return facts && type_carries_derivative(pointer->type->elem) && facts->varied;
}

bool memory_is_active(const Activity *activity, const Value *pointer)
{
    const ObjectFacts *facts = find_facts(activity, pointer);
    return facts && type_carries_derivative(pointer->type->elem) && facts->varied &&
           (activity->everything || facts->useful);
}
