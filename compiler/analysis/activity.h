/* Activity: which values and objects the derivative depends on.
 *
 * Varied: its value depends on an independent. Useful: a dependent depends on it. Active: both. On
 * values the analysis is exact up to control flow; memory is followed by object. */
#ifndef ADGEN_ANALYSIS_ACTIVITY_H
#define ADGEN_ANALYSIS_ACTIVITY_H

#include "analysis/memory.h"
#include "rules/rules.h"

typedef struct ActivitySeeds {
    const bool *independent; /* by parameter: its value, or what it points to */
    const bool *dependent;   /* by parameter: what it points to */
    const bool *companion;   /* by parameter: has a shadow, so what overlaps it is followed */
    bool result;             /* the returned value is a dependent */
    bool everything;         /* treat whatever can be active as active */
} ActivitySeeds;

typedef struct ObjectFacts {
    Object object;
    const Type *elem;
    bool varied, useful;
} ObjectFacts;

typedef struct Activity {
    const Function *function;
    const Rules *rules;
    bool *varied, *useful; /* by value id */
    VEC(ObjectFacts) objects;
    bool everything;
    bool changed;
} Activity;

const Activity *activity_compute(Arena *arena, const Function *function, const Rules *rules,
                                 const ActivitySeeds *seeds);

bool value_is_active(const Activity *activity, const Value *value);
/* What the pointer points to. */
bool memory_is_active(const Activity *activity, const Value *pointer);
bool memory_is_varied(const Activity *activity, const Value *pointer);

#endif
