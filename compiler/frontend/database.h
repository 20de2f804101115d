/* Compilation databases: the flags with which each file is compiled, as build systems write them down. */
#ifndef ADGEN_FRONTEND_DATABASE_H
#define ADGEN_FRONTEND_DATABASE_H

#include <stdbool.h>

#include "base/arena.h"

typedef struct FlagList {
    VEC(const char *) items;
} FlagList;

/* Appends the flags of `path` in `folder`/compile_commands.json that matter to a parser; folders named in them are made
 * absolute. False: there is no such database. */
bool database_flags(Arena *arena, const char *folder, const char *path, FlagList *flags);

#endif
