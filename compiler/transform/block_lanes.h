/* What blocks of iterations are made of (transform/blocks.c): loops over the iterations of a block, and the values of each iteration. */
#ifndef ADGEN_TRANSFORM_BLOCK_LANES_H
#define ADGEN_TRANSFORM_BLOCK_LANES_H

#include "analysis/lockstep.h"
#include "ir/builder.h"

/* A value of the original iteration: where it was computed, and the array in which it waits for other loops. */
typedef struct Lane {
    Value *value;
    Op *loop;
    Value *array;
} Lane;

typedef struct Blocks {
    Lockstep lockstep;
    Op *source;        /* the loop that is replaced */
    int64_t length;    /* of a block */
    Lane *lanes;       /* by value id, of the first `known` */
    Value **map;       /* by value id: of what is the same for all iterations, its copy */
    unsigned known;
    Value *first, *end;
    Op *top;           /* the first op of a block: arrays are declared in front of it */
    Op *open;          /* the loop over the iterations of the block that is being filled, or NULL */
    Builder inside;
    VEC(const Op *) late; /* additions to elements that are looked up, for the end of the block */
    VEC(const Op *) apart; /* additions to what the iterations beside add to: each has a loop of its own there */
} Blocks;

/* A loop over the iterations of the block, on account of an op, to be filled at `inside`; it carries n values. */
void lanes_open(Blocks *x, Builder *b, const Op *for_op, Value **initial, unsigned n);
/* The same, without carried values, unless one is open. */
void lanes_need(Blocks *x, Builder *b, const Op *for_op);
/* Ends the open loop, if there is one. */
void lanes_close(Blocks *x, Value **next, unsigned n);

/* An array of the length of a block, and its element for the iteration that `loop` is at. */
Value *lanes_array(Blocks *x, const Type *elem, const char *name);
Value *lanes_element(Blocks *x, Builder *b, Value *array, const Op *loop);
/* The array that each iteration has for itself, with one more dimension of the length of a block. */
void lanes_widen(Blocks *x, const Op *alloca);

/* Of a value that is the same for all iterations: its copy, or itself. */
Value *lanes_uniform(const Blocks *x, Value *value);
/* A copy of an op that does the same for all iterations; of one that does not, in the open loop. */
void lanes_clone_uniform(Blocks *x, Builder *b, const Op *op);
void lanes_clone(Blocks *x, const Op *op);

/* The value of the iteration that the open loop is at: it is computed there, or taken from an array. */
Value *lanes_obtain(Blocks *x, Value *value);
/* Sees to it that it is computed in a loop that compilers find nothing but arithmetic in. */
void lanes_prepare(Blocks *x, Builder *b, Value *value);
/* The same for an addend: only the last product is formed where it is added. */
void lanes_prepare_addend(Blocks *x, Builder *b, Value *value);
/* Where the values of the iterations of a block stand one behind the other: in memory, or in an array where they were put. No loop is open. */
Value *lanes_stretch(Blocks *x, Builder *b, Value *value);
/* Can the value be computed from what has been? */
bool lanes_can_obtain(const Blocks *x, const Value *value);

#endif
