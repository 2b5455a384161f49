/* Finding keys that are known to be str. */

#include "generic.h"
#include "str.h"
#include "table.h"

__attribute__((noinline)) static int key_equals(Table *table, uint32_t position, Str *key) {
    Object *candidate = table->entries[position].key;
    if (candidate == (Object *)key) return 1;
    if (is_any_str(candidate)) return str_equal((Str *)candidate, key);
    return table_mixed_keys_equal(table, position, (Object *)key);
}

static int64_t find_by_index(Table *table, Str *key) {
    Probe probe = table_probe(table, str_hash(key));
    int64_t position;
    while ((position = table_candidate(table, &probe)) >= 0) {
        int equal = key_equals(table, (uint32_t)position, key);
        if (equal == TABLE_MISSING) return table_find_str(table, key);
        if (equal) return equal > 0 ? position : TABLE_ERROR;
    }
    return TABLE_MISSING;
}

int64_t table_find_str(Table *table, Str *key) {
    if (table->index) return find_by_index(table, key);
    uint32_t hash = str_hash(key);
    for (uint32_t position = 0; position < table->used; position++) {
        if (table->entries[position].hash != hash || !table->entries[position].key) continue;
        int equal = key_equals(table, position, key);
        if (equal == TABLE_MISSING) return table_find_str(table, key);
        if (equal) return equal > 0 ? position : TABLE_ERROR;
    }
    return TABLE_MISSING;
}
