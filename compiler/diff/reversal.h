/* What the plan and the adjoint share: the primal, and what is known about it. */
#ifndef ADGEN_DIFF_REVERSAL_H
#define ADGEN_DIFF_REVERSAL_H

#include "analysis/activity.h"
#include "analysis/reload.h"
#include "diff/derivative.h"
#include "diff/heap.h"
#include "diff/shadows.h"

typedef struct Customs Customs;
typedef struct Strategies Strategies;
typedef struct Slice Slice;
typedef struct RuledCalls RuledCalls;

struct Reversal {
    Arena *arena;
    Function *primal;
    const Rules *rules;
    const Activity *activity;
    const Reloads *reloads;
    const bool *seeded; /* by parameter: its companion holds a seed on entry */
    bool is_pair;       /* the sweeps become two functions (diff/split.h) */
    bool must_fuse;     /* all recursive calls, or it is given up */
    const DiffOptions *options;
    const Shadows *shadows; /* of pointers in memory, or NULL */
    const Customs *customs; /* calls of functions with derivatives of their own */
    const RuledCalls *ruled; /* calls of linear algebra, in an adjoint */
    const Heap *heap;       /* what is freed at the end, or NULL */
    const Strategies *strategies; /* of loops (diff/strategy.h); NULL: all are stored */
};

/* Has the memory that the pointer points to a shadow that the reverse sweep must keep up? */
bool memory_is_shadowed(const Reversal *reversal, const Value *pointer);

/* Does the reverse sweep do anything for this op? */
bool op_is_reversed(const Reversal *reversal, const Op *op);

/* Is operand number `wrt` given an adjoint by the reverse of `op`, through result number `result`? */
bool partial_is_active(const Reversal *reversal, const Op *op, unsigned result, unsigned wrt);

/* Can the partial be infinite there, so that a zero adjoint needs a guard? */
bool partial_needs_guard(const Reversal *reversal, const Op *op, unsigned result, unsigned wrt);

/* The number of the carried value that counts the trips of a while loop (see count_trips). */
unsigned while_counter(const Op *loop);

/* What counts the iterations, as an argument of the body. */
Value *loop_counter(const Op *loop);

/* Sees to it that every `while` loop carries a counter from 0; its result is the trip count. */
void count_trips(Function *function);

#endif
