/* Calls, of functions and of those of the C library that give two results. */
#include "backend/statements.h"
#include "rules/calls.h"

/* A pointer to whole rows: the IR knows pointers to elements only, and void * converts to both. */
static const char *row_pointer_cast(const Param *param)
{
    const bool rows = param->decl && param->decl->inner && param->decl->inner->kind == DECL_ARRAY;
    return rows ? "(void *)" : ""; /* C's arrays of const elements are no const arrays */
}

/* A constant flag of a function of linear algebra has a name; NULL: it is none. */
static const char *flag_name(const Op *op, unsigned i)
{
    const Value *arg = op_operand(op, i);
    if (!call_is_ruled(op) || !value_is_const(arg) || !type_is_integer(arg->type))
        return NULL;
    const CallRule *rule = op->callee->rule;
    return flag_spelling(rule_argument_kind(rule, i), arg->op->int_value, rule->family);
}

void print_call(Printer *p, const Op *op)
{
    Text text = {0};
    const unsigned first = op->callee ? 0 : 1;
    if (op->callee)
        note_called(p, op->callee);
    text_printf(p->arena, &text, "%s(",
                op->callee ? op->callee->name : print_value(p, op_operand(op, 0), PREC_POSTFIX));
    for (unsigned i = first; i < op->num_operands; i++) {
        const Value *arg = op_operand(op, i);
        const bool fixed = !op->callee || i < op->callee->num_params;
        const char *cast = fixed && op->callee ? row_pointer_cast(&op->callee->params[i]) : "";
        const char *flag = flag_name(op, i);
        if (flag) {
            text_printf(p->arena, &text, "%s%s", i > first ? ", " : "", flag);
            continue;
        }
        text_printf(p->arena, &text, "%s%s%s", i > first ? ", " : "", cast,
                    *cast   ? print_value(p, arg, PREC_UNARY)
                    : fixed ? print_assigned(p, arg)
                            : print_value(p, arg, PREC_ASSIGN));
    }
    text_puts(p->arena, &text, ")");
    if (op->num_results == 0 || !op->results[0]->uses) {
        print_line(p, "%s;", text.items);
        return;
    }
    print_line(p, "%s = %s;", print_target(p, p->placement->variables[op->results[0]->id]), text.items);
}

void print_split(Printer *p, const Op *op)
{
    *p->includes |= INCLUDE_MATH;
    Variable *first = p->placement->variables[op->results[0]->id];
    Variable *second = p->placement->variables[op->results[1]->id];
    second->is_mutable = true;
    print_line(p, "%s;", print_declaration(p, second));
    Text args = {0};
    for (unsigned i = 0; i < op->num_operands; i++)
        text_printf(p->arena, &args, "%s, ", print_assigned(p, op_operand(op, i)));
    const char *call = arena_format(p->arena, "%s%s(%s&%s)", op_table[op->kind].spelling,
                                    type_math_suffix(op->results[0]->type), args.items, second->name);
    if (!op->results[0]->uses)
        print_line(p, "(void)%s;", call);
    else
        print_line(p, "%s = %s;", print_declaration(p, first), call);
    if (!op->results[1]->uses)
        print_line(p, "(void)%s;", second->name);
}
