/* Adjoints of whole structs: what is done to every floating number in them. Integers and pointers are
 * left alone. */
#ifndef ADGEN_DIFF_LEAVES_H
#define ADGEN_DIFF_LEAVES_H

#include "ir/builder.h"

/* *to += *from, *p = 0, for one element of any type that carries derivatives. */
void leaves_accumulate(Builder *b, Value *to, Value *from);
void leaves_zero(Builder *b, Value *p);

/* The same for `count` elements. */
void ranges_accumulate(Builder *b, Value *to, Value *from, Value *count);
void ranges_zero(Builder *b, Value *p, Value *count);

#endif
