/* Recursive functions: their calls stay calls, of a pair of functions.
 *
 * The forward one does what the original does and leaves a record on the tape; the reverse one takes the record and
 * adds to the companions of the arguments. In a tangent one function does both. Such functions are derived once for
 * each set of arguments that is active at a call. */
#ifndef ADGEN_DIFF_PAIRS_H
#define ADGEN_DIFF_PAIRS_H

#include "analysis/recursion.h"
#include "diff/reversal.h"
#include "diff/signature.h"

typedef struct Pair Pair;
struct Pair {
    Pair *next;
    int64_t number; /* from 1 on */
    Mode mode;      /* MODE_VJP or MODE_JVP */
    bool *active;   /* by parameter of the original: has a companion */
    bool of_return;
    bool failed;        /* it was refused, which has been said */
    bool keeps_shadows; /* the forward one takes companions too: it follows pointers in memory */
    Function *forward;  /* the tape, and the originals; in a tangent, everything */
    Function *reverse;  /* the tape, the integers among the originals, and the companions */
    Slots forward_slots, reverse_slots; /* what their parameters are, behind the tape */
};

/* Does the derivative go through the call? */
bool recursive_is_active(const Reversal *reversal, const Op *op);

/* Has the argument a companion there? */
bool recursive_argument_is_active(const Reversal *reversal, const Op *call, unsigned i);

/* Chooses the pairs of all calls of recursive functions, making them where there are none yet; the calls of the
 * primal get their numbers. False after errors. */
bool pairs_choose(const Reversal *reversal, Mode mode);
const Pair *pair_of(const Op *call);

/* The calls in the forward sweep, of the original functions, become calls of what was chosen for them. */
void pairs_call_forward(const Reversal *reversal, Function *function, Value *tape);

/* The function itself, for the generated file: where the derivative does not go through its calls. */
Function *recursive_copy(Function *function);

/* A function with the parameters of the recursive one that does nothing but call it. */
Function *recursive_wrapper(Function *function);

#endif
