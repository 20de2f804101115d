/* From a request to a function: roles, activity, the transformation, and the companions' ends. */
#include "diff/derivative.h"

#include "diff/adjoint.h"
#include "diff/calls.h"
#include "diff/custom.h"
#include "diff/ruled.h"
#include "diff/globals.h"
#include "diff/leaves.h"
#include "diff/pairs.h"
#include "diff/report.h"
#include "diff/step.h"
#include "diff/strategy.h"
#include "diff/tangent.h"
#include "diff/warnings.h"
#include "diff/winners.h"

enum { MAX_LOCAL_ELEMENTS = 1024 }; /* more of them are on the heap */

typedef struct Derivation {
    Signature signature;
    const Rules *rules;
    const DiffOptions *options;
    Arena *arena;
    Function *primal; /* our own copy */
    Function *function;
    Step *step; /* what comes of it */
    Slots slots;
    Value **originals, **companions; /* by parameter of the primal */
    Value *result_companion;
    Value **locals; /* by parameter: a shadow that is ours, with `counts` elements */
    Value **counts;
    bool *on_heap;  /* by parameter: that shadow is to be freed */
    VEC(const Global *) refused; /* and that was said */
    Reversal reversal;
    bool failed;
} Derivation;

static Diagnostics *diags_of(const Derivation *d)
{
    return d->primal->module->diags;
}

static bool is_pointer_param(const Derivation *d, unsigned i)
{
    return type_is_pointer(d->primal->body->args.items[i]->type);
}

/* A struct by value: in reverse its companion is a pointer. */
static bool is_record_param(const Derivation *d, unsigned i)
{
    return d->primal->body->args.items[i]->type->kind == TYPE_RECORD;
}

/* ---- what calls and conversions mean for activity ---- */

/* One word about each static variable. */
static void refuse_static(Derivation *d, SourceLoc loc, MessageId message,
                          const Global *global)
{
    for (size_t i = 0; i < d->refused.count; i++)
        if (d->refused.items[i] == global)
            return;
    vec_push(d->arena, &d->refused, global);
    diag(diags_of(d), message, loc, global->source_name ? global->source_name : global->name);
    d->failed = true;
}

/* A static variable is copied into the generated file: it must not change, unless it is scratch. */
static void check_static(Derivation *d, const Op *op)
{
    if (op->num_regions || !op_writes_memory(op))
        return;
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *pointer = op_operand(op, i);
        const bool written = op->kind == OP_CALL ? call_may_write_argument(op, i) : i == 0;
        if (!written || !type_is_pointer(pointer->type))
            continue;
        const Global *global = object_global(pointer_object(pointer));
        if (!global || !global->is_static || global->is_const ||
            global_is_scratch(d->primal, global))
            continue;
        refuse_static(d, op->loc, MSG_STATIC_WRITTEN, global);
    }
}

/* Nor must what is read of it be what another function of the user's wrote. */
static void check_static_read(Derivation *d, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++) {
        const bool reads = op->kind == OP_LOAD || (op->kind == OP_COPY && i == 1) || op->kind == OP_CALL;
        if (!reads || !type_is_pointer(op_operand(op, i)->type))
            continue;
        const Global *global = object_global(pointer_object(op_operand(op, i)));
        if (!global || !global->changes || global_is_scratch(d->primal, global))
            continue;
        refuse_static(d, op->loc, MSG_STATIC_CHANGES, global);
        return;
    }
}

static const char *type_words(Arena *arena, const Type *type)
{
    return type_is_arithmetic(type) ? type_c_name(type) : type_text(arena, type);
}

/* The pointer was converted from one to another type on the way from its object: that type; else NULL. */
static const Type *converted_from(const Value *pointer)
{
    const Type *wanted = pointer->type->elem;
    for (const Op *op = pointer->op; op; op = op_operand(op, 0)->op) {
        if (op->kind == OP_CONVERT && type_is_pointer(op_operand(op, 0)->type)) {
            const Type *from = op_operand(op, 0)->type->elem;
            if (from->kind == TYPE_VOID)
                continue;
            if (from != wanted)
                return from;
        } else if (op->kind != OP_INDEX && op->kind != OP_FIELD) {
            return NULL;
        }
        if (type_is_pointer(op_operand(op, 0)->type))
            wanted = op_operand(op, 0)->type->elem;
    }
    return NULL;
}

