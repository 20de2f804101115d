/* Types: interned by what they are made of, so that equality is pointer equality. */
#include "ir/types.h"

#include <string.h>
#include <uthash.h>

typedef struct ScalarInfo {
    const char *text, *c_name, *suffix;
} ScalarInfo;

static const ScalarInfo scalar_table[] = {
#define TYPE(kind, text, c_name, suffix) [TYPE_##kind] = {text, c_name, suffix},
#include "ir/types.def"
#undef TYPE
};

/* What a derived type is made of, written as text: the key of the table. */
struct TypeEntry {
    const char *key;
    const Type *type;
    UT_hash_handle hh;
};

static Type *type_new(Types *types, TypeKind kind)
{
    Type *type = arena_new(types->arena, Type);
    type->kind = kind;
    type->id = (unsigned)types->all.count;
    vec_push(types->arena, &types->all, (const Type *)type);
    return type;
}

void types_init(Types *types, Arena *arena)
{
    *types = (Types){.arena = arena,
                     .target = {.char_bits = 8,
                                .short_bits = 16,
                                .int_bits = 32,
                                .long_bits = 64,
                                .llong_bits = 64,
                                .pointer_bits = 64,
                                .char_is_signed = true}};
    for (unsigned kind = 0; kind < TYPE_PTR; kind++)
        types->scalars[kind] = type_new(types, (TypeKind)kind);
}

void types_release(Types *types)
{
    HASH_CLEAR(hh, types->derived);
}

const Type *type_scalar(const Types *types, TypeKind kind)
{
    return types->scalars[kind];
}

static const Type *find(const Types *types, const char *key)
{
    TypeEntry *entry = NULL;
    HASH_FIND_STR(types->derived, key, entry);
    return entry ? entry->type : NULL;
}

static const Type *enter(Types *types, const char *key, const Type *type)
{
    TypeEntry *entry = arena_new(types->arena, TypeEntry);
    entry->key = key;
    entry->type = type;
    HASH_ADD_KEYPTR(hh, types->derived, entry->key, strlen(key), entry);
    return type;
}

const Type *type_pointer(Types *types, const Type *elem)
{
    const char *key = arena_format(types->arena, "*%u", elem->id);
    const Type *known = find(types, key);
    if (known)
        return known;
    Type *type = type_new(types, TYPE_PTR);
    type->elem = elem;
    return enter(types, key, type);
}

const Type *type_record(Types *types, const Record *record)
{
    const char *key = arena_format(types->arena, "r%p", (const void *)record);
    const Type *known = find(types, key);
    if (known)
        return known;
    Type *type = type_new(types, TYPE_RECORD);
    type->record = record;
    return enter(types, key, type);
}

const Type *type_function(Types *types, const Type *result, const Type **params, unsigned n)
{
    Text text = {0};
    text_printf(types->arena, &text, "f%u", result->id);
    for (unsigned i = 0; i < n; i++)
        text_printf(types->arena, &text, ",%u", params[i]->id);
    const Type *known = find(types, text.items);
    if (known)
        return known;
    Type *type = type_new(types, TYPE_FUNC);
    type->elem = result;
    type->num_params = n;
    type->params = arena_new_array(types->arena, const Type *, n);
    for (unsigned i = 0; i < n; i++)
        type->params[i] = params[i];
    return enter(types, text.items, type);
}

bool type_is_integer(const Type *type)
{
    return type->kind >= TYPE_BOOL && type->kind <= TYPE_ULLONG;
}

bool type_is_signed(const Types *types, const Type *type)
{
    switch (type->kind) {
    case TYPE_CHAR:
        return types->target.char_is_signed;
    case TYPE_SCHAR:
    case TYPE_SHORT:
    case TYPE_INT:
    case TYPE_LONG:
    case TYPE_LLONG:
        return true;
    default:
        return false;
    }
}

bool type_is_floating(const Type *type)
{
    return type->kind >= TYPE_F32 && type->kind <= TYPE_F80;
}

bool type_is_arithmetic(const Type *type)
{
    return type_is_integer(type) || type_is_floating(type);
}

bool type_is_pointer(const Type *type)
{
    return type->kind == TYPE_PTR;
}

bool type_is_scalar(const Type *type)
{
    return type_is_arithmetic(type) || type_is_pointer(type);
}

unsigned type_bits(const Types *types, const Type *type)
{
    const Target *target = &types->target;
    switch (type->kind) {
    case TYPE_BOOL:
        return 1;
    case TYPE_CHAR:
    case TYPE_SCHAR:
    case TYPE_UCHAR:
        return target->char_bits;
    case TYPE_SHORT:
    case TYPE_USHORT:
        return target->short_bits;
    case TYPE_INT:
    case TYPE_UINT:
        return target->int_bits;
    case TYPE_LONG:
    case TYPE_ULONG:
        return target->long_bits;
    case TYPE_LLONG:
    case TYPE_ULLONG:
        return target->llong_bits;
    default:
        return target->pointer_bits;
    }
}

/* The records looked into so far: each is looked into once, whatever points to it. */
enum { SEEN_LIMIT = 64 };
typedef struct Seen {
    const Record *records[SEEN_LIMIT];
    unsigned count;
} Seen;

static bool seen_before(const Seen *seen, const Record *record)
{
    for (unsigned i = 0; i < seen->count; i++)
        if (seen->records[i] == record)
            return true;
    return false;
}

static bool carries(const Type *type, Seen *seen)
{
    while (type->kind == TYPE_PTR)
        type = type->elem;
    if (type->kind != TYPE_RECORD || seen_before(seen, type->record))
        return type_is_floating(type);
    if (seen->count == SEEN_LIMIT)
        return true; /* may well be */
    seen->records[seen->count++] = type->record;
    for (unsigned i = 0; i < type->record->num_fields; i++)
        if (carries(type->record->fields[i].type, seen))
            return true;
    return false;
}

bool type_carries_derivative(const Type *type)
{
    return carries(type, &(Seen){0});
}

bool type_is_differentiable(const Type *type)
{
    return type_is_floating(type) || (type->kind == TYPE_RECORD && type_carries_derivative(type));
}

const char *type_c_name(const Type *type)
{
    if (type->kind == TYPE_RECORD)
        return type->record->tag;
    return scalar_table[type->kind].c_name;
}

const char *type_math_suffix(const Type *type)
{
    return scalar_table[type->kind].suffix;
}

static const char *function_text(Arena *arena, const Type *type)
{
    Text text = {0};
    text_printf(arena, &text, "func<%s(", type_text(arena, type->elem));
    for (unsigned i = 0; i < type->num_params; i++)
        text_printf(arena, &text, "%s%s", i ? ", " : "", type_text(arena, type->params[i]));
    text_puts(arena, &text, ")>");
    return text.items;
}

const char *type_text(Arena *arena, const Type *type)
{
    switch (type->kind) {
    case TYPE_PTR:
        return arena_format(arena, "ptr<%s>", type_text(arena, type->elem));
    case TYPE_RECORD:
        return arena_format(arena, "record<%s>", type->record->tag);
    case TYPE_FUNC:
        return function_text(arena, type);
    default:
        return scalar_table[type->kind].text;
    }
}
