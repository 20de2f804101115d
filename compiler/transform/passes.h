/* The passes: transformations of one function, in the order in which transform/pipeline.c runs them.
 * Each has a file of its own, which says what it requires and keeps. */
#ifndef ADGEN_TRANSFORM_PASSES_H
#define ADGEN_TRANSFORM_PASSES_H

#include "ir/ir.h"

/* Replaces calls of functions with a body by their bodies; recursive ones are marked, and their calls stay. */
void inline_calls(Function *function);

/* Calls through pointers with known targets become calls by name; inline those next. Says whether there were any. */
bool resolve_calls(Function *function);
bool has_pointer_calls(const Function *function);

/* Structs that are loaded only to be stored are copied from memory to memory. */
void copy_records(Function *function);

/* Local variables whose address does not escape become values (allocas of rank 0). */
void mem2reg(Function *function);

/* What malloc returns gets the type that it is converted to. */
void type_allocations(Function *function);

/* What realloc moves is copied, by the size that goes along with the pointer. */
void lower_resizes(Function *function);
bool has_resizes(const Function *function);

/* Small local arrays and records used at constant places only become one alloca per element. */
void scalar_replacement(Function *function);

/* `while` loops that count with an invariant bound become `for`; walking pointers become base and
 * counter; carried values that move in step become functions of one counter. */
typedef enum RaisedLoops {
    RAISE_ALL,
    RAISE_WALKING_POINTERS, /* only those that must be: a pointer that moves has no shadow */
} RaisedLoops;
void raise_loops(Function *function, RaisedLoops which);

/* Constant folding, algebra, common subexpressions, dead code, merging of neighbouring ifs. */
void simplify(Function *function);

/* Moves loop-invariant computations in front of their loops. */
void hoist_invariants(Function *function);

/* In loops over directions, what multiplies one tangent is put together in front of the loop. Says whether there was any. */
bool collect_partials(Function *function);

/* Loops over directions that add multiples of a loaded number are skipped where it is zero. */
void skip_zeros(Function *function);

/* Loops over directions run only over those that can be other than zero, and are split where what they read is zero from there on. */
typedef struct DirectionLoops DirectionLoops;
void narrow_directions(const DirectionLoops *loops);
void split_directions(Function *function, const DirectionLoops *loops);

/* Arrays that loops overwrite entirely are not set to zero first. */
void drop_overwritten_fills(Function *function);

/* Accumulations at an address that a loop does not change become carried sums, added behind the loop. */
void gather_sums(Function *function);

/* Loops of reverse sweeps that stride through memory change places with the loop around them. Says whether there was any. */
bool interchange_loops(Function *function);

/* Loops of reverse sweeps whose iterations do not depend on each other run forward. */
void run_forward(Function *function);

/* The first and the last iteration run apart where the others can then do without a test. Says whether there was any. */
bool split_ends(Function *function);

/* Loops of sums and scattered additions are cut into blocks, whose iterations run side by side. Says whether there was any. */
bool cut_into_blocks(Function *function, bool wherever_possible);
/* Before that: loops of a few rounds in such loops. Says whether there was any. */
bool write_out_in_blocks(Function *function);

/* What is written into local arrays and not read any more goes. */
void remove_last_writes(Function *function);

/* Equal values (OP_SAME), which the differentiators tell apart, are one. */
void forget_sameness(Function *function);

/* Switches for tests. */
typedef struct PassOptions {
    bool no_scalar_replacement, no_raise_loops, no_simplify, no_hoist,
        no_accumulators, no_interchange, no_forward, no_ends, no_narrow, no_blocks;
    bool all_blocks; /* wherever they may be */
} PassOptions;

/* What runs before differentiation, and after it. `after` is called with each pass's name, if not
 * NULL (--emit-ir=PASS). */
typedef void PassObserver(const char *pass, Function *function, void *context);
void prepare_primal(Function *function, const PassOptions *options, PassObserver *after, void *context);
void polish_derivative(Function *function, const PassOptions *options, PassObserver *after, void *context);

#endif