/* The memory is active, though what is accessed may be an integer: the object counts. */
static bool object_is_varied(const Derivation *d, const Value *pointer)
{
    const Value *base = pointer;
    while (base->op && (base->op->kind == OP_CONVERT || base->op->kind == OP_INDEX ||
                        base->op->kind == OP_FIELD) && type_is_pointer(op_operand(base->op, 0)->type))
        base = op_operand(base->op, 0);
    return memory_is_varied(d->reversal.activity, base) ||
           memory_is_varied(d->reversal.activity, pointer);
}

/* Active values must not be hidden in integers or unions, nor pointers to them. */
static void check_hidden(Derivation *d, const Op *op)
{
    Arena *arena = d->arena;
    if (op->kind == OP_CONVERT && type_is_pointer(op->results[0]->type) &&
        type_carries_derivative(op->results[0]->type->elem) &&
        type_is_integer(op_operand(op, 0)->type)) {
        diag(diags_of(d), MSG_POINTER_UNKNOWN, op->loc);
        d->failed = true;
    }
    if (op->kind != OP_LOAD && op->kind != OP_STORE)
        return;
    const Value *pointer = op_operand(op, 0);
    const Type *from = converted_from(pointer);
    const Record *in_union = pointer_union(pointer);
    if ((!from && !in_union) || !object_is_varied(d, pointer))
        return;
    if (in_union)
        diag(diags_of(d), MSG_UNION_VALUE, op->loc, in_union->tag);
    else
        diag(diags_of(d), MSG_HIDDEN_VALUE, op->loc, type_words(arena, pointer->type->elem),
             type_words(arena, from));
    d->failed = true;
}

static void check_op(Op *op, void *context)
{
    Derivation *d = context;
    const Activity *activity = d->reversal.activity;
    check_static(d, op);
    check_static_read(d, op);
    check_hidden(d, op);
    d->failed = !call_is_harmless(activity, op) || d->failed;
    if (d->signature.request->is_step)
        return; /* what there is to be said was said of the function it was made of */
    warn_of_op(activity, op);
}

/* ---- activity ---- */

static bool needs_local(const Derivation *d, unsigned i);

/* Can pointers lead into the companion of the parameter, be it the caller's, a local, or the seed of a gradient? */
static bool has_shadow(const Derivation *d, unsigned i)
{
    if (d->signature.request->is_pair)
        return d->companions[i] && !needs_local(d, i);
    return d->companions[i] || needs_local(d, i) || d->signature.roles[i].dependent || d->signature.roles[i].work;
}

static void make_shadows(Derivation *d, bool adjoint)
{
    bool *companion = arena_new_array(d->arena, bool, d->primal->num_params);
    for (unsigned i = 0; i < d->primal->num_params; i++)
        companion[i] = has_shadow(d, i);
    const ShadowNeeds needs = {.reversal = &d->reversal,
                               .companion = companion,
                               .suffix = adjoint ? "_bar" : "_dot",
                               .clear = adjoint};
    d->reversal.shadows = shadows_insert(d->arena, &needs, &d->failed);
}

