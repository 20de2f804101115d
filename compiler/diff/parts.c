/* What of a tangent's code belongs to the tangents.
 *
 * In such code nothing of the primal depends on tangents, and their memory is apart. The companions of the
 * signature and the memory that the tangent transformation marks are tangents'; whatever is loaded from such memory,
 * or computed from a tangent, is one; an address made from such a pointer leads to such memory. */
#include "diff/parts.h"

#include "rules/calls.h"

typedef struct Parts {
    const Function *function;
    Part *part;
    bool own, changed;
} Parts;

/* What is some direction's own stays so. */
static void set_part(Parts *p, const Value *value, Part part)
{
    if (part == PART_OWN && !p->own)
        part = PART_MEMORY;
    if (p->part[value->id] == part || (p->part[value->id] == PART_OWN && part == PART_MEMORY))
        return;
    p->part[value->id] = part;
    p->changed = true;
}

static bool leads_to_tangents(const Parts *p, const Value *pointer)
{
    return p->part[pointer->id] == PART_MEMORY || p->part[pointer->id] == PART_OWN;
}

/* A pointer made from one to tangents is one; a number made from a tangent is a tangent. */
static void spread(Parts *p, const Value *from, const Value *to)
{
    const bool to_pointer = type_is_pointer(to->type);
    if (p->part[from->id] == PART_NUMBER)
        set_part(p, to, to_pointer ? PART_OWN : PART_NUMBER); /* from a struct */
    else if (leads_to_tangents(p, from) && (to_pointer || to->type->kind == TYPE_RECORD))
        set_part(p, to, to_pointer ? p->part[from->id] : PART_NUMBER);
}

static void spread_loop(Parts *p, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++) {
        spread(p, loop_carried_init(op, i), op->results[i]);
        spread(p, loop_carried_next(op, i), op->results[i]);
        for (unsigned r = 0; r < op->num_regions; r++)
            spread(p, op->results[i], op->regions[r]->args.items[i + (op->kind == OP_FOR)]);
    }
}

/* What a record of the tape was pushed with is what it is popped with. */
typedef struct Pops {
    Parts *parts;
    const Op *push;
} Pops;

static void spread_to_pop(Op *op, void *context)
{
    const Pops *pops = context;
    if (op->kind != OP_TAPE_POP || op->int_value != pops->push->int_value)
        return;
    for (unsigned i = 0; i < op->num_results && i + 1 < pops->push->num_operands; i++)
        spread(pops->parts, op_operand(pops->push, i + 1), op->results[i]);
}

static void classify_op(Op *op, void *context)
{
    Parts *p = context;
    const bool allocates = op->kind == OP_ALLOCA || op->kind == OP_ALLOC || op->kind == OP_MALLOC;
    if (allocates && (op->flags & OP_FLAG_TANGENT))
        set_part(p, op->results[0], PART_MEMORY);
    if (op_is_loop(op->kind)) {
        spread_loop(p, op);
    } else if (op->kind == OP_IF) {
        for (unsigned r = 0; r < 2; r++)
            for (unsigned i = 0; i < op->num_results; i++)
                spread(p, op_operand(region_terminator(op->regions[r]), i), op->results[i]);
    } else if (op->kind == OP_TAPE_PUSH) {
        Pops pops = {p, op};
        region_walk(p->function->body, spread_to_pop, &pops);
    } else if (call_is_ruled(op) && op->num_results && type_is_floating(op->results[0]->type)) {
        for (unsigned i = 0; i < op->num_operands; i++)
            if (p->part[op_operand(op, i)->id] != PART_PRIMAL)
                set_part(p, op->results[0], PART_NUMBER);
    } else if (op->kind == OP_LOAD) {
        const Value *address = op_operand(op, 0), *loaded = op->results[0];
        if (leads_to_tangents(p, address))
            set_part(p, loaded, type_is_pointer(loaded->type) ? p->part[address->id] : PART_NUMBER);
    } else if (op->kind == OP_FIELD) {
        if (leads_to_tangents(p, op_operand(op, 0)))
            set_part(p, op->results[0], PART_OWN);
    } else {
        for (unsigned r = 0; r < op->num_results; r++)
            for (unsigned i = 0; i < op->num_operands; i++)
                spread(p, op_operand(op, i), op->results[r]);
    }
}

static bool is_companion(const Slot *slot)
{
    return slot->kind != SLOT_ORIGINAL;
}

Part *parts_of_tangent(Arena *arena, const Step *step, bool own)
{
    const Function *function = step->function;
    Parts p = {.function = function, .own = own, .part = arena_new_array(arena, Part, function->num_values)};
    for (unsigned i = 0; i < function->num_params; i++) {
        const Value *arg = function->body->args.items[i];
        if (is_companion(&step->slots.list.items[i]))
            p.part[arg->id] = type_is_pointer(arg->type) ? PART_MEMORY : PART_NUMBER;
    }
    do {
        p.changed = false;
        region_walk(function->body, classify_op, &p);
    } while (p.changed);
    return p.part;
}
