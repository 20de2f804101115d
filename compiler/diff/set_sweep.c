/* Dependency sweeps: every tangent becomes the set of inputs that it depends on.
 *
 *     t = sin(x[i]);                             t = sin(x[i]);
 *     t_dot = x_dot[i] * cos(x[i]);    becomes   t_set = x_set[i];
 *     z_dot = t_dot * a + b_dot * t;             z_set = ad_set_join(sets, t_set, b_set);
 *
 * A tangent is linear in the tangents it is made of, so its set is their union, whatever the partials are; both
 * sides of a choice count. Control flow is the primal's: what is found holds for the decisions of the point.
 * (Griewank and Walther, Evaluating Derivatives, 2nd ed., section 7.1.)
 *
 * Structs of tangents become structs of sets (set_types.c).
 *
 * Requires: a tangent step, not simplified. Does not handle: recursion, functions with derivatives of their own. */
#include "diff/set_sweep.h"

#include <string.h>

#include "analysis/recursion.h"
#include "diff/parts.h"
#include "diff/runtime_calls.h"
#include "diff/set_calls.h"
#include "diff/set_types.h"

typedef struct Sweep {
    const Request *request;
    Arena *arena;
    const Step *step;
    const Function *from;
    Function *to;
    const Part *part; /* by value id of `from` */
    Value **map;
    Value *sets;
    Builder b;
    bool has_calls, failed;
} Sweep;

static void find_obstacle(Op *op, void *context)
{
    const char **name = context;
    if (!*name && op->kind == OP_CALL && op->callee && (op->callee->is_custom || call_is_recursive(op)))
        *name = op->callee->name;
}

/* The tangent calls something whose pattern is not known: because the function itself does. */
static void refuse(Sweep *s)
{
    const char *name = NULL;
    region_walk(s->request->function->body, find_obstacle, &name);
    if (!s->failed)
        diag(s->from->module->diags, MSG_SET_SWEEP, s->request->loc, s->request->function->name,
             name ? name : s->request->function->name, mode_text(s->request->mode));
    s->failed = true;
}

/* ---- types and names ---- */

/* Of a tangent, or of what points to tangents. */
static const Type *swept_type(Sweep *s, const Type *type)
{
    return set_type_of(s->from->module, type);
}

static const Type *type_of(Sweep *s, const Value *value)
{
    return s->part[value->id] == PART_PRIMAL ? value->type : swept_type(s, value->type);
}

/* "x_dot" is x_set. */
static const char *swept_name(Sweep *s, const char *name)
{
    const size_t length = name ? strlen(name) : 0;
    if (length < 4 || strcmp(name + length - 4, "_dot") != 0)
        return name;
    return intern_format(s->from->module->strings, "%.*s_set", (int)(length - 4), name);
}

static void map_to(Sweep *s, const Value *from, Value *to)
{
    if (!to->name)
        to->name = s->part[from->id] == PART_PRIMAL ? from->name : swept_name(s, from->name);
    s->map[from->id] = to;
}

/* ---- values ---- */

static Value *primal_value(const Sweep *s, const Value *value)
{
    return s->map[value->id];
}

/* A tangent; a constant that stands for one is zero. */
static Value *set_of(Sweep *s, const Value *value)
{
    if (s->part[value->id] == PART_NUMBER)
        return s->map[value->id];
    return value->type->kind == TYPE_RECORD ? build_undef(&s->b, swept_type(s, value->type))
                                            : build_int(&s->b, set_type(s->from->module), 0);
}

/* A pointer to tangents; a constant that stands for one is null. */
static Value *pointer_of(Sweep *s, const Value *value)
{
    if (s->part[value->id] == PART_MEMORY)
        return s->map[value->id];
    const Type *type = swept_type(s, value->type);
    return value->op && value->op->kind == OP_UNDEF ? build_undef(&s->b, type) : build_zero(&s->b, type);
}

/* What takes the place of `value` where something of that part is expected. */
static Value *value_as(Sweep *s, const Value *value, Part part)
{
    return part == PART_NUMBER   ? set_of(s, value)
           : part == PART_MEMORY ? pointer_of(s, value)
                                 : primal_value(s, value);
}

/* Is `part` one of the sets that `set` was joined from, as far as can be seen here? */
static bool contains(const Value *set, const Value *part, unsigned depth)
{
    enum { MAX_DEPTH = 6, SET = 1 }; /* the operands behind `sets` */
    if (set == part || value_is_int(part, 0))
        return true;
    if (depth == MAX_DEPTH || !set->op || !runtime_is_call(set->op, RUNTIME_SET_JOIN))
        return false;
    return contains(op_operand(set->op, SET), part, depth + 1) ||
           contains(op_operand(set->op, SET + 1), part, depth + 1);
}