static void analyse(Derivation *d)
{
    const unsigned n = d->primal->num_params;
    const bool adjoint = d->signature.request->mode != MODE_JVP;
    bool *independent = arena_new_array(d->arena, bool, n);
    bool *dependent = arena_new_array(d->arena, bool, n);
    bool *companion = arena_new_array(d->arena, bool, n);
    for (unsigned i = 0; i < n; i++) {
        const Role *role = &d->signature.roles[i];
        /* the adjoint of what an output held on entry is asked of a vjp, whether or not it is an independent */
        independent[i] = role->independent || (d->signature.request->mode == MODE_VJP && role->dependent);
        dependent[i] = role->dependent;
        companion[i] = role->independent || role->dependent || role->work;
    }
    const ActivitySeeds seeds = {independent, dependent, companion, d->signature.of_return,
                                 d->options->no_activity};
    d->reversal = (Reversal){.arena = d->arena,
                             .primal = d->primal,
                             .rules = d->rules,
                             .options = d->options,
                             .is_pair = d->signature.request->is_pair,
                             .must_fuse = d->signature.request->is_recursion && !d->signature.request->is_pair && adjoint,
                             .seeded = dependent};
    d->reversal.customs = customs_insert(d->arena, d->primal, adjoint);
    RuledCalls *ruled = adjoint ? ruled_insert(d->arena, d->primal) : NULL;
    d->reversal.ruled = ruled;
    d->reversal.activity = activity_compute(d->arena, d->primal, d->rules, &seeds);
    region_walk(d->primal->body, check_op, d);
    if (d->failed)
        return;
    make_shadows(d, adjoint);
    if (adjoint)
        d->reversal.heap = heap_defer(d->arena, d->primal);
    if (d->reversal.shadows || d->reversal.heap) /* there are new values */
        d->reversal.activity = activity_compute(d->arena, d->primal, d->rules, &seeds);
    if (adjoint) {
        d->reversal.reloads = reloads_compute(d->arena, d->primal, d->signature.request->is_pair);
        customs_decide(&d->reversal);
        ruled_decide(&d->reversal, ruled);
        d->reversal.reloads = reloads_compute(d->arena, d->primal, d->signature.request->is_pair); /* without the copies that are gone */
    }
    d->failed = !customs_check(&d->reversal, adjoint) || d->failed;
    d->failed = !ruled_check(&d->reversal, adjoint) || d->failed;
    d->failed = d->failed || !pairs_choose(&d->reversal, adjoint ? MODE_VJP : MODE_JVP);
    if (adjoint && !d->failed)
        d->failed = !strategies_choose(&d->reversal);
}

/* ---- shadows that are not parameters ---- */

/* Whether the parameter's adjoint lives in memory of ours: `t` of work(t), or an independent that is
 * overwritten, whose companion must not be taken for a seed. */
static bool needs_local(const Derivation *d, unsigned i)
{
    const Role *role = &d->signature.roles[i];
    const Value *arg = d->primal->body->args.items[i];
    if (!is_pointer_param(d, i) || role->dependent || !type_is_differentiable(arg->type->elem))
        return false;
    if (role->independent)
        return role->overwritten;
    const Shadows *shadows = d->reversal.shadows;
    const bool is_pointed_to = !d->companions[i] && shadows && shadows->params[i] && shadows->params[i]->uses;
    return is_pointed_to || memory_is_active(d->reversal.activity, arg);
}

/* A local variable of the type of a global. */
static Value *local_like(Builder *b, const Global *global, const char *name)
{
    Value *extents[16];
    for (unsigned k = 0; k < global->rank && k < 16; k++)
        extents[k] = build_int(b, type_scalar(b->function->module->types, TYPE_INT),
                               global->extents[k]);
    return build_alloca(b, global->type, extents, global->rank, name);
}

static void make_local(Derivation *d, Builder *b, unsigned i)
{
    const Param *param = &d->primal->params[i];
    const Role *role = &d->signature.roles[i];
    const char *clause = role->independent ? "wrt" : "work";
    Value *count = signature_extent(&d->signature, i, b, d->originals);
    if (!count) {
        signature_extent_missing(&d->signature, i, clause);
        d->failed = true;
        return;
    }
    const char *suffix = d->signature.request->mode == MODE_JVP ? "dot" : "bar";
    const char *name =
        intern_format(d->primal->module->strings, role->independent ? "%s_%s_local" : "%s_%s",
                      param->name, suffix);
    const Type *elem = d->primal->body->args.items[i]->type->elem;
    d->counts[i] = count;
    if (param->global && global_count(param->global) <= MAX_LOCAL_ELEMENTS) {
        d->locals[i] = local_like(b, param->global, name);
    } else {
        d->locals[i] = build_alloc(b, elem, count, name);
        d->on_heap[i] = true;
    }
    if (d->signature.request->mode == MODE_JVP)
        d->locals[i]->op->flags |= OP_FLAG_TANGENT;
    if (role->independent && d->signature.request->mode == MODE_JVP)
        build_copy(b, d->locals[i], d->companions[i], count);
    else if (value_is_int(count, 1) && type_is_floating(elem))
        build_store(b, d->locals[i], build_zero(b, elem));
    else
        build_fill_zero(b, d->locals[i], count);
}

