/* The availability plan, as a minimum cut.
 *
 * Problem. The reverse of an op reads primal values: operands its partials need, conditions, indices,
 * bounds. Each either is at hand (defined at the function's top, a constant, a loop counter), or is
 * computed again from its operands, or loaded again from unchanged memory, or was kept in a cache.
 *
 *     e = exp(x[i]);  z = e * w[i];  s += log(z);     asked for: z, e, w[i]
 *     keep e; reload w[i]; recompute z
 *
 * Algorithm. The two choices "is v asked for" and "is v computed again" are the two sides of a cut: two
 * nodes per value, v_in and v_out, on the sink's side where v is computed again, or asked for.
 * Asked for but not computed again costs the cache (edge v_in -> v_out); computed again costs the op
 * (edge source -> v_in, infinite where it cannot be) and asks for the operands (infinite edges operand_out
 * -> v_in). A minimum cut is the cheapest plan. Costs are weighed by how often the region runs.
 *
 * Requires: count_trips. Keeps: the function. */
#include "diff/plan.h"

#include "diff/custom.h"
#include "diff/ruled.h"
#include "diff/min_cut.h"
#include "diff/pairs.h"
#include "diff/strategy.h"

enum { UNKNOWN_TRIPS = 100, CACHE_COST = 7, EXPORT_COST = 3 };

typedef struct Planning {
    const Reversal *reversal;
    Plan *plan;
    bool *asked;           /* by value id: needed by the reverse of an op */
    VEC(Value *) worklist; /* values to enter into the graph */
    bool *entered;
    unsigned *in, *out; /* by value id: nodes */
    FlowGraph graph;
    unsigned source, sink;
} Planning;

/* ---- what is at hand ---- */

static bool is_loop_counter(const Value *value)
{
    if (!value->region || !value->region->owner)
        return false;
    const Op *owner = value->region->owner;
    if (owner->kind == OP_FOR)
        return value->index == 0;
    return owner->kind == OP_WHILE && value->index == while_counter(owner);
}

/* The reverse sweep of a recursive function is a function of its own, with the integers among the parameters; a local is
 * handed over as a pointer. */
static Availability at_hand(const Planning *p, const Value *value)
{
    if (is_loop_counter(value))
        return AVAILABLE_COUNTER;
    if (!is_root(p->reversal, value_region(value)))
        return AVAILABLE_NOT;
    const bool is_local = value->op && (value->op->kind == OP_ALLOCA || value->op->kind == OP_ALLOC);
    const bool stays = !p->reversal->is_pair || is_local || (!value->op && type_is_integer(value->type));
    return stays ? AVAILABLE_IN_SCOPE : AVAILABLE_NOT;
}

/* ---- what the reverse sweep asks for ---- */

static void enter(Planning *p, Value *value)
{
    if (p->entered[value->id])
        return;
    p->entered[value->id] = true;
    p->plan->how[value->id] = at_hand(p, value);
    if (p->plan->how[value->id] == AVAILABLE_NOT)
        vec_push(p->reversal->arena, &p->worklist, value);
}

static void ask(Planning *p, Value *value)
{
    p->asked[value->id] = true;
    enter(p, value);
}

/* The indices on the way to a shadow address. */
static void ask_address(Planning *p, Value *pointer)
{
    const Op *op = pointer->op;
    Value *explicit = shadow_known(p->reversal->shadows, pointer);
    if (explicit)
        ask(p, explicit);
    if (explicit || !op)
        return;
    switch (op->kind) {
    case OP_INDEX:
        for (unsigned i = 1; i < op->num_operands; i++)
            ask(p, op_operand(op, i));
        ask_address(p, op_operand(op, 0));
        break;
    case OP_FIELD:
    case OP_CONVERT:
        ask_address(p, op_operand(op, 0));
        break;
    case OP_SELECT:
        ask(p, op_operand(op, 0));
        ask_address(p, op_operand(op, 1));
        ask_address(p, op_operand(op, 2));
        break;
    case OP_ALLOCA:
    case OP_ALLOC:
        for (unsigned i = 0; i < op->num_operands; i++)
            ask(p, op_operand(op, i));
        break;
    default:
        break;
    }
}

