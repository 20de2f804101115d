/* Source texts and the lines in them. */
#include "base/source.h"

#include <string.h>

unsigned source_add(Arena *arena, Sources *sources, const char *path, const char *text,
                    size_t length)
{
    for (size_t i = 0; i < sources->files.count; i++)
        if (strcmp(sources->files.items[i].path, path) == 0)
            return (unsigned)i + 1;
    const SourceFile file = {.path = arena_strdup(arena, path), .text = text, .length = length};
    vec_push(arena, &sources->files, file);
    return (unsigned)sources->files.count;
}

const char *source_path(const Sources *sources, SourceLoc loc)
{
    return loc.file ? sources->files.items[loc.file - 1].path : "<unknown>";
}

const char *source_line(const Sources *sources, SourceLoc loc, size_t *length)
{
    if (!loc.file || !sources->files.items[loc.file - 1].text)
        return NULL;
    const SourceFile *file = &sources->files.items[loc.file - 1];
    const char *at = file->text, *end = file->text + file->length;
    for (unsigned line = 1; line < loc.line; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            return NULL;
        at = newline + 1;
    }
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const char *stop = newline ? newline : end;
    if (stop > at && stop[-1] == '\r')
        stop--;
    *length = (size_t)(stop - at);
    return at;
}
