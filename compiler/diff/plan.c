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
 * -> v_in). What was read from memory, or is stored there, can be read again if nothing overwrites it; else, for an array,
 * from a copy made before (diff/array_copies.h), which is one node more: one price, shared by all that read the copy.
 * A minimum cut is the cheapest plan. Costs are weighed by how often the region runs.
 *
 * Requires: count_trips. Keeps: the function. */
#include "diff/plan.h"

#include "diff/caches.h"
#include "diff/induction.h"
#include "diff/min_cut.h"
#include "diff/needs.h"
#include "diff/prices.h"
#include "diff/strategy.h"

typedef VEC(Value *) Origins;

typedef struct Planning {
    const Reversal *reversal;
    Plan *plan;
    bool *asked;           /* by value id: needed by the reverse of an op */
    VEC(Value *) worklist; /* values to enter into the graph */
    bool *entered;
    double *again;      /* by value id: what providing it again costs */
    unsigned *in, *out; /* by value id: nodes */
    VEC(unsigned) copied; /* by array copy: its node */
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

static void ask(void *context, Value *value)
{
    Planning *p = context;
    p->asked[value->id] = true;
    enter(p, value);
}

/* ---- prices ---- */

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
    Induction induction;
    if (always_recomputed(value))
        return 0;
    if (!p->reversal->options->no_recompute && induction_of(value, &induction))
        return (op_table[OP_MUL].cost + op_table[OP_ADD].cost) * region_weight(value->region);
    if (!op || op_table[op->kind].effect != EFFECT_PURE || p->reversal->options->no_recompute)
        return FLOW_INFINITE;
    return op_table[op->kind].cost * region_weight(op->parent);
}

/* Is what the access reads or stores still there? */
static bool is_in_memory(Planning *p, const Value *value, Op *access)
{
    const Reversal *reversal = p->reversal;
    if (!address_is_recomputable(reversal, op_operand(access, 0)) ||
        !load_is_repeatable(reversal->reloads, access, memory_root(reversal, access)))
        return false;
    p->plan->address[value->id] = op_operand(access, 0);
    return true;
}

/* How many different numbers the access reads or stores, roughly. */
static double elements_accessed(const Planning *p, const Op *access)
{
    double elements = region_weight(access->parent);
    for (const Region *region = access->parent; !is_root(p->reversal, region); region = region->owner->parent)
        if (op_is_loop(region->owner->kind) && load_is_invariant(p->reversal->reloads, access, region->owner))
            elements /= loop_trips(region->owner);
    return elements;
}

/* Of a large array with few elements that are read, these are kept. */
static bool is_worthwhile(const Planning *p, const ArrayCopy *copy, const Op *access)
{
    const double copied = copy->size * region_weight(copy->region);
    return copied <= (copy->count > 0 && copy->count <= 8 ? 8 : 2) * elements_accessed(p, access);
}

static bool is_copied(Planning *p, const Value *value, Op *access)
{
    if (p->reversal->options->no_copies)
        return false;
    ArrayCopy *copy = array_copy_for(p->reversal, &p->plan->copies, access);
    if (!copy || !is_worthwhile(p, copy, access))
        return false;
    p->plan->copy[value->id] = copy;
    p->plan->address[value->id] = op_operand(access, 0);
    return true;
}

static bool is_there_unless_overlapping(Planning *p, const Value *value, Op *access)
{
    const bool possible = access->kind == OP_LOAD && !p->reversal->options->no_overlap_tests &&
                          in_loop(p, access->parent) && address_is_recomputable(p->reversal, op_operand(access, 0)) &&
                          cache_is_heap_array(p->reversal, (Value *)value);
    p->plan->overlap[value->id] = possible ? overlap_for(p->reversal, &p->plan->overlaps, access) : NULL;
    if (p->plan->overlap[value->id])
        p->plan->address[value->id] = op_operand(access, 0);
    return p->plan->overlap[value->id] != NULL;
}

typedef bool IsFound(Planning *p, const Value *value, Op *access);

/* Asks it of the load that the value is, or of the stores of the value as soon as it is there. */
static bool any_access(Planning *p, const Value *value, IsFound *is_found)
{
    if (p->reversal->options->no_reload)
        return false;
    if (value->op && value->op->kind == OP_LOAD)
        return is_found(p, value, value->op);
    for (const Use *use = value->uses; use; use = use->next)
        if (use->user->kind == OP_STORE && use == &use->user->operands[1] &&
            use->user->parent == value_region(value) && is_found(p, value, use->user))
            return true;
    return false;
}

/* What providing the value again costs: computing it, or looking it up where it was read or stored if that costs less; in
 * a copy, whose own price comes on top, only if it costs far less. */
static void price(Planning *p, Value *value)
{
    double *again = &p->again[value->id];
    *again = recompute_cost(p, value);
    const double weight = region_weight(value_region(value));
    if (*again > op_table[OP_LOAD].cost * weight &&
        (any_access(p, value, is_in_memory) || any_access(p, value, is_there_unless_overlapping)))
        *again = op_table[OP_LOAD].cost * weight;
    else if (*again > cache_cost(p, value) && any_access(p, value, is_copied))
        *again = COPY_LOAD_COST * weight;
}