/* The one element that a scalar output of grad is. */
static void make_seed(Derivation *d, Builder *b, unsigned i, Value **shadow)
{
    const Type *elem = d->primal->body->args.items[i]->type->elem;
    Value *extent = signature_extent(&d->signature, i, b, d->originals);
    if (extent && !value_is_int(extent, 1)) {
        diag(diags_of(d), MSG_GRAD_OF_ARRAY, d->signature.request->loc, d->primal->params[i].name);
        d->failed = true;
    }
    const char *name =
        intern_format(d->primal->module->strings, "%s_bar", d->primal->params[i].name);
    *shadow = build_alloca(b, elem, NULL, 0, name);
    build_store(b, *shadow, build_float(b, elem, 1));
}

static void prepare_shadows(Derivation *d, Builder *b, Value **shadows)
{
    for (unsigned i = 0; i < d->primal->num_params; i++) {
        const Role *role = &d->signature.roles[i];
        if (needs_local(d, i)) {
            make_local(d, b, i);
            shadows[i] = d->locals[i];
        } else if (role->dependent && !d->companions[i]) {
            make_seed(d, b, i, &shadows[i]);
        }
    }
}

static void prepare_adjoint(Builder *b, AdjointFrame *frame, void *context)
{
    prepare_shadows(context, b, frame->shadows);
}

static void prepare_tangent(Builder *b, TangentFrame *frame, void *context)
{
    prepare_shadows(context, b, frame->shadows);
}

static void release_locals(Derivation *d, Builder *b)
{
    for (unsigned i = 0; i < d->primal->num_params; i++)
        if (d->on_heap[i])
            build_free(b, d->locals[i]);
}

/* companion[k] += local[k] */
static void add_locals(Derivation *d, Builder *b)
{
    for (unsigned i = 0; i < d->primal->num_params; i++) {
        if (!d->locals[i] || !d->companions[i])
            continue;
        Value *count = d->counts[i];
        if (value_is_int(count, 1)) {
            leaves_accumulate(b, d->companions[i], d->locals[i]);
            continue;
        }
        Op *loop = build_for(b, OP_LT, build_zero(b, count->type), count,
                             build_int(b, count->type, 1), NULL, 0, "i");
        Builder inner = builder_at_end(loop->regions[0]);
        inner.loc = b->loc;
        inner.flags = b->flags;
        Value *k = loop->regions[0]->args.items[0];
        leaves_accumulate(&inner, build_index(&inner, d->companions[i], k),
                          build_index(&inner, d->locals[i], k));
        build_yield(&inner, NULL, 0);
    }
}

/* ---- the two transformations ---- */

static void find_slots(Derivation *d)
{
    for (size_t i = 0; i < d->slots.list.count; i++) {
        const Slot slot = d->slots.list.items[i];
        Value *value = d->function->body->args.items[i];
        switch (slot.kind) {
        case SLOT_ORIGINAL:
            d->originals[slot.param] = value;
            break;
        case SLOT_BAR:
        case SLOT_DOT:
            d->companions[slot.param] = value;
            break;
        case SLOT_RESULT_BAR:
        case SLOT_RESULT_DOT:
            d->result_companion = value;
            break;
        case SLOT_BAR_DOT: /* of hvp, which is put together from steps */
            break;
        }
    }
}

/* As the declaration of a parameter would. */
static void note_shape(Derivation *d, Builder *b, unsigned i)
{
    Value *count = signature_extent(&d->signature, i, b, d->originals);
    build_shape(b, d->originals[i], &count, 1);
}

