/* Loops of a few rounds, written out. */
#ifndef ADGEN_TRANSFORM_WRITE_OUT_H
#define ADGEN_TRANSFORM_WRITE_OUT_H

#include "ir/ir.h"

/* The number of rounds of a loop with constant bounds; -1: not known. */
int64_t constant_rounds(const Op *loop);

/* Replaces the loop by copies of its body, one for each round, in order. */
void write_out_loop(Op *loop);

#endif
