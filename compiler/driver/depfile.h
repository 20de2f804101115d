/* The dependency file, as a compiler writes it for make and ninja. */
#ifndef ADGEN_DRIVER_DEPFILE_H
#define ADGEN_DRIVER_DEPFILE_H

#include "frontend/frontend.h"

/* "TARGET: FILE FILE ...", each file once. */
void depfile_print(Arena *arena, const char *target, const Dependencies *dependencies, Text *out);

#endif
