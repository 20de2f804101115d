/* Shadows of pointers that are kept in memory, carried by loops or chosen by ifs: values of the primal. */
#ifndef ADGEN_DIFF_SHADOWS_H
#define ADGEN_DIFF_SHADOWS_H

#include "ir/ir.h"

typedef struct Reversal Reversal;

typedef struct Shadows {
    Value **of;      /* by value id, of the ids below `count`: the shadow of a pointer, or NULL */
    unsigned count;
    Value **params;  /* by parameter: the argument that stands for its companion, or NULL */
} Shadows;

typedef struct ShadowNeeds {
    const Reversal *reversal;
    const bool *companion; /* by parameter: has one, which can be used from the start */
    const char *suffix;    /* of the names: "_bar", "_dot" */
    bool clear;            /* of all new memory they start at zero; else only of locals and arrays of adgen's own */
} ShadowNeeds;

/* Writes into the primal what keeps the shadows (ops with OP_FLAG_SHADOW, carried values, arguments).
 * NULL: none is needed. *failed is set after an error. */
const Shadows *shadows_insert(Arena *arena, const ShadowNeeds *needs, bool *failed);

/* The explicit shadow of a pointer; NULL: it follows from that of what it is made of. */
Value *shadow_known(const Shadows *shadows, const Value *pointer);

#endif
