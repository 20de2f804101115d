/* Calls of functions that have derivatives of their own: ADGEN(custom, vjp(f), jvp(g)). */
#ifndef ADGEN_DIFF_CUSTOM_H
#define ADGEN_DIFF_CUSTOM_H

#include "diff/reversal.h"

/* How the reverse sweep comes to what an argument pointed to when the call was made. */
typedef struct Kept {
    bool is_direct;  /* it is unchanged: the pointer itself */
    Value *count;    /* number of elements, or NULL: not known */
    Op *loop;        /* of the primal: goes through them; NULL: not kept */
    Value *element;  /* what that loop loads */
} Kept;

typedef struct CustomCall {
    const Op *call;
    Kept *kept; /* by argument */
} CustomCall;

struct Customs {
    VEC(CustomCall) list;
};

/* Is it such a call, and does the derivative of the function at hand go through it? */
bool call_is_custom(const Op *op);
bool custom_is_active(const Reversal *reversal, const Op *op);

/* Puts loops in front of the calls in the primal (OP_FLAG_SHADOW) whose loads are what the vjp may read. */
const Customs *customs_insert(Arena *arena, Function *primal, bool adjoint);
/* Decides which arguments can be passed as they are. Requires: reloads. */
void customs_decide(const Reversal *reversal);
const CustomCall *custom_of(const Reversal *reversal, const Op *call);

/* Errors for the calls whose derivatives are missing, or cannot be given their arguments. */
bool customs_check(const Reversal *reversal, bool adjoint);

/* A buffer for what an argument points to: memory of the function's own, to be freed behind the call. */
typedef struct Buffer {
    Value *memory;
    bool on_heap;
} Buffer;

Buffer buffer_new(Builder *b, const Type *elem, Value *count, const char *name);
void buffer_free(Builder *b, Buffer buffer);

/* The arguments that only adgen needs, behind those of the callee: taken away from the generated function. */
void customs_finish(Function *function);

#endif
