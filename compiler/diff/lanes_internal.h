/* What the rooms of several directions share: the step that is made, the run that is open in it, and where the numbers of each
 * direction are. diff/lanes.c has the outline. */
#ifndef ADGEN_DIFF_LANES_INTERNAL_H
#define ADGEN_DIFF_LANES_INTERNAL_H

#include "diff/lanes.h"
#include "diff/parts.h"
#include "ir/builder.h"

typedef struct Lanes {
    const Request *request;
    Arena *arena;
    const Function *from;
    Function *to;
    unsigned count;
    const Part *part;  /* by value id of `from` */
    Value **map;       /* uniform values and shadow addresses; lanes: the number in the run `run` */
    unsigned *run;     /* by value id: the run in which map holds the lane's number; 0: none */
    Value **home;      /* by value id of lanes: their array, or NULL */
    Builder b;         /* where the primal goes */
    Op *loop;          /* the run that is open, or NULL */
    Builder lane;      /* in it */
    Value *direction;  /* its counter */
    unsigned runs;
    bool is_quiet, failed;
} Lanes;

/* ---- lane_runs.c ---- */

const Type *int_type(const Lanes *l);
/* Each direction has one of its own: a tangent, or a pointer into a struct of tangents. */
bool is_lanes(const Lanes *l, const Value *value);
/* A pointer to memory that holds the numbers of all directions. */
bool is_shadow(const Lanes *l, const Value *value);
void lanes_refuse(Lanes *l);

void open_run(Lanes *l);
void close_run(Lanes *l);
/* The array in which the numbers of all lanes wait; in scope everywhere. */
Value *home_of(Lanes *l, const Value *value);
/* The number of this lane, in the open run. */
Value *lane_value(Lanes *l, Value *value);
void note_lane(Lanes *l, const Value *value, Value *number);

/* As many numbers as so many elements have. */
Value *times_lanes(Lanes *l, Value *count);
/* Of the first lane of the element that `index` addresses. */
Value *element_start(Lanes *l, Builder *b, const Op *index);
/* Of this lane's number, in the open run. */
Value *lane_address(Lanes *l, Value *pointer);

/* ---- lane_memory.c ---- */

/* An op on numbers of each direction. */
void lane_op(Lanes *l, const Op *op);
/* Memory that is each direction's own, as a whole. */
void lane_range(Lanes *l, const Op *op);
/* Shadow memory and addresses in it: the same for all lanes, but for its size. */
void shadow_op(Lanes *l, const Op *op);

/* ---- lane_tapes.c ---- */

/* A push or a pop. */
void tape_op(Lanes *l, const Op *op);

/* ---- lane_calls.c ---- */

/* A call with a rule. */
void ruled_lanes(Lanes *l, const Op *op);

/* ---- lane_control.c ---- */

/* An `if` or a loop that tangents are used in, or go through. */
void walk_control(Lanes *l, const Op *op);

/* ---- lane_signature.c ---- */

/* Defines l->to. */
void lanes_declare(Lanes *l, const Step *step);
/* What the step's parameters are in it. */
void lanes_map_params(Lanes *l, const Step *step);

/* ---- lanes.c ---- */

void walk_region(Lanes *l, const Region *region);

#endif
