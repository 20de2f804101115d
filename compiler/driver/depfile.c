/* The dependency file: one rule, the names escaped for make. */
#include "driver/depfile.h"

#include <string.h>

/* A space, '#' or '\t' takes a backslash, and so do backslashes in front of it; '$' is doubled. */
static void put_name(Arena *arena, Text *out, const char *name)
{
    for (const char *at = name; *at; at++) {
        const size_t slashes = strspn(at, "\\");
        if (slashes && at[slashes] && strchr(" \t#", at[slashes]))
            text_put(arena, out, at, slashes); /* once more: doubled in all */
        if (slashes) {
            text_put(arena, out, at, slashes);
            at += slashes - 1;
            continue;
        }
        if (strchr(" \t#", *at))
            text_puts(arena, out, "\\");
        if (*at == '$')
            text_puts(arena, out, "$");
        text_put(arena, out, at, 1);
    }
}

const char *depfile_quote(Arena *arena, const char *path)
{
    Text text = {0};
    put_name(arena, &text, path);
    return text.items;
}

static bool named_before(const Dependencies *dependencies, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(dependencies->files.items[i], dependencies->files.items[index]) == 0)
            return true;
    return false;
}

void depfile_print(Arena *arena, const char *target, const Dependencies *dependencies, Text *out)
{
    text_printf(arena, out, "%s:", target);
    for (size_t i = 0; i < dependencies->files.count; i++) {
        if (named_before(dependencies, i))
            continue;
        text_puts(arena, out, " \\\n  ");
        put_name(arena, out, dependencies->files.items[i]);
    }
    text_puts(arena, out, "\n");
}
