/* An arena: an allocator over a buffer of the caller.
 *
 * Pieces lie one behind the other, each with a header in front. A piece that is freed is marked; the
 * newest pieces, as far as they are marked, give their space back. */
#include "internal.h"

#include <stdint.h>

typedef struct Piece {
    struct Piece *below;
    size_t is_free;
} Piece;

static void *arena_allocate(void *context, size_t size)
{
    AdArena *arena = context;
    const size_t room = (size_t)(arena->limit - arena->cursor);
    const size_t header = ad_header_size(sizeof(Piece));
    if (size > room || header + ad_header_size(size) > room)
        return NULL;
    Piece *piece = (Piece *)(void *)arena->cursor;
    *piece = (Piece){.below = arena->newest};
    arena->newest = piece;
    arena->cursor += header + ad_header_size(size);
    const size_t used = (size_t)(arena->cursor - arena->begin);
    if (arena->peak < used)
        arena->peak = used;
    return (char *)piece + header;
}

static void arena_deallocate(void *context, void *memory)
{
    AdArena *arena = context;
    Piece *piece = (Piece *)(void *)((char *)memory - ad_header_size(sizeof(Piece)));
    piece->is_free = 1;
    for (piece = arena->newest; piece && piece->is_free; piece = arena->newest) {
        arena->cursor = (char *)piece;
        arena->newest = piece->below;
    }
}

void ad_arena_init(AdArena *arena, void *buffer, size_t size)
{
    const size_t alignment = _Alignof(max_align_t);
    const size_t skip = (alignment - (uintptr_t)buffer % alignment) % alignment;
    char *begin = (char *)buffer + (skip < size ? skip : size);
    *arena = (AdArena){.begin = begin, .cursor = begin, .limit = (char *)buffer + size};
}

void ad_arena_reset(AdArena *arena)
{
    arena->cursor = arena->begin;
    arena->newest = NULL;
}

AdAllocator ad_arena_allocator(AdArena *arena)
{
    return (AdAllocator){arena_allocate, arena_deallocate, arena};
}
