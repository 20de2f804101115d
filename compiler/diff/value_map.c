/* Maps of values, by id. */
#include "diff/value_map.h"

ValueEntry *value_map_find(ValueMap map, const Value *key)
{
    ValueEntry *entry = NULL;
    HASH_FIND(hh, map, &key->id, sizeof key->id, entry);
    return entry;
}

Value *value_map_get(ValueMap map, const Value *key)
{
    const ValueEntry *entry = value_map_find(map, key);
    return entry ? entry->value : NULL;
}

void value_map_set(Arena *arena, ValueMap *map, Value *key, Value *value)
{
    ValueEntry *entry = value_map_find(*map, key);
    if (!entry) {
        entry = arena_new(arena, ValueEntry);
        entry->id = key->id;
        entry->key = key;
        HASH_ADD(hh, *map, id, sizeof entry->id, entry);
    }
    entry->value = value;
}

void value_map_release(ValueMap *map)
{
    HASH_CLEAR(hh, *map);
}
