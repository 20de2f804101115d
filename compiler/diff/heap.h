/* Memory from the user's malloc that the reverse sweep may still read, or that shadows it. */
#ifndef ADGEN_DIFF_HEAP_H
#define ADGEN_DIFF_HEAP_H

#include "ir/ir.h"

typedef struct Heap {
    VEC(Value *) at_end; /* pointers of the primal's top that are freed when all is done */
    Value *later;        /* a tape of pointers that are freed then too, or NULL */
} Heap;

/* Nothing that the primal frees is freed before the reverse sweep is over, nor is a shadow of what it
 * allocates: changes the primal accordingly. NULL: there is no such memory. */
const Heap *heap_defer(Arena *arena, Function *primal);

#endif
