/* Recursive functions, by pairs (diff/pairs.h). */
#include "diff/pairs.h"

#include <string.h>

#include "diff/split.h"
#include "diff/step.h"
#include "ir/builder.h"

bool recursive_argument_is_active(const Reversal *reversal, const Op *call, unsigned i)
{
    const Value *arg = op_operand(call, i);
    if (call->callee->params[i].is_inactive)
        return false;
    if (!type_is_pointer(arg->type))
        return type_carries_derivative(arg->type) && reversal->activity->varied[arg->id];
    return memory_is_active(reversal->activity, arg) || memory_is_shadowed(reversal, arg);
}

bool recursive_is_active(const Reversal *reversal, const Op *op)
{
    if (op->num_results && type_is_differentiable(op->results[0]->type) &&
        value_is_active(reversal->activity, op->results[0]))
        return true;
    for (unsigned i = 0; i < op->callee->num_params; i++)
        if (type_is_pointer(op_operand(op, i)->type) && recursive_is_output(op->callee, i) &&
            recursive_argument_is_active(reversal, op, i))
            return true;
    return false;
}

/* ---- making ---- */

static bool refuse(const Op *call, MessageId message, const char *detail)
{
    diag(call->function->module->diags, message, call->loc, call->callee->name, detail);
    return false;
}

bool pair_check_call(const Reversal *reversal, const Op *call)
{
    const Type *result = call->callee->result;
    if (result->kind == TYPE_RECORD && type_carries_derivative(result))
        return refuse(call, MSG_RECURSION_RESULT, "an active struct");
    for (unsigned i = 0; i < call->callee->num_params; i++)
        if (op_operand(call, i)->type->kind == TYPE_RECORD && recursive_argument_is_active(reversal, call, i))
            return refuse(call, MSG_RECURSION_STRUCT, call->callee->params[i].name);
    return true;
}

typedef struct GlobalSearch {
    bool active;
    const Global *found;
} GlobalSearch;

/* A variable that could be active, of which nothing would be known inside; or one that would be another one in the
 * generated file. */
static void find_global(Op *op, void *context)
{
    GlobalSearch *search = context;
    const Global *global = op->kind == OP_GLOBAL ? op->global : NULL;
    if (!global || global->is_const)
        return;
    const bool active = search->active && !global->is_inactive && type_carries_derivative(global->type);
    if (active || (global->is_static && global->changes))
        search->found = global;
}

bool pair_check_globals(const Op *call, bool active)
{
    const Reached reached = recursive_reached(call->callee);
    for (size_t i = 0; i < reached.list.count; i++) {
        GlobalSearch globals = {.active = active};
        region_walk(reached.list.items[i]->body, find_global, &globals);
        const Global *found = globals.found;
        if (found)
            return refuse(call, MSG_RECURSION_GLOBAL, found->source_name ? found->source_name : found->name);
    }
    return true;
}

static const char *free_name(const Module *module, const char *stem, const char *what)
{
    const char *name = intern_format(module->strings, "%s_%s", stem, what);
    for (unsigned i = 2; module_find(module, name); i++)
        name = intern_format(module->strings, "%s_%s%u", stem, what, i);
    return name;
}

static Selection *select_params(const Pair *pair, const Function *function, bool outputs, unsigned *count)
{
    Selection *items = arena_new_array(function->module->arena, Selection, function->num_params + 1);
    *count = 0;
    for (unsigned i = 0; i < function->num_params; i++)
        if (pair->active[i] && (!outputs || recursive_is_output(function, i)))
            items[(*count)++] = (Selection){.name = function->params[i].name, .loc = function->loc};
    if (outputs && pair->of_return)
        items[(*count)++] = (Selection){.name = "return", .loc = function->loc};
    return items;
}

static Request request_of(const Pair *pair, Function *function)
{
    Request request = {.mode = pair->kind == PAIR_TANGENT ? MODE_JVP : MODE_VJP, .function = function, .loc = function->loc,
                       .is_step = true, .is_recursion = true, .is_pair = pair->kind != PAIR_FUSED,
                       .name = free_name(function->module, function->name, "pair")};
    request.wrt = (Clause){.present = true, .loc = function->loc};
    request.of = (Clause){.present = true, .loc = function->loc};
    request.wrt.items = select_params(pair, function, false, &request.wrt.count);
    request.of.items = select_params(pair, function, true, &request.of.count);
    return request;
}

