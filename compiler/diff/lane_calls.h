/* Calls with a rule, for one direction of several. */
#ifndef ADGEN_DIFF_LANE_CALLS_H
#define ADGEN_DIFF_LANE_CALLS_H

#include "ir/builder.h"

/* How the calls of a tangent come to what they take in the function that is built. Memory of tangents has `lanes` numbers
 * per element. */
typedef struct LaneSource {
    void *context;
    unsigned lanes;
    Builder *lane; /* in the loop over the lanes */
    bool (*is_shadow)(void *context, const Value *pointer);
    Value *(*uniform)(void *context, Value *value); /* sizes and flags, the same for all lanes */
    Value *(*number)(void *context, Value *value);  /* anything else but shadows, of this lane if it has its own */
    /* Of this lane's number of the first element, or of the one at the offset. */
    Value *(*address)(void *context, Value *pointer, Value *offset);
} LaneSource;

typedef struct LaneCall LaneCall;

/* Memory for what has no step to skip the other lanes with. Requires: call_is_ruled. */
LaneCall *lane_call_open(Builder *before, LaneSource source, const Op *op);
/* The call for one lane; its result, or NULL. */
Value *lane_call_make(LaneCall *call);
void lane_call_close(Builder *after, LaneCall *call);

#endif
