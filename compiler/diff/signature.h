/* What a request means for the parameters of its function, and the parameters of what is generated. */
#ifndef ADGEN_DIFF_SIGNATURE_H
#define ADGEN_DIFF_SIGNATURE_H

#include "diff/request.h"
#include "ir/builder.h"

/* The part that a parameter plays. */
typedef struct Role {
    bool independent, dependent, work;
    bool overwritten;     /* the function may write what it points to */
    const Extent *extent; /* from a clause, or NULL */
    SourceLoc loc;        /* of the clause */
} Role;

typedef struct Signature {
    const Request *request;
    Function *primal;
    Role *roles; /* by parameter */
    bool of_return;
} Signature;

/* Resolves names and defaults. False after errors. */
bool signature_resolve(const Request *request, Function *primal, Signature *signature);

/* Is there a companion for the parameter, or global: an argument, or a global, of the generated function's? */
bool signature_has_companion(const Signature *signature, unsigned param);

/* Is it a parameter of the generated function's? A global variable is one only in steps of larger derivatives. */
bool signature_is_argument(const Signature *signature, unsigned param);

/* One parameter of the generated function. */
typedef enum SlotKind { SLOT_ORIGINAL, SLOT_BAR, SLOT_DOT, SLOT_RESULT_BAR, SLOT_RESULT_DOT,
                      SLOT_BAR_DOT /* hvp: the tangent of an adjoint */ } SlotKind;

typedef struct Slot {
    SlotKind kind;
    unsigned param; /* of the primal */
} Slot;

typedef struct Slots {
    VEC(Slot) list;
} Slots;

/* The generated function, declared and defined with an empty body; slots tells what its parameters
 * are. */
Function *signature_function(const Signature *signature, Slots *slots);

/* The only companion of a function overlaps nothing, as originals do not overlap it (the contract): it becomes `restrict`. */
void signature_restrict_companion(const Signature *signature, const Slots *slots, Function *function);

/* The number of elements of a parameter, as a value at `b` (whose function has the values `forward`
 * for the primal's parameters); from the clause, or the declaration. NULL: neither says. */
Value *signature_extent(const Signature *signature, unsigned param, Builder *b, Value **forward);

/* The error where neither does: how to declare it, or to give it in that clause. */
void signature_extent_missing(const Signature *signature, unsigned param, const char *clause);

#endif
