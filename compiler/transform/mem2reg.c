/* Local variables become values.
 *
 * Problem. The front end gives every local variable an alloca, and loads and stores it. Analyses and
 * derivatives want values.
 *
 *     %s = alloca f64                       %r = for ... carry (%s0 = %zero) {
 *     store %s, %zero                           %next = add %s0, %v
 *     for ... {                                 yield %next
 *         %old = load %s          becomes   }
 *         %next = add %old, %v              return %r
 *         store %s, %next
 *     }
 *     %r = load %s
 *
 * Algorithm. One walk in program order with the current value of every variable at hand. A store
 * changes the current value, a load is replaced by it. After an `if`, variables that either region
 * assigned become its results; variables assigned anywhere in a loop become carried values. The changes
 * of a region are kept in a journal, so that leaving it costs what it changed.
 *
 * Requires: structured regions. Keeps: everything else. Does not handle: variables whose address is
 * used in any other way, arrays, records. Carried values and results that nobody reads are left to
 * simplify. */
#include <uthash.h>

#include "ir/builder.h"
#include "transform/passes.h"

typedef struct Change {
    unsigned variable;
    Value *old;
} Change;

/* The variables that a loop assigns. */
typedef struct Assigned {
    const Op *loop;
    VEC(unsigned) variables;
    UT_hash_handle hh;
} Assigned;

typedef struct Promotion {
    Arena *arena;
    VEC(Op *) allocas;
    int *index;      /* by value id of the alloca's result: number of the variable, or -1 */
    Value **current; /* by variable; NULL: not initialised */
    VEC(Change) journal;
    unsigned *stamp; /* by variable: last merge that listed it */
    unsigned merges;
    Assigned *assigned;
} Promotion;

/* ---- which allocas ---- */

static bool is_promotable(const Op *op)
{
    if (op->kind != OP_ALLOCA || op->num_operands || !type_is_scalar(op->results[0]->type->elem))
        return false;
    for (const Use *use = op->results[0]->uses; use; use = use->next) {
        const bool address = use == &use->user->operands[0];
        if (!address || (use->user->kind != OP_LOAD && use->user->kind != OP_STORE))
            return false;
    }
    return true;
}

static void collect(Op *op, void *context)
{
    Promotion *p = context;
    if (is_promotable(op))
        vec_push(p->arena, &p->allocas, op);
}

static Assigned *assigned_by(Promotion *p, const Op *loop)
{
    Assigned *entry = NULL;
    HASH_FIND_PTR(p->assigned, &loop, entry);
    if (!entry) {
        entry = arena_new(p->arena, Assigned);
        entry->loop = loop;
        HASH_ADD_PTR(p->assigned, loop, entry);
    }
    return entry;
}

/* Every loop between a store and the variable's region assigns the variable. */
static void note_assignments(Promotion *p, unsigned variable)
{
    const Op *alloca = p->allocas.items[variable];
    for (const Use *use = alloca->results[0]->uses; use; use = use->next) {
        if (use->user->kind != OP_STORE)
            continue;
        for (const Region *region = use->user->parent; region != alloca->parent;
             region = region->owner->parent) {
            if (!op_is_loop(region->owner->kind))
                continue;
            Assigned *entry = assigned_by(p, region->owner);
            const size_t n = entry->variables.count;
            if (n && entry->variables.items[n - 1] == variable)
                continue;
            vec_push(p->arena, &entry->variables, variable);
        }
    }
}

/* ---- the current values ---- */

static int variable_of(const Promotion *p, const Value *address, unsigned num_ids)
{
    return address->id < num_ids ? p->index[address->id] : -1;
}

static void assign(Promotion *p, unsigned variable, Value *value)
{
    const Change change = {variable, p->current[variable]};
    vec_push(p->arena, &p->journal, change);
    p->current[variable] = value;
}

static const char *variable_name(const Promotion *p, unsigned variable)
{
    return p->allocas.items[variable]->name;
}

static const Type *variable_type(const Promotion *p, unsigned variable)
{
    return p->allocas.items[variable]->results[0]->type->elem;
}

/* The current value, for use by an op placed by `b`. */
static Value *current_value(Promotion *p, unsigned variable, Builder *b)
{
    Value *value = p->current[variable];
    return value ? value : build_undef(b, variable_type(p, variable));
}

static void process_region(Promotion *p, Region *region, unsigned num_ids);

/* ---- if ---- */

typedef struct Merge {
    unsigned variable;
    Value *values[2];
} Merge;

typedef struct Merges {
    VEC(Merge) list;
} Merges;

static Merge *merge_of(Promotion *p, Merges *merges, unsigned variable)
{
    for (size_t i = 0; i < merges->list.count; i++)
        if (merges->list.items[i].variable == variable)
            return &merges->list.items[i];
    const Merge merge = {variable, {p->current[variable], p->current[variable]}};
    vec_push(p->arena, &merges->list, merge);
    return &merges->list.items[merges->list.count - 1];
}

/* Takes back the changes since `mark`, noting the values that the region leaves. */
static void leave_region(Promotion *p, size_t mark, Merges *merges, unsigned which)
{
    const size_t end = p->journal.count;
    const unsigned stamp = ++p->merges;
    Value **left = arena_new_array(p->arena, Value *, end - mark);
    for (size_t i = mark; i < end; i++)
        left[i - mark] = p->current[p->journal.items[i].variable];
    for (size_t i = end; i-- > mark;)
        p->current[p->journal.items[i].variable] = p->journal.items[i].old;
    for (size_t i = mark; i < end; i++) {
        const unsigned variable = p->journal.items[i].variable;
        if (p->stamp[variable] == stamp)
            continue;
        p->stamp[variable] = stamp;
        merge_of(p, merges, variable)->values[which] = left[i - mark];
    }
    p->journal.count = mark;
}

