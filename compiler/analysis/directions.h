/* Which directions can be other than zero, in loops over several at once. */
#ifndef ADGEN_ANALYSIS_DIRECTIONS_H
#define ADGEN_ANALYSIS_DIRECTIONS_H

#include "ir/ir.h"

/* The directions first ... first + width - 1, where first = factor * ((counter + shift) / divisor) + offset, and the counter
 * is that of a loop around; NULL: first = offset. What is less than zero, or more than `last`, stands for these. Width 0: none. */
typedef struct DirectionRange {
    unsigned width;
    Op *around;
    int64_t factor, shift, divisor, offset, last;
    bool is_below, is_above; /* at some counter */
} DirectionRange;

/* A loop over so many directions, and the range that is enough: the others would store zeros where zeros are, or what nobody reads. */
typedef struct DirectionLoop {
    Op *loop;
    unsigned lanes;
    DirectionRange range;
} DirectionLoop;

typedef struct DirectionLoops DirectionLoops;
struct DirectionLoops {
    DirectionLoop *items;
    size_t count;
    uint64_t *sets; /* by id of what such a loop loads: bit d is set if it can be other than zero in direction d */
};

/* None, if it would take long to find out. */
DirectionLoops directions_find(Arena *arena, Function *function);

#endif
