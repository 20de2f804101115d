/* The availability plan: how each primal value that the reverse sweep asks for comes to it. */
#ifndef ADGEN_DIFF_PLAN_H
#define ADGEN_DIFF_PLAN_H

#include "diff/overlaps.h"
#include "diff/reversal.h"
#include "diff/array_copies.h"

typedef enum Availability {
    AVAILABLE_NOT,        /* not asked for */
    AVAILABLE_IN_SCOPE,   /* defined in the region that is the root of both sweeps (diff/strategy.h) */
    AVAILABLE_COUNTER,    /* the counter of a loop that is run backward */
    AVAILABLE_RECOMPUTED, /* from its operands */
    AVAILABLE_RELOADED,   /* from memory that has not changed since it was read or stored there */
    AVAILABLE_COPIED,   /* from a copy of that memory */
    AVAILABLE_UNLESS_OVERLAPPING, /* from memory if parameters do not overlap, else kept by the forward sweep */
    AVAILABLE_CACHED,     /* kept by the forward sweep */
} Availability;

typedef struct Plan {
    Availability *how; /* by value id */
    Value **address;   /* by value id: reloaded, copied: where, in the primal */
    ArrayCopy **copy; /* by value id: copied: in which */
    ArrayCopies copies;
    Overlap **overlap; /* by value id: unless overlapping: which parameters */
    Overlaps overlaps;
    VEC(Value *) cached; /* in program order */
} Plan;

/* Can the address be formed in the reverse sweep: from a parameter, a global or a local of a root? */
bool address_is_recomputable(const Reversal *reversal, const Value *pointer);

const Plan *plan_compute(const Reversal *reversal);

#endif