/* The values of which it is made when it is provided again, besides the counters of loops that run backward. */
static Origins origins_of(const Planning *p, const Value *value)
{
    Origins origins = {0};
    Arena *arena = p->reversal->arena;
    Value *address = p->plan->address[value->id];
    Induction induction;
    if (!address && induction_of(value, &induction)) {
        vec_push(arena, &origins, induction.first);
        vec_push(arena, &origins, induction.step);
    } else if (!address) {
        for (unsigned i = 0; i < value->op->num_operands; i++)
            vec_push(arena, &origins, op_operand(value->op, i));
    } else if (!p->plan->copy[value->id]) {
        vec_push(arena, &origins, address);
    } else {
        for (; address->op && address->op->kind == OP_INDEX; address = op_operand(address->op, 0))
            for (unsigned i = 1; i < address->op->num_operands; i++)
                vec_push(arena, &origins, op_operand(address->op, i));
        const ArrayCopy *copy = p->plan->copy[value->id];
        for (unsigned i = 0; i < copy->num_extents; i++)
            vec_push(arena, &origins, copy->extents[i]);
    }
    return origins;
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
    const double again = p->again[value->id];
    flow_edge(graph, in, out, cache_cost(p, value));
    flow_edge(graph, p->source, in, again);
    if (p->asked[value->id])
        flow_edge(graph, out, p->sink, FLOW_INFINITE);
    if (again >= FLOW_INFINITE)
        return;
    const Origins origins = origins_of(p, value);
    for (size_t i = 0; i < origins.count; i++)
        if (p->plan->how[origins.items[i]->id] == AVAILABLE_NOT)
            flow_edge(graph, p->out[origins.items[i]->id], in, FLOW_INFINITE);
    for (size_t i = 0; i < p->plan->copies.count; i++)
        if (p->plan->copy[value->id] == p->plan->copies.items[i])
            flow_edge(graph, p->copied.items[i], in, FLOW_INFINITE);
}

/* A copy is made if one of those that need it is provided by it. */
static void connect_copies(Planning *p)
{
    const ArrayCopies list = p->plan->copies;
    for (size_t i = 0; i < list.count; i++) {
        const unsigned node = flow_node(&p->graph);
        flow_edge(&p->graph, p->source, node, COPY_COST * list.items[i]->size * region_weight(list.items[i]->region));
        vec_push(p->reversal->arena, &p->copied, node);
    }
}

static void collect_values(Planning *p)
{
    for (size_t i = 0; i < p->worklist.count; i++) {
        Value *value = p->worklist.items[i];
        add_value(p, value);
        price(p, value);
        const Origins origins = p->again[value->id] < FLOW_INFINITE ? origins_of(p, value) : (Origins){0};
        for (size_t k = 0; k < origins.count; k++)
            enter(p, origins.items[k]);
    }
}

static void read_cut(Planning *p, const bool *on_source_side)
{
    for (size_t i = 0; i < p->copied.count; i++)
        p->plan->copies.items[i]->is_taken = !on_source_side[p->copied.items[i]];
    for (size_t i = 0; i < p->worklist.count; i++) {
        const Value *value = p->worklist.items[i];
        Availability *how = &p->plan->how[value->id];
        if (on_source_side[p->out[value->id]])
            *how = AVAILABLE_NOT;
        else if (on_source_side[p->in[value->id]])
            *how = value_region(value)->owner ? AVAILABLE_CACHED : AVAILABLE_IN_SCOPE; /* split.c hands it over */
        else
            *how = p->plan->copy[value->id]      ? AVAILABLE_COPIED
                   : p->plan->overlap[value->id] ? AVAILABLE_UNLESS_OVERLAPPING
                   : p->plan->address[value->id] ? AVAILABLE_RELOADED
                                                 : AVAILABLE_RECOMPUTED;
    }
}

static bool is_kept(const Planning *p, const Value *value)
{
    const Availability how = p->plan->how[value->id];
    return how == AVAILABLE_CACHED || how == AVAILABLE_UNLESS_OVERLAPPING;
}

/* Values in program order, so that caches are laid out the same way every time. */
static void list_cached(Planning *p, const Region *region)
{
    for (size_t i = 0; i < region->args.count; i++)
        if (is_kept(p, region->args.items[i]))
            vec_push(p->reversal->arena, &p->plan->cached, region->args.items[i]);
    for (const Op *op = region->first; op; op = op->next) {
        for (unsigned r = 0; r < op->num_regions; r++)
            list_cached(p, op->regions[r]);
        for (unsigned i = 0; i < op->num_results; i++)
            if (is_kept(p, op->results[i]))
                vec_push(p->reversal->arena, &p->plan->cached, op->results[i]);
    }
}

const Plan *plan_compute(const Reversal *reversal)
{
    Arena *arena = reversal->arena;
    const unsigned num_ids = reversal->primal->num_values;
    Plan *plan = arena_new(arena, Plan);
    plan->how = arena_new_array(arena, Availability, num_ids);
    plan->address = arena_new_array(arena, Value *, num_ids);
    plan->copy = arena_new_array(arena, ArrayCopy *, num_ids);
    plan->overlap = arena_new_array(arena, Overlap *, num_ids);
    Planning p = {.reversal = reversal,
                  .plan = plan,
                  .asked = arena_new_array(arena, bool, num_ids),
                  .entered = arena_new_array(arena, bool, num_ids),
                  .again = arena_new_array(arena, double, num_ids),
                  .in = arena_new_array(arena, unsigned, num_ids),
                  .out = arena_new_array(arena, unsigned, num_ids),
                  .graph = {.arena = arena}};
    p.source = flow_node(&p.graph);
    p.sink = flow_node(&p.graph);
    needs_of_region(reversal, reversal->primal->body, ask, &p);
    collect_values(&p);
    connect_copies(&p);
    for (size_t i = 0; i < p.worklist.count; i++)
        connect_value(&p, p.worklist.items[i]);
    read_cut(&p, flow_cut(&p.graph, p.source, p.sink));
    list_cached(&p, reversal->primal->body);
    return plan;
}
