/* Companions of whole structs: what is done to every floating number in them. Integers and pointers are
 * left alone. */
#ifndef ADGEN_DIFF_LEAVES_H
#define ADGEN_DIFF_LEAVES_H

#include "ir/builder.h"

/* The floating numbers of a value of the type: how many there are, and the widest type among them (NULL: there are none). */
int64_t leaves_count(const Type *type);
const Type *leaves_widest(const Type *type);

/* Does a struct of the type lead to other memory, by a pointer to what carries derivatives? */
bool leaves_by_pointer(const Type *type);

/* Between `count` structs and an array with all their numbers, in the order of the members; of either, there are as many as `lanes` for
 * each, innermost. */
void leaves_pack(Builder *b, Value *numbers, Value *structs, Value *count, unsigned lanes);
void leaves_unpack(Builder *b, Value *structs, Value *numbers, Value *count, unsigned lanes);

/* *to += *from, *p = 0, for one element of any type that carries derivatives. */
void leaves_accumulate(Builder *b, Value *to, Value *from);
void leaves_zero(Builder *b, Value *p);

/* The same for `count` elements. */
void ranges_accumulate(Builder *b, Value *to, Value *from, Value *count);
void ranges_zero(Builder *b, Value *p, Value *count);

#endif
