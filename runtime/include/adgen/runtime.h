/* The runtime of generated code: memory, the tape, and functions that <math.h> lacks.
 *
 * Memory comes from malloc, or from an allocator that the caller installs for its thread: an arena over
 * a buffer of its own, say, and then there is no heap. Where memory runs out, the installed handler is
 * called; without one, a message and abort. Nothing here returns NULL.
 *
 * What is installed belongs to the calling thread; there is no other state. Generated functions are
 * therefore as reentrant and thread-safe as the functions they were made from. */
#ifndef ADGEN_RUNTIME_H
#define ADGEN_RUNTIME_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define AD_PUBLIC __attribute__((visibility("default")))
#else
#define AD_PUBLIC
#endif

/* ---- Arrays ---- */

/* An array of n elements of type T, contents undefined; `n <= 0` gives an empty array, which is no null
 * pointer and can be freed like any other. A size beyond what the machine can address counts as memory
 * that ran out. */
#define ad_alloc_array(T, n) ((T *)ad_alloc_elements(sizeof(T), (ptrdiff_t)(n)))

/* The same, all bytes zero. */
#define ad_alloc_zeroed_array(T, n) ((T *)ad_alloc_zeroed_elements(sizeof(T), (ptrdiff_t)(n)))

AD_PUBLIC void *ad_alloc_elements(size_t size, ptrdiff_t count);
AD_PUBLIC void *ad_alloc_zeroed_elements(size_t size, ptrdiff_t count);

/* Bytes, aligned for any type. */
AD_PUBLIC void *ad_alloc(size_t size);
AD_PUBLIC void *ad_alloc_zeroed(size_t size);

/* Frees what the functions above gave; NULL is allowed. The allocator must be the one that was
 * installed then. */
AD_PUBLIC void ad_free(void *memory);

/* Do the first n elements at p and the first m elements at q share memory? */
#define ad_overlap(p, n, q, m) ad_bytes_overlap(p, sizeof *(p) * (size_t)(n), q, sizeof *(q) * (size_t)(m))

AD_PUBLIC int ad_bytes_overlap(const void *p, size_t p_size, const void *q, size_t q_size);

/* ---- Where memory comes from ---- */

/* A source of memory. `allocate` returns memory aligned for any type, or NULL if there is none. */
typedef struct AdAllocator {
    void *(*allocate)(void *context, size_t size);
    void (*deallocate)(void *context, void *memory);
    void *context;
} AdAllocator;

/* Installs an allocator for the calling thread and returns the one before it. malloc and free are the
 * first; an allocator with null functions stands for them. */
AD_PUBLIC AdAllocator ad_set_allocator(AdAllocator allocator);

/* Called when `size` bytes cannot be had. Returns nonzero to try again (it made room), zero to give up:
 * then a message is printed and the process aborts. It may also leave by longjmp; what the generated
 * function had allocated until then is lost, except in an arena, which the caller resets. */
typedef int AdOutOfMemory(void *context, size_t size);

/* Installs a handler for the calling thread; NULL: the default. */
AD_PUBLIC void ad_set_out_of_memory(AdOutOfMemory *handler, void *context);

/* ---- Several directions at once ---- */

/* In front of a loop over directions inside another loop: its iterations are to be one vector operation. At -O3 compilers would
 * unroll it and vectorise the loop around it, which takes up to five times as long. In a loop of a few rounds they do well, but for clang
 * with -ffast-math: they unroll both, and keep the numbers in registers. */
#if defined __clang__
#define AD_DIRECTIONS _Pragma("clang loop unroll(disable)")
#ifdef __FAST_MATH__
#define AD_DIRECTIONS_IN_SHORT_LOOP AD_DIRECTIONS
#else
#define AD_DIRECTIONS_IN_SHORT_LOOP
#endif
#elif defined __GNUC__
#define AD_DIRECTIONS _Pragma("GCC unroll 1")
#define AD_DIRECTIONS_IN_SHORT_LOOP
#else
#define AD_DIRECTIONS
#define AD_DIRECTIONS_IN_SHORT_LOOP
#endif

/* ---- An arena: memory from a buffer of the caller ---- */

