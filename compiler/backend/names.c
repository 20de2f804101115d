/* Names of the generated code: the user's where there are any, made unique within their scopes. */
#include <string.h>

#include "backend/printer.h"

struct NameEntry {
    const char *name;
    NameEntry *base;  /* of x7: the entry of x; NULL: not numbered */
    unsigned number;  /* 7 */
    unsigned next;    /* of x: the numbers from 2 up to this one are taken */
    UT_hash_handle hh;
};

/* C11's keywords, and names that generated code must not hide. */
static const char *const reserved[] = {
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum",
    "extern", "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return",
    "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void",
    "volatile", "while", "bool", "true", "false", "memset", "memcpy", "memmove", "NULL", "INFINITY",
    "NAN", "asm", "complex", "I"};

static NameEntry *find(const Names *names, const char *name)
{
    NameEntry *entry = NULL;
    HASH_FIND_STR(names->taken, name, entry);
    return entry;
}

static NameEntry *take(Names *names, const char *name)
{
    NameEntry *entry = arena_new(names->arena, NameEntry);
    entry->name = name;
    entry->next = 2;
    HASH_ADD_KEYPTR(hh, names->taken, entry->name, strlen(entry->name), entry);
    return entry;
}

void names_init(Names *names, Arena *arena, Strings *strings)
{
    *names = (Names){.arena = arena, .strings = strings};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        take(names, reserved[i]);
    for (unsigned kind = 0; kind < OP_COUNT; kind++)
        if (op_table[kind].style == STYLE_CALL)
            take(names, op_table[kind].spelling);
}

void names_reserve(Names *names, const char *name)
{
    if (!find(names, name))
        take(names, name);
}

void names_release(Names *names)
{
    HASH_CLEAR(hh, names->taken);
}

/* The entry of the hint with the first number that is free. */
static NameEntry *take_numbered(Names *names, NameEntry *base)
{
    const size_t length = strlen(base->name);
    const bool digit = length && base->name[length - 1] >= '0' && base->name[length - 1] <= '9';
    const char *name;
    do
        name = intern_format(names->strings, digit ? "%s_%u" : "%s%u", base->name, base->next++);
    while (find(names, name));
    NameEntry *entry = take(names, name);
    entry->base = base;
    entry->number = base->next - 1;
    return entry;
}

const char *names_declare(Names *names, const char *hint)
{
    NameEntry *base = find(names, hint);
    const NameEntry *entry = base ? take_numbered(names, base) : take(names, hint);
    vec_push(names->arena, &names->scope, entry->name);
    return entry->name;
}

size_t names_open_scope(const Names *names)
{
    return names->scope.count;
}

void names_close_scope(Names *names, size_t mark)
{
    while (names->scope.count > mark) {
        NameEntry *entry = find(names, vec_pop(&names->scope));
        if (entry->base && entry->number < entry->base->next)
            entry->base->next = entry->number;
        HASH_DEL(names->taken, entry);
    }
}
