/* A call with room for deep recursion.
 *
 * Parsing an expression recurses once per level, and `a + b + c + ...` with ten thousand terms is ten
 * thousand levels: machine-written C has such expressions. On the usual eight megabytes the process would
 * die; so the work is done by a thread whose stack is as large as the system grants. libclang, too, parses
 * on that thread instead of on one of its own, once LIBCLANG_NOTHREADS is set. */
#define _XOPEN_SOURCE 700
#include "driver/deep_stack.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static const size_t megabyte = 1024 * 1024;

typedef struct Call {
    void (*body)(void *);
    void *context;
} Call;

static void *run(void *argument)
{
    const Call *call = argument;
    call->body(call->context);
    return NULL;
}

static bool call_on_stack_of(size_t size, Call *call)
{
    pthread_t thread;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    const bool started = pthread_attr_setstacksize(&attributes, size) == 0 &&
                         pthread_create(&thread, &attributes, run, call) == 0;
    pthread_attr_destroy(&attributes);
    return started && pthread_join(thread, NULL) == 0;
}

void call_on_deep_stack(void (*body)(void *), void *context)
{
    Call call = {body, context};
    setenv("LIBCLANG_NOTHREADS", "1", 0);
    for (size_t size = 1024 * megabyte; size >= 64 * megabyte; size /= 4)
        if (call_on_stack_of(size, &call))
            return;
    body(context);
}
