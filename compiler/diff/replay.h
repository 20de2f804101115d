/* Whether a loop is replayed: may it be, and does it pay? */
#ifndef ADGEN_DIFF_REPLAY_H
#define ADGEN_DIFF_REPLAY_H

#include "diff/plan.h"
#include "diff/slice.h"

typedef struct Replay {
    const Slice *slice; /* NULL: it is not */
    const char *reason; /* in words */
} Replay;

/* stored: the plan with that loop stored; NULL: whether it pays does not matter. */
Replay replay_choose(const Reversal *reversal, const Plan *stored, Op *loop);

#endif
