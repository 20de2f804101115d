/* The parts of raise_loops. */
#ifndef ADGEN_TRANSFORM_RAISE_INTERNAL_H
#define ADGEN_TRANSFORM_RAISE_INTERNAL_H

#include "ir/builder.h"

/* rotate_loops.c: a `while` that decides inside its body decides in front of it. */
void rotate_loop(Op *loop);

#endif
