/* What the rooms of the adjoint share: the frames of the reverse sweep, and who reverses what. diff/adjoint.c has the
 * outline. */
#ifndef ADGEN_DIFF_ADJOINT_INTERNAL_H
#define ADGEN_DIFF_ADJOINT_INTERNAL_H

#include "diff/adjoint.h"
#include "diff/caches.h"

typedef enum FrameKind { FRAME_BODY, FRAME_BRANCH, FRAME_LOOP } FrameKind;

typedef struct Frame {
    struct Frame *outer;
    FrameKind kind;
    const Region *primal; /* the region that is reversed */
    Op *op;               /* branch, loop: the op of the reverse sweep */
    Op *end;              /* fused loop or branch: the terminator, before which the reverse sweep ends; else NULL */
    const Op *first_fused; /* root: its first fused op, in the primal, or NULL */
    Builder b;
    ValueMap values;   /* primal values at hand */
    ValueMap shadows;  /* pointers */
    ValueMap adjoints; /* so far; an entry with NULL is zero */
    VEC(Value *) gathered; /* loop: outer values with a carried sum, in the order of carrying */
} Frame;

typedef struct Adjoint {
    const Reversal *reversal;
    const Plan *plan;
    Arena *arena;
    AdjointFrame *outside;
    Value **forward; /* by primal value id */
    Caches *caches;
    Frame *frame;
    bool failed;
} Adjoint;

/* ---- adjoint_frames.c ---- */

/* Of the reverse of `primal`, which goes to the end of `region`, that of `op` (NULL: the body). */
Frame *frame_open(Adjoint *a, FrameKind kind, const Region *primal, Op *op, Region *region);
void frame_close(Adjoint *a);
/* NULL: the region is not being reversed. */
Frame *frame_of_region(const Adjoint *a, const Region *region);
/* What is made for a frame's own region is made by its builder, whatever frame asks. Returns the one to go back to. */
Frame *frame_enter(Adjoint *a, Frame *frame);
/* Its builder, for arithmetic that no primal value depends on. */
Builder relaxed(const Frame *frame);
/* The op of the forward sweep that stands for the primal's, which is a loop or has results. */
Op *forward_of(const Adjoint *a, const Op *op);
const char *with_suffix(const Adjoint *a, const char *name, const char *suffix);

/* The adjoint so far, as seen in the frame; NULL: zero. */
Value *adjoint_so_far(Adjoint *a, Frame *frame, Value *value);
void adjoint_set(Adjoint *a, Value *value, Value *adjoint);
/* NULL: nothing is added. */
void adjoint_add(Adjoint *a, Value *value, Value *share);
/* Of a value of the region that is reversed, when all its uses have been: NULL: zero. */
Value *adjoint_take(Adjoint *a, const Value *value);
Value *or_zero(Builder *b, Value *adjoint, const Type *type);

/* ---- adjoint_values.c ---- */

Value *primal_value(Adjoint *a, Value *value);
/* The same, as a callback. */
Value *value_of(void *context, Value *primal);
/* base[i]... with the indices of the primal's; NULL if the base is. */
Value *index_like(Adjoint *a, Frame *frame, const Op *op, Value *base);
/* The record that an instance of the frame's region left on the tape, if it leaves any. */
void pop_record(Adjoint *a);
/* The arrays are freed where the reverse of their root ends, or behind that of the replayed loop. */
void free_caches(Adjoint *a, const Region *root, const Op *replayed);

/* ---- adjoint_shadows.c ---- */

/* NULL after an error. */
Value *shadow_of(Adjoint *a, Value *pointer);

/* ---- adjoint_formulas.c, adjoint_memory.c, adjoint_calls.c, adjoint_ifs.c, adjoint_loops.c, adjoint_fused.c ---- */

void reverse_convert(Adjoint *a, const Op *op);
void reverse_formula(Adjoint *a, const Op *op);
void reverse_load(Adjoint *a, const Op *op);
void reverse_store(Adjoint *a, const Op *op);
void reverse_accumulate(Adjoint *a, const Op *op);
void reverse_zero(Adjoint *a, const Op *op);
void reverse_copy(Adjoint *a, const Op *op);
void reverse_call(Adjoint *a, const Op *op);
void reverse_if(Adjoint *a, const Op *op);
/* The adjoints that a branch leaves behind, of values from outside. */
typedef struct BranchEnd {
    Builder b;
    ValueMap adjoints;
} BranchEnd;
/* Reverses the branch of `op` into the same one of `reverse`. */
BranchEnd reverse_branch(Adjoint *a, const Op *op, Op *reverse, unsigned which, Value *const *seeds);

/* An `if` or a loop of which nothing has an adjoint, and that left no records. */
bool nothing_to_do(Adjoint *a, const Op *op);
void reverse_loop(Adjoint *a, const Op *op);
bool carried_is_active(const Adjoint *a, const Op *op, unsigned i);
void reverse_fused(Adjoint *a, const Op *op);
/* The companion of argument number i of a call of a recursive function; of one by value, a cell of its own. */
Value *companion_for_call(Adjoint *a, const Op *op, unsigned i, Value **cell);
/* What came to those cells. */
void take_from_cells(Adjoint *a, const Op *op, Value *const *cells);
/* What was made behind the op of the forward sweep cannot be used in it: it is made anew. */
ValueMap known_before(Adjoint *a, const Frame *frame, const Op *forward, ValueMap map);
/* Back to the maps as they were, with what has come to them in front of it. */
void join_maps(Adjoint *a, ValueMap *before, ValueMap inner);

/* ---- adjoint.c ---- */

void reverse_region(Adjoint *a, const Region *region);

#endif
