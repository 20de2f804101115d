/* Hessian times vector, by forward over reverse: the tangent of the gradient's code.
 *
 * grad gives  f_grad(p, p_bar):                     p_bar += df/dp
 * its tangent f_grad_jvp(p, p_dot, p_bar, p_bar_dot):  p_bar += df/dp, p_bar_dot += d2f/dp2 p_dot
 *
 * The gradient itself is not asked for: the accumulations into p_bar are dropped, and p_bar with them.
 * (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 5.3.)
 *
 * The adjoint of a recursive function is a pair of functions with a tape between them, which has no tangent. Its
 * tangent is a function like others: there it is reverse over forward, the gradient of the directional derivative
 * f'(p) p_dot with respect to p. */
#include "analysis/recursion.h"
#include "diff/bind_globals.h"
#include "diff/composed.h"
#include "ir/builder.h"
#include "rules/calls.h"
#include "transform/dead_code.h"

typedef struct Composing {
    const Request *request;
    Arena *arena;
    const Step *first; /* the gradient, or the tangent */
} Composing;

static Selection *add_selection(Arena *arena, Clause *clause, const char *name, SourceLoc loc)
{
    Selection *items = arena_new_array(arena, Selection, clause->count + 1);
    for (unsigned i = 0; i < clause->count; i++)
        items[i] = clause->items[i];
    items[clause->count] = (Selection){.name = name, .loc = loc};
    clause->items = items;
    clause->present = true;
    return &items[clause->count++];
}

/* The dependent of a gradient is one number: that is its extent where nothing else says. */
static const Extent *one_element(Arena *arena)
{
    Extent *extent = arena_new(arena, Extent);
    *extent = (Extent){.kind = EXTENT_CONST, .value = 1};
    return extent;
}

/* The gradient's tangent: from the independents to their adjoints. What the function uses besides is work. */
static Request tangent_request(const Composing *c)
{
    Request t = {.mode = MODE_JVP,
                 .function = c->first->function,
                 .loc = c->request->loc,
                 .name = c->request->name,
                 .is_step = true,
                 .work = c->request->work};
    const Slots *slots = &c->first->slots;
    const Function *gradient = c->first->function;
    t.wrt.present = t.of.present = true;
    for (size_t i = 0; i < slots->list.count; i++) {
        const Slot slot = slots->list.items[i];
        const Role *role = &c->first->signature.roles[slot.param];
        const char *name = gradient->params[i].name;
        if (slot.kind == SLOT_BAR)
            add_selection(c->arena, &t.of, name, c->request->loc);
        else if (slot.kind == SLOT_ORIGINAL && role->independent)
            add_selection(c->arena, &t.wrt, name, c->request->loc)->extent = role->extent;
        else if (slot.kind == SLOT_ORIGINAL && role->dependent)
            add_selection(c->arena, &t.work, name, c->request->loc)->extent =
                role->extent ? role->extent : one_element(c->arena);
    }
    return t;
}

/* ---- dropping the gradient ---- */

static bool is_only_added_to(const Value *pointer)
{
    for (const Use *use = pointer->uses; use; use = use->next) {
        const Op *op = use->user;
        if (call_is_ruled(op) && rule_only_adds_to(op, (unsigned)(use - op->operands)))
            continue;
        if (use != &op->operands[0])
            return false;
        if (op->kind == OP_INDEX || op->kind == OP_FIELD) {
            if (!is_only_added_to(op->results[0]))
                return false;
        } else if (op->kind != OP_ACCUMULATE && op->kind != OP_SHAPE) {
            return false;
        }
    }
    return true;
}

/* What a call that goes would have cleared. */
static void clear_instead(Op *call)
{
    const CallRule *rule = call->callee->rule;
    Builder b = builder_before(call);
    b.flags = call->flags;
    b.loc = call->loc;
    for (unsigned i = 0; i < rule->num_params; i++)
        if (rule->params[i].is_cleared)
            build_fill_zero(&b, op_operand(call, i + rule->layout),
                            op_operand(call, (unsigned)rule->params[i].extents[0].size + rule->layout));
}

static void erase_uses(Value *pointer)
{
    while (pointer->uses) {
        Op *op = pointer->uses->user;
        for (unsigned i = 0; i < op->num_results; i++)
            erase_uses(op->results[i]);
        if (call_is_ruled(op))
            clear_instead(op);
        op_erase(op);
    }
}

/* ---- the signature ---- */

