/* Which pointers point to const: C compilers warn where a const is lost on the way.
 *
 * Constness is a matter of declarations (parameters, members, globals), and flows with the pointer into
 * the variables that it is assigned to. A pointer that is written through all the same (the companion of
 * a `const double *` member) loses its const by a cast where it is loaded. */
#include "backend/printer.h"

#include "base/limits.h"

enum { MAX_DEPTH = DEPTH_LIMIT(12, 1) };

static bool innermost_is_const(const Decl *decl)
{
    while (decl->inner)
        decl = decl->inner;
    return decl->is_const;
}

/* Is it handed to one of adgen's functions as something to be written? */
static bool passed_for_writing(const Use *use)
{
    const Op *op = use->user;
    const unsigned i = (unsigned)(use - op->operands);
    return op->callee && op->callee->is_derived && !op->callee->params[i].points_to_const;
}

static bool written_through(const Value *pointer, unsigned depth)
{
    if (depth > MAX_DEPTH)
        return false;
    for (const Use *use = pointer->uses; use; use = use->next) {
        const Op *op = use->user;
        switch (op->kind) {
        case OP_STORE:
        case OP_ACCUMULATE:
        case OP_ZERO:
        case OP_COPY:
        case OP_FREE:
        case OP_RELEASE:
            if (use == &op->operands[0])
                return true;
            break;
        case OP_INDEX:
        case OP_FIELD:
            if (use == &op->operands[0] && written_through(op->results[0], depth + 1))
                return true;
            break;
        case OP_SELECT:
            if (written_through(op->results[0], depth + 1))
                return true;
            break;
        case OP_CALL:
            if (passed_for_writing(use))
                return true;
            break;
        default:
            break;
        }
    }
    return false;
}

static bool points_to_const(const Value *pointer, unsigned depth);

static bool stored_const(const Value *alloca, unsigned depth)
{
    for (const Use *use = alloca->uses; use; use = use->next) {
        const Op *op = use->user;
        if (op->kind == OP_STORE && use == &op->operands[0] &&
            type_is_pointer(op_operand(op, 1)->type) && points_to_const(op_operand(op, 1), depth + 1))
            return true;
        if (op->kind == OP_INDEX && use == &op->operands[0] && stored_const(op->results[0], depth + 1))
            return true;
    }
    return false;
}

static bool carried_const(const Op *loop, unsigned i, unsigned depth)
{
    return points_to_const(loop_carried_init(loop, i), depth + 1) ||
           points_to_const(loop_carried_next(loop, i), depth + 1);
}

/* The push that a pop takes from. */
typedef struct PushSearch {
    int64_t kind;
    const Op *push;
} PushSearch;

static void find_push(Op *op, void *context)
{
    PushSearch *search = context;
    if (op->kind == OP_TAPE_PUSH && op->int_value == search->kind)
        search->push = op;
}

static bool pushed_const(const Value *popped, unsigned depth)
{
    PushSearch search = {.kind = popped->op->int_value};
    const Function *function = popped->op->function;
    region_walk(function->pushes ? function->pushes->body : function->body, find_push, &search);
    return search.push && points_to_const(op_operand(search.push, popped->index + 1), depth + 1);
}

static bool field_is_const(const Op *op, unsigned depth)
{
    const Field *field = &op_operand(op, 0)->type->elem->record->fields[op->int_value];
    if (type_is_pointer(field->type))
        return field->decl && innermost_is_const(field->decl);
    return points_to_const(op_operand(op, 0), depth + 1);
}

static bool points_to_const(const Value *pointer, unsigned depth)
{
    const Op *op = pointer->op;
    if (depth > MAX_DEPTH)
        return false;
    if (!op) {
        const Op *owner = pointer->region->owner;
        if (!owner)
            return pointer->region->function->params[pointer->index].points_to_const;
        return carried_const(owner, pointer->index - (owner->kind == OP_FOR ? 1 : 0), depth);
    }
    switch (op->kind) {
    case OP_GLOBAL:
        return op->global->is_const;
    case OP_FIELD:
        return field_is_const(op, depth);
    case OP_INDEX:
        return points_to_const(op_operand(op, 0), depth + 1);
    case OP_LOAD:
        return points_to_const(op_operand(op, 0), depth + 1) && !written_through(pointer, depth);
    case OP_ALLOCA:
        return type_is_pointer(pointer->type->elem) && stored_const(pointer, depth + 1);
    case OP_SELECT:
        return points_to_const(op_operand(op, 1), depth + 1) ||
               points_to_const(op_operand(op, 2), depth + 1);
    case OP_IF:
        return points_to_const(op_operand(region_terminator(op->regions[0]), pointer->index), depth + 1) ||
               points_to_const(op_operand(region_terminator(op->regions[1]), pointer->index), depth + 1);
    case OP_FOR:
    case OP_WHILE:
        return carried_const(op, pointer->index, depth);
    case OP_TAPE_POP:
        return pushed_const(pointer, depth) && !written_through(pointer, depth);
    default:
        return false;
    }
}

bool pointer_is_const(const Value *pointer)
{
    return points_to_const(pointer, 0);
}

bool pop_casts_const_away(const Value *popped)
{
    return type_is_pointer(popped->type) && pushed_const(popped, 0) && written_through(popped, 0);
}

bool load_casts_const_away(const Op *load)
{
    return type_is_pointer(load->results[0]->type) && points_to_const(op_operand(load, 0), 0) &&
           written_through(load->results[0], 0);
}
