/* The parts of raise_loops. */
#ifndef ADGEN_TRANSFORM_RAISE_INTERNAL_H
#define ADGEN_TRANSFORM_RAISE_INTERNAL_H

#include "ir/builder.h"

/* rotate_loops.c: a `while` that decides inside its body decides in front of it. */
void rotate_loop(Op *loop);

/* raise_loops.c: is `next` the carried value plus or minus a constant, or that many elements on? */
bool moves_by_constant(const Value *carried, const Value *next, int64_t *step);

/* count_rounds.c: counters of a `while` that stand still in the round that leaves it advance always. */
void count_rounds(Op *loop);

#endif
