/* Arena memory: everything the compiler allocates lives in an arena and dies with it.
 *
 * An arena is the only thing in the compiler that calls malloc. Allocation never returns NULL:
 * when the system has no memory left, the process ends with a message and exit status 3. */
#ifndef ADGEN_BASE_ARENA_H
#define ADGEN_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *blocks; /* newest first */
    char *cursor;
    char *limit;
} Arena;

/* An empty arena needs no memory; `Arena a = {0}` is the same. */
void arena_init(Arena *arena);

/* Frees every block; the arena is empty and usable again. */
void arena_release(Arena *arena);

/* `size` zeroed bytes, aligned for any type. */
void *arena_alloc(Arena *arena, size_t size);

/* Copies of strings; `arena_format` is sprintf into the arena. */
char *arena_strdup(Arena *arena, const char *text);
char *arena_strndup(Arena *arena, const char *text, size_t length);
char *arena_format(Arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vformat(Arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Moves `old_size` bytes to a new place of `new_size`, the rest zeroed (the growth step of VEC). */
void *arena_grow(Arena *arena, const void *old, size_t old_size, size_t new_size);

#define arena_new(arena, T) ((T *)arena_alloc((arena), sizeof(T)))
#define arena_new_array(arena, T, n) ((T *)arena_alloc((arena), sizeof(T) * (size_t)(n)))

/* A growable array of T: `VEC(int) v = {0}; vec_push(arena, &v, 3); v.items[0]; v.count`. */
#define VEC(T)                                                                                     \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t count, capacity;                                                                    \
    }

#define vec_reserve(arena, v, n)                                                                   \
    do {                                                                                           \
        if ((v)->capacity < (size_t)(n)) {                                                         \
            size_t vec_cap_ = (v)->capacity ? (v)->capacity : 8;                                   \
            while (vec_cap_ < (size_t)(n))                                                         \
                vec_cap_ *= 2;                                                                     \
            (v)->items = arena_grow((arena), (v)->items, (v)->count * sizeof *(v)->items,          \
                                    vec_cap_ * sizeof *(v)->items);                                \
            (v)->capacity = vec_cap_;                                                              \
        }                                                                                          \
    } while (0)

#define vec_push(arena, v, item)                                                                   \
    do {                                                                                           \
        vec_reserve((arena), (v), (v)->count + 1);                                                 \
        (v)->items[(v)->count++] = (item);                                                         \
    } while (0)

#define vec_pop(v) ((v)->items[--(v)->count])

/* A growable text, always terminated once something was written. */
typedef VEC(char) Text;

void text_put(Arena *arena, Text *text, const char *bytes, size_t length);
void text_puts(Arena *arena, Text *text, const char *string);
void text_printf(Arena *arena, Text *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
