/* Can iterations of a loop run side by side, each op for all of them before the next op; and is it worth it? */
#ifndef ADGEN_ANALYSIS_LOCKSTEP_H
#define ADGEN_ANALYSIS_LOCKSTEP_H

#include "ir/ir.h"

/* An address in the loop, seen from one iteration to the next. */
typedef enum Stride {
    STRIDE_PRIVATE,   /* in an array that each iteration has for itself */
    STRIDE_NONE,      /* the same for all */
    STRIDE_ONE,       /* the next element */
    STRIDE_MANY,      /* further on */
    STRIDE_IRREGULAR, /* anywhere */
} Stride;

enum { LOCKSTEP_MAX_OPERANDS = 16 }; /* of an op in such a loop */

/* Of one loop after the other: what is allocated is used again. */
typedef struct Lockstep {
    Arena *arena;
    Op *loop;
    unsigned char *dependence; /* by value id, of the first `known` */
    unsigned known;
    VEC(const Op *) accesses;  /* loads, stores and accumulations, but those of private arrays */
    unsigned ops, sums, arithmetic; /* all; carried by inner loops; on numbers */
    unsigned scattered, apart;      /* accumulations anywhere; to what iterations beside add to */
    bool has_calls, has_inner_calls, failed;
    bool rows; /* worth it a few iterations at a time, so that inner sums stay in registers */
} Lockstep;

/* False: its iterations depend on each other, or (unless `anyway`) nothing is to be won. `lockstep`: zero at first. */
bool lockstep_analyse(Arena *arena, Op *loop, bool anyway, Lockstep *lockstep);

/* May the value, defined in the loop, differ between iterations? */
bool lockstep_varies(const Lockstep *lockstep, const Value *value);
Stride lockstep_stride(const Lockstep *lockstep, const Value *address);

/* Does the accumulation add to elements that iterations beside this one add to as well, by another one that can stay where it is? */
bool lockstep_stands_apart(const Lockstep *lockstep, const Op *accumulation);

/* Is it at least as cheap to compute again as to load: an index, a comparison, a load of what the loop does not write? */
bool lockstep_is_cheap(const Lockstep *lockstep, const Value *value);

#endif
