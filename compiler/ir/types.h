/* The types of the IR: C's arithmetic types, pointers, records, functions. Interned: equality is ==.
 *
 * Arrays are not value types. A pointer to an array of any number of dimensions is a pointer to its
 * innermost element; the extents of the dimensions are operands of the ops that need them (`alloca`,
 * `index`, `shape`), so a VLA parameter `double A[n][m]` is a `ptr<f64>`. Record fields and globals
 * keep constant extents in their declarations. */
#ifndef ADGEN_IR_TYPES_H
#define ADGEN_IR_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strings.h"

typedef enum TypeKind {
#define TYPE(kind, text, c_name, suffix) TYPE_##kind,
#include "ir/types.def"
#undef TYPE
    TYPE_PTR,    /* pointer to `elem` (TYPE_VOID for void *) */
    TYPE_RECORD, /* struct or union, by value */
    TYPE_FUNC,   /* only as the element of a pointer */
} TypeKind;

typedef struct Type Type;
typedef struct Record Record;

struct Type {
    TypeKind kind;
    unsigned id;          /* dense; order of creation */
    const Type *elem;     /* TYPE_PTR: pointee; TYPE_FUNC: result */
    const Record *record; /* TYPE_RECORD */
    const Type **params;  /* TYPE_FUNC */
    unsigned num_params;
};

typedef struct Field {
    const char *name; /* NULL for an anonymous member */
    const Type *type; /* element type, if the field is an array */
    const int64_t *extents;
    unsigned rank;      /* number of extents; 0 for a plain field */
    bool is_bitfield;
    unsigned bits;      /* of a bit-field */
    const struct Decl *decl; /* as declared; NULL in the text form */
} Field;

struct Record {
    const char *tag;     /* "struct S"; the typedef's name for an untagged one */
    bool is_union;
    bool is_complete;
    const Field *fields;
    unsigned num_fields;
    int64_t size;        /* in bytes; 0: not known */
    const char *header;  /* how the original includes the file that defines it; NULL: the file itself */
    const Type *sets_of; /* made for a dependency sweep: that struct, with sets for numbers; or NULL */
};

/* Target sizes in bits, where C leaves them open. */
typedef struct Target {
    unsigned char_bits, short_bits, int_bits, long_bits, llong_bits, pointer_bits;
    bool char_is_signed;
} Target;

typedef struct TypeEntry TypeEntry;

typedef struct Types {
    Arena *arena;
    Target target;
    const Type *scalars[TYPE_PTR];
    VEC(const Type *) all;
    TypeEntry *derived; /* pointers, records and functions, hashed */
} Types;

void types_init(Types *types, Arena *arena); /* target: LP64 */
void types_release(Types *types);

const Type *type_scalar(const Types *types, TypeKind kind);
const Type *type_pointer(Types *types, const Type *elem);
const Type *type_record(Types *types, const Record *record); /* keyed by the address of `record` */
const Type *type_function(Types *types, const Type *result, const Type **params, unsigned n);

bool type_is_integer(const Type *type); /* bool and every integer type */
bool type_is_signed(const Types *types, const Type *type);
bool type_is_floating(const Type *type); /* f32, f64, f80 */
bool type_is_arithmetic(const Type *type);
bool type_is_pointer(const Type *type);
bool type_is_scalar(const Type *type); /* arithmetic or pointer */
unsigned type_bits(const Types *types, const Type *type); /* integers: width; bool: 1 */

/* Can a value of this type carry a derivative: floating, or a record or pointer that reaches one? */
bool type_carries_derivative(const Type *type);
/* Is it such a value itself, not a pointer to one: floating, or a record that reaches one? */
bool type_is_differentiable(const Type *type);

/* The C name of a scalar type or record ("unsigned long"), the suffix of its <math.h> functions ("", "f", "l"). */
const char *type_c_name(const Type *type);
const char *type_math_suffix(const Type *type);

/* "f64", "ptr<f64>", "record<struct S>": the text form of the IR. */
const char *type_text(Arena *arena, const Type *type);

#endif
