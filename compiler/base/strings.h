/* Interned strings: equal texts have one address, so names compare with ==. */
#ifndef ADGEN_BASE_STRINGS_H
#define ADGEN_BASE_STRINGS_H

#include "base/arena.h"

typedef struct StringEntry StringEntry;

typedef struct Strings {
    Arena *arena;
    StringEntry *table;
} Strings;

void strings_init(Strings *strings, Arena *arena);
void strings_release(Strings *strings);

const char *intern(Strings *strings, const char *text);
const char *intern_n(Strings *strings, const char *text, size_t length);
const char *intern_format(Strings *strings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
