/* Structs and unions: which ones the printed functions need, and their definitions.
 *
 * One that a header defines comes with that header. One that the original file defines is defined again,
 * member by member, since the generated file cannot include the original. */
#include <string.h>

#include "backend/printer.h"

typedef struct Needs {
    Arena *arena;
    RecordList *list;
} Needs;

static void need_type(Needs *needs, const Type *type);

/* Members by value first. */
static void need_record(Needs *needs, const Record *record)
{
    for (size_t i = 0; i < needs->list->count; i++)
        if (needs->list->items[i] == record)
            return;
    for (unsigned i = 0; i < record->num_fields && !record->header; i++)
        if (record->fields[i].type->kind == TYPE_RECORD)
            need_record(needs, record->fields[i].type->record);
    vec_push(needs->arena, needs->list, record);
    for (unsigned i = 0; i < record->num_fields && !record->header; i++)
        need_type(needs, record->fields[i].type);
}

static void need_type(Needs *needs, const Type *type)
{
    while (type_is_pointer(type))
        type = type->elem;
    if (type->kind == TYPE_RECORD)
        need_record(needs, type->record);
}

static void need_op(Op *op, void *context)
{
    for (unsigned i = 0; i < op->num_results; i++)
        need_type(context, op->results[i]->type);
    if (op->kind == OP_GLOBAL)
        need_type(context, op->global->type);
}

void records_of_function(Arena *arena, const Function *function, RecordList *list)
{
    Needs needs = {arena, list};
    need_type(&needs, function->result);
    for (size_t i = 0; i < function->body->args.count; i++)
        need_type(&needs, function->body->args.items[i]->type);
    region_walk(function->body, need_op, &needs);
}

static void name_record(Arena *arena, const Type *type, RecordList *list)
{
    while (type_is_pointer(type))
        type = type->elem;
    if (type->kind != TYPE_RECORD)
        return;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == type->record)
            return;
    vec_push(arena, list, type->record);
}

void records_of_prototype(Arena *arena, const Function *function, RecordList *list)
{
    name_record(arena, function->result, list);
    for (size_t i = 0; i < function->body->args.count; i++)
        name_record(arena, function->body->args.items[i]->type, list);
}

static bool has_tag(const Record *record)
{
    return strncmp(record->tag, "struct ", 7) == 0 || strncmp(record->tag, "union ", 6) == 0;
}

static void print_members(Arena *arena, Text *out, const Record *record, unsigned indent)
{
    for (unsigned i = 0; i < record->num_fields; i++) {
        const Field *field = &record->fields[i];
        if (!field->name && field->type->kind == TYPE_RECORD) {
            text_printf(arena, out, "%*s%s {\n", (int)indent, "",
                        field->type->record->is_union ? "union" : "struct");
            print_members(arena, out, field->type->record, indent + 4);
            text_printf(arena, out, "%*s};\n", (int)indent, "");
            continue;
        }
        const char *name = field->name ? field->name : "";
        text_printf(arena, out, "%*s%s", (int)indent, "",
                    print_declarator(arena, field->decl, name, false));
        if (field->is_bitfield)
            text_printf(arena, out, " : %u", field->bits);
        text_puts(arena, out, ";\n");
    }
}

/* Is the record only there as an unnamed member of another one? */
static bool is_part_of_another(const RecordList *list, const Record *record)
{
    for (size_t i = 0; i < list->count; i++)
        for (unsigned k = 0; k < list->items[i]->num_fields; k++) {
            const Field *field = &list->items[i]->fields[k];
            if (!field->name && field->type->kind == TYPE_RECORD && field->type->record == record)
                return true;
        }
    return false;
}

void print_record_definitions(Arena *arena, Text *out, const RecordList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const Record *record = list->items[i];
        if (record->header || !record->is_complete || is_part_of_another(list, record))
            continue;
        if (has_tag(record))
            text_printf(arena, out, "%s {\n", record->tag);
        else
            text_printf(arena, out, "typedef %s {\n", record->is_union ? "union" : "struct");
        print_members(arena, out, record, 4);
        text_printf(arena, out, has_tag(record) ? "};\n\n" : "} %s;\n\n", record->tag);
    }
}
