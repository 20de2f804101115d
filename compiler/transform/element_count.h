/* Sizes in bytes as numbers of elements: `n * sizeof(double)` is n doubles. */
#ifndef ADGEN_TRANSFORM_ELEMENT_COUNT_H
#define ADGEN_TRANSFORM_ELEMENT_COUNT_H

#include "ir/builder.h"

/* In bytes; 0: not known. */
int64_t size_of_type(const Types *types, const Type *type);

/* NULL: not a whole number of elements, as far as can be seen. */
Value *element_count_of(Builder *b, Value *bytes, const Type *elem);

#endif
