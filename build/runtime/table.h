/* The ordered hash table that dict and set share; in a set the values are NULL.

   Laws: entries stand in insertion order, and removed ones (key NULL) stay until the table grows or
   is compacted, so positions are stable while nothing is added. `var.size` counts the live ones. Up
   to TABLE_SCANNED entries are found by scanning their hashes; more by an index of positions,
   probed linearly, at most half full and without tombstones. */

#ifndef MIXER2_TABLE_H
#define MIXER2_TABLE_H

#include "object.h"

#define TABLE_SCANNED 8u

typedef struct Entry {
    uint32_t hash;
    Object *key;
    Object *value;
} Entry;

typedef struct Table {
    VarObject var;
    Entry *entries;
    uint32_t *index;   /* position + 1, or 0; NULL when capacity <= TABLE_SCANNED */
    uint32_t used;     /* entries written, live or removed */
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t hash;     /* frozenset: cached, 0: not yet */
} Table;

#define TABLE_MISSING (-1)
#define TABLE_ERROR (-2)

/* False on error: the key is not hashable. */
bool table_hash(Object *key, uint32_t *hash);

/* The position of an equal key, TABLE_MISSING or TABLE_ERROR. The key's own __eq__ may run. */
int64_t table_find(Table *table, Object *key, uint32_t hash);

/* Adds an entry for a key that is missing; new references. Never fails. */
void table_add(Table *table, Object *key, uint32_t hash, Object *value);

/* Takes the entry at a position out; the caller owns its references. */
Entry table_take(Table *table, uint32_t position);

/* Room for `count` entries in all. */
void table_reserve(Table *table, int64_t count);

/* Makes `table`, which is empty, hold the same entries. */
void table_copy(Table *table, const Table *source);

void table_clear(Table *table);

/* The first live entry at or after *position, which moves behind it; NULL at the end. */
static inline Entry *table_next(const Table *table, uint32_t *position) {
    while (*position < table->used) {
        Entry *entry = &table->entries[(*position)++];
        if (entry->key) return entry;
    }
    return NULL;
}

/* Type.dealloc, Type.truth and Type.length of both types. */
void table_dealloc(Object *self);

#endif
