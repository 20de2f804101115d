/* A meter: an allocator that counts what goes through it to another one. */
#include "internal.h"

#include <stdint.h>

static void *meter_allocate(void *context, size_t size)
{
    AdMeter *meter = context;
    const size_t header = ad_header_size(sizeof size);
    if (size > SIZE_MAX - header)
        return NULL;
    char *memory = ad_allocator_take(&meter->source, header + size);
    if (!memory)
        return NULL;
    *(size_t *)(void *)memory = size;
    meter->allocations++;
    meter->bytes += size;
    if (meter->peak < meter->bytes)
        meter->peak = meter->bytes;
    return memory + header;
}

static void meter_deallocate(void *context, void *memory)
{
    AdMeter *meter = context;
    char *begin = (char *)memory - ad_header_size(sizeof(size_t));
    meter->bytes -= *(size_t *)(void *)begin;
    ad_allocator_give_back(&meter->source, begin);
}

void ad_meter_init(AdMeter *meter, AdAllocator source)
{
    *meter = (AdMeter){.source = source};
}

AdAllocator ad_meter_allocator(AdMeter *meter)
{
    return (AdAllocator){meter_allocate, meter_deallocate, meter};
}
