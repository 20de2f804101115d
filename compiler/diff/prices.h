/* What keeping and computing again cost, in units of an addition like the costs in ir/ops.def. */
#ifndef ADGEN_DIFF_PRICES_H
#define ADGEN_DIFF_PRICES_H

#include "ir/ir.h"

enum {
    CACHE_COST = 7,    /* a value kept in an array or on the tape, and read from there */
    EXPORT_COST = 3,   /* one kept in a variable */
    COPY_COST = 3,     /* an element of an array that is copied as a whole */
    COPY_LOAD_COST = 1 /* one that is read from such a copy */
};

/* How often the loop's body runs, roughly, each time that the loop does. */
double loop_trips(const Op *loop);

/* How often the region runs, roughly. */
double region_weight(const Region *region);

#endif
