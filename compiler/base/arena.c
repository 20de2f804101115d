/* Arena memory: chained blocks, bump allocation. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024, ALIGNMENT = 16 };

struct ArenaBlock {
    ArenaBlock *next;
    size_t size;
};

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void arena_init(Arena *arena)
{
    *arena = (Arena){0};
}

void arena_release(Arena *arena)
{
    for (ArenaBlock *block = arena->blocks; block;) {
        ArenaBlock *next = block->next;
        free(block);
        block = next;
    }
    arena_init(arena);
}

/* In a hostile build (a test) every allocation is a block of its own, so that sanitizers see its end; it fails where
 * tests/hostile/allocations.c says; and what moved is overwritten where it stood. */
#ifdef ADGEN_HOSTILE
void *hostile_allocate(size_t size);

enum { MIN_BLOCK = 1 };

static void *allocate(size_t size)
{
    return hostile_allocate(size);
}

static void forget(void *old, size_t size)
{
    memset(old, 0xd5, size);
}
#else
enum { MIN_BLOCK = BLOCK_SIZE };

static void *allocate(size_t size)
{
    return calloc(1, size);
}

static void forget(void *old, size_t size)
{
    (void)old;
    (void)size;
}
#endif

static void add_block(Arena *arena, size_t payload)
{
    const size_t header = round_up(sizeof(ArenaBlock));
    const size_t size = header + (payload > MIN_BLOCK ? payload : MIN_BLOCK);
    ArenaBlock *block = allocate(size);
    if (!block) {
        fputs("adgen: out of memory\n", stderr);
        exit(3);
    }
    *block = (ArenaBlock){.next = arena->blocks, .size = size};
    arena->blocks = block;
    arena->cursor = (char *)block + header;
    arena->limit = (char *)block + size;
}

void *arena_alloc(Arena *arena, size_t size)
{
    size = round_up(size ? size : 1);
    if ((size_t)(arena->limit - arena->cursor) < size)
        add_block(arena, size);
    void *result = arena->cursor;
    arena->cursor += size;
    return result;
}

void *arena_grow(Arena *arena, const void *old, size_t old_size, size_t new_size)
{
    void *result = arena_alloc(arena, new_size);
    if (old_size) {
        memcpy(result, old, old_size);
        forget((void *)old, old_size);
    }
    return result;
}

char *arena_strndup(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(Arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vformat(Arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    const int length = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_format(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vformat(arena, format, args);
    va_end(args);
    return text;
}

void text_put(Arena *arena, Text *text, const char *bytes, size_t length)
{
    vec_reserve(arena, text, text->count + length + 1);
    memcpy(text->items + text->count, bytes, length);
    text->count += length;
    text->items[text->count] = '\0';
}

void text_puts(Arena *arena, Text *text, const char *string)
{
    text_put(arena, text, string, strlen(string));
}

void text_printf(Arena *arena, Text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *piece = arena_vformat(arena, format, args);
    va_end(args);
    text_puts(arena, text, piece);
}
