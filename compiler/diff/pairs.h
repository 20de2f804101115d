/* Recursive functions: their calls stay calls, of a pair of functions.
 *
 * The forward one does what the original does and leaves a record on the tape; the reverse one takes the record and
 * adds to the companions of the arguments. In a tangent one function does both. So does one function in an adjoint, where the
 * adjoint of the result is known before each call: it is passed down, and nothing is kept (a fused recursion). Such functions
 * are derived once for each set of arguments that is active at a call. */
#ifndef ADGEN_DIFF_PAIRS_H
#define ADGEN_DIFF_PAIRS_H

#include "analysis/recursion.h"
#include "diff/reversal.h"
#include "diff/signature.h"

typedef enum PairKind {
    PAIR_TANGENT, /* one function: forward */
    PAIR_SWEEPS,  /* two */
    PAIR_FUSED    /* one, of value and adjoint: forward */
} PairKind;

typedef enum PairState { PAIR_IS_MADE, PAIR_IS_BEING_FUSED, PAIR_CANNOT_BE_FUSED, PAIR_FAILED } PairState;

typedef struct Pair Pair;
struct Pair {
    Pair *next;
    int64_t number; /* from 1 on */
    PairKind kind;
    PairState state; /* failed: it was refused, which has been said */
    bool *active;   /* by parameter of the original: has a companion */
    bool of_return;
    bool keeps_shadows; /* the forward one takes companions too: it follows pointers in memory */
    Function *forward;  /* the tape, and the originals; where there is one function, everything */
    Function *reverse;  /* the tape, the integers among the originals, and the companions */
    Slots forward_slots, reverse_slots; /* what their parameters are, behind the tape */
};

/* Does the derivative go through the call? */
bool recursive_is_active(const Reversal *reversal, const Op *op);

/* Has the argument a companion there? */
bool recursive_argument_is_active(const Reversal *reversal, const Op *call, unsigned i);

/* Can the call be handed over to a pair, what it passes and the global variables that it reaches (active ones, if the derivative goes
 * through it)? Otherwise an error says what cannot. */
bool pair_check_call(const Reversal *reversal, const Op *call);
bool pair_check_globals(const Op *call, bool active);

/* The functions of the pair. False after errors, or if it was to be fused and cannot. */
bool pair_make(const Reversal *reversal, Function *original, Pair *pair);

/* Chooses the pairs of all calls of recursive functions, making them where there are none yet; the calls of the
 * primal get their numbers. Where a fused recursion is possible it is chosen, until pairs_settle. False after errors. */
bool pairs_choose(const Reversal *reversal, Mode mode);
const Pair *pair_of(const Op *call);

/* Could its function do value and adjoint in one descent? */
bool call_is_fusable(const Reversal *reversal, const Op *call);

/* When strategies are chosen: calls that are not fused get two functions. False after errors, or if all were to be fused. */
bool pairs_settle(const Reversal *reversal);

/* The calls in the forward sweep, of the original functions, become calls of what was chosen for them; fused ones are left to
 * the reverse sweep. */
void pairs_call_forward(const Reversal *reversal, Function *function, Value *tape);

/* The function itself, for the generated file: where the derivative does not go through its calls. */
Function *recursive_copy(Function *function);

/* A function with the parameters of the recursive one that does nothing but call it. */
Function *recursive_wrapper(Function *function);

#endif
