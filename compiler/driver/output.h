/* Output files: written whole, all or none. */
#ifndef ADGEN_DRIVER_OUTPUT_H
#define ADGEN_DRIVER_OUTPUT_H

#include "base/diag.h"

typedef struct OutputFile {
    const char *path;
    Text text;
} OutputFile;

/* Writes every file, or none: where one fails, a diagnostic, and what stood at the paths before stands
 * there still. */
bool output_write(Diagnostics *diags, const OutputFile *files, unsigned num_files);

/* The content of a file, in the arena, terminated; NULL if it cannot be read. */
char *output_read(Arena *arena, const char *path, size_t *length);

/* Do the two paths name one existing file? */
bool output_same_file(const char *a, const char *b);

#endif
