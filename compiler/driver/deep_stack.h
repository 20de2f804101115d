/* A call with room for deep recursion. */
#ifndef ADGEN_DRIVER_DEEP_STACK_H
#define ADGEN_DRIVER_DEEP_STACK_H

/* Calls `body(context)` on a stack of several hundred megabytes (or of what the system gives), of which
 * only what is used costs memory. */
void call_on_deep_stack(void (*body)(void *), void *context);

#endif
