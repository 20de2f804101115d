/* What of a tangent's code belongs to the primal, and what to the tangents; likewise of an adjoint's. */
#ifndef ADGEN_DIFF_PARTS_H
#define ADGEN_DIFF_PARTS_H

#include "diff/step.h"

typedef enum Part {
    PART_PRIMAL, /* nothing of it depends on tangents */
    PART_NUMBER, /* a tangent, or made of one */
    PART_MEMORY, /* a pointer to memory that holds tangents */
    PART_OWN,    /* the same, inside a struct of tangents, or found there: where each direction has structs of its own, each
                    has such pointers of its own */
} Part;

/* By value id of the step's function. Without `own`, what would be PART_OWN is PART_MEMORY. NULL: of an adjoint it cannot be told. */
const Part *parts_of_step(Arena *arena, const Step *step, bool own);

#endif
