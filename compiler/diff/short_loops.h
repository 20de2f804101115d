/* Loops of a few short rounds. */
#ifndef ADGEN_DIFF_SHORT_LOOPS_H
#define ADGEN_DIFF_SHORT_LOOPS_H

#include "diff/parts.h"

/* Writes out those that work on tangents or adjoints. True if there were any: then parts are to be told anew. */
bool short_loops_write_out(Function *function, const Part *part);

#endif
