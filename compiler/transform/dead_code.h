/* Dead code removal, a part of simplify. */
#ifndef ADGEN_TRANSFORM_DEAD_CODE_H
#define ADGEN_TRANSFORM_DEAD_CODE_H

#include "ir/ir.h"

void remove_dead_code(Function *function);

#endif
