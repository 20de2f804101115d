/* The text form of the IR: printing. docs/ir.md has the grammar.
 *
 * One op a line: `%r: type, ... = name attributes operands {regions} !flags`. A value is written
 * `%name.id`, or `%id` where it has no name. */
#include "ir/text.h"

#include <stdlib.h>

#include "ir/text_internal.h"

const FlagText flag_texts[FLAG_TEXTS] = {{OP_FLAG_REVERSED, "reversed"},
                                         {OP_FLAG_ADJOINT, "adjoint"},
                                         {OP_FLAG_RELAXED, "relaxed"},
                                         {OP_FLAG_INACTIVE, "inactive"},
                                         {OP_FLAG_OVERLAP, "overlap"},
                                         {OP_FLAG_SHADOW, "shadow"},
                                         {OP_FLAG_GUARD, "guard"},
                                         {OP_FLAG_TANGENT, "tangent"}};

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

/* Reads back as the same number of the type. */
static bool reads_back(const Type *type, const char *text, long double number)
{
    if (type->kind == TYPE_F32)
        return (long double)strtof(text, NULL) == number;
    if (type->kind == TYPE_F64)
        return (long double)strtod(text, NULL) == number;
    return strtold(text, NULL) == number;
}

/* The shortest decimal that reads back as the same number. */
static void put_float(Printer *p, const Type *type, long double number)
{
    enum { DIGITS = 21 }; /* enough for every long double */
    const char *text = "";
    for (int digits = 1; digits <= DIGITS; digits++) {
        text = arena_format(p->arena, "%.*Lg", digits, number);
        if (number != number || reads_back(type, text, number))
            break;
    }
    put(p, text);
}

static void put_number(Printer *p, const Type *type, Constant constant)
{
    if (type_is_floating(type))
        put_float(p, type, constant.float_value);
    else
        text_printf(p->arena, p->out, "%lld", (long long)constant.int_value);
}

static void put_attributes(Printer *p, const Op *op)
{
    switch (op->kind) {
    case OP_CONST:
        put(p, " ");
        put_number(p, op->results[0]->type, (Constant){.int_value = op->int_value, .float_value = op->float_value});
        break;
    case OP_STRING:
        text_printf(p->arena, p->out, " %s", op->text);
        break;
    case OP_GLOBAL:
        text_printf(p->arena, p->out, " @%s", op->global->name);
        break;
    case OP_FUNCTION:
    case OP_CALL:
        if (op->callee)
            text_printf(p->arena, p->out, " @%s", op->callee->name);
        break;
    case OP_MALLOC:
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
    for (unsigned i = 0; i < FLAG_TEXTS; i++)
        if (op->flags & flag_texts[i].flag)
            text_printf(p->arena, p->out, " !%s", flag_texts[i].text);
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
    const size_t args = region->owner ? region->args.count : 0; /* the body's stand in the head */
    put(p, " {");
    for (size_t i = 0; i < args; i++) {
        put(p, i ? ", " : " (");
        put_typed(p, region->args.items[i]);
    }
    put(p, args ? ")\n" : "\n");
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

static void put_when(Printer *p, bool condition, const char *word)
{
    if (condition)
        put(p, word);
}

static void put_function_attributes(Printer *p, const Function *function)
{
    put_when(p, function->is_static, " static");
    put_when(p, function->is_inline, " inline");
    put_when(p, function->is_noreturn, " noreturn");
    put_when(p, function->is_variadic, " variadic");
    put_when(p, function->is_inactive, " inactive");
    put_when(p, !function->has_side_effects, " pure");
}

void ir_print_function(Arena *arena, Text *out, const Function *function)
{
    Printer p = {.arena = arena, .out = out};
    text_printf(arena, out, "%s @%s", function->body ? "func" : "declare", function->name);
    for (unsigned i = 0; i < function->num_params && function->body; i++) {
        put(&p, i ? ", " : "(");
        put_param(&p, function, i);
    }
    if (function->body)
        put(&p, function->num_params ? ")" : "()");
    text_printf(arena, out, " -> %s", type_text(arena, function->result));
    put_function_attributes(&p, function);
    if (function->body)
        put_region(&p, function->body);
    put(&p, "\n");
}

static void put_extents(Printer *p, const int64_t *extents, unsigned rank)
{
    for (unsigned i = 0; i < rank; i++)
        text_printf(p->arena, p->out, "[%lld]", (long long)extents[i]);
}

static void put_record(Printer *p, const Record *record)
{
    text_printf(p->arena, p->out, "record <%s>%s {", record->tag, record->is_union ? " union" : "");
    for (unsigned i = 0; i < record->num_fields; i++) {
        const Field *field = &record->fields[i];
        text_printf(p->arena, p->out, "%s%s: %s", i ? ", " : "", field->name ? field->name : "#",
                    type_text(p->arena, field->type));
        put_extents(p, field->extents, field->rank);
        put_when(p, field->is_bitfield, " bitfield");
    }
    put(p, "}\n");
}

static void put_global(Printer *p, const Global *global)
{
    text_printf(p->arena, p->out, "global @%s: %s", global->name,
                type_text(p->arena, global->type));
    put_extents(p, global->extents, global->rank);
    put_when(p, global->is_const, " const");
    put_when(p, global->is_static, " static");
    put_when(p, global->is_extern, " extern");
    put_when(p, global->is_inactive, " inactive");
    for (unsigned i = 0; i < global->num_init && global->init; i++) {
        put(p, i ? ", " : " = ");
        put_number(p, global->type, global->init[i]);
    }
    put(p, "\n");
}

void ir_print_module(Arena *arena, Text *out, const Module *module)
{
    Printer p = {.arena = arena, .out = out};
    for (size_t i = 0; i < module->types->all.count; i++) {
        const Type *type = module->types->all.items[i];
        if (type->kind == TYPE_RECORD && type->record->is_complete)
            put_record(&p, type->record);
    }
    for (size_t i = 0; i < module->globals.count; i++)
        put_global(&p, module->globals.items[i]);
    for (size_t i = 0; i < module->functions.count; i++)
        ir_print_function(arena, out, module->functions.items[i]);
}
