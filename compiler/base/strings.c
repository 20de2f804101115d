/* Interned strings: a uthash table over texts that live in an arena. */
#include "base/strings.h"

#include <string.h>
#include <uthash.h>

struct StringEntry {
    const char *text;
    UT_hash_handle hh;
};

void strings_init(Strings *strings, Arena *arena)
{
    *strings = (Strings){.arena = arena};
}

void strings_release(Strings *strings)
{
    HASH_CLEAR(hh, strings->table);
}

const char *intern_n(Strings *strings, const char *text, size_t length)
{
    StringEntry *entry = NULL;
    HASH_FIND(hh, strings->table, text, length, entry);
    if (entry)
        return entry->text;
    entry = arena_new(strings->arena, StringEntry);
    entry->text = arena_strndup(strings->arena, text, length);
    HASH_ADD_KEYPTR(hh, strings->table, entry->text, length, entry);
    return entry->text;
}

const char *intern(Strings *strings, const char *text)
{
    return intern_n(strings, text, strlen(text));
}

const char *intern_format(Strings *strings, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = arena_vformat(strings->arena, format, args);
    va_end(args);
    return intern(strings, text);
}
