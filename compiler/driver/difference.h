/* The difference of two texts, as a unified diff. */
#ifndef ADGEN_DRIVER_DIFFERENCE_H
#define ADGEN_DRIVER_DIFFERENCE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"

/* Prints what turns `old` into `new`, with three lines of context; `old` may be NULL (no such file).
 * Returns false, and prints nothing, if they are equal. */
bool difference_print(Arena *arena, const char *path, const char *old, size_t old_length,
                      const char *new, size_t new_length, FILE *out);

#endif
