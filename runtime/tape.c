/* The tape: a stack of records in a chain of blocks.
 *
 * The first block lies inside the tape itself, the others come from the allocator and double in size.
 * Records never move. A block that is popped empty stays in the chain and is filled again by later
 * pushes, so a sweep that goes up and down at a block's border allocates once; all goes back when the
 * tape is released. */
#include "internal.h"

enum { FIRST_BLOCK_SIZE = 4096, MAX_BLOCK_SIZE = 1024 * 1024 };

static _Thread_local size_t fixed_block_size; /* 0: blocks grow */

size_t ad_set_tape_block_size(size_t size)
{
    const size_t before = fixed_block_size;
    fixed_block_size = size;
    return before;
}

static void use_block(AdTape *tape, AdTapeBlock *block)
{
    tape->block = block;
    tape->begin = block->begin;
    tape->cursor = block->cursor;
    tape->limit = block->limit;
}

void ad_tape_init_aligned(AdTape *tape, size_t alignment)
{
    size_t inline_size = sizeof tape->storage;
    if (fixed_block_size && fixed_block_size < inline_size)
        inline_size = fixed_block_size;
    char *begin = tape->storage.bytes;
    tape->alignment = alignment;
    tape->block_size = fixed_block_size ? fixed_block_size : FIRST_BLOCK_SIZE;
    tape->max_block_size = fixed_block_size ? fixed_block_size : MAX_BLOCK_SIZE;
    tape->bytes = 0;
    tape->allocator = ad_current_allocator();
    tape->first = (AdTapeBlock){.begin = begin, .cursor = begin, .limit = begin + inline_size};
    use_block(tape, &tape->first);
}

void ad_tape_init(AdTape *tape)
{
    ad_tape_init_aligned(tape, _Alignof(max_align_t));
}

static AdTapeBlock *new_block(AdTape *tape, size_t room)
{
    const size_t header = ad_header_size(sizeof(AdTapeBlock));
    if (room < tape->block_size)
        room = tape->block_size;
    if (tape->block_size <= tape->max_block_size / 2)
        tape->block_size *= 2;
    AdTapeBlock *block = ad_allocator_require(&tape->allocator, header + room);
    char *begin = (char *)block + header;
    *block = (AdTapeBlock){.begin = begin, .cursor = begin, .limit = begin + room};
    tape->bytes += header + room;
    return block;
}

static void insert_behind(AdTapeBlock *block, AdTapeBlock *added)
{
    added->previous = block;
    added->next = block->next;
    if (added->next)
        added->next->previous = added;
    block->next = added;
}

void *ad_tape_push_block(AdTape *tape, size_t size)
{
    AdTapeBlock *block = tape->block;
    AdTapeBlock *next = block->next;
    if (!next || (size_t)(next->limit - next->begin) < size) {
        next = new_block(tape, size);
        insert_behind(block, next);
    }
    block->cursor = tape->cursor;
    next->cursor = next->begin;
    use_block(tape, next);
    tape->cursor += size;
    return next->begin;
}

void ad_tape_step_back(AdTape *tape)
{
    while (tape->cursor == tape->begin) {
        if (!tape->block->previous)
            ad_fail("a record was taken from a tape that holds none (%zu)", 0);
        use_block(tape, tape->block->previous);
    }
}

void ad_tape_release(AdTape *tape)
{
    AdTapeBlock *block = tape->first.next;
    while (block) {
        AdTapeBlock *next = block->next;
        ad_allocator_give_back(&tape->allocator, block);
        block = next;
    }
    tape->first.next = NULL;
}

size_t ad_tape_bytes(const AdTape *tape)
{
    return tape->bytes;
}