static Value *join(Sweep *s, Value *a, Value *b)
{
    if (contains(a, b, 0) || contains(b, a, 0))
        return contains(a, b, 0) ? a : b;
    Value *set = runtime_call(&s->b, RUNTIME_SET_JOIN, (Value *[]){s->sets, a, b}, 3);
    set->name = intern(s->from->module->strings, "set");
    return set;
}

/* ---- ops ---- */

static void sweep_number(Sweep *s, const Op *op)
{
    if (op->kind == OP_LOAD) {
        map_to(s, op->results[0], build_load(&s->b, pointer_of(s, op_operand(op, 0))));
        return;
    }
    if (op->kind == OP_EXTRACT) {
        map_to(s, op->results[0], build_extract(&s->b, set_of(s, op_operand(op, 0)), (unsigned)op->int_value));
        return;
    }
    if (op->kind == OP_INSERT) {
        const Value *member = op_operand(op, 1);
        Value *record = set_of(s, op_operand(op, 0));
        const Part part = !type_carries_derivative(member->type) ? PART_PRIMAL
                          : type_is_pointer(member->type)        ? PART_MEMORY
                                                                 : PART_NUMBER;
        map_to(s, op->results[0], build_insert(&s->b, record, (unsigned)op->int_value, value_as(s, member, part)));
        return;
    }
    Value *set = NULL; /* of all tangents among the operands */
    for (unsigned i = 0; i < op->num_operands; i++)
        if (s->part[op_operand(op, i)->id] == PART_NUMBER)
            set = set ? join(s, set, set_of(s, op_operand(op, i))) : set_of(s, op_operand(op, i));
    for (unsigned i = 0; i < op->num_results; i++)
        map_to(s, op->results[i], set);
}

static void sweep_index(Sweep *s, const Op *op)
{
    Value **numbers = arena_new_array(s->arena, Value *, op->num_operands - 1);
    for (unsigned i = 1; i < op->num_operands; i++)
        numbers[i - 1] = primal_value(s, op_operand(op, i));
    map_to(s, op->results[0], build_index_like(&s->b, op, pointer_of(s, op_operand(op, 0)), numbers));
}

/* Memory for tangents: as much of it, for sets. */
static void sweep_allocation(Sweep *s, const Op *op)
{
    const Type *elem = swept_type(s, op->results[0]->type->elem);
    const char *name = swept_name(s, op->name);
    Value **values = arena_new_array(s->arena, Value *, op->num_operands);
    for (unsigned i = 0; i < op->num_operands; i++)
        values[i] = primal_value(s, op_operand(op, i));
    Value *memory = op->kind == OP_ALLOCA  ? build_alloca(&s->b, elem, values, op->num_operands, name)
                    : op->kind == OP_ALLOC ? build_alloc(&s->b, elem, values[0], name)
                                           : build_malloc(&s->b, elem, values[0], (int)op->int_value, name);
    map_to(s, op->results[0], memory);
    if (s->has_calls) { /* which join what they overwrite as well */
        Value *count = build_int(&s->b, set_type(s->from->module), 1);
        for (unsigned i = 0; i < (op->kind == OP_MALLOC ? 1 : op->num_operands); i++)
            count = build_binary(&s->b, OP_MUL, count, build_convert(&s->b, values[i], count->type));
        build_fill_zero(&s->b, memory, count);
    }
}

static void sweep_store(Sweep *s, const Op *op)
{
    Value *address = pointer_of(s, op_operand(op, 0));
    const Value *value = op_operand(op, 1);
    if (type_is_pointer(value->type))
        build_store(&s->b, address, pointer_of(s, value));
    else if (op->kind == OP_STORE)
        build_store(&s->b, address, set_of(s, value));
    else
        build_store(&s->b, address, join(s, build_load(&s->b, address), set_of(s, value)));
}

