/* The front end: C files, read through libclang, to IR functions and requests. */
#ifndef ADGEN_FRONTEND_FRONTEND_H
#define ADGEN_FRONTEND_FRONTEND_H

#include "diff/request.h"

typedef struct FrontendInput {
    const char *path;
    const char *const *flags; /* for libclang: -I, -D, ..., and what stood behind -- */
    unsigned num_flags;
} FrontendInput;

/* Parses the file and lowers into the module every function that is annotated or named in
 * `requests_text`, and all those they call. requests_text: the -f options ("loss: grad, wrt(w, b)").
 * Headers that were read are added to `dependencies`. What goes wrong is in module->diags; functions
 * with errors have no body. */
typedef struct Dependencies {
    VEC(const char *) files;
} Dependencies;

void frontend_read(Module *module, const FrontendInput *input, const char *const *requests_text,
                   unsigned num_requests, Requests *requests, Dependencies *dependencies);

#endif