/* Which parameters of the derivative the forward or reverse function has. */
static bool takes(const Pair *pair, const Function *original, Slot slot, bool reverse)
{
    const Type *type = original->body->args.items[slot.param]->type;
    if (pair->kind != PAIR_SWEEPS)
        return true;
    if (slot.kind == SLOT_ORIGINAL)
        return !reverse || type_is_integer(type);
    return reverse || (pair->keeps_shadows && slot.kind == SLOT_BAR && type_is_pointer(type));
}

static Param tape_param(Module *module)
{
    Decl *base = arena_new(module->arena, Decl), *pointer = arena_new(module->arena, Decl);
    *base = (Decl){.kind = DECL_BASE, .base = "AdTape", .type = type_scalar(module->types, TYPE_TAPE)};
    *pointer = (Decl){.kind = DECL_POINTER, .inner = base};
    return (Param){.name = intern(module->strings, "tape"), .decl = pointer};
}

/* Declares the function with those parameters of the derivative that it takes. */
static Function *declare(const Pair *pair, const Function *original, const Function *derivative,
                         const Slots *all, bool reverse, const char *what, Slots *slots)
{
    Module *module = original->module;
    Function *function = function_new(module, free_name(module, original->name, what),
                                      reverse ? type_scalar(module->types, TYPE_VOID) : original->result);
    Param *params = arena_new_array(module->arena, Param, derivative->num_params + 1);
    const Type **types = arena_new_array(module->arena, const Type *, derivative->num_params + 1);
    unsigned n = 0;
    if (pair->kind == PAIR_SWEEPS) {
        types[n] = type_pointer(module->types, type_scalar(module->types, TYPE_TAPE));
        params[n++] = tape_param(module);
    }
    for (unsigned i = 0; i < derivative->num_params; i++) {
        if (!takes(pair, original, all->list.items[i], reverse))
            continue;
        types[n] = derivative->body->args.items[i]->type;
        params[n++] = derivative->params[i];
        vec_push(module->arena, &slots->list, all->list.items[i]);
    }
    function->params = params;
    function->num_params = n;
    function->loc = original->loc;
    function->records = intern_format(module->strings, "%s_record", function->name);
    function->is_static = true;
    function->is_recursive = true;
    function->is_derived = true;
    function->is_prepared = true;
    function->result_decl = original->result_decl;
    if (reverse) {
        Decl *decl = arena_new(module->arena, Decl);
        *decl = (Decl){.kind = DECL_BASE, .base = "void", .type = function->result};
        function->result_decl = decl;
    }
    function_define(function, types);
    return function;
}

bool pair_make(const Reversal *reversal, Function *original, Pair *pair)
{
    static const char *const what[] = {[PAIR_TANGENT] = "tangent", [PAIR_SWEEPS] = "forward", [PAIR_FUSED] = "adjoint"};
    const Request request = request_of(pair, original);
    Signature signature;
    if (!signature_resolve(&request, original, &signature))
        return false;
    Slots all = {0};
    const Function *derivative = signature_function(&signature, &all);
    pair->forward = declare(pair, original, derivative, &all, false, what[pair->kind], &pair->forward_slots);
    if (pair->kind == PAIR_SWEEPS)
        pair->reverse = declare(pair, original, derivative, &all, true, "reverse", &pair->reverse_slots);
    Step step;
    if (!derivative_step(&request, reversal->rules, reversal->options, &step))
        return false;
    if (pair->kind == PAIR_SWEEPS)
        return split_sweeps(&step, pair->forward, pair->reverse);
    fill_function(pair->forward, step.function);
    return true;
}

const Pair *pair_of(const Op *call)
{
    for (const Pair *pair = call->callee->pairs; pair; pair = pair->next)
        if (pair->number == call->int_value)
            return pair;
    return NULL;
}

/* ---- calling ---- */

