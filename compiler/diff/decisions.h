/* What the pattern of a sparse matrix depends on besides extents. */
#ifndef ADGEN_DIFF_DECISIONS_H
#define ADGEN_DIFF_DECISIONS_H

#include "ir/ir.h"

typedef struct Decisions {
    Function *function; /* a copy, with one parameter more if there is anything to record: long *decisions, behind the others */
    bool any;           /* there is */
    bool unknown;       /* there are others that cannot be recorded */
} Decisions;

/* A copy of the function that records which decisions it takes that depend on data: a number made of all of them, which is the
 * same where all are, in the order in which they are taken. */
Decisions decisions_record(const Function *function);

#endif
