/* Where the forward sweep keeps what the plan wants cached, and how the reverse sweep finds it. */
#ifndef ADGEN_DIFF_CACHES_H
#define ADGEN_DIFF_CACHES_H

#include "diff/plan.h"
#include "diff/value_map.h"

enum { MAX_CACHE_LOOPS = 16 };

typedef enum CacheKind {
    CACHE_EXPORT, /* not in a loop: a result of the ifs around it */
    CACHE_ARRAY,  /* in loops of known extents: an array indexed by their iterations */
    CACHE_TAPE,   /* else: a field of the record that the region's iteration leaves on the tape */
} CacheKind;

typedef struct Cache {
    CacheKind kind;
    Value *primal;            /* the value that is kept; NULL: the elements of an array */
    const ArrayCopy *copy; /* ... this one */
    const Region *region;     /* of the primal: each execution leaves one */
    Value *place;  /* of the generated function: the exported value, or the array */
    Value *only_if; /* of the generated function: is it kept at all? NULL: always (diff/overlaps.h) */
    bool is_table; /* array: an alloca with one constant extent per loop (and one for the elements of a copy); else linear */
    const Op *outermost; /* loop around the region, in its root; NULL: none */
    unsigned num_loops;
    const Op *loops[MAX_CACHE_LOOPS]; /* of the primal, outermost first: those in which the value may differ */
    Value *sizes[MAX_CACHE_LOOPS]; /* linear: by loop, of the generated function; NULL: made from the bounds again */
    int64_t extents[MAX_CACHE_LOOPS]; /* table */
} Cache;

/* The cache of a value, or of a copy; with the loops around it up to its root. False: there are too many. */
bool cache_of_value(const Reversal *reversal, Value *primal, Cache *cache);
bool cache_of_copy(const Reversal *reversal, const ArrayCopy *copy, Cache *cache);

/* Is it kept in an array? Else on the tape, if it is in a loop. */
bool cache_is_array(const Reversal *reversal, Cache *cache);

/* Would it be kept in an array on the heap, not on the stack nor the tape? */
bool cache_is_heap_array(const Reversal *reversal, Value *primal);

/* Is it small enough for the stack? Finds the extents. */
bool cache_is_small_table(Cache *cache);

/* Can an array be sized before `outermost`, the outermost loop or one around it? In a triangular loop by the longest row. */
bool cache_is_sized_before(const Reversal *reversal, const Cache *cache, const Op *outermost);
bool loop_bounds_known_before(const Op *loop, const Op *outermost);

/* The record of one region, on the tape. */
typedef struct TapeRecord {
    const Region *region; /* of the primal */
    VEC(Value *) values;
} TapeRecord;

/* An array on the heap. */
typedef struct HeapCache {
    Value *array;
    const Region *root; /* of the primal: where its reverse ends, the array is freed */
    const Op *replayed; /* or: behind the reverse of this loop, in front of which it is made; else NULL */
} HeapCache;

typedef struct Caches {
    VEC(Cache) list;
    VEC(TapeRecord) records;
    Value *tape;    /* NULL: none needed */
    VEC(HeapCache) heap;
} Caches;

Caches *caches_new(const Reversal *reversal);

/* The forward sweep, or the slice of a replayed loop, has been cloned into `gradient` (forward: by primal value id); adds to
 * it whatever keeps the cached values. replayed: that loop, or NULL. */
void caches_insert(Caches *caches, const Reversal *reversal, const Plan *plan, Function *gradient, Value **forward,
                   const Op *replayed);

const Cache *cache_find(const Caches *caches, const Value *value);
const Cache *cache_find_copy(const Caches *caches, const ArrayCopy *copy);
const TapeRecord *record_find(const Caches *caches, const Region *region);
/* Does any region of the op, or one nested there, leave records on the tape? */
bool op_has_records(const Caches *caches, const Op *op);

/* Iterations of the loop so far, and their total number, from its bounds as found by `value_of`. */
typedef Value *ValueOf(void *context, Value *primal);
Value *loop_iteration(Builder *b, const Op *loop, ValueOf *value_of, void *context);
Value *loop_extent(Builder *b, const Op *loop, ValueOf *value_of, void *context);

/* The address of the cached value, or the first element of the copy, for the iterations at hand. */
Value *cache_address(Builder *b, const Cache *cache, ValueOf *value_of, void *context);

/* The largest number of iterations of a while loop, where its condition has a constant bound; else -1. */
int64_t while_bound(const Op *loop);

#endif
