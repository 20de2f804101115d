/* A map from the values of one function to those of another, by id. */
#ifndef ADGEN_DIFF_VALUE_MAP_H
#define ADGEN_DIFF_VALUE_MAP_H

#include <uthash.h>

#include "ir/ir.h"

typedef struct ValueEntry {
    unsigned id;
    Value *key, *value;
    UT_hash_handle hh;
} ValueEntry;

/* Entries in order of insertion; NULL is the empty map. */
typedef ValueEntry *ValueMap;

ValueEntry *value_map_find(ValueMap map, const Value *key);
Value *value_map_get(ValueMap map, const Value *key); /* NULL: not there */
void value_map_set(Arena *arena, ValueMap *map, Value *key, Value *value);
void value_map_release(ValueMap *map);

#endif