typedef struct AdArena {
    char *begin, *cursor, *limit;
    void *newest;      /* header of the newest piece */
    size_t peak;       /* most bytes in use so far, headers included */
} AdArena;

/* The buffer may be of any alignment; it belongs to the caller and must outlive the arena. */
AD_PUBLIC void ad_arena_init(AdArena *arena, void *buffer, size_t size);

/* Forgets everything that was allocated; the peak stays. */
AD_PUBLIC void ad_arena_reset(AdArena *arena);

/* The allocator to install. Space is used again once the newest piece is freed, which is the order in
 * which generated code frees. */
AD_PUBLIC AdAllocator ad_arena_allocator(AdArena *arena);

/* ---- A meter: how much memory is used ---- */

typedef struct AdMeter {
    AdAllocator source;
    size_t bytes, peak;  /* in use now, and the most so far */
    size_t allocations;  /* how many so far */
} AdMeter;

/* Counts what goes through it to `source` (null functions: malloc). */
AD_PUBLIC void ad_meter_init(AdMeter *meter, AdAllocator source);
AD_PUBLIC AdAllocator ad_meter_allocator(AdMeter *meter);

/* ---- The tape: a growable stack of records ---- */

enum { AD_TAPE_INLINE_SIZE = 1024 };

/* A stretch of storage; the records in it fill begin to cursor. */
typedef struct AdTapeBlock {
    struct AdTapeBlock *previous, *next;
    char *begin, *cursor, *limit;
} AdTapeBlock;

/* Lives where it is declared and must not be copied: short tapes are kept inside it. */
typedef struct AdTape {
    char *begin, *cursor, *limit; /* of the block in use; its own cursor is set when it is left */
    size_t alignment;
    size_t block_size, max_block_size; /* of the next block, and of the largest */
    size_t bytes;                 /* in blocks from the allocator */
    AdTapeBlock *block;           /* in use */
    AdTapeBlock first;            /* the storage below */
    AdAllocator allocator;        /* the one installed when the tape was initialised */
    union {
        max_align_t aligned;
        char bytes[AD_TAPE_INLINE_SIZE];
    } storage;
} AdTape;

/* An empty tape for records of any type. */
AD_PUBLIC void ad_tape_init(AdTape *tape);

/* An empty tape whose records need no more than this alignment (a power of two up to that of
 * max_align_t): they are packed accordingly. */
AD_PUBLIC void ad_tape_init_aligned(AdTape *tape, size_t alignment);

/* Frees all storage. The tape must be initialised again before it is used again. */
AD_PUBLIC void ad_tape_release(AdTape *tape);

/* The bytes that the tape took from the allocator; until it is released it gives none back, so this is
 * its peak. */
AD_PUBLIC size_t ad_tape_bytes(const AdTape *tape);

/* Tapes that the calling thread initialises from now on take their storage in blocks of this size,
 * the inline storage included, however small it is: for tests. 0: the default, blocks that grow.
 * Returns what was set before. */
AD_PUBLIC size_t ad_set_tape_block_size(size_t size);

/* What the inline functions below leave to the library. */
AD_PUBLIC void *ad_tape_push_block(AdTape *tape, size_t size);
AD_PUBLIC void ad_tape_step_back(AdTape *tape);

static inline size_t ad_tape_round_up(const AdTape *tape, size_t size)
{
    return (size + tape->alignment - 1) & ~(tape->alignment - 1);
}

/* Storage for a new record of `size` bytes, contents undefined, valid until it is popped. */
static inline void *ad_tape_push(AdTape *tape, size_t size)
{
    const size_t rounded = ad_tape_round_up(tape, size);
    void *const record = tape->cursor;
    if ((size_t)(tape->limit - tape->cursor) < rounded)
        return ad_tape_push_block(tape, rounded);
    tape->cursor += rounded;
    return record;
}

/* The newest record, which has `size` bytes. */
static inline void *ad_tape_top(AdTape *tape, size_t size)
{
    if (tape->cursor == tape->begin)
        ad_tape_step_back(tape);
    return tape->cursor - ad_tape_round_up(tape, size);
}

/* Removes the newest record, which has `size` bytes, and returns it; it can be read until the next push,
 * pop or release. */
