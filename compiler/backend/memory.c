/* Statements about memory: local arrays, the heap, stores, and ranges set to zero or copied. */
#include <string.h>

#include "analysis/memory.h"
#include "backend/statements.h"

static const char *negated_share(Printer *p, const Value *share)
{
    if (!p->placement->folded[share->id] || share->op->kind != OP_NEG)
        return NULL;
    return print_assigned(p, op_operand(share->op, 0));
}

void print_accumulate(Printer *p, const Op *op)
{
    const char *target = print_element(p, op_operand(op, 0));
    const char *share = negated_share(p, op_operand(op, 1));
    if (share)
        print_line(p, "%s -= %s;", target, share);
    else
        print_line(p, "%s += %s;", target, print_assigned(p, op_operand(op, 1)));
}

static bool zeroed_next(const Op *alloca)
{
    const Op *next = alloca->next;
    if (!next || next->kind != OP_ZERO || op_operand(next, 0) != alloca->results[0] ||
        (!alloca->num_operands && !value_is_int(op_operand(next, 1), 1)))
        return false;
    for (unsigned i = 0; i < alloca->num_operands; i++)
        if (!value_is_const(op_operand(alloca, i)))
            return false;
    return true;
}

/* The store by which a struct parameter, read nowhere else, comes into a local: the parameter itself is
 * that local. NULL: it is no such local. */
static const Op *store_of_param(const Value *local)
{
    const Op *found = NULL;
    for (const Use *use = local->uses; use && !found; use = use->next) {
        const Op *op = use->user;
        if (op->kind == OP_STORE && use == &op->operands[0] &&
            op_operand(op, 1)->type->kind == TYPE_RECORD && !op_operand(op, 1)->op &&
            value_has_one_use(op_operand(op, 1)) && op->parent == local->op->parent)
            found = op;
    }
    for (const Op *op = local->op->next; found && op != found; op = op->next)
        if (op_may_write(op, local) || op_may_read(op, local))
            return NULL;
    return found;
}

/* The store right behind the declaration of a scalar: its initial value. NULL: there is none. */
static const Op *initial_store(const Op *alloca)
{
    const Op *next = alloca->next;
    while (next && next->kind == OP_CONST)
        next = next->next;
    const bool fits = next && next->kind == OP_STORE && op_operand(next, 0) == alloca->results[0] &&
                      alloca->num_operands == 0 && type_is_scalar(alloca->results[0]->type->elem);
    return fits ? next : NULL;
}

void print_store(Printer *p, const Op *op)
{
    const Value *pointer = op_operand(op, 0);
    if (pointer->op && pointer->op->kind == OP_ALLOCA &&
        (store_of_param(pointer) == op || initial_store(pointer->op) == op))
        return;
    assign_text(p, print_element(p, pointer), op_operand(op, 1));
}

void print_alloca(Printer *p, const Op *op)
{
    Variable *variable = p->placement->variables[op->results[0]->id];
    const Op *store = store_of_param(op->results[0]);
    if (store) {
        variable->name = p->placement->variables[op_operand(store, 1)->id]->name;
        variable->is_declared = true;
        return;
    }
    Text text = {0};
    variable->hint = op->name ? op->name : variable->hint;
    text_puts(p->arena, &text,
              print_typed(p->arena, variable->type->elem, pointer_is_const(op->results[0]),
                          declare_name(p, variable)));
    for (unsigned i = 0; i < op->num_operands; i++)
        text_printf(p->arena, &text, "[%s]", print_assigned(p, op_operand(op, i)));
    const Op *initial = initial_store(op);
    if (initial)
        print_line(p, "%s = %s;", text.items, print_assigned(p, op_operand(initial, 1)));
    else
        print_line(p, "%s%s;", text.items, zeroed_next(op) ? " = {0}" : "");
}

static bool is_one_record(const Op *op, const Value *count)
{
    return op_operand(op, 0)->type->elem->kind == TYPE_RECORD && value_is_int(count, 1);
}

