/* The parts of simplify. */
#ifndef ADGEN_TRANSFORM_SIMPLIFY_INTERNAL_H
#define ADGEN_TRANSFORM_SIMPLIFY_INTERNAL_H

#include "ir/builder.h"

/* fold.c: the value of an op on constants, or NULL. */
Value *fold_op(Builder *b, const Op *op);

/* The same comparison of two numbers that long double holds exactly. */
bool fold_compare(OpKind kind, long double x, long double y);

/* algebra.c: a simpler value for the op's result, or NULL. */
Value *algebra_op(Builder *b, const Op *op);

/* cse.c: common subexpressions and repeated loads. True if anything changed. */
bool eliminate_common(Function *function);

/* if_merge.c: neighbouring ifs with one condition become one; additions of an if's result move into it. */
bool merge_ifs(Function *function);

/* if_select.c: an if that only chooses between integers becomes a select. */
bool if_to_select(Op *op);

/* sink_loops.c: loops that add multiples of what an if leaves move into its branch. */
bool sink_loops(Function *function);

/* accumulations.c: accumulations at one address are gathered. */
bool merge_accumulations(Function *function);

/* An `if` with a constant condition is what it comes to. */
bool take_constant_branch(Op *op);

#endif