/* Globals are themselves, and their companions are globals too, where they are no arguments. */
static void find_globals(Derivation *d)
{
    Builder b = builder_at_end(d->function->body);
    const char *suffix = d->signature.request->mode == MODE_JVP ? "dot" : "bar";
    for (unsigned i = 0; i < d->primal->num_params; i++) {
        Global *global = d->primal->params[i].global;
        if (!global)
            continue;
        if (signature_is_argument(&d->signature, i)) {
            note_shape(d, &b, i);
            continue;
        }
        d->originals[i] = build_global(&b, global);
        if (!signature_has_companion(&d->signature, i))
            continue;
        Global *companion =
            global_companion(d->primal, global, suffix, 1, d->signature.request->loc);
        if (companion)
            d->companions[i] = build_global(&b, companion);
        d->failed = d->failed || !companion;
    }
}

/* The shadows that are parameters. */
static Value **companion_shadows(Derivation *d)
{
    Value **shadows = arena_new_array(d->arena, Value *, d->primal->num_params);
    for (unsigned i = 0; i < d->primal->num_params; i++)
        if ((is_pointer_param(d, i) && !needs_local(d, i)) || is_record_param(d, i))
            shadows[i] = d->companions[i];
    return shadows;
}

static void differentiate_backward(Derivation *d)
{
    AdjointFrame frame = {.gradient = d->function,
                          .forward = d->originals,
                          .shadows = companion_shadows(d),
                          .adjoints = arena_new_array(d->arena, Value *, d->primal->num_params)};
    Builder b = builder_at_end(d->function->body);
    if (d->signature.of_return)
        frame.result_seed = d->signature.request->mode == MODE_GRAD
                                ? build_float(&b, d->function->result, 1)
                                : d->result_companion;
    if (!adjoint_sweeps(&d->reversal, &frame, prepare_adjoint, d)) {
        d->failed = true;
        return;
    }
    d->step->boundary = frame.boundary;
    d->step->tape = frame.tape;
    d->step->records = frame.records;
    d->step->keeps_shadows = d->reversal.shadows != NULL;
    b.flags = OP_FLAG_ADJOINT | OP_FLAG_RELAXED;
    for (unsigned i = 0; i < d->primal->num_params; i++)
        if (!is_pointer_param(d, i) && !is_record_param(d, i) && d->companions[i] && frame.adjoints[i])
            build_accumulate(&b, d->companions[i], frame.adjoints[i]);
    add_locals(d, &b);
    release_locals(d, &b);
    build_return(&b, frame.result);
}

static void differentiate_forward(Derivation *d)
{
    const unsigned n = d->primal->num_params;
    if (d->options->report)
        report_activity(&d->reversal, "forward", d->options->report);
    TangentFrame frame = {.function = d->function,
                          .forward = d->originals,
                          .shadows = companion_shadows(d),
                          .tangents = arena_new_array(d->arena, Value *, n)};
    for (unsigned i = 0; i < n; i++)
        if (!is_pointer_param(d, i))
            frame.tangents[i] = d->companions[i];
    if (!tangent_walk(&d->reversal, &frame, prepare_tangent, d)) {
        d->failed = true;
        return;
    }
    Builder b = builder_at_end(d->function->body);
    if (d->result_companion) {
        Value *dot = frame.result_tangent;
        build_store(&b, d->result_companion, dot ? dot : build_zero(&b, d->function->result));
    }
    release_locals(d, &b);
    build_return(&b, frame.result);
}

/* ---- the doc comment ---- */

static void describe_companion(Derivation *d, Text *doc, const Param *param, const Slot *slot)
{
    static const char *const what[] = {
        [SLOT_BAR] = "added to: the adjoint of",
        [SLOT_DOT] = "the tangent of",
        [SLOT_RESULT_BAR] = "the seed: the adjoint of the result",
        [SLOT_RESULT_DOT] = "overwritten: the tangent of the result"};
    const Role *role = &d->signature.roles[slot->param];
    text_printf(d->arena, doc, "\n%s  ", param->name);
    if (slot->kind == SLOT_RESULT_BAR || slot->kind == SLOT_RESULT_DOT)
        text_puts(d->arena, doc, what[slot->kind]);
    else if (slot->kind == SLOT_BAR && role->dependent)
        text_printf(d->arena, doc,
                    "on entry the seed, on return the adjoint of what %s held on entry",
                    d->primal->params[slot->param].name);
    else if (slot->kind == SLOT_BAR && d->signature.request->mode == MODE_GRAD)
        text_printf(d->arena, doc, "added to: the gradient with respect to %s",
                    d->primal->params[slot->param].name);
    else if (slot->kind == SLOT_DOT && role->dependent)
        text_printf(d->arena, doc, "%s: the tangent of %s",
                    role->independent ? "on entry and, updated, on return" : "overwritten",
                    d->primal->params[slot->param].name);
    else
        text_printf(d->arena, doc, "%s %s", what[slot->kind],
                    d->primal->params[slot->param].name);
    if (param->decl->kind == DECL_ARRAY || param->decl->kind == DECL_POINTER) {
        const Param *original = &d->primal->params[slot->param];
        const bool array = slot->kind <= SLOT_DOT && original->rank > 0;
        text_puts(d->arena, doc, array ? "; shaped as it" : "; one number");
    }
}

