/* What the files of the runtime share. */
#ifndef AD_INTERNAL_H
#define AD_INTERNAL_H

#include "adgen/runtime.h"

/* The allocator of the calling thread. */
AdAllocator ad_current_allocator(void);

/* Memory from an allocator, without regard to the out-of-memory handler: NULL if there is none. */
void *ad_allocator_take(const AdAllocator *allocator, size_t size);
void ad_allocator_give_back(const AdAllocator *allocator, void *memory);

/* The same, but where there is none the handler is asked; never NULL. */
void *ad_allocator_require(const AdAllocator *allocator, size_t size);

/* Prints a message and aborts. */
_Noreturn void ad_fail(const char *format, size_t number);
/* A wrong argument of a function of the linear algebra. */
_Noreturn void ad_fail_argument(const char *function, const char *what);

/* Bytes that a header takes in front of memory that must be aligned for any type. */
static inline size_t ad_header_size(size_t size)
{
    return (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
}

#endif
