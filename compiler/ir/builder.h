/* The builder: makes ops at an insertion point.
 *
 * Functions that make one value return it; result types follow from the operands by the op table's
 * type rule. Nothing is folded here: that is the simplifier's. */
#ifndef ADGEN_IR_BUILDER_H
#define ADGEN_IR_BUILDER_H

#include "ir/ir.h"

typedef struct Builder {
    Function *function;
    Region *region;
    Op *before;     /* insert before this op; NULL: at the end of the region */
    SourceLoc loc;  /* given to every op made */
    unsigned flags; /* given to every op made */
} Builder;

Builder builder_at_end(Region *region);
/* Goes to the end of a region, with its location and flags; returns where it was. */
Builder builder_enter(Builder *b, Region *region);
Builder builder_before(Op *op);

Value *build_int(Builder *b, const Type *type, int64_t value);
Value *build_bool(Builder *b, bool value);
Value *build_float(Builder *b, const Type *type, long double value);
Value *build_zero(Builder *b, const Type *type);  /* 0, 0.0 or a null pointer */
Value *build_undef(Builder *b, const Type *type);
Value *build_string(Builder *b, const char *spelling);
Value *build_global(Builder *b, Global *global);
/* type: pointer to a function of its type. */
Value *build_function_address(Builder *b, Function *function, const Type *type);

/* The type of a result, for ops whose result types follow from the table. */
const Type *op_result_type(const Types *types, OpKind kind, unsigned index, Value *const *operands);

/* Any op whose result types follow from the table (arithmetic, comparison, logic, <math.h>). For ops
 * of two results the second is op_result(value->op, 1). */
Value *build_unary(Builder *b, OpKind kind, Value *a);
Value *build_binary(Builder *b, OpKind kind, Value *a, Value *c);
Value *build_ternary(Builder *b, OpKind kind, Value *x, Value *y, Value *z);
Value *build_op(Builder *b, OpKind kind, Value **operands, unsigned num_operands);

Value *build_select(Builder *b, Value *condition, Value *a, Value *c);
/* The value itself if it has that type already. */
Value *build_convert(Builder *b, Value *value, const Type *type);

Value *build_alloca(Builder *b, const Type *elem, Value **extents, unsigned rank, const char *name);
Value *build_alloc(Builder *b, const Type *elem, Value *count, const char *name);
void build_free(Builder *b, Value *pointer);
/* what: 0 undefined, 1 zero, 2 zero and never null. */
Value *build_malloc(Builder *b, const Type *elem, Value *count, int what, const char *name);
void build_release(Builder *b, Value *pointer);
void build_resize(Builder *b, Value *to, Value *from);
/* One extent per dimension, outermost first; an undeclared outermost extent is an undef. */
void build_shape(Builder *b, Value *pointer, Value **extents, unsigned rank);
/* Makes the value, which is at hand at the end of the region, a result of the ifs around it, up to a loop, the body, or the region
 * `end` (or NULL); where they go the other way it is null, or undefined. */
Value *build_out_of_ifs(Value *value, Region *region, const Region *end, unsigned flags);
/* &pointer[index] */
Value *build_index(Builder *b, Value *pointer, Value *index);
/* &pointer[indices[0]]...[indices[rank-1]]; inner_extents are the rank-1 extents after the first. */
Value *build_index_n(Builder *b, Value *pointer, Value **indices, Value **inner_extents, unsigned rank);
/* base[...] as in `index`; numbers[i] stands for its operand i + 1. */
Value *build_index_like(Builder *b, const Op *index, Value *base, Value *const *numbers);
Value *build_field(Builder *b, Value *pointer, unsigned field);
Value *build_overlap(Builder *b, Value *p, Value *p_count, Value *q, Value *q_count);
/* The sum of p[i] * q[i] over count elements. */
Value *build_inner(Builder *b, Value *count, Value *p, Value *q);
Value *build_ptrdiff(Builder *b, Value *p, Value *q);
Value *build_load(Builder *b, Value *pointer);
void build_store(Builder *b, Value *pointer, Value *value);
void build_accumulate(Builder *b, Value *pointer, Value *value);
void build_fill_zero(Builder *b, Value *pointer, Value *count);
void build_copy(Builder *b, Value *to, Value *from, Value *count);
Value *build_extract(Builder *b, Value *record, unsigned field);
Value *build_insert(Builder *b, Value *record, unsigned field, Value *value);

/* The result, or NULL for a void function. */
Value *build_call(Builder *b, Function *callee, Value **args, unsigned num_args);

/* A call through a pointer to a function, which is the first of the values. */
Value *build_call_through(Builder *b, Value **target_and_args, unsigned n);

Value *build_tape(Builder *b, const char *name);
void build_tape_push(Builder *b, Value *tape, Value **values, unsigned n);
/* The op; its results are the values. */
Op *build_tape_pop(Builder *b, Value *tape, const Type **types, unsigned n);
void build_tape_release(Builder *b, Value *tape);
void build_tape_drain(Builder *b, Value *tape);

/* Control ops come with empty regions (arguments in place, no terminator); fill them with builders at
 * their ends and close them with build_yield. */
Op *build_if(Builder *b, Value *condition, const Type **results, unsigned n);
Op *build_for(Builder *b, OpKind compare, Value *lower, Value *upper, Value *step, Value **initial,
              unsigned n, const char *counter_name);
Op *build_while(Builder *b, Value **initial, unsigned n);
void build_yield(Builder *b, Value **values, unsigned n);
void build_return(Builder *b, Value *value /* or NULL */);

/* A copy of `op` with its regions. `map[id]` is the replacement of each value of the source function;
 * an id without one (NULL) keeps the value itself (same function). The results and arguments of the
 * copy are entered into the map. */
Op *build_clone(Builder *b, const Op *op, Value **map);

/* A copy of a defined function, as a new function of the module that `module_find` does not find. */
Function *function_clone(const Function *function);

#endif
