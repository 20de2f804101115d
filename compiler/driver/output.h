/* Writing results: whole or not at all. */
#ifndef ADGEN_DRIVER_OUTPUT_H
#define ADGEN_DRIVER_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct OutputFile {
    const char *path;
    const char *text;
    size_t length;
} OutputFile;

/* Writes all files, each under a temporary name first; where one cannot be written, none is replaced
 * and a message is printed. */
bool output_write(Arena *arena, const OutputFile *files, size_t count);

/* True if all files have these contents already; else prints unified diffs to standard output. */
bool output_check(Arena *arena, const OutputFile *files, size_t count);

/* The file's contents, or NULL (errno is set). */
const char *output_read(Arena *arena, const char *path, size_t *length);

#endif