const char *place_of(const Function *function)
{
    const char *path = source_path(function->module->sources, function->loc);
    for (const char *at = path; *at; at++)
        if (*at == '/')
            path = at + 1;
    return arena_format(function->module->arena, "%s:%u", path, function->loc.line);
}

static const char *describe(Derivation *d)
{
    static const char *const summary[] = {[MODE_GRAD] = "Value and gradient of",
                                          [MODE_VJP] = "Value and vector-Jacobian product of",
                                          [MODE_JVP] = "Value and directional derivative of"};
    Text doc = {0};
    text_printf(d->arena, &doc, "%s %s (%s).\n", summary[d->signature.request->mode], d->primal->name,
                place_of(d->primal));
    for (size_t i = 0; i < d->slots.list.count; i++)
        if (d->slots.list.items[i].kind != SLOT_ORIGINAL)
            describe_companion(d, &doc, &d->function->params[i], &d->slots.list.items[i]);
    const SlotKind kind = d->signature.request->mode == MODE_JVP ? SLOT_DOT : SLOT_BAR;
    for (unsigned i = 0; i < d->primal->num_params; i++)
        if (!signature_is_argument(&d->signature, i) && d->companions[i]) {
            const Global *companion = d->companions[i]->op->global;
            const Param param = {.name = companion->name, .decl = companion->decl};
            describe_companion(d, &doc, &param, &(Slot){kind, i});
        }
    return doc.items;
}

/* ---- the entry ---- */

/* In the derivative they are ops like others, which may be differentiated again. */
static void clear_shadow_mark(Op *op, void *context)
{
    (void)context;
    op->flags &= ~(unsigned)OP_FLAG_SHADOW;
}

bool derivative_step(const Request *request, const Rules *rules, const DiffOptions *options, Step *step)
{
    Function *original = request->function;
    *step = (Step){0};
    Derivation d = {.rules = rules,
                    .step = step,
                    .options = options,
                    .arena = original->module->arena,
                    .primal = original->is_recursive && !request->is_recursion ? recursive_wrapper(original)
                                                                               : function_clone(original)};
    if (request->mode != MODE_JVP)
        count_trips(d.primal);
    if (request->mode != MODE_JVP && !request->is_pair && !options->no_winners)
        find_winners(d.primal);
    if (!globals_lift(d.primal, request) || !signature_resolve(request, d.primal, &d.signature))
        return false;
    const unsigned n = d.primal->num_params;
    d.originals = arena_new_array(d.arena, Value *, n);
    d.companions = arena_new_array(d.arena, Value *, n);
    d.locals = arena_new_array(d.arena, Value *, n);
    d.counts = arena_new_array(d.arena, Value *, n);
    d.on_heap = arena_new_array(d.arena, bool, n);
    d.function = signature_function(&d.signature, &d.slots);
    find_slots(&d);
    find_globals(&d);
    analyse(&d);
    if (d.failed)
        return false;
    if (request->mode == MODE_JVP)
        differentiate_forward(&d);
    else
        differentiate_backward(&d);
    region_walk(d.function->body, clear_shadow_mark, NULL);
    customs_finish(d.function);
    d.function->doc = describe(&d);
    step->function = d.function;
    step->slots = d.slots;
    step->signature = d.signature;
    return !d.failed;
}