/* Pointers to tangents, and what is done to their memory as a whole. */
static void sweep_memory(Sweep *s, const Op *op)
{
    switch (op->kind) {
    case OP_SHAPE:
        return; /* declared otherwise */
    case OP_ALLOCA:
    case OP_ALLOC:
    case OP_MALLOC:
        sweep_allocation(s, op);
        return;
    case OP_INDEX:
        sweep_index(s, op);
        return;
    case OP_LOAD:
        map_to(s, op->results[0], build_load(&s->b, pointer_of(s, op_operand(op, 0))));
        return;
    case OP_FIELD:
        map_to(s, op->results[0], build_field(&s->b, pointer_of(s, op_operand(op, 0)), (unsigned)op->int_value));
        return;
    case OP_EXTRACT:
        map_to(s, op->results[0], build_extract(&s->b, set_of(s, op_operand(op, 0)), (unsigned)op->int_value));
        return;
    case OP_SELECT:
        map_to(s, op->results[0],
               build_select(&s->b, primal_value(s, op_operand(op, 0)), pointer_of(s, op_operand(op, 1)),
                            pointer_of(s, op_operand(op, 2))));
        return;
    case OP_CONVERT:
        map_to(s, op->results[0],
               build_convert(&s->b, pointer_of(s, op_operand(op, 0)), swept_type(s, op->results[0]->type)));
        return;
    case OP_STORE:
    case OP_ACCUMULATE:
        sweep_store(s, op);
        return;
    case OP_ZERO:
        build_fill_zero(&s->b, pointer_of(s, op_operand(op, 0)), primal_value(s, op_operand(op, 1)));
        return;
    case OP_COPY:
        build_copy(&s->b, pointer_of(s, op_operand(op, 0)), pointer_of(s, op_operand(op, 1)),
                   primal_value(s, op_operand(op, 2)));
        s->b.region->last->flags |= op->flags & OP_FLAG_OVERLAP;
        return;
    case OP_FREE:
        build_free(&s->b, pointer_of(s, op_operand(op, 0)));
        return;
    case OP_RELEASE:
        build_release(&s->b, pointer_of(s, op_operand(op, 0)));
        return;
    default:
        internal_error("set sweep", "'%s' of tangents", op_table[op->kind].text);
    }
}

/* ---- the tape ---- */

static void sweep_push(Sweep *s, const Op *op)
{
    VEC(Value *) values = {0};
    for (unsigned i = 1; i < op->num_operands; i++)
        vec_push(s->arena, &values, value_as(s, op_operand(op, i), s->part[op_operand(op, i)->id]));
    build_tape_push(&s->b, primal_value(s, op_operand(op, 0)), values.items, (unsigned)values.count);
    s->b.region->last->int_value = op->int_value;
}

static void sweep_pop(Sweep *s, const Op *op)
{
    VEC(const Type *) types = {0};
    for (unsigned i = 0; i < op->num_results; i++)
        vec_push(s->arena, &types, type_of(s, op->results[i]));
    Op *pop = build_tape_pop(&s->b, primal_value(s, op_operand(op, 0)), types.items, (unsigned)types.count);
    pop->int_value = op->int_value;
    for (unsigned i = 0; i < op->num_results; i++)
        map_to(s, op->results[i], pop->results[i]);
}

/* ---- control ---- */

static void walk_region(Sweep *s, const Region *region);

static void fill_region(Sweep *s, Region *to, const Region *from, const Op *owner)
{
    const Builder outer = s->b;
    s->b = builder_at_end(to);
    s->b.loc = outer.loc;
    for (size_t i = 0; i < from->args.count; i++)
        map_to(s, from->args.items[i], to->args.items[i]);
    walk_region(s, from);
    const Op *yield = region_terminator(from);
    const bool is_test = owner->kind == OP_WHILE && from == owner->regions[0];
    Value **values = arena_new_array(s->arena, Value *, yield->num_operands);
    for (unsigned i = 0; i < yield->num_operands; i++)
        values[i] = value_as(s, op_operand(yield, i),
                             is_test ? PART_PRIMAL : s->part[owner->results[i]->id]);
    build_yield(&s->b, values, yield->num_operands);
    s->b = outer;
}

static Op *open_loop(Sweep *s, const Op *op)
{
    const unsigned n = loop_num_carried(op);
    Value **inits = arena_new_array(s->arena, Value *, n);
    for (unsigned i = 0; i < n; i++)
        inits[i] = value_as(s, loop_carried_init(op, i), s->part[op->results[i]->id]);
    if (op->kind == OP_WHILE)
        return build_while(&s->b, inits, n);
    Op *loop = build_for(&s->b, op->compare, primal_value(s, op_operand(op, 0)),
                         primal_value(s, op_operand(op, 1)), primal_value(s, op_operand(op, 2)), inits, n,
                         op->regions[0]->args.items[0]->name);
    loop->flags |= op->flags & OP_FLAG_REVERSED;
    return loop;
}

static Op *open_if(Sweep *s, const Op *op)
{
    VEC(const Type *) types = {0};
    for (unsigned i = 0; i < op->num_results; i++)
        vec_push(s->arena, &types, type_of(s, op->results[i]));
    return build_if(&s->b, primal_value(s, op_operand(op, 0)), types.items, (unsigned)types.count);
}

