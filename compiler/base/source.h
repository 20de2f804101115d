/* Source locations, and the texts they point into. */
#ifndef ADGEN_BASE_SOURCE_H
#define ADGEN_BASE_SOURCE_H

#include "base/arena.h"

/* A place in a source text; `file` is a 1-based index into Sources, 0 means "nowhere". */
typedef struct SourceLoc {
    unsigned file, line, column;
} SourceLoc;

typedef struct SourceFile {
    const char *path; /* as the user spelled it */
    const char *text; /* NULL where the text is not at hand */
    size_t length;
} SourceFile;

typedef struct Sources {
    VEC(SourceFile) files;
} Sources;

/* Registers a text and returns its file index (the index it already has, if the path is known). */
unsigned source_add(Arena *arena, Sources *sources, const char *path, const char *text,
                    size_t length);

const char *source_path(const Sources *sources, SourceLoc loc);

/* The line that `loc` points into, without its newline; NULL if the text is not at hand. */
const char *source_line(const Sources *sources, SourceLoc loc, size_t *length);

#endif
