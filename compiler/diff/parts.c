/* What of a tangent's code belongs to the tangents, or of an adjoint's code to the adjoints.
 *
 * In such code nothing of the primal depends on tangents, and their memory is apart. The companions of the
 * signature and the memory that the tangent transformation marks are tangents'; whatever is loaded from such memory,
 * or computed from a tangent, is one; an address made from such a pointer leads to such memory.
 *
 * With adjoints it is the same, but that their memory is not marked: it is where adjoints are put. So pointers are followed
 * backward, too, from where one is put to the allocation; where that cannot be told, it is unknown what belongs to them. */
#include "diff/parts.h"

#include "analysis/roles.h"
#include "rules/calls.h"

typedef struct Parts {
    const Function *function;
    Part *part;
    bool own, backward, changed;
    bool unknown;
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

static bool allocates(const Op *op)
{
    return op->kind == OP_ALLOCA || op->kind == OP_ALLOC || op->kind == OP_MALLOC;
}

/* ---- backward, of adjoints ---- */

/* Can a pointer to adjoints be this one? If it is made of others, they are followed in turn. */
static bool may_be_adjoints(const Value *pointer)
{
    if (!pointer->op)
        return pointer->region->owner != NULL;
    switch (pointer->op->kind) {
    case OP_ALLOCA:
    case OP_ALLOC:
    case OP_MALLOC:
    case OP_NULLPTR:
    case OP_UNDEF:
    case OP_INDEX:
    case OP_FIELD:
    case OP_CONVERT:
    case OP_SELECT:
    case OP_IF:
    case OP_FOR:
    case OP_WHILE:
        return true;
    default:
        return false;
    }
}

static void lead_to_adjoints(Parts *p, const Value *pointer)
{
    if (leads_to_tangents(p, pointer))
        return;
    if (may_be_adjoints(pointer))
        set_part(p, pointer, PART_MEMORY);
    else
        p->unknown = true;
}

static void follow_loop(Parts *p, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++) {
        const Value *arg = loop_carried_arg(op, i);
        if (!type_is_pointer(arg->type) || !(leads_to_tangents(p, op->results[i]) || leads_to_tangents(p, arg)))
            continue;
        lead_to_adjoints(p, op->results[i]);
        lead_to_adjoints(p, loop_carried_init(op, i));
        lead_to_adjoints(p, loop_carried_next(op, i));
    }
}

static void follow_if(Parts *p, const Op *op)
{
    for (unsigned i = 0; i < op->num_results; i++)
        if (leads_to_tangents(p, op->results[i]))
            for (unsigned r = 0; r < 2; r++)
                lead_to_adjoints(p, op_operand(region_terminator(op->regions[r]), i));
}

static bool has_adjoint(const Parts *p, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands; i++)
        if (p->part[op_operand(op, i)->id] != PART_PRIMAL)
            return true;
    return false;
}

static void follow_call(Parts *p, const Op *op)
{
    for (unsigned i = 0; i < op->num_operands && call_is_ruled(op) && has_adjoint(p, op); i++)
        if (argument_is_written(op, i))
            lead_to_adjoints(p, op_operand(op, i));
}

static void follow_back(Parts *p, const Op *op)
{
    switch (op->kind) {
    case OP_STORE:
    case OP_ACCUMULATE:
        if (leads_to_tangents(p, op_operand(op, 1))) /* pointers to adjoints in memory */
            p->unknown = true;
        else if (p->part[op_operand(op, 1)->id] == PART_NUMBER)
            lead_to_adjoints(p, op_operand(op, 0));
        break;
    case OP_COPY:
        if (leads_to_tangents(p, op_operand(op, 0)) || leads_to_tangents(p, op_operand(op, 1))) {
            lead_to_adjoints(p, op_operand(op, 0));
            lead_to_adjoints(p, op_operand(op, 1));
        }
        break;
    case OP_INDEX:
    case OP_FIELD:
    case OP_CONVERT:
    case OP_SELECT:
        for (unsigned i = 0; i < op->num_operands && leads_to_tangents(p, op->results[0]); i++)
            if (type_is_pointer(op_operand(op, i)->type))
                lead_to_adjoints(p, op_operand(op, i));
        break;
    case OP_IF:
        follow_if(p, op);
        break;
    case OP_FOR:
    case OP_WHILE:
        follow_loop(p, op);
        break;
    case OP_CALL:
        follow_call(p, op);
        break;
    default:
        break;
    }
}

/* ---- each op ---- */

static void classify_op(Op *op, void *context)
{
    Parts *p = context;
    if (allocates(op) && (op->flags & OP_FLAG_TANGENT))
        set_part(p, op->results[0], PART_MEMORY);
    if (p->backward)
        follow_back(p, op);
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

/* Is it an adjoint, and no tangent of one? */
static bool is_adjoint(const Step *step)
{
    for (size_t i = 0; i < step->slots.list.count; i++) {
        const SlotKind kind = step->slots.list.items[i].kind;
        if (kind != SLOT_ORIGINAL && kind != SLOT_BAR && kind != SLOT_RESULT_BAR)
            return false;
    }
    return true;
}

const Part *parts_of_step(Arena *arena, const Step *step, bool own)
{
    const Function *function = step->function;
    Parts p = {.function = function,
               .own = own,
               .backward = is_adjoint(step),
               .part = arena_new_array(arena, Part, function->num_values)};
    for (unsigned i = 0; i < function->num_params; i++) {
        const Value *arg = function->body->args.items[i];
        if (is_companion(&step->slots.list.items[i]))
            p.part[arg->id] = type_is_pointer(arg->type) ? PART_MEMORY : PART_NUMBER;
    }
    do {
        p.changed = false;
        region_walk(function->body, classify_op, &p);
    } while (p.changed);
    return p.unknown || (p.backward && step->keeps_shadows) ? NULL : p.part;
}