static inline void *ad_tape_pop(AdTape *tape, size_t size)
{
    void *const record = ad_tape_top(tape, size);
    tape->cursor = (char *)record;
    return record;
}

/* ---- Memory that the differentiated function takes from malloc ---- */

/* As calloc, whatever allocator is installed, since the memory may be freed by whoever is given it; where
 * there is none left the handler is called. */
AD_PUBLIC void *ad_calloc(size_t count, size_t size);

/* The records of the tape are pointers (void *) from malloc: frees them all, and releases the tape. What a
 * function frees before it is reversed is kept until then. */
AD_PUBLIC void ad_tape_free_pointers(AdTape *tape);

/* ---- Debug builds of generated code (-DADGEN_DEBUG) ---- */

typedef enum AdParameterKind { AD_IS_ORIGINAL, AD_IS_COMPANION, AD_IS_NUMBER } AdParameterKind;

/* A parameter of a generated function that points. */
typedef struct AdParameter {
    AdParameterKind kind;
    const char *name;
    const void *data;
    size_t bytes;
} AdParameter;

/* An array of the original, of `n` elements; a companion of the last one; a companion of what is no array: a
 * number, a result. */
#define AD_ORIGINAL(p, n) {AD_IS_ORIGINAL, #p, (p), (n) > 0 ? (size_t)(n) * sizeof *(p) : 0}
#define AD_COMPANION(p, n) {AD_IS_COMPANION, #p, (p), (n) > 0 ? (size_t)(n) * sizeof *(p) : 0}
#define AD_NUMBER(p) {AD_IS_NUMBER, #p, (p), sizeof *(p)}

/* Prints a message and aborts where a companion is a null pointer, or shares memory with an original. An empty
 * array may be a null pointer; so may a companion whose original is one. */
AD_PUBLIC void ad_check_parameters(const char *function, size_t count, const AdParameter *parameters);

/* ---- Inner products ---- */

/* The sum of a[i] * b[i] for i < n, in no particular order: as eight sums, which compilers form with vector instructions though they
 * may not reorder additions themselves. */
#ifdef __FAST_MATH__
#define AD_IN_EIGHT_PARTS 0 /* compilers do it themselves, and would undo it */
#else
#define AD_IN_EIGHT_PARTS 1
#endif

#define AD_INNER(name, T)                                                                                  \
    static inline T name(ptrdiff_t n, const T *a, const T *b)                                              \
    {                                                                                                      \
        T sums[8] = {0}, sum = 0;                                                                          \
        ptrdiff_t i = 0;                                                                                   \
        for (; AD_IN_EIGHT_PARTS && i < n - 7; i += 8)                                                     \
            for (int k = 0; k < 8; k++)                                                                    \
                sums[k] += a[i + k] * b[i + k];                                                            \
        for (; i < n; i++)                                                                                 \
            sum += a[i] * b[i];                                                                            \
        return sum + (((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]))); \
    }

AD_INNER(ad_inner, double)
AD_INNER(ad_innerf, float)
AD_INNER(ad_innerl, long double)
#undef AD_INNER
#undef AD_IN_EIGHT_PARTS

/* ---- Functions that <math.h> lacks ---- */

/* 1 / cosh(x)^2, the derivative of tanh: never NaN for a number, 0 at the infinities. */
AD_PUBLIC double ad_sech2(double x);
AD_PUBLIC float ad_sech2f(float x);
AD_PUBLIC long double ad_sech2l(long double x);

/* psi(x) = d/dx ln |gamma(x)|. -inf at +0, inf at -0, NaN at negative integers. */
AD_PUBLIC double ad_digamma(double x);
AD_PUBLIC float ad_digammaf(float x);
AD_PUBLIC long double ad_digammal(long double x);

/* The derivative of psi of that order; order 0 is psi itself. At the poles (0 and the negative integers)
 * inf for odd orders, and NaN for even ones where the limits from both sides differ. NaN for a negative
 * order and for one above 100. */
AD_PUBLIC double ad_polygamma(int order, double x);
AD_PUBLIC float ad_polygammaf(int order, float x);
AD_PUBLIC long double ad_polygammal(int order, long double x);

#ifdef __cplusplus
}
#endif

#endif
