/* Local structs become one local per member. Part of scalar replacement. */
#ifndef ADGEN_TRANSFORM_SPLIT_RECORDS_H
#define ADGEN_TRANSFORM_SPLIT_RECORDS_H

#include "ir/ir.h"

/* Did anything change? */
bool split_records(Function *function);

#endif
