/* Types of dependency sweeps.
 *
 *     struct Body { double at[3]; int kind; };     becomes     struct Body_set { long at[3]; int kind; };
 *
 * Such a struct has the members of the original, by number; one is made for each original. */
#include "diff/set_types.h"

#include <string.h>

const Type *set_type(const Module *module)
{
    return type_scalar(module->types, TYPE_LONG);
}

/* ---- structs ---- */

static const Type *find_made(const Module *module, const Type *original)
{
    for (size_t i = 0; i < module->types->all.count; i++) {
        const Type *type = module->types->all.items[i];
        if (type->kind == TYPE_RECORD && type->record->sets_of == original)
            return type;
    }
    return NULL;
}

static bool tag_is_taken(const Module *module, const char *tag)
{
    for (size_t i = 0; i < module->types->all.count; i++) {
        const Type *type = module->types->all.items[i];
        if (type->kind == TYPE_RECORD && strcmp(type->record->tag, tag) == 0)
            return true;
    }
    return false;
}

static const char *tag_for(const Module *module, const char *tag)
{
    const size_t length = strlen("struct ");
    tag = strncmp(tag, "struct ", length) == 0 ? tag + length : tag;
    tag = intern_format(module->strings, "struct %s_set", tag);
    while (tag_is_taken(module, tag))
        tag = intern_format(module->strings, "%s_", tag);
    return tag;
}

static const Decl *decl_of(Arena *arena, const Type *type, const int64_t *extents, unsigned rank)
{
    Decl *decl = arena_new(arena, Decl);
    if (rank)
        *decl = (Decl){.kind = DECL_ARRAY,
                       .extent = arena_format(arena, "%lld", (long long)extents[0]),
                       .inner = decl_of(arena, type, extents + 1, rank - 1)};
    else if (type_is_pointer(type))
        *decl = (Decl){.kind = DECL_POINTER, .inner = decl_of(arena, type->elem, NULL, 0)};
    else
        *decl = (Decl){.kind = DECL_BASE, .base = type_c_name(type), .type = type};
    return decl;
}

static const Type *make_record(Module *module, const Type *original)
{
    const Record *from = original->record;
    Record *to = arena_new(module->arena, Record);
    Field *fields = arena_new_array(module->arena, Field, from->num_fields);
    *to = *from;
    to->tag = tag_for(module, from->tag);
    to->sets_of = original;
    to->header = NULL;
    to->size = 0;
    to->fields = fields;
    const Type *type = type_record(module->types, to); /* its own members may lead to it */
    for (unsigned i = 0; i < from->num_fields; i++) {
        fields[i] = from->fields[i];
        fields[i].type = set_type_of(module, from->fields[i].type);
        if (fields[i].type != from->fields[i].type)
            fields[i].decl = decl_of(module->arena, fields[i].type, fields[i].extents, fields[i].rank);
    }
    return type;
}

const Type *set_type_of(Module *module, const Type *type)
{
    if (type_is_floating(type))
        return set_type(module);
    if (!type_carries_derivative(type) || (type->kind == TYPE_RECORD && type->record->is_union))
        return type;
    if (type_is_pointer(type))
        return type_pointer(module->types, set_type_of(module, type->elem));
    const Type *made = find_made(module, type);
    return made ? made : make_record(module, type);
}
