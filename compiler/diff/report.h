/* --report: in words, how a function is reversed. */
#ifndef ADGEN_DIFF_REPORT_H
#define ADGEN_DIFF_REPORT_H

#include "diff/caches.h"

/* What is active, how each value comes to the reverse sweep and why, what strategy each loop got, how memory grows. */
void report_reversal(const Reversal *reversal, const Plan *plan, const Caches *caches, Text *out);

/* In forward mode there is nothing but the first of these. */
void report_activity(const Reversal *reversal, const char *mode, Text *out);

#endif
