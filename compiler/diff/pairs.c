/* Recursive functions, by pairs (diff/pairs.h). */
#include "diff/pairs.h"

#include <string.h>

#include "diff/split.h"
#include "diff/step.h"
#include "diff/strategy.h"
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

/* What the pairs cannot hand over. */
static bool check_call(const Reversal *reversal, const Op *call)
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

static bool check_globals(const Op *call, bool active)
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

static bool make_pair(const Reversal *reversal, Function *original, Pair *pair)
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

/* ---- choosing ---- */

static bool pair_fits(const Pair *pair, const Pair *wanted, unsigned num_params)
{
    return pair->kind == wanted->kind && pair->of_return == wanted->of_return &&
           memcmp(pair->active, wanted->active, num_params * sizeof(bool)) == 0;
}

/* The one of this kind that the call needs: known already, or new, and still to be made (*is_new). */
static Pair *find_pair(const Reversal *reversal, const Op *call, PairKind kind, bool *is_new)
{
    Function *callee = call->callee;
    Arena *arena = callee->module->arena;
    Pair *pair = arena_new(arena, Pair);
    *pair = (Pair){.kind = kind, .active = arena_new_array(arena, bool, callee->num_params)};
    for (unsigned i = 0; i < callee->num_params; i++)
        pair->active[i] = recursive_argument_is_active(reversal, call, i);
    pair->of_return = call->num_results && value_is_active(reversal->activity, call->results[0]);
    pair->keeps_shadows = recursive_follows_pointers(callee);
    for (Pair *known = callee->pairs; known; known = known->next)
        if (pair_fits(known, pair, callee->num_params)) {
            *is_new = false;
            return known;
        }
    *is_new = true;
    pair->number = callee->pairs ? callee->pairs->number + 1 : 1;
    pair->next = callee->pairs;
    callee->pairs = pair;
    return pair;
}

/* False after errors. */
static bool choose_pair(const Reversal *reversal, Op *call, PairKind kind)
{
    bool is_new;
    Pair *pair = find_pair(reversal, call, kind, &is_new);
    call->int_value = pair->number;
    if (!is_new && pair->state == PAIR_FAILED)
        check_call(reversal, call); /* which may be wrong here, too */
    else if (is_new && (!check_call(reversal, call) || !check_globals(call, true) || !make_pair(reversal, call->callee, pair)))
        pair->state = PAIR_FAILED;
    return pair->state != PAIR_FAILED;
}

/* ---- fused ---- */

/* One result; all else that has derivatives is only read. */
static bool may_be_fused(const Reversal *reversal, const Op *call)
{
    if (reversal->is_pair || reversal->options->no_fuse || !call->num_results ||
        !type_is_floating(call->results[0]->type) || !value_is_active(reversal->activity, call->results[0]))
        return false;
    for (unsigned i = 0; i < call->callee->num_params; i++) {
        const Type *type = op_operand(call, i)->type;
        if (recursive_argument_is_active(reversal, call, i) &&
            (type->kind == TYPE_RECORD || (type_is_pointer(type) && recursive_is_output(call->callee, i))))
            return false;
    }
    return true;
}

static bool calls(const Function *caller, const Function *function)
{
    const Reached reached = recursive_reached(caller);
    for (size_t i = 0; i < reached.list.count; i++)
        if (reached.list.items[i] == function)
            return true;
    return false;
}

/* And so cannot what was fused in the belief that it could be. */
static void give_up_fusing(Pair *pair, const Function *function)
{
    const Reached reached = recursive_reached(function);
    pair->state = PAIR_CANNOT_BE_FUSED;
    for (size_t i = 0; i < reached.list.count; i++)
        for (Pair *other = reached.list.items[i]->pairs; other; other = other->next)
            if (other->kind == PAIR_FUSED && other->state == PAIR_IS_MADE && calls(reached.list.items[i], function))
                other->state = PAIR_CANNOT_BE_FUSED;
}

/* Is there a function that does both, or, in this very function, will there be one? False after errors, too. */
static bool choose_fused(const Reversal *reversal, Op *call, bool *failed)
{
    bool is_new;
    Pair *pair = find_pair(reversal, call, PAIR_FUSED, &is_new);
    const unsigned errors = reversal->primal->module->diags->errors;
    if (is_new) {
        pair->state = PAIR_IS_BEING_FUSED;
        if (check_call(reversal, call) && check_globals(call, true) && make_pair(reversal, call->callee, pair))
            pair->state = PAIR_IS_MADE;
        else
            give_up_fusing(pair, call->callee);
    }
    if (reversal->primal->module->diags->errors > errors)
        pair->state = PAIR_FAILED;
    else if (pair->state == PAIR_FAILED)
        check_call(reversal, call); /* which may be wrong here, too */
    *failed = pair->state == PAIR_FAILED;
    call->int_value = pair->number;
    return pair->state == PAIR_IS_MADE || pair->state == PAIR_IS_BEING_FUSED;
}

typedef struct Choosing {
    const Reversal *reversal;
    PairKind kind;
    bool failed;
} Choosing;

static void choose(Op *op, void *context)
{
    Choosing *choosing = context;
    const Reversal *reversal = choosing->reversal;
    if (!call_is_recursive(op) || choosing->failed)
        return;
    op->int_value = 0;
    if (!recursive_is_active(reversal, op))
        choosing->failed = !check_globals(op, false);
    else if (choosing->kind != PAIR_SWEEPS || !may_be_fused(reversal, op) ||
             !choose_fused(reversal, op, &choosing->failed))
        choosing->failed = choosing->failed || reversal->must_fuse || !choose_pair(reversal, op, choosing->kind);
}

bool pairs_choose(const Reversal *reversal, Mode mode)
{
    Choosing choosing = {reversal, mode == MODE_JVP ? PAIR_TANGENT : PAIR_SWEEPS, false};
    region_walk(reversal->primal->body, choose, &choosing);
    return !choosing.failed;
}

bool call_is_fusable(const Reversal *reversal, const Op *call)
{
    const Pair *pair = call_is_recursive(call) && op_is_reversed(reversal, call) ? pair_of(call) : NULL;
    return pair && pair->kind == PAIR_FUSED;
}

static void settle(Op *op, void *context)
{
    Choosing *settling = context;
    const Reversal *reversal = settling->reversal;
    if (settling->failed || !call_is_recursive(op) || !op_is_reversed(reversal, op) ||
        strategy_of(reversal, op) == STRATEGY_FUSE)
        return;
    settling->failed = reversal->must_fuse || !choose_pair(reversal, op, PAIR_SWEEPS);
}

bool pairs_settle(const Reversal *reversal)
{
    Choosing settling = {.reversal = reversal};
    region_walk(reversal->primal->body, settle, &settling);
    return !settling.failed;
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
