/* What stands in ADGEN(...), and behind -f 'function:'. Any bytes may come in. */
#ifndef ADGEN_FRONTEND_ANNOTATIONS_H
#define ADGEN_FRONTEND_ANNOTATIONS_H

#include "diff/request.h"

/* Parses "grad, wrt(w, b)". False after an error. */
bool annotation_parse(Module *module, const char *text, SourceLoc loc, Request *request);

/* "inactive" */
bool annotation_is_inactive(const char *text);

/* ADGEN(custom, vjp(f), jvp(g)): the user's own derivatives; NULL: none. */
typedef struct Custom {
    const char *vjp, *jvp;
    bool failed; /* an error was reported */
} Custom;

/* False if the text is not about custom derivatives. */
bool annotation_parse_custom(Module *module, const char *text, SourceLoc loc, Custom *custom);

#endif