static Value *defined_in(Promotion *p, Op *op, unsigned which, unsigned variable, Value *value)
{
    if (value)
        return value;
    Builder b = builder_before(region_terminator(op->regions[which]));
    return build_undef(&b, variable_type(p, variable));
}

/* The variable behind an if: what both regions leave, or else a result of the if. */
static void merge_variable(Promotion *p, Op *op, const Merge *merge)
{
    if (merge->values[0] == merge->values[1]) {
        assign(p, merge->variable, merge->values[0]);
        return;
    }
    for (unsigned which = 0; which < 2; which++)
        op_add_operand(region_terminator(op->regions[which]),
                       defined_in(p, op, which, merge->variable, merge->values[which]));
    assign(p, merge->variable,
           op_add_result(op, variable_type(p, merge->variable),
                         variable_name(p, merge->variable)));
}

static void process_if(Promotion *p, Op *op, unsigned num_ids)
{
    Merges merges = {0};
    for (unsigned which = 0; which < 2; which++) {
        const size_t mark = p->journal.count;
        process_region(p, op->regions[which], num_ids);
        leave_region(p, mark, &merges, which);
    }
    for (size_t i = 0; i < merges.list.count; i++) {
        const Merge *merge = &merges.list.items[i];
        const Op *alloca = p->allocas.items[merge->variable];
        const bool inside = alloca->parent != op->parent &&
                            !region_contains(alloca->parent, op->parent);
        if (!inside)
            merge_variable(p, op, merge);
    }
}

/* ---- loops ---- */

static void process_loop(Promotion *p, Op *op, unsigned num_ids)
{
    Assigned *entry = NULL;
    HASH_FIND_PTR(p->assigned, &op, entry);
    const size_t count = entry ? entry->variables.count : 0;
    const unsigned first = op->num_results;
    Builder before = builder_before(op);
    for (size_t i = 0; i < count; i++) {
        const unsigned variable = entry->variables.items[i];
        op_add_operand(op, current_value(p, variable, &before));
        op_add_result(op, variable_type(p, variable), variable_name(p, variable));
    }
    for (unsigned r = 0; r < op->num_regions; r++) {
        Region *region = op->regions[r];
        const size_t mark = p->journal.count;
        for (size_t i = 0; i < count; i++) {
            const unsigned variable = entry->variables.items[i];
            assign(p, variable, region_add_arg(region, variable_type(p, variable),
                                               variable_name(p, variable)));
        }
        process_region(p, region, num_ids);
        Op *yield = region_terminator(region);
        Builder b = builder_before(yield);
        for (size_t i = 0; i < count && region == loop_body(op); i++)
            op_add_operand(yield, current_value(p, entry->variables.items[i], &b));
        Merges ignored = {0};
        leave_region(p, mark, &ignored, 0);
    }
    for (size_t i = 0; i < count; i++)
        assign(p, entry->variables.items[i], op_result(op, first + (unsigned)i));
}

/* ---- the walk ---- */

static void process_op(Promotion *p, Op *op, unsigned num_ids)
{
    int variable;
    switch (op->kind) {
    case OP_ALLOCA:
        variable = variable_of(p, op->results[0], num_ids);
        if (variable >= 0)
            assign(p, (unsigned)variable, NULL);
        break;
    case OP_LOAD:
        variable = variable_of(p, op_operand(op, 0), num_ids);
        if (variable >= 0) {
            Builder b = builder_before(op);
            value_replace_uses(op->results[0], current_value(p, (unsigned)variable, &b));
            op_erase(op);
        }
        break;
    case OP_STORE:
        variable = variable_of(p, op_operand(op, 0), num_ids);
        if (variable >= 0) {
            Value *value = op_operand(op, 1);
            if (!value->name && !value_is_const(value))
                value->name = variable_name(p, (unsigned)variable);
            assign(p, (unsigned)variable, value);
            op_erase(op);
        }
        break;
    case OP_IF:
        process_if(p, op, num_ids);
        break;
    case OP_FOR:
    case OP_WHILE:
        process_loop(p, op, num_ids);
        break;
    default:
        break;
    }
}

static void process_region(Promotion *p, Region *region, unsigned num_ids)
{
    for (Op *op = region->first, *next; op; op = next) {
        next = op->next;
        process_op(p, op, num_ids);
    }
}

void mem2reg(Function *function)
{
    Promotion p = {.arena = function->module->arena};
    region_walk(function->body, collect, &p);
    const size_t count = p.allocas.count;
    if (count == 0)
        return;
    const unsigned num_ids = function->num_values;
    p.index = arena_new_array(p.arena, int, num_ids);
    p.current = arena_new_array(p.arena, Value *, count);
    p.stamp = arena_new_array(p.arena, unsigned, count);
    for (unsigned id = 0; id < num_ids; id++)
        p.index[id] = -1;
    for (unsigned i = 0; i < count; i++) {
        p.index[p.allocas.items[i]->results[0]->id] = (int)i;
        note_assignments(&p, i);
    }
    process_region(&p, function->body, num_ids);
    for (size_t i = 0; i < count; i++)
        op_erase(p.allocas.items[i]);
    HASH_CLEAR(hh, p.assigned);
}