static void ask_partials(Planning *p, Op *op)
{
    for (unsigned r = 0; r < op->num_results; r++)
        for (unsigned i = 0; i < op->num_operands; i++) {
            if (op->kind == OP_CONVERT || !partial_is_active(p->reversal, op, r, i))
                continue;
            const unsigned needs = rule_needs(p->reversal->rules, op->kind, r, i);
            for (unsigned j = 0; j < op->num_operands; j++)
                if (needs & (1u << j))
                    ask(p, op_operand(op, j));
            for (unsigned j = 0; j < op->num_results; j++)
                if (needs & (1u << (RULE_NEEDS_RESULT + j)))
                    ask(p, op->results[j]);
        }
}

/* What the user's own vjp is called with. */
static void ask_custom(Planning *p, const Op *op)
{
    const CustomCall *custom = custom_of(p->reversal, op);
    for (unsigned i = op->callee->num_params; i-- > 0;) {
        Value *arg = op_operand(op, i);
        const Kept *kept = &custom->kept[i];
        if (!type_is_pointer(arg->type) || kept->is_direct)
            ask(p, arg);
        if (kept->count)
            ask(p, kept->count);
        if (type_is_pointer(arg->type) && memory_is_shadowed(p->reversal, arg))
            ask_address(p, arg);
        if (!kept->is_direct && kept->loop)
            ask(p, kept->element);
    }
}

/* What the reverse function of the pair is called with. */
static void ask_recursion(Planning *p, const Op *op)
{
    const Slots *slots = &pair_of(op)->reverse_slots;
    for (size_t k = slots->list.count; k-- > 0;) {
        const Slot slot = slots->list.items[k];
        Value *arg = slot.kind == SLOT_RESULT_BAR ? NULL : op_operand(op, slot.param);
        if (slot.kind == SLOT_ORIGINAL)
            ask(p, arg);
        else if (arg && type_is_pointer(arg->type) && op->num_operands > op->callee->num_params)
            ask(p, op_operand(op, op->callee->num_params + slot.param));
        else if (arg && type_is_pointer(arg->type))
            ask_address(p, arg);
    }
}

static void ask_value(void *context, Value *value)
{
    ask(context, value);
}

static void ask_shadow(void *context, Value *pointer)
{
    ask_address(context, pointer);
}

static void ask_region(Planning *p, Region *region);

static void ask_op(Planning *p, Op *op)
{
    if (!op_is_reversed(p->reversal, op))
        return;
    switch (op->kind) {
    case OP_COPY:
        ask_address(p, op_operand(op, 1));
        ask(p, op_operand(op, 2));
        ask_address(p, op_operand(op, 0));
        break;
    case OP_ZERO:
        ask(p, op_operand(op, 1));
        ask_address(p, op_operand(op, 0));
        break;
    case OP_LOAD:
    case OP_STORE:
    case OP_ACCUMULATE:
        ask_address(p, op_operand(op, 0));
        break;
    case OP_CALL:
        if (call_is_recursive(op))
            ask_recursion(p, op);
        else if (call_is_ruled(op))
            ruled_needs(p->reversal, op, ask_value, ask_shadow, p);
        else
            ask_custom(p, op);
        break;
    case OP_IF:
        ask(p, op_operand(op, 0));
        break;
    case OP_FOR:
        for (unsigned i = 0; i < 3; i++)
            ask(p, op_operand(op, i));
        break;
    case OP_WHILE:
        ask(p, op->results[while_counter(op)]);
        break;
    default:
        ask_partials(p, op);
        break;
    }
    for (unsigned r = op->kind == OP_WHILE ? 1 : 0; r < op->num_regions; r++)
        ask_region(p, op->regions[r]); /* conditions of loops are not reversed */
}

