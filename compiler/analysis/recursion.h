/* What calls of recursive functions do: these are not looked into where they are called. */
#ifndef ADGEN_ANALYSIS_RECURSION_H
#define ADGEN_ANALYSIS_RECURSION_H

#include "analysis/memory.h"

/* A call of a recursive function: such calls are not replaced by its body. */
bool call_is_recursive(const Op *op);

/* May the function write what parameter number i points to, or what pointers in that memory lead to? */
bool recursive_writes(const Function *function, unsigned i);

/* Can something active come out of it there? */
bool recursive_is_output(const Function *function, unsigned i);

/* Has it effects besides writing what its arguments lead to, as printing or counting? */
bool recursive_has_effects(const Function *function);

/* Does it load pointers to data, carry or choose them? Then their shadows are needed in its forward sweep. */
bool recursive_follows_pointers(const Function *function);

/* The functions that it may call, itself included: those that are recursive. */
typedef struct Reached {
    VEC(const Function *) list;
} Reached;
Reached recursive_reached(const Function *function);

#endif
