/* Types of dependency sweeps: sets, which are numbers, in the place of floating numbers. */
#ifndef ADGEN_DIFF_SET_TYPES_H
#define ADGEN_DIFF_SET_TYPES_H

#include "ir/ir.h"

/* Of a set. */
const Type *set_type(const Module *module);

/* The type with sets for numbers, also in structs and behind pointers; the type itself if there are none. */
const Type *set_type_of(Module *module, const Type *type);

#endif