static void ask_region(Planning *p, Region *region)
{
    for (Op *op = region->last; op; op = op->prev)
        ask_op(p, op);
}

/* ---- prices ---- */

enum { MAX_WEIGHT = 1000000000 }; /* far below FLOW_INFINITE, and numbers that doubles add exactly */

/* How often the region runs, roughly. */
static double region_weight(const Region *region)
{
    double weight = 1;
    for (; region->owner; region = region->owner->parent) {
        const Op *owner = region->owner;
        if (owner->kind == OP_FOR && value_is_const(op_operand(owner, 0)) &&
            value_is_const(op_operand(owner, 1))) {
            const double trips = (double)(op_operand(owner, 1)->op->int_value -
                                          op_operand(owner, 0)->op->int_value);
            weight *= trips > 1 ? trips : trips < -1 ? -trips : 1;
        } else if (op_is_loop(owner->kind)) {
            weight *= UNKNOWN_TRIPS;
        }
    }
    return weight < MAX_WEIGHT ? weight : MAX_WEIGHT;
}

/* One in whose single execution not both sweeps take place. */
static bool in_loop(const Planning *p, const Region *region)
{
    for (; !is_root(p->reversal, region); region = region->owner->parent)
        if (op_is_loop(region->owner->kind))
            return true;
    return false;
}

/* What is recomputed is not the value but the place. */
static bool is_address_arithmetic(const Value *pointer)
{
    const Op *op = pointer->op;
    const bool is_copy = op && op->kind == OP_ALLOC && (op->flags & OP_FLAG_SHADOW); /* see ruled.c */
    return op && op->kind != OP_LOAD && op->kind != OP_MALLOC && !is_copy && op->num_regions == 0;
}

static double cache_cost(const Planning *p, const Value *value)
{
    const Region *region = value_region(value);
    if (type_is_pointer(value->type) && is_address_arithmetic(value))
        return FLOW_INFINITE;
    return region_weight(region) * (p->reversal->is_pair || in_loop(p, region) ? CACHE_COST : EXPORT_COST);
}

/* Can the address be formed in the reverse sweep: from a parameter, a global, a local of a root, or a
 * pointer that can be had? */
bool address_is_recomputable(const Reversal *reversal, const Value *pointer)
{
    const Op *op = pointer->op;
    if (!op || !is_address_arithmetic(pointer))
        return true; /* one that is loaded or carried: the plan says how it comes */
    switch (op->kind) {
    case OP_INDEX:
    case OP_FIELD:
    case OP_CONVERT:
        return address_is_recomputable(reversal, op_operand(op, 0));
    case OP_GLOBAL:
        return true;
    default:
        return is_root(reversal, op->parent);
    }
}

/* Address and index arithmetic is free. */
static bool always_recomputed(const Value *value)
{
    const Op *op = value->op;
    return op && (op->kind == OP_CONST || op->kind == OP_NULLPTR || op->kind == OP_GLOBAL ||
                  op->kind == OP_UNDEF ||
                  (type_is_pointer(value->type) && is_address_arithmetic(value)));
}

static double recompute_cost(const Planning *p, const Value *value)
{
    const Op *op = value->op;
    const DiffOptions *options = p->reversal->options;
    if (!op)
        return FLOW_INFINITE;
    const double weight = region_weight(op->parent);
    if (op->kind == OP_LOAD) {
        const bool possible = !options->no_reload &&
                              address_is_recomputable(p->reversal, op_operand(op, 0)) &&
                              load_is_repeatable(p->reversal->reloads, op,
                                                 root_of(p->reversal, op->parent));
        return possible ? op_table[OP_LOAD].cost * weight : FLOW_INFINITE;
    }
    if (always_recomputed(value))
        return 0;
    if (op_table[op->kind].effect != EFFECT_PURE || options->no_recompute)
        return FLOW_INFINITE;
    return op_table[op->kind].cost * weight;
}

