/* The dependency file, as a compiler writes it for make and ninja. */
#ifndef ADGEN_DRIVER_DEPFILE_H
#define ADGEN_DRIVER_DEPFILE_H

#include "frontend/frontend.h"

/* "TARGET: FILE FILE ...", each file once. The target is text for make as it stands; depfile_quote makes
 * one from a path. */
void depfile_print(Arena *arena, const char *target, const Dependencies *dependencies, Text *out);
const char *depfile_quote(Arena *arena, const char *path);

#endif
