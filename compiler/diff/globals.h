/* Global variables that carry derivatives. */
#ifndef ADGEN_DIFF_GLOBALS_H
#define ADGEN_DIFF_GLOBALS_H

#include "analysis/memory.h"
#include "diff/request.h"

/* Makes parameters, behind the others, of the global variables that `function` (a copy of the request's)
 * uses or the request names: from there on they are treated as what pointer parameters point to. In
 * the generated function they are the globals themselves. False after an error. */
bool globals_lift(Function *function, const Request *request);

/* The global variable an object is, if it is one; NULL. */
const Global *object_global(Object object);

/* `g_bar` of `g`: a global of the generated file with its type and shape, of more than one lane with that many numbers for
 * each of its own, innermost. NULL, after an error, where the name is taken. */
Global *global_companion(Function *function, Global *global, const char *suffix, unsigned lanes, SourceLoc loc);

/* The number of elements; 1 for a plain variable. */
int64_t global_count(const Global *global);

/* Does every call write what it reads of the variable, so that nothing lives from call to call? */
bool global_is_scratch(const Function *function, const Global *global);

#endif