/* The second step's slots speak of the first one's parameters: in terms of the original's they are these. */
static Slot slot_of_original(const Composing *c, Slot slot)
{
    const Slot inner = c->first->slots.list.items[slot.param];
    if (slot.kind == SLOT_ORIGINAL)
        return inner;
    if (slot.kind == SLOT_BAR)
        return (Slot){SLOT_BAR_DOT, inner.param};
    return (Slot){inner.kind == SLOT_BAR ? SLOT_BAR_DOT : SLOT_DOT, inner.param};
}

static const char *describe(const Composing *c, const Step *step)
{
    const Function *primal = c->first->signature.primal;
    Text doc = {0};
    text_printf(c->arena, &doc, "Value and Hessian-vector product of %s (%s).\n", primal->name,
                place_of(primal));
    for (size_t i = 0; i < step->slots.list.count; i++) {
        const Slot slot = step->slots.list.items[i];
        const char *shape = type_is_pointer(step->function->body->args.items[i]->type)
                                ? primal->params[slot.param].rank ? "; shaped as it" : "; one number"
                                : "";
        if (slot.kind == SLOT_DOT)
            text_printf(c->arena, &doc, "\n%s  the direction: the tangent of %s%s",
                        step->function->params[i].name, primal->params[slot.param].name, shape);
        else if (slot.kind == SLOT_BAR_DOT)
            text_printf(c->arena, &doc, "\n%s  added to: the Hessian's rows of %s times the direction%s",
                        step->function->params[i].name, primal->params[slot.param].name, shape);
    }
    return doc.items;
}

static bool forward_over_reverse(const Request *request, const Rules *rules, const DiffOptions *options, Step *step)
{
    Module *module = request->function->module;
    Step gradient;
    Request first = *request;
    first.mode = MODE_GRAD;
    first.passes_globals = true;
    first.name = intern_format(module->strings, "%s_grad", request->function->name);
    if (!derivative_step(&first, rules, options, &gradient))
        return false;
    remove_dead_code(gradient.function);
    const Composing c = {request, module->arena, &gradient};
    Request second = tangent_request(&c);
    if (!second.name)
        second.name = intern_format(module->strings, "%s_%s", request->function->name,
                                    mode_text(MODE_HVP));
    if (!derivative_step(&second, rules, options, step))
        return false;
    for (size_t i = 0; i < step->slots.list.count; i++)
        step->slots.list.items[i] = slot_of_original(&c, step->slots.list.items[i]);
    step->signature = gradient.signature;
    step->signature.request = request;
    for (unsigned i = step->function->num_params; i-- > 0;) {
        Value *arg = step->function->body->args.items[i];
        if (step->slots.list.items[i].kind != SLOT_BAR)
            continue;
        if (!is_only_added_to(arg)) {
            diag(module->diags, MSG_GRADIENT_READ, request->loc,
                 request->function->params[step->slots.list.items[i].param].name);
            return false;
        }
        erase_uses(arg);
        step_drop_parameter(step, i);
    }
    step->function->doc = describe(&c, step);
    return true;
}

/* ---- reverse over forward ---- */

static void find_recursive_call(Op *op, void *found)
{
    if (call_is_recursive(op))
        *(bool *)found = true;
}

static bool has_recursive_calls(const Function *function)
{
    bool found = false;
    region_walk(function->body, find_recursive_call, &found);
    return found || function->is_recursive;
}

/* The tangent's adjoint, from the originals of the independents to the tangent of the one dependent; the dependent itself
 * is one, too, since pointers to it may be handed on. */
static Request gradient_request(const Composing *c)
{
    Request g = {.mode = MODE_VJP,
                 .function = c->first->function,
                 .loc = c->request->loc,
                 .name = c->request->name,
                 .is_step = true,
                 .passes_globals = true,
                 .work = c->request->work};
    const Slots *slots = &c->first->slots;
    const Function *tangent = c->first->function;
    g.wrt.present = g.of.present = true;
    for (size_t i = 0; i < slots->list.count; i++) {
        const Slot slot = slots->list.items[i];
        const Role *role = &c->first->signature.roles[slot.param];
        const char *name = tangent->params[i].name;
        if (slot.kind == SLOT_ORIGINAL && role->independent)
            add_selection(c->arena, &g.wrt, name, c->request->loc)->extent = role->extent;
        else if (slot.kind == SLOT_RESULT_DOT || ((slot.kind == SLOT_DOT || slot.kind == SLOT_ORIGINAL) && role->dependent))
            add_selection(c->arena, &g.of, name, c->request->loc)->extent = one_element(c->arena);
    }
    return g;
}

