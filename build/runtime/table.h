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

/* Hashes are 64 bits wide; entries hold 32. */
static inline uint32_t table_fold_hash(int64_t hash) {
    return (uint32_t)((uint64_t)hash ^ (uint64_t)hash >> 32);
}

/* False on error: the key is not hashable. */
bool table_hash(Object *key, uint32_t *hash);

/* The position of an equal key, TABLE_MISSING or TABLE_ERROR. The key's own __eq__ may run. */
int64_t table_find(Table *table, Object *key, uint32_t hash);

/* The same for keys whose type the compiler knows (table_str.c, table_int.c): hashing and comparing
   any object is not needed. */
int64_t table_find_str(Table *table, Str *key);
int64_t table_find_int(Table *table, int64_t key);

/* What finding is made of: the positions of the entries that have the hash, TABLE_MISSING at the
   end. The table must not change meanwhile. */
typedef struct Probe {
    uint32_t hash;
    uint32_t next;
} Probe;

Probe table_probe(const Table *table, uint32_t hash);
int64_t table_candidate(const Table *table, Probe *probe);

/* Whether the key at a position equals any object: 1, 0, TABLE_ERROR, or TABLE_MISSING when the
   comparison changed the table. */
int table_key_equals(Table *table, uint32_t position, Object *key);

/* As table_key_equals, for a key of a known type that met one of another type. Conditional on
   table_find (object.h): a program without it stores keys of known types only, none of which are
   equal to keys of another type. */
int table_mixed_keys_equal(Table *table, uint32_t position, Object *key);

/* Room for one more; false with MemoryError when there is no memory for it. */
bool table_has_room(const Table *table);

/* Writes an entry behind the others, where there is room, and not into the index; new references. */
static inline void table_append(Table *table, Object *key, uint32_t hash, Object *value) {
    INCREF(key);
    if (value) INCREF(value);
    table->entries[table->used++] = (Entry){hash, key, value};
    table->var.size++;
}

/* Adds an entry for a key that is missing; new references. Never fails. */
void table_add(Table *table, Object *key, uint32_t hash, Object *value);

/* The value at a position, a new reference; `otherwise`, which may be NULL, at TABLE_MISSING; NULL at
   TABLE_ERROR. */
Object *table_value(const Table *table, int64_t position, Object *otherwise);
/* The same, and the entry is taken out. */
Object *table_pop(Table *table, int64_t position, Object *otherwise);

/* Puts another value into the entry at a position; a new reference. */
void table_replace_value(Table *table, uint32_t position, Object *value);

/* Takes the entry at a position out; the caller owns its references. */
Entry table_take(Table *table, uint32_t position);

/* Room for `count` entries in all. */
void table_reserve(Table *table, int64_t count);

/* Makes `table`, which is empty, hold the same entries. */
void table_copy(Table *table, const Table *source);

/* Each gets the other's entries. */
void table_exchange(Table *left, Table *right);

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
