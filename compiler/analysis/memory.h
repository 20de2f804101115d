/* Effects and aliasing: which memory an op reads or writes, and whether two pointers may meet.
 *
 * C's rules: parameters may overlap unless `restrict` says no; a local variable or a fresh allocation
 * is nobody else's; objects of different scalar types do not overlap (C11 6.5p7), character types
 * excepted. */
#ifndef ADGEN_ANALYSIS_MEMORY_H
#define ADGEN_ANALYSIS_MEMORY_H

#include "ir/ir.h"

typedef enum ObjectKind {
    OBJECT_PARAM,   /* what a pointer parameter points to: `value` is the parameter */
    OBJECT_LOCAL,   /* `value` is the result of an alloca */
    OBJECT_HEAP,    /* `value` is the result of an alloc or malloc */
    OBJECT_GLOBAL,  /* `global` */
    OBJECT_REACHED, /* whatever the pointers in the memory of the parameter `value`, or of `global`, lead to */
    OBJECT_UNKNOWN, /* anything whose address has escaped, or any parameter's memory */
} ObjectKind;

typedef struct Object {
    ObjectKind kind;
    const Value *value;
    const Global *global;
} Object;

/* The object that the pointer points into. Follows index, field, convert; a select, if-result or
 * loop-carried pointer has an object only if all its sources agree. */
Object pointer_object(const Value *pointer);

/* The objects among the sources of a pointer that has no single one. Not *complete: it may as well have been
 * loaded from memory that anyone can write to, and point to whatever escapes. */
enum { MAX_CANDIDATES = 64 };
unsigned pointer_candidates(const Value *pointer, Object candidates[MAX_CANDIDATES], bool *complete);

bool objects_equal(Object a, Object b);

/* May the two pointers point to overlapping elements, both evaluated in the same execution of the
 * region that contains them? (Different iterations of an enclosing loop: see may_meet_later in
 * analysis/reload.h.) */
bool pointers_may_alias(const Value *p, const Value *q);

/* The union among whose members the pointer points; NULL: none. */
const Record *pointer_union(const Value *pointer);
/* The type that decides about overlap: of what is accessed; of the whole union for one of its members. */
const Type *access_type(const Value *pointer);

/* May objects overlap at all? */
bool objects_may_overlap(Object a, const Type *a_elem, Object b, const Type *b_elem);

/* May any of the objects that the one pointer may point into overlap any of the other's? */
bool any_objects_overlap(const Value *p, const Value *q);

/* May memory be written through this use of the pointer to it, or through pointers made from it there? */
bool pointer_is_written(const Value *pointer, const Use *use);

/* Does this pointer (of an alloca, an allocation, a parameter) reach anything but loads, stores and address
 * arithmetic? */
bool local_escapes(const Value *pointer);

/* May executing `op` (with everything nested in it) write what `pointer` points to? */
bool op_may_write(const Op *op, const Value *pointer);
/* May it read what `pointer` points to? */
bool op_may_read(const Op *op, const Value *pointer);
/* Any memory at all. */
bool op_writes_memory(const Op *op);

#endif