/* ---- the graph ---- */

static void add_value(Planning *p, Value *value)
{
    FlowGraph *graph = &p->graph;
    p->in[value->id] = flow_node(graph);
    p->out[value->id] = flow_node(graph);
}

static void connect_value(Planning *p, Value *value)
{
    FlowGraph *graph = &p->graph;
    const unsigned in = p->in[value->id], out = p->out[value->id];
    const double again = recompute_cost(p, value);
    flow_edge(graph, in, out, cache_cost(p, value));
    flow_edge(graph, p->source, in, again);
    if (p->asked[value->id])
        flow_edge(graph, out, p->sink, FLOW_INFINITE);
    if (again >= FLOW_INFINITE)
        return;
    for (unsigned i = 0; i < value->op->num_operands; i++) {
        const Value *operand = op_operand(value->op, i);
        if (p->plan->how[operand->id] == AVAILABLE_NOT)
            flow_edge(graph, p->out[operand->id], in, FLOW_INFINITE);
    }
}

static void collect_values(Planning *p)
{
    for (size_t i = 0; i < p->worklist.count; i++) {
        Value *value = p->worklist.items[i];
        add_value(p, value);
        if (recompute_cost(p, value) < FLOW_INFINITE)
            for (unsigned k = 0; k < value->op->num_operands; k++)
                enter(p, op_operand(value->op, k));
    }
}

static void read_cut(Planning *p, const bool *on_source_side)
{
    for (size_t i = 0; i < p->worklist.count; i++) {
        const Value *value = p->worklist.items[i];
        Availability *how = &p->plan->how[value->id];
        if (on_source_side[p->out[value->id]])
            *how = AVAILABLE_NOT;
        else if (on_source_side[p->in[value->id]])
            *how = value_region(value)->owner ? AVAILABLE_CACHED : AVAILABLE_IN_SCOPE; /* split.c hands it over */
        else
            *how = value->op->kind == OP_LOAD ? AVAILABLE_RELOADED : AVAILABLE_RECOMPUTED;
    }
}

/* Values in program order, so that caches are laid out the same way every time. */
static void list_cached(Planning *p, const Region *region)
{
    for (size_t i = 0; i < region->args.count; i++)
        if (p->plan->how[region->args.items[i]->id] == AVAILABLE_CACHED)
            vec_push(p->reversal->arena, &p->plan->cached, region->args.items[i]);
    for (const Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            list_cached(p, op->regions[r]);
        for (unsigned i = 0; i < op->num_results; i++)
            if (p->plan->how[op->results[i]->id] == AVAILABLE_CACHED)
                vec_push(p->reversal->arena, &p->plan->cached, op->results[i]);
    }
}

const Plan *plan_compute(const Reversal *reversal)
{
    Arena *arena = reversal->arena;
    const unsigned num_ids = reversal->primal->num_values;
    Plan *plan = arena_new(arena, Plan);
    plan->how = arena_new_array(arena, Availability, num_ids);
    Planning p = {.reversal = reversal,
                  .plan = plan,
                  .asked = arena_new_array(arena, bool, num_ids),
                  .entered = arena_new_array(arena, bool, num_ids),
                  .in = arena_new_array(arena, unsigned, num_ids),
                  .out = arena_new_array(arena, unsigned, num_ids),
                  .graph = {.arena = arena}};
    p.source = flow_node(&p.graph);
    p.sink = flow_node(&p.graph);
    ask_region(&p, reversal->primal->body);
    collect_values(&p);
    for (size_t i = 0; i < p.worklist.count; i++)
        connect_value(&p, p.worklist.items[i]);
    read_cut(&p, flow_cut(&p.graph, p.source, p.sink));
    list_cached(&p, reversal->primal->body);
    return plan;
}