typedef struct Calling {
    const Reversal *reversal;
    Value *tape;
} Calling;

static void call_copy(Op *op, void *context)
{
    (void)context;
    if (call_is_recursive(op) && !op->callee->is_derived)
        op->callee = recursive_copy(op->callee);
}

Function *recursive_copy(Function *function)
{
    if (function->copy || function->is_derived)
        return function->is_derived ? function : function->copy;
    Module *module = function->module;
    const char *name = free_name(module, function->name, "copy");
    Function *copy = function_clone(function);
    vec_push(module->arena, &module->functions, copy);
    function->copy = copy;
    copy->name = name;
    copy->is_static = true;
    copy->is_derived = true;
    copy->header = NULL;
    region_walk(copy->body, call_copy, NULL);
    return copy;
}

static void call_forward(Op *op, void *context)
{
    const Calling *calling = context;
    const bool done = op->kind == OP_CALL && op->callee && op->callee->is_derived && !op->int_value;
    if (!call_is_recursive(op) || done)
        return;
    const Pair *pair = op->int_value ? pair_of(op) : NULL;
    if (pair && pair->kind == PAIR_FUSED)
        return;
    if (!pair) {
        op->callee = recursive_copy(op->callee);
        return;
    }
    const unsigned n = (unsigned)pair->forward_slots.list.count;
    const unsigned num_params = op->callee->num_params;
    Value **args = arena_new_array(calling->reversal->arena, Value *, n + 1);
    args[0] = calling->tape;
    for (unsigned i = 0; i < n; i++) {
        const Slot slot = pair->forward_slots.list.items[i];
        args[i + 1] = op_operand(op, slot.kind == SLOT_ORIGINAL ? slot.param : num_params + slot.param);
    }
    while (op->num_operands)
        op_remove_operand(op, op->num_operands - 1);
    for (unsigned i = 0; i <= n; i++)
        op_add_operand(op, args[i]);
    op->callee = pair->forward;
    op->int_value = 0;
}

void pairs_call_forward(const Reversal *reversal, Function *function, Value *tape)
{
    Calling calling = {reversal, tape};
    region_walk(function->body, call_forward, &calling);
}

/* ---- the function itself ---- */

/* A copy of the value, of what it takes from the parameters; NULL: it takes more. */
static Value *clone_slice(Builder *b, const Value *value, Value **map)
{
    if (map[value->id])
        return map[value->id];
    if (!value->op || value->op->num_regions || op_table[value->op->kind].effect != EFFECT_PURE)
        return NULL;
    for (unsigned i = 0; i < value->op->num_operands; i++)
        if (!clone_slice(b, op_operand(value->op, i), map))
            return NULL;
    build_clone(b, value->op, map);
    return map[value->id];
}

static void clone_shape(Builder *b, const Op *shape, Value **map)
{
    for (unsigned i = 0; i < shape->num_operands; i++)
        if (!clone_slice(b, op_operand(shape, i), map))
            return;
    build_clone(b, shape, map);
}

Function *recursive_wrapper(Function *function)
{
    Arena *arena = function->module->arena;
    Function *wrapper = arena_new(arena, Function);
    *wrapper = *function;
    wrapper->num_values = 0;
    wrapper->is_recursive = false;
    wrapper->params = arena_new_array(arena, Param, function->num_params); /* its own: globals are put behind them */
    memcpy(wrapper->params, function->params, function->num_params * sizeof(Param));
    const Type **types = arena_new_array(arena, const Type *, function->num_params);
    Value **map = arena_new_array(arena, Value *, function->num_values);
    for (unsigned i = 0; i < function->num_params; i++)
        types[i] = function->body->args.items[i]->type;
    function_define(wrapper, types);
    for (unsigned i = 0; i < function->num_params; i++)
        map[function->body->args.items[i]->id] = wrapper->body->args.items[i];
    Builder b = builder_at_end(wrapper->body);
    b.loc = function->loc;
    for (const Op *op = function->body->first; op; op = op->next)
        if (op->kind == OP_SHAPE)
            clone_shape(&b, op, map);
    build_return(&b, build_call(&b, function, wrapper->body->args.items, function->num_params));
    return wrapper;
}