/* What the caller neither gives nor asks for is a local: the dependent's tangent, and the seeds. */
static void make_local(Step *step, unsigned i, double value)
{
    Value *arg = step->function->body->args.items[i];
    for (Use *use = arg->uses, *next; use; use = next) {
        next = use->next;
        if (use->user->kind == OP_SHAPE)
            op_erase(use->user);
    }
    Builder b = builder_before(step->function->body->first);
    Value *local = build_alloca(&b, arg->type->elem, NULL, 0, arg->name);
    build_store(&b, local, build_float(&b, arg->type->elem, value));
    value_replace_uses(arg, local);
    step_drop_parameter(step, i);
}

static void bind_parameters(const Composing *c, Step *step)
{
    for (unsigned i = step->function->num_params; i-- > 0;) {
        const Slot slot = step->slots.list.items[i], inner = c->first->slots.list.items[slot.param];
        const Role *role = &c->first->signature.roles[inner.param];
        const bool is_tangent = inner.kind == SLOT_RESULT_DOT || inner.kind == SLOT_DOT;
        step->slots.list.items[i] = slot_of_original(c, slot);
        if (slot.kind == SLOT_BAR && (is_tangent || !role->independent))
            make_local(step, i, is_tangent);
        else if (inner.kind == SLOT_RESULT_DOT || (inner.kind == SLOT_DOT && !role->independent))
            make_local(step, i, 0);
    }
}

static unsigned rank_of(Slot slot)
{
    return slot.kind == SLOT_ORIGINAL ? 0 : slot.kind == SLOT_DOT ? 1 : 2;
}

static bool stands_before(Slot a, Slot b)
{
    return a.param != b.param ? a.param < b.param : rank_of(a) < rank_of(b);
}

static void swap_parameters(Step *step, unsigned i, unsigned k)
{
    Function *function = step->function;
    const Param param = function->params[i];
    function->params[i] = function->params[k];
    function->params[k] = param;
    const Slot slot = step->slots.list.items[i];
    step->slots.list.items[i] = step->slots.list.items[k];
    step->slots.list.items[k] = slot;
    Value **args = function->body->args.items, *arg = args[i];
    args[i] = args[k];
    args[k] = arg;
    args[i]->index = i;
    args[k]->index = k;
}

/* Original, direction, result: p, p_dot, p_bar_dot. */
static void order_parameters(const Composing *c, Step *step)
{
    const Function *primal = c->first->signature.primal;
    for (unsigned i = 1; i < step->function->num_params; i++)
        for (unsigned k = i; k > 0 && stands_before(step->slots.list.items[k], step->slots.list.items[k - 1]); k--)
            swap_parameters(step, k - 1, k);
    for (unsigned i = 0; i < step->function->num_params; i++) {
        const Slot slot = step->slots.list.items[i];
        if (slot.kind == SLOT_BAR_DOT)
            step->function->params[i].name =
                intern_format(primal->module->strings, "%s_bar_dot", primal->params[slot.param].name);
    }
}

static bool reverse_over_forward(const Request *request, const Rules *rules, const DiffOptions *options, Step *step)
{
    Module *module = request->function->module;
    Step tangent;
    Request first = *request;
    first.mode = MODE_JVP;
    first.is_step = true;
    first.passes_globals = true;
    first.name = intern_format(module->strings, "%s_jvp", request->function->name);
    if (!derivative_step(&first, rules, options, &tangent))
        return false;
    remove_dead_code(tangent.function);
    for (unsigned i = 0; i < request->function->num_params; i++) {
        const Role *role = &tangent.signature.roles[i];
        if (role->independent && role->dependent) {
            diag(module->diags, MSG_GRADIENT_READ, request->loc, request->function->params[i].name);
            return false;
        }
    }
    const Composing c = {request, module->arena, &tangent};
    Request second = gradient_request(&c);
    if (!second.name)
        second.name = intern_format(module->strings, "%s_%s", request->function->name, mode_text(MODE_HVP));
    if (!derivative_step(&second, rules, options, step))
        return false;
    bind_parameters(&c, step);
    order_parameters(&c, step);
    step->is_reverse_over_forward = true;
    step->signature = tangent.signature;
    step->signature.request = request;
    step->function->doc = describe(&c, step);
    return true;
}

bool hvp_step(const Request *request, const Rules *rules, const DiffOptions *options, Step *step)
{
    return has_recursive_calls(request->function) ? reverse_over_forward(request, rules, options, step)
                                                  : forward_over_reverse(request, rules, options, step);
}
