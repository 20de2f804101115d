/* Runs of the whole of adgen, in this process, in a temporary folder that is removed when the process ends. */
#ifndef ADGEN_FUZZ_WHOLE_H
#define ADGEN_FUZZ_WHOLE_H

#include "target.h"

/* Writes the bytes into the file x.c of the folder and runs `adgen -I HEADERS x.c -o out.c`, with `-f REQUEST` where one is given. Aborts
 * unless the exit status is 0 or 1 and the outputs appeared just with 0. */
void whole_run(const uint8_t *bytes, size_t size, const char *request);

#endif
