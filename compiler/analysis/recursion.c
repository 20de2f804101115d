/* What calls of recursive functions do.
 *
 * Each question is a search through the functions that can be reached by calls. For writes the search goes from
 * parameter to parameter: f writes what p leads to if some op of f does, or if f calls g with a pointer that it has from
 * p, and g writes what that one leads to. */
#include "analysis/recursion.h"

bool call_is_recursive(const Op *op)
{
    return op->kind == OP_CALL && op->callee && op->callee->is_recursive;
}

/* ---- which functions ---- */

typedef struct Search {
    Arena *arena;
    Reached reached;
} Search;

static void reach(Search *search, const Function *function);

static void reach_callee(Op *op, void *context)
{
    if (call_is_recursive(op))
        reach(context, op->callee);
}

static void reach(Search *search, const Function *function)
{
    for (size_t i = 0; i < search->reached.list.count; i++)
        if (search->reached.list.items[i] == function)
            return;
    vec_push(search->arena, &search->reached.list, function);
    region_walk(function->body, reach_callee, search);
}

Reached recursive_reached(const Function *function)
{
    Search search = {.arena = function->module->arena};
    reach(&search, function);
    return search.reached;
}

static bool any_op(const Function *function, OpVisitor *test)
{
    const Reached reached = recursive_reached(function);
    bool found = false;
    for (size_t i = 0; i < reached.list.count; i++)
        region_walk(reached.list.items[i]->body, test, &found);
    return found;
}

/* ---- effects and pointers ---- */

static void find_effect(Op *op, void *context)
{
    bool *found = context;
    if (op->kind == OP_CALL && !call_is_recursive(op))
        *found = *found || !op->callee || (op->callee->has_side_effects && !op->callee->is_noreturn);
    else if (op->kind == OP_STORE || op->kind == OP_COPY || op->kind == OP_ZERO || op->kind == OP_ACCUMULATE)
        *found = *found || pointer_object(op_operand(op, 0)).global;
    else if (op->kind == OP_RELEASE)
        *found = *found || pointer_object(op_operand(op, 0)).kind != OBJECT_HEAP;
}

bool recursive_has_effects(const Function *function)
{
    return any_op(function, find_effect);
}

static void find_pointer(Op *op, void *context)
{
    bool *found = context;
    if (op->kind != OP_LOAD && op->kind != OP_MALLOC && op->num_regions == 0)
        return;
    for (unsigned i = 0; i < op->num_results; i++) {
        const Type *type = op->results[i]->type;
        *found = *found || (type_is_pointer(type) && type_carries_derivative(type->elem));
    }
}

bool recursive_follows_pointers(const Function *function)
{
    return any_op(function, find_pointer);
}

/* ---- writes ---- */

typedef struct Place {
    const Function *function;
    unsigned param;
} Place;

typedef struct WriteSearch {
    Arena *arena;
    VEC(Place) seen;
    Place at;
    bool found;
} WriteSearch;

/* Can the pointer lead to what the parameter leads to? */
static bool leads_to(const WriteSearch *search, const Value *pointer)
{
    const Value *param = search->at.function->body->args.items[search->at.param];
    Object candidates[MAX_CANDIDATES];
    bool complete;
    const unsigned count = pointer_candidates(pointer, candidates, &complete);
    for (unsigned i = 0; i < count; i++)
        if (candidates[i].value == param)
            return true;
    return !complete;
}

static void search_writes(WriteSearch *search, Place place);

static void find_write(Op *op, void *context)
{
    WriteSearch *search = context;
    if (search->found || op->num_regions)
        return;
    if (call_is_recursive(op)) {
        const Place here = search->at;
        for (unsigned i = 0; i < op->callee->num_params; i++)
            if (type_is_pointer(op_operand(op, i)->type) && leads_to(search, op_operand(op, i)))
                search_writes(search, (Place){op->callee, i});
        search->at = here;
        return;
    }
    if (!op_writes_memory(op))
        return;
    for (unsigned i = 0; i < (op->kind == OP_CALL ? op->num_operands : 1); i++)
        if (type_is_pointer(op_operand(op, i)->type) && leads_to(search, op_operand(op, i)))
            search->found = true;
}

static void search_writes(WriteSearch *search, Place place)
{
    for (size_t i = 0; i < search->seen.count; i++)
        if (search->seen.items[i].function == place.function && search->seen.items[i].param == place.param)
            return;
    vec_push(search->arena, &search->seen, place);
    search->at = place;
    region_walk(place.function->body, find_write, search);
}

bool recursive_writes(const Function *function, unsigned i)
{
    WriteSearch search = {.arena = function->module->arena};
    search_writes(&search, (Place){function, i});
    return search.found;
}

bool recursive_is_output(const Function *function, unsigned i)
{
    const Type *type = function->body->args.items[i]->type;
    return type_is_pointer(type) && type_carries_derivative(type->elem) && !function->params[i].is_inactive &&
           recursive_writes(function, i);
}
