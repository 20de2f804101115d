/* The verifier: checks that a function is well formed. */
#ifndef ADGEN_IR_VERIFY_H
#define ADGEN_IR_VERIFY_H

#include "ir/ir.h"

/* NULL if the function is well formed, else what is wrong (in the arena). Checks: operand and result
 * counts and types by the op table, definition before use, terminators, region arguments against
 * operands and yields, use lists. */
const char *verify_function(Arena *arena, const Function *function);

/* internal_error naming `pass` if the function is not well formed. */
void verify_after(const char *pass, const Function *function);

#endif
