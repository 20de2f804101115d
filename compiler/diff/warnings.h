/* Warnings about what is differentiated. */
#ifndef ADGEN_DIFF_WARNINGS_H
#define ADGEN_DIFF_WARNINGS_H

#include "analysis/activity.h"

/* Says what there is to be said of one op. */
void warn_of_op(const Activity *activity, const Op *op);

#endif
