/* Shared by the files that find out which directions can be other than zero. */
#ifndef ADGEN_ANALYSIS_DIRECTIONS_INTERNAL_H
#define ADGEN_ANALYSIS_DIRECTIONS_INTERNAL_H

#include "analysis/directions.h"

typedef uint64_t LaneSet; /* bit d: direction d */

enum {
    MIN_LANES = 8,
    MAX_LANES = 64,
    MAX_AROUND = 6,    /* loops around whose counters are looked at */
    MAX_COUNTER = 128, /* their values are below; longer loops are not run round by round */
};

static inline LaneSet lanes_below(unsigned count)
{
    return count >= MAX_LANES ? ~(LaneSet)0 : ((LaneSet)1 << count) - 1;
}

/* An integer: offset + lane * direction + any multiple of `step` (0: exactly that; 1: anything). */
typedef struct Number {
    int64_t offset, lane, step;
} Number;

extern const Number NUMBER_UNKNOWN;

static inline bool number_is_exact(const Number *n) { return n->lane == 0 && n->step == 0; }

/* An array of tangents, `count` elements of `lanes` numbers each, whose address goes nowhere: on the stack, on the heap, or the matrix
 * that the function fills. */
typedef struct LaneArray {
    const Value *base;
    unsigned lanes, first /* among the elements of all */, count;
} LaneArray;

/* What is known of a value: of an integer its number, of an address the array and the number of the place in it, of a floating number in
 * which directions it can be other than zero. */
typedef struct Known {
    Number number;
    const LaneArray *array;
    LaneSet set;
} Known;

/* A loop around one over directions: what that must compute for each value of the counter, of those that occur. */
typedef struct Level {
    Op *around;
    bool is_useless; /* not all counters are known */
    bool occurs[MAX_COUNTER];
    LaneSet needed[MAX_COUNTER];
} Level;

typedef struct LaneLoop {
    Op *loop;
    unsigned lanes;
    bool is_full; /* all directions, as it is */
    unsigned depth;
    Level *levels; /* the innermost first */
    LaneSet always;
    DirectionRange range;
} LaneLoop;

/* One execution of such a loop; a counter that is not known is -1. */
typedef struct Execution {
    LaneLoop *loop;
    int counters[MAX_AROUND];
} Execution;

/* An element of such an array: where it can be other than zero; where memory holds what it should, as if no loop had been narrowed; where
 * it holds zeros; and the loop that wrote it (NULL: unknown, or another op). */
typedef struct Element {
    LaneSet nonzero, right, zero;
    const Execution *writer;
} Element;

typedef struct Run {
    Function *function;
    Arena *scratch; /* of this round */
    LaneArray *arrays;
    size_t num_arrays;
    LaneLoop *loops;
    size_t num_loops;
    LaneLoop **loop_of;            /* by id of the counter */
    const LaneArray **array_of;    /* by id of the base */
    Known *known;                  /* by id */
    LaneSet *loaded;               /* by id of what a loop over directions loads, in any execution */
    Element *elements;
    unsigned num_elements;
    uint64_t steps;
    bool changed, failed;
    bool widens;                   /* loops that grew are full from now on */
    const Execution *execution;    /* of the loop over directions that is being executed, or NULL */
    LaneSet range;                 /* that it runs over */
} Run;

/* directions_numbers.c */
Number number_of_op(const Run *run, const Op *op);
Number number_sum(Number a, Number b);
Number number_product(Number a, int64_t factor);
int64_t common_step(int64_t a, int64_t b);
LaneSet set_of_op(const Run *run, const Op *op);

/* directions_memory.c */
void array_is_new(Run *run, const LaneArray *array);
void array_is_read(Run *run, const LaneArray *array);
LaneSet read_lanes(Run *run, const Op *op);
void write_lanes(Run *run, const Op *op);
void fill_lanes(Run *run, const Op *op);
void need_lanes(Run *run, const Execution *execution, LaneSet set);
Element *elements_copy(Run *run);
/* Says whether `into` changed. */
bool elements_join(Run *run, Element *into, const Element *from, bool widen);

/* directions_run.c */
void run_function(Run *run);

/* directions_ranges.c */
void choose_range(LaneLoop *loop);
/* Of that execution; the whole if it cannot be told. */
LaneSet range_of(const Execution *execution);

#endif
