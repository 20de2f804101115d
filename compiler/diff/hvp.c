/* Hessian times vector, by forward over reverse: the tangent of the gradient's code.
 *
 * grad gives  f_grad(p, p_bar):                     p_bar += df/dp
 * its tangent f_grad_jvp(p, p_dot, p_bar, p_bar_dot):  p_bar += df/dp, p_bar_dot += d2f/dp2 p_dot
 *
 * The gradient itself is not asked for: the accumulations into p_bar are dropped, and p_bar with them.
 * (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 5.3.) */
#include "diff/bind_globals.h"
#include "diff/composed.h"
#include "ir/builder.h"
#include "rules/calls.h"
#include "transform/dead_code.h"

typedef struct Composing {
    const Request *request;
    Arena *arena;
    const Step *gradient;
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
                 .function = c->gradient->function,
                 .loc = c->request->loc,
                 .name = c->request->name,
                 .is_step = true,
                 .work = c->request->work};
    const Slots *slots = &c->gradient->slots;
    const Function *gradient = c->gradient->function;
    t.wrt.present = t.of.present = true;
    for (size_t i = 0; i < slots->list.count; i++) {
        const Slot slot = slots->list.items[i];
        const Role *role = &c->gradient->signature.roles[slot.param];
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

/* The tangent's slots speak of the gradient's parameters: in terms of the original's they are these. */
static Slot slot_of_original(const Composing *c, Slot slot)
{
    const Slot inner = c->gradient->slots.list.items[slot.param];
    if (slot.kind == SLOT_ORIGINAL)
        return inner;
    return (Slot){inner.kind == SLOT_BAR ? SLOT_BAR_DOT : SLOT_DOT, inner.param};
}

static const char *describe(const Composing *c, const Step *step)
{
    const Function *primal = c->gradient->signature.primal;
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

bool hvp_step(const Request *request, const Rules *rules, const DiffOptions *options, Step *step)
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
