/* Calls of functions with a body are replaced by the body.
 *
 * Problem. The differentiators work on one function.
 *
 * Algorithm. Callees first, depth first; a call that is met while its callee is being worked on is
 * recursion: such a callee is marked and all its calls stay (diff/pairs.h differentiates them). Of several functions
 * that call each other the one that is met first stays, with the others inside. The callee's parameters are the
 * arguments, its returned value is the result, its locals and the shapes of its parameters go (shapes) or come along
 * (locals).
 *
 * Requires: nothing; runs before mem2reg. Keeps: the order of effects. */
#include "ir/builder.h"
#include "transform/passes.h"

typedef struct Inlining {
    Arena *arena;
    VEC(const Function *) active; /* on the way from the root */
    VEC(const Function *) done;
} Inlining;

static void inline_function(Inlining *in, Function *function);

static bool contains(const Function *const *items, size_t count, const Function *function)
{
    for (size_t i = 0; i < count; i++)
        if (items[i] == function)
            return true;
    return false;
}

/* Ops of a system header are at the call's place, with no names of their own. */
static void make_anonymous(Op *op, void *context)
{
    const Op *call = context;
    op->loc = call->loc;
    if (op->kind == OP_ALLOCA)
        op->name = NULL;
    for (unsigned i = 0; i < op->num_results; i++)
        op->results[i]->name = NULL;
    for (unsigned r = 0; r < op->num_regions; r++)
        for (size_t i = 0; i < op->regions[r]->args.count; i++)
            op->regions[r]->args.items[i]->name = NULL;
}

static void inline_call(Inlining *in, Op *call)
{
    Function *callee = call->callee;
    Value **map = arena_new_array(in->arena, Value *, callee->num_values);
    for (unsigned i = 0; i < callee->num_params; i++)
        map[callee->body->args.items[i]->id] = op_operand(call, i);
    Builder b = builder_before(call);
    for (const Op *op = callee->body->first; op; op = op->next) {
        if (op->kind == OP_SHAPE)
            continue;
        if (op->kind == OP_RETURN) {
            if (op->num_operands && call->num_results) {
                Value *result = op_operand(op, 0);
                value_replace_uses(call->results[0], map[result->id] ? map[result->id] : result);
            }
            continue;
        }
        Op *copy = build_clone(&b, op, map);
        if (!callee->is_system)
            continue;
        make_anonymous(copy, call);
        for (unsigned r = 0; r < copy->num_regions; r++)
            region_walk(copy->regions[r], make_anonymous, call);
    }
    op_erase(call);
}

static void visit_call(Inlining *in, Op *op)
{
    Function *callee = op->callee;
    if (!callee || !callee->body || callee->is_inactive || callee->is_custom || callee->num_params != op->num_operands)
        return;
    if (contains(in->active.items, in->active.count, callee)) {
        callee->is_recursive = true;
        return;
    }
    inline_function(in, callee);
    if (!callee->is_recursive)
        inline_call(in, op);
}

static void visit_region(Inlining *in, Region *region)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        for (unsigned r = 0; r < op->num_regions; r++)
            visit_region(in, op->regions[r]);
        if (op->kind == OP_CALL)
            visit_call(in, op);
    }
}

static void inline_function(Inlining *in, Function *function)
{
    if (contains(in->done.items, in->done.count, function))
        return;
    vec_push(in->arena, &in->active, (const Function *)function);
    visit_region(in, function->body);
    in->active.count--;
    vec_push(in->arena, &in->done, (const Function *)function);
}

void inline_calls(Function *function)
{
    Inlining in = {.arena = function->module->arena};
    inline_function(&in, function);
}
