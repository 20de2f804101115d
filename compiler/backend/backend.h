/* The back end: functions of the IR printed as C that reads as if written by hand. */
#ifndef ADGEN_BACKEND_BACKEND_H
#define ADGEN_BACKEND_BACKEND_H

#include "ir/ir.h"

typedef struct OutputNames {
    const char *source_name;     /* "loss_grad.c": as it will be called, without folder */
    const char *header_name;     /* "loss_grad.h": how the source includes it */
    const char *original_name;   /* "loss.c", for the comment at the top */
} OutputNames;

/* Prints the generated functions, in order, as a C file and its header. Deterministic. */
void backend_print(const Module *module, Function *const *functions, unsigned num_functions,
                   const OutputNames *names, Text *source, Text *header);

#endif
