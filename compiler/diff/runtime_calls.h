/* Types and functions of the runtime, as the IR sees them: described in runtime_calls.def. */
#ifndef ADGEN_DIFF_RUNTIME_CALLS_H
#define ADGEN_DIFF_RUNTIME_CALLS_H

#include "ir/builder.h"

typedef enum RuntimeFunction {
#define FUNCTION(id, ...) RUNTIME_##id,
#include "diff/runtime_calls.def"
#undef FUNCTION
    RUNTIME_FUNCTION_COUNT
} RuntimeFunction;

/* The struct of that name ("AdPattern"), and the declaration of a pointer to it. */
const Type *runtime_record(Module *module, const char *name);
const Decl *runtime_pointer_decl(Module *module, const char *name);

/* A call; NULL for a void function. */
Value *runtime_call(Builder *b, RuntimeFunction function, Value **args, unsigned num_args);

/* Is it a call of that function? */
bool runtime_is_call(const Op *op, RuntimeFunction function);

/* &record->field and record->field, for the members that runtime_calls.c lists. */
Value *runtime_member_address(Builder *b, Value *record, const char *field);
Value *runtime_member(Builder *b, Value *record, const char *field);

#endif
