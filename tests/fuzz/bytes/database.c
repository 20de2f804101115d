/* Any bytes as compile_commands.json: flags, or no database. What stands in the way of that is libclang's. */
#define _XOPEN_SOURCE 700
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frontend/database.h"

static char folder[] = "/tmp/adgen-fuzz-XXXXXX", file[sizeof folder + 32];

static void clean_up(void)
{
    remove(file);
    rmdir(folder);
}

static void write_database(const uint8_t *bytes, size_t size)
{
    if (!file[0]) {
        if (!mkdtemp(folder))
            abort();
        snprintf(file, sizeof file, "%s/compile_commands.json", folder);
        atexit(clean_up);
    }
    FILE *out = fopen(file, "wb");
    if (!out || fwrite(bytes, 1, size, out) != size || fclose(out) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Arena arena = {0};
    FlagList flags = {0};
    write_database(bytes, size);
    const bool found = database_flags(&arena, folder, "/src/a.c", &flags);
    for (size_t i = 0; i < flags.items.count; i++)
        if (!flags.items.items[i] || !found)
            abort();
    arena_release(&arena);
    return 0;
}
