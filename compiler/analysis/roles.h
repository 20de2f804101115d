/* The parts that parameters play where no clause says anything: the defaults of wrt(...) and of(...). Those of
 * functions with derivatives of their own (ADGEN(custom, ...)) are always these; those of functions with a rule
 * (rules/calls.h) are what the rule says. */
#ifndef ADGEN_ANALYSIS_ROLES_H
#define ADGEN_ANALYSIS_ROLES_H

#include "ir/ir.h"

/* type: of parameter number `param`. */
bool is_default_independent(const Function *function, unsigned param, const Type *type);
bool is_default_dependent(const Function *function, unsigned param, const Type *type);

/* Is it known what the callee does to each argument, and no more? */
bool call_has_roles(const Op *op);
/* Without what adgen has put behind the arguments. */
unsigned call_num_arguments(const Op *call);

/* The same for an argument of a call; false for what has no companion of its own there. */
bool argument_is_input(const Op *call, unsigned i);
bool argument_is_output(const Op *call, unsigned i);
/* Can the callee write what the argument points to? */
bool argument_is_written(const Op *call, unsigned i);

#endif
