/* Variables: declared at their first assignment, where the name that they would like is still to be had; and several
 * assignments that happen at once, put in an order in which none overwrites what another one reads. */
#include <string.h>

#include "backend/statements.h"

const char *type_name(Printer *p, const Type *type)
{
    return print_type(p->arena, type, false);
}

const char *fallback_hint(const Type *type)
{
    return type_is_pointer(type) ? "p" : type_is_floating(type) ? "t" : "k";
}

const char *declare_name(Printer *p, Variable *variable)
{
    const char *hint = variable->hint ? variable->hint : fallback_hint(variable->type);
    variable->name = names_declare(&p->names, hint);
    variable->is_declared = true;
    return variable->name;
}

const char *print_declaration(Printer *p, Variable *variable)
{
    const char *name = declare_name(p, variable);
    const Type *type = variable->type;
    if (type_is_pointer(type))
        return print_typed(p->arena, type, variable->is_const_pointer,
                           arena_format(p->arena, "%s%s", variable->is_mutable ? "" : "const ", name));
    return arena_format(p->arena, "%s%s %s", variable->is_mutable ? "" : "const ", type_name(p, type), name);
}

const char *print_target(Printer *p, Variable *variable)
{
    return variable->is_declared ? variable->name : print_declaration(p, variable);
}

bool is_undefined(const Printer *p, const Value *value)
{
    return p->placement->folded[value->id] && value->op->kind == OP_UNDEF;
}

bool is_in_place(const Printer *p, const Variable *variable, const Value *value)
{
    return !p->placement->folded[value->id] && p->placement->variables[value->id] == variable;
}

/* `x = x + e` is `x += e`, where x + e is a folded op that is used here only. */
static const char *compound(Printer *p, const char *target, const Value *value)
{
    if (!p->placement->folded[value->id] || value->op->num_operands != 2 ||
        op_table[value->op->kind].style != STYLE_INFIX)
        return NULL;
    const OpKind kind = value->op->kind;
    const bool fits = (kind >= OP_ADD && kind <= OP_REM) || (kind >= OP_AND && kind <= OP_SHR);
    if (!fits || kind == OP_NOT)
        return NULL;
    const Value *left = op_operand(value->op, 0), *right = op_operand(value->op, 1);
    if (strcmp(print_value(p, left, PREC_COMMA), target) != 0)
        return NULL;
    const char *operand = print_assigned(p, right);
    if (value_is_int(right, 1) && (kind == OP_ADD || kind == OP_SUB))
        return arena_format(p->arena, "%s%s", target, kind == OP_ADD ? "++" : "--");
    return arena_format(p->arena, "%s %s= %s", target, op_table[kind].spelling, operand);
}

void assign_text(Printer *p, const char *target, const Value *value)
{
    const char *text = compound(p, target, value);
    if (!text)
        text = arena_format(p->arena, "%s = %s", target, print_assigned(p, value));
    print_line(p, "%s;", text);
}

const char *zero_text(const Type *type)
{
    return type->kind == TYPE_RECORD ? "{0}" : "0";
}

void assign_variable(Printer *p, Variable *variable, const Value *value)
{
    if (variable->is_declared && is_in_place(p, variable, value))
        return;
    if (variable->is_declared) {
        if (!is_undefined(p, value))
            assign_text(p, variable->name, value);
        return;
    }
    if (is_undefined(p, value)) {
        print_line(p, "%s = %s;", print_declaration(p, variable), zero_text(value->type));
        return;
    }
    const char *text = print_assigned(p, value);
    print_line(p, "%s = %s;", print_declaration(p, variable), text);
}

/* An op's own result: the right side is the op itself, though it is not folded. */
void print_definition(Printer *p, const Op *op)
{
    const Value *result = op->results[0];
    Variable *variable = p->placement->variables[result->id];
    p->placement->folded[result->id] = true;
    if (variable->is_declared) {
        assign_text(p, variable->name, result);
    } else {
        const char *text = print_assigned(p, result);
        print_line(p, "%s = %s;", print_declaration(p, variable), text);
    }
    p->placement->folded[result->id] = false;
}

/* ---- several at once ---- */

typedef struct Assignment {
    Variable *variable;
    const Value *value;
    const char *saved; /* a temporary that holds the value already */
    bool done;
} Assignment;

static bool reads(const Printer *p, const Assignment *a, const Variable *variable)
{
    return !a->saved && expression_reads(p->placement, a->value, variable);
}

static bool is_read_by_others(const Printer *p, const Assignment *list, unsigned n, unsigned self)
{
    for (unsigned i = 0; i < n; i++)
        if (i != self && !list[i].done && reads(p, &list[i], list[self].variable))
            return true;
    return false;
}

static void perform(Printer *p, Assignment *a)
{
    a->done = true;
    if (a->saved)
        print_line(p, "%s = %s;", a->variable->name, a->saved);
    else
        assign_variable(p, a->variable, a->value);
}

/* A cycle: one of the values is put aside. */
static void save(Printer *p, Assignment *a)
{
    const char *name = names_declare(&p->names, a->variable->hint ? arena_format(p->arena, "%s_next", a->variable->name)
                                                                  : "next");
    const Type *type = a->variable->type;
    const bool points = type_is_pointer(type);
    print_line(p, "%s = %s;",
               print_typed(p->arena, type, !points || a->variable->is_const_pointer,
                           arena_format(p->arena, "%s%s", points ? "const " : "", name)),
               print_assigned(p, a->value));
    a->saved = name;
}

static void assign_all(Printer *p, Assignment *list, unsigned n)
{
    for (unsigned left = n; left > 0;) {
        bool progress = false;
        for (unsigned i = 0; i < n; i++) {
            if (list[i].done || is_read_by_others(p, list, n, i))
                continue;
            perform(p, &list[i]);
            left--;
            progress = true;
        }
        for (unsigned i = 0; i < n && !progress && left; i++)
            if (!list[i].done && !list[i].saved) {
                save(p, &list[i]);
                progress = true;
            }
    }
}

void assign_values(Printer *p, Variable *const *variables, Value *const *values, unsigned n)
{
    Assignment *list = arena_new_array(p->arena, Assignment, n);
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        if (!(variables[i]->is_declared && is_in_place(p, variables[i], values[i])))
            list[count++] = (Assignment){.variable = variables[i], .value = values[i]};
    assign_all(p, list, count);
}
