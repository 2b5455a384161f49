/* The ordered hash table: finding, adding, removing. Laws in table.h. */

#include "table.h"

#include "generic.h"
#include "memory.h"
#include "slots.h"
#include "str.h"

bool table_hash(Object *key, uint32_t *hash) {
    if (is_str(key)) {
        *hash = str_hash((Str *)key);
        return true;
    }
    int64_t full = PyObject_Hash(key);
    *hash = table_fold_hash(full);
    return full != -1;
}

/* Multiplication spreads neighbouring hashes: the index is probed linearly. */
static uint32_t first_slot(const Table *table, uint32_t hash) {
    uint32_t bits = (uint32_t)__builtin_ctz(table->capacity) + 1;
    return hash * 0x9e3779b1u >> (32 - bits);
}

static uint32_t next_slot(const Table *table, uint32_t slot) {
    return (slot + 1) & (table->capacity * 2 - 1);
}

static void index_entry(Table *table, uint32_t position) {
    uint32_t slot = first_slot(table, table->entries[position].hash);
    while (table->index[slot]) slot = next_slot(table, slot);
    table->index[slot] = position + 1;
}

/* 1, 0, TABLE_ERROR; and, because __eq__ may do anything, TABLE_MISSING when it changed the table. */
int table_key_equals(Table *table, uint32_t position, Object *key) {
    Entry *entries = table->entries;
    Object *candidate = entries[position].key;
    if (candidate == key) return 1;
    if (is_str(candidate) && is_str(key)) return str_equal((Str *)candidate, (Str *)key);
    INCREF(candidate);
    int equal = PyObject_RichCompareBool(candidate, key, Py_EQ);
    DECREF(candidate);
    if (equal < 0) return TABLE_ERROR;
    bool changed = table->entries != entries || position >= table->used ||
                   entries[position].key != candidate;
    return changed ? TABLE_MISSING : equal;
}

Probe table_probe(const Table *table, uint32_t hash) {
    return (Probe){.hash = hash, .next = table->index ? first_slot(table, hash) : 0};
}

int64_t table_candidate(const Table *table, Probe *probe) {
    if (!table->index) {
        while (probe->next < table->used) {
            uint32_t position = probe->next++;
            const Entry *entry = &table->entries[position];
            if (entry->hash == probe->hash && entry->key) return position;
        }
        return TABLE_MISSING;
    }
    for (uint32_t position; (position = table->index[probe->next]);) {
        probe->next = next_slot(table, probe->next);
        if (table->entries[position - 1].hash == probe->hash) return position - 1;
    }
    return TABLE_MISSING;
}

int64_t table_find(Table *table, Object *key, uint32_t hash) {
    Probe probe = table_probe(table, hash);
    int64_t position;
    while ((position = table_candidate(table, &probe)) >= 0) {
        int equal = table_key_equals(table, (uint32_t)position, key);
        if (equal == TABLE_MISSING) return table_find(table, key, hash);
        if (equal) return equal > 0 ? position : TABLE_ERROR;
    }
    return TABLE_MISSING;
}

static void rebuild_index(Table *table) {
    mixer2_free(table->index);
    table->index = NULL;
    if (table->capacity <= TABLE_SCANNED) return;
    size_t size = array_size(table->capacity, 2 * sizeof(uint32_t));
    table->index = memset(mixer2_alloc(size), 0, size);
    for (uint32_t position = 0; position < table->used; position++) index_entry(table, position);
}

/* Closes the gaps that removed entries left, in an area that may be another one. */
static void compact(Table *table, Entry *to) {
    uint32_t used = 0;
    for (uint32_t position = 0; position < table->used; position++) {
        if (table->entries[position].key) to[used++] = table->entries[position];
    }
    table->used = used;
}

static void resize(Table *table, uint32_t capacity) {
    Entry *entries = mixer2_alloc(array_size(capacity, sizeof(Entry)));
    compact(table, entries);
    mixer2_free(table->entries);
    table->entries = entries;
    table->capacity = capacity;
    rebuild_index(table);
}

/* Room for one more: by compaction when at least a quarter was removed, else by doubling. */
static void make_room(Table *table) {
    uint32_t live = (uint32_t)table->var.size;
    if (live + live / 4 >= table->capacity) {
        resize(table, table->capacity ? table->capacity * 2 : TABLE_SCANNED);
        return;
    }
    compact(table, table->entries);
    rebuild_index(table);
}

bool table_has_room(const Table *table) {
    if (!memory_left()) return false;
    /* What growing takes: the entries, and an index of two words for each. */
    return table->used < table->capacity ||
           memory_for((uint64_t)table->capacity * 2 * (sizeof(Entry) + 2 * sizeof(uint32_t)));
}

void table_reserve(Table *table, int64_t count) {
    uint32_t capacity = table->capacity ? table->capacity : TABLE_SCANNED / 2;
    array_size(count, sizeof(Entry));
    while (capacity < count) capacity *= 2;
    if (capacity != table->capacity) resize(table, capacity);
}

void table_add(Table *table, Object *key, uint32_t hash, Object *value) {
    if (table->used == table->capacity) make_room(table);
    table_append(table, key, hash, value);
    if (table->index) index_entry(table, table->used - 1);
}

Object *table_value(const Table *table, int64_t position, Object *otherwise) {
    if (position == TABLE_ERROR) return NULL;
    Object *value = position == TABLE_MISSING ? otherwise : table->entries[position].value;
    if (value) INCREF(value);
    return value;
}

void table_replace_value(Table *table, uint32_t position, Object *value) {
    Object *old = table->entries[position].value;
    INCREF(value);
    table->entries[position].value = value;
    DECREF(old);
}

/* Entries behind the freed slot move up when that shortens their way: no tombstones. */
static void close_gap(Table *table, uint32_t gap) {
    uint32_t mask = table->capacity * 2 - 1;
    uint32_t slot = gap;
    for (;;) {
        slot = next_slot(table, slot);
        if (!table->index[slot]) break;
        uint32_t home = first_slot(table, table->entries[table->index[slot] - 1].hash);
        if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
        table->index[gap] = table->index[slot];
        gap = slot;
    }
    table->index[gap] = 0;
}

Entry table_take(Table *table, uint32_t position) {
    Entry taken = table->entries[position];
    if (table->index) {
        uint32_t slot = first_slot(table, taken.hash);
        while (table->index[slot] != position + 1) slot = next_slot(table, slot);
        close_gap(table, slot);
    }
    table->entries[position] = (Entry){0};
    table->var.size--;
    while (table->used && !table->entries[table->used - 1].key) table->used--;
    return taken;
}

void table_copy(Table *table, const Table *source) {
    if (source->var.size == 0) return;
    table_reserve(table, source->var.size);
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(source, &position));) {
        table_add(table, entry->key, entry->hash, entry->value);
    }
}

void table_exchange(Table *left, Table *right) {
    Object left_head = left->var.head, right_head = right->var.head;
    Table kept = *left;
    *left = *right;
    *right = kept;
    left->var.head = left_head;
    right->var.head = right_head;
}

/* The storage is detached first: what an entry's end runs may look at the table. */
void table_clear(Table *table) {
    Entry *entries = table->entries;
    uint32_t used = table->used;
    mixer2_free(table->index);
    table->entries = NULL;
    table->index = NULL;
    table->used = table->capacity = 0;
    table->var.size = 0;
    for (uint32_t position = 0; position < used; position++) {
        XDECREF(entries[position].key);
        XDECREF(entries[position].value);
    }
    mixer2_free(entries);
}

void table_dealloc(Object *self) {
    table_clear((Table *)self);
    mixer2_free(self);
}