static void walk_control(Sweep *s, const Op *op)
{
    Op *copy = op->kind == OP_IF ? open_if(s, op) : open_loop(s, op);
    for (unsigned r = 0; r < op->num_regions; r++)
        fill_region(s, copy->regions[r], op->regions[r], op);
    for (unsigned i = 0; i < op->num_results; i++)
        map_to(s, op->results[i], copy->results[i]);
}

static bool has_part(const Sweep *s, const Op *op, Part part)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (s->part[op_operand(op, i)->id] == part)
            return true;
    for (unsigned i = 0; i < op->num_results; i++)
        if (s->part[op->results[i]->id] == part)
            return true;
    return false;
}

static Value *number_of(void *context, Value *value)
{
    return primal_value(context, value);
}

static void sweep_call(Sweep *s, const Op *op)
{
    if (!call_is_ruled(op)) {
        refuse(s);
        return;
    }
    Value *set = build_int(&s->b, set_type(s->from->module), 0);
    Value **pointers = arena_new_array(s->arena, Value *, op->num_operands);
    for (unsigned i = 0; i < op->num_operands; i++) {
        const Value *operand = op_operand(op, i);
        if (s->part[operand->id] == PART_NUMBER)
            set = join(s, set, set_of(s, operand));
        else if (s->part[operand->id] == PART_MEMORY)
            pointers[i] = pointer_of(s, operand);
    }
    set = set_call_ruled(&s->b, s->sets, (ValueSource){number_of, s}, op, pointers, set);
    if (op->num_results)
        map_to(s, op->results[0], set);
}

static void walk_op(Sweep *s, const Op *op)
{
    s->b.loc = op->loc;
    if (op->num_regions)
        walk_control(s, op);
    else if (op->kind == OP_TAPE_PUSH)
        sweep_push(s, op);
    else if (op->kind == OP_TAPE_POP)
        sweep_pop(s, op);
    else if (op->kind == OP_CALL && (has_part(s, op, PART_NUMBER) || has_part(s, op, PART_MEMORY)))
        sweep_call(s, op);
    else if (op->num_results && s->part[op->results[0]->id] == PART_NUMBER)
        sweep_number(s, op);
    else if (has_part(s, op, PART_MEMORY))
        sweep_memory(s, op);
    else
        build_clone(&s->b, op, s->map);
}

static void walk_region(Sweep *s, const Region *region)
{
    for (const Op *op = region->first; op && !s->failed; op = op->next)
        if (op->kind != OP_YIELD && op->kind != OP_RETURN)
            walk_op(s, op);
}

/* ---- the function ---- */

static void declare(Sweep *s)
{
    const Function *from = s->from;
    Module *module = from->module;
    const unsigned n = from->num_params;
    const Type **types = arena_new_array(s->arena, const Type *, n + 1);
    s->to = arena_new(s->arena, Function);
    *s->to = *from;
    s->to->num_values = 0;
    s->to->result = type_scalar(module->types, TYPE_VOID);
    s->to->params = arena_new_array(s->arena, Param, n + 1);
    s->to->num_params = n + 1;
    for (unsigned i = 0; i < n; i++) {
        s->to->params[i] = from->params[i];
        types[i] = type_of(s, from->body->args.items[i]);
    }
    s->to->params[n] = (Param){.name = "sets", .decl = runtime_pointer_decl(module, "AdSets"), .rank = 1};
    types[n] = type_pointer(module->types, runtime_record(module, "AdSets"));
    function_define(s->to, types);
    for (unsigned i = 0; i < n; i++)
        map_to(s, from->body->args.items[i], s->to->body->args.items[i]);
    s->sets = s->to->body->args.items[n];
}

static void note_call(Op *op, void *context)
{
    *(bool *)context = *(bool *)context || call_is_ruled(op);
}

bool set_sweep(const Request *request, Step *step)
{
    Arena *arena = step->function->module->arena;
    Sweep s = {.request = request,
               .arena = arena,
               .step = step,
               .from = step->function,
               .part = parts_of_step(arena, step, false),
               .map = arena_new_array(arena, Value *, step->function->num_values)};
    if (step->is_reverse_over_forward) { /* whatever the recursion does: that is no tangent */
        refuse(&s);
        return false;
    }
    region_walk(step->function->body, note_call, &s.has_calls);
    declare(&s);
    s.b = builder_at_end(s.to->body);
    walk_region(&s, s.from->body);
    build_return(&s.b, NULL);
    step->function = s.to;
    return !s.failed;
}
