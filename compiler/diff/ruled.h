/* Calls of functions of linear algebra: their derivatives are calls, by the rows of rules/calls.def. */
#ifndef ADGEN_DIFF_RULED_H
#define ADGEN_DIFF_RULED_H

#include "diff/reversal.h"
#include "rules/calls.h"

enum { MAX_RULE_ARGUMENTS = 17 };

/* A copy that the forward sweep makes of what an argument points to, for the reverse sweep. */
typedef struct Snapshot {
    Op *alloc, *copy; /* NULL: none, the memory itself serves */
    bool is_wanted;
} Snapshot;

typedef struct RuledCall {
    const Op *call;
    Snapshot before[MAX_RULE_ARGUMENTS], after[MAX_RULE_ARGUMENTS]; /* by argument */
} RuledCall;

struct RuledCalls {
    VEC(RuledCall) list;
};

/* Does the derivative of the function at hand go through it? */
bool ruled_is_active(const Reversal *reversal, const Op *op);

/* Puts the copies that an adjoint may want into the primal (OP_FLAG_SHADOW). */
RuledCalls *ruled_insert(Arena *arena, Function *primal);
/* Takes those out that it does not want, since the memory stays what it is. Requires: reloads. */
void ruled_decide(const Reversal *reversal, RuledCalls *calls);
const RuledCall *ruled_call(const Reversal *reversal, const Op *call);
/* The number of the parameter whose copy serves this one: an earlier one that is the same memory, or itself. */
unsigned ruled_copy_of(const Op *op, unsigned param);

/* Errors for the active calls that have no derivative with respect to what is active. */
bool ruled_check(const Reversal *reversal, bool adjoint);

/* Are the operands as large as the call takes them, where that is known? An error if not. */
bool ruled_fits(const Op *op);

/* What the adjoint of the call wants: values, and the addresses of shadows. */
void ruled_needs(const Reversal *reversal, const Op *op, void value(void *context, Value *value),
                 void address(void *context, Value *pointer), void *context);

/* ---- for diff/ruled_calls.c and diff/lane_calls.c ---- */

/* Is the statement true of the constants of the call? -1: that is known only when it runs. No active factor equals a
 * number. */
int ruled_condition(const Reversal *reversal, const Op *op, const Statement *s);
/* Do all companions exist that it mentions? */
bool ruled_statement_is_active(const Reversal *reversal, const Op *op, const Statement *s);

/* How values get into the function that is built. */
typedef struct ValueSource {
    Value *(*value_of)(void *context, Value *primal);
    void *context;
} ValueSource;

/* An extent; how many lines a matrix has in memory, and how long they are; the step that a copy without gaps has: 1, or the
 * width. */
Value *ruled_extent(Builder *b, ValueSource from, const Op *op, RuleExtent extent);
Value *ruled_lines(Builder *b, ValueSource from, const Op *op, unsigned param);
Value *ruled_width(Builder *b, ValueSource from, const Op *op, unsigned param);
Value *ruled_compact_step(Builder *b, ValueSource from, const Op *op, unsigned param);

#endif
