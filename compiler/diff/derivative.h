/* From a request to a function of the IR: the entry of diff/. */
#ifndef ADGEN_DIFF_DERIVATIVE_H
#define ADGEN_DIFF_DERIVATIVE_H

#include "diff/request.h"
#include "rules/rules.h"

/* Switches for tests: each optimisation of the differentiators can be turned off. */
typedef struct DiffOptions {
    bool no_recompute; /* the plan caches whatever is not in scope */
    bool no_reload;
    bool no_copies;
    bool no_overlap_tests;
    bool no_fuse;
    bool no_winners;
    bool no_lanes;
    bool no_columns;
    bool no_replay;
    bool always_replay; /* whether it pays or not */
    bool no_activity;  /* everything that can be active is treated as active */
    Text *report;      /* to be written to (diff/report.h), or NULL */
} DiffOptions;

/* The derivative that `request` asks for, as a new function in the module, or NULL after errors. The
 * primal (inlined, in SSA form) is not changed. */
Function *derivative_generate(const Request *request, const Rules *rules,
                              const DiffOptions *options);

#endif