/* A size of so many elements of the type; void: bytes. */
static const char *size_text(Printer *p, const Type *elem, const Value *count)
{
    if (elem->kind == TYPE_VOID)
        return print_assigned(p, count);
    if (value_is_int(count, 1))
        return arena_format(p->arena, "sizeof(%s)", type_name(p, elem));
    while (p->placement->folded[count->id] && value_is_widened(count))
        count = op_operand(count->op, 0);
    if (value_is_const(count))
        return arena_format(p->arena, "%lld * sizeof(%s)", (long long)count->op->int_value, type_name(p, elem));
    return arena_format(p->arena, "(size_t)%s * sizeof(%s)", print_value(p, count, PREC_UNARY), type_name(p, elem));
}

void print_zero(Printer *p, const Op *op)
{
    const Value *pointer = op_operand(op, 0);
    if (op->prev && op->prev->kind == OP_ALLOCA && op->prev->results[0] == pointer &&
        zeroed_next(op->prev))
        return;
    const Type *elem = pointer->type->elem;
    if (value_is_int(op_operand(op, 1), 1) && (type_is_floating(elem) || type_is_integer(elem))) {
        print_line(p, "%s = 0;", print_element(p, pointer));
        return;
    }
    *p->includes |= INCLUDE_STRING;
    if (is_one_record(op, op_operand(op, 1))) {
        const char *element = print_element(p, pointer);
        print_line(p, element[0] == '*' ? "memset(%s, 0, sizeof %s);" : "memset(&%s, 0, sizeof %s);",
                   element[0] == '*' ? element + 1 : element, element);
        return;
    }
    print_line(p, "memset(%s, 0, %s);", print_value(p, pointer, PREC_ASSIGN), size_text(p, elem, op_operand(op, 1)));
}

void print_copy(Printer *p, const Op *op)
{
    const Value *to = op_operand(op, 0), *from = op_operand(op, 1);
    if (is_one_record(op, op_operand(op, 2))) {
        print_line(p, "%s = %s;", print_element(p, to), print_element(p, from));
        return;
    }
    *p->includes |= INCLUDE_STRING;
    print_line(p, "%s(%s, %s, %s);", op->flags & OP_FLAG_OVERLAP ? "memmove" : "memcpy",
               print_value(p, to, PREC_ASSIGN), print_value(p, from, PREC_ASSIGN),
               size_text(p, to->type->elem, op_operand(op, 2)));
}

void print_alloc(Printer *p, const Op *op)
{
    *p->includes |= INCLUDE_RUNTIME;
    Variable *variable = p->placement->variables[op->results[0]->id];
    variable->hint = op->name ? op->name : variable->hint;
    const char *elem = type_name(p, variable->type->elem);
    const char *count = print_assigned(p, op_operand(op, 0));
    if (variable->is_declared)
        print_line(p, "%s = ad_alloc_array(%s, %s);", variable->name, elem, count);
    else
        print_line(p, "%s = ad_alloc_array(%s, %s);",
                   print_typed(p->arena, variable->type, false, declare_name(p, variable)), elem,
                   count);
}

void print_malloc(Printer *p, const Op *op)
{
    Variable *variable = p->placement->variables[op->results[0]->id];
    variable->hint = op->name ? op->name : variable->hint;
    const Type *elem = variable->type->elem;
    const Value *count = op_operand(op, 0);
    const char *call;
    *p->includes |= op->int_value == 2 ? INCLUDE_RUNTIME : INCLUDE_STDLIB;
    if (op->int_value == 2)
        call = arena_format(p->arena, "ad_calloc(%s, sizeof(%s))", print_assigned(p, count), type_name(p, elem));
    else if (op->num_operands > 1)
        call = arena_format(p->arena, "aligned_alloc(%s, %s)", print_assigned(p, op_operand(op, 1)),
                            size_text(p, elem, count));
    else if (op->int_value == 1)
        call = arena_format(p->arena, "calloc(%s, sizeof(%s))", print_assigned(p, count), type_name(p, elem));
    else
        call = arena_format(p->arena, "malloc(%s)", size_text(p, elem, count));
    print_line(p, "%s = %s;", print_target(p, variable), call);
}
