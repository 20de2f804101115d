/* The text form of the IR: printing. docs/ir.md has the grammar.
 *
 * One op a line: `%r: type, ... = name attributes operands {regions} !flags`. A value is written
 * `%name.id`, or `%id` where it has no name. */
#include "ir/text.h"

#include <stdlib.h>

typedef struct Printer {
    Arena *arena;
    Text *out;
    unsigned depth;
} Printer;

static void put(Printer *p, const char *text)
{
    text_puts(p->arena, p->out, text);
}

static void put_value(Printer *p, const Value *value)
{
    if (!value)
        put(p, "%?");
    else if (value->name)
        text_printf(p->arena, p->out, "%%%s.%u", value->name, value->id);
    else
        text_printf(p->arena, p->out, "%%%u", value->id);
}

static void put_typed(Printer *p, const Value *value)
{
    put_value(p, value);
    put(p, ": ");
    put(p, value->type ? type_text(p->arena, value->type) : "?");
}

/* The shortest decimal that reads back as the same number. */
static void put_float(Printer *p, long double number)
{
    for (int digits = 1; digits <= 21; digits++) {
        const char *text = arena_format(p->arena, "%.*Lg", digits, number);
        if (digits == 21 || strtold(text, NULL) == number || number != number) {
            put(p, text);
            return;
        }
    }
}

static void put_attributes(Printer *p, const Op *op)
{
    switch (op->kind) {
    case OP_CONST:
        put(p, " ");
        if (type_is_floating(op->results[0]->type))
            put_float(p, op->float_value);
        else
            text_printf(p->arena, p->out, "%lld", (long long)op->int_value);
        break;
    case OP_STRING:
        text_printf(p->arena, p->out, " %s", op->text);
        break;
    case OP_GLOBAL:
        text_printf(p->arena, p->out, " @%s", op->global->name);
        break;
    case OP_FUNCTION:
    case OP_CALL:
        text_printf(p->arena, p->out, " @%s", op->callee ? op->callee->name : "?");
        break;
    case OP_FIELD:
    case OP_EXTRACT:
    case OP_INSERT:
        text_printf(p->arena, p->out, " #%lld", (long long)op->int_value);
        break;
    case OP_FOR:
        text_printf(p->arena, p->out, ".%s", op_table[op->compare].text);
        break;
    default:
        break;
    }
}

static void put_flags(Printer *p, const Op *op)
{
    static const struct {
        unsigned flag;
        const char *text;
    } names[] = {{OP_FLAG_REVERSED, " !reversed"},
                 {OP_FLAG_ADJOINT, " !adjoint"},
                 {OP_FLAG_RELAXED, " !relaxed"},
                 {OP_FLAG_INACTIVE, " !inactive"},
                 {OP_FLAG_OVERLAP, " !overlap"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (op->flags & names[i].flag)
            put(p, names[i].text);
}

static void indent(Printer *p)
{
    for (unsigned i = 0; i < p->depth; i++)
        put(p, "  ");
}

static void put_region(Printer *p, const Region *region);

static void put_op(Printer *p, const Op *op)
{
    indent(p);
    for (unsigned i = 0; i < op->num_results; i++) {
        put(p, i ? ", " : "");
        put_typed(p, op->results[i]);
    }
    if (op->num_results)
        put(p, " = ");
    put(p, op_table[op->kind].text);
    put_attributes(p, op);
    for (unsigned i = 0; i < op->num_operands; i++) {
        put(p, i ? ", " : " ");
        put_value(p, op_operand(op, i));
    }
    put_flags(p, op);
    for (unsigned r = 0; r < op->num_regions; r++)
        put_region(p, op->regions[r]);
    put(p, "\n");
}

static void put_region(Printer *p, const Region *region)
{
    put(p, " {");
    for (size_t i = 0; i < region->args.count; i++) {
        put(p, i ? ", " : " (");
        put_typed(p, region->args.items[i]);
    }
    put(p, region->args.count ? ")\n" : "\n");
    p->depth++;
    for (const Op *op = region->first; op; op = op->next)
        put_op(p, op);
    p->depth--;
    indent(p);
    put(p, "}");
}

static void put_param(Printer *p, const Function *function, unsigned i)
{
    const Param *param = &function->params[i];
    put_typed(p, function->body->args.items[i]);
    if (param->rank)
        text_printf(p->arena, p->out, " rank %u", param->rank);
    if (param->is_restrict)
        put(p, " restrict");
    if (param->points_to_const)
        put(p, " const");
    if (param->is_inactive)
        put(p, " inactive");
}

void ir_print_function(Arena *arena, Text *out, const Function *function)
{
    Printer p = {.arena = arena, .out = out};
    if (!function->body) {
        text_printf(arena, out, "declare @%s -> %s\n", function->name,
                    type_text(arena, function->result));
        return;
    }
    text_printf(arena, out, "func @%s(", function->name);
    for (unsigned i = 0; i < function->num_params; i++) {
        put(&p, i ? ", " : "");
        put_param(&p, function, i);
    }
    text_printf(arena, out, ") -> %s {\n", type_text(arena, function->result));
    p.depth = 1;
    for (const Op *op = function->body->first; op; op = op->next)
        put_op(&p, op);
    put(&p, "}\n");
}

static void put_global(Printer *p, const Global *global)
{
    text_printf(p->arena, p->out, "global @%s: %s", global->name,
                type_text(p->arena, global->type));
    for (unsigned i = 0; i < global->rank; i++)
        text_printf(p->arena, p->out, "[%lld]", (long long)global->extents[i]);
    put(p, global->is_const ? " const\n" : "\n");
}

void ir_print_module(Arena *arena, Text *out, const Module *module)
{
    Printer p = {.arena = arena, .out = out};
    for (size_t i = 0; i < module->globals.count; i++)
        put_global(&p, module->globals.items[i]);
    for (size_t i = 0; i < module->functions.count; i++)
        ir_print_function(arena, out, module->functions.items[i]);
}
