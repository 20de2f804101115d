/* The front end: C files, read through libclang, to IR functions and requests. */
#ifndef ADGEN_FRONTEND_FRONTEND_H
#define ADGEN_FRONTEND_FRONTEND_H

#include "diff/request.h"

typedef struct FrontendInput {
    const char *path;
    const char *const *flags; /* for libclang: -I, -D, ..., and what stood behind -- */
    unsigned num_flags;
} FrontendInput;

/* Headers and sources that were read, for the dependency file. */
typedef struct Dependencies {
    VEC(const char *) files;
} Dependencies;

/* Parses the files and lowers into the module every function that is annotated or named in
 * `requests_text`, and all those they call, across the files. requests_text: the -f options ("loss:
 * grad, wrt(w, b)"). What goes wrong is in module->diags; functions with errors, and those that call them,
 * have `has_errors` and no requests. What is left in `requests` can be worked on, to find all errors. */
void frontend_read(Module *module, const FrontendInput *inputs, unsigned num_inputs,
                   const char *const *requests_text, unsigned num_requests, Requests *requests,
                   Dependencies *dependencies);

#endif
