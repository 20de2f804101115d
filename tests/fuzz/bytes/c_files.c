/* Any bytes as a C file, through the whole of adgen. Besides what libFuzzer does to bytes, tokens and lines are left out, repeated, and
 * exchanged, so that much of what comes out is still C. */
#include <string.h>

#include "whole.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    whole_run(bytes, size, NULL);
    return 0;
}

/* ---- mutations ---- */

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t max_size) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max_size, unsigned seed);

typedef struct Piece {
    size_t start, length;
} Piece;

static unsigned draw(unsigned *seed, size_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % (below ? (unsigned)below : 1);
}

static int is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* The token at a random place: a word, or one other byte. */
static Piece random_token(const uint8_t *bytes, size_t size, unsigned *seed)
{
    size_t start = draw(seed, size), end = start + 1;
    if (is_word(bytes[start])) {
        while (start > 0 && is_word(bytes[start - 1]))
            start--;
        while (end < size && is_word(bytes[end]))
            end++;
    }
    return (Piece){start, end - start};
}

static Piece random_line(const uint8_t *bytes, size_t size, unsigned *seed)
{
    size_t start = draw(seed, size), end = start;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    while (end < size && bytes[end] != '\n')
        end++;
    return (Piece){start, end - start + (end < size)};
}

/* The bytes of `old` become those of `with`, which may lie in the same text. */
static size_t replace(uint8_t *bytes, size_t size, size_t max_size, Piece old, Piece with)
{
    uint8_t copy[512];
    const size_t new_size = size - old.length + with.length;
    if (with.length > sizeof copy || new_size > max_size)
        return size;
    memcpy(copy, bytes + with.start, with.length);
    memmove(bytes + old.start + with.length, bytes + old.start + old.length, size - old.start - old.length);
    memcpy(bytes + old.start, copy, with.length);
    return new_size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max_size, unsigned seed)
{
    enum { KINDS = 6 };
    const unsigned kind = draw(&seed, KINDS);
    if (size == 0 || kind == 0)
        return LLVMFuzzerMutate(bytes, size, max_size);
    Piece (*const random_piece)(const uint8_t *, size_t, unsigned *) = kind < 4 ? random_token : random_line;
    const Piece a = random_piece(bytes, size, &seed), b = random_piece(bytes, size, &seed);
    const Piece nothing_before_a = {a.start, 0}, nothing = {0, 0};
    switch (kind) {
    case 1:
    case 4:
        return replace(bytes, size, max_size, a, nothing);
    case 2:
    case 5:
        return replace(bytes, size, max_size, nothing_before_a, b);
    default:
        return replace(bytes, size, max_size, a, b);
    }
}
