/* Finding keys that are known to be str. */

#include "generic.h"
#include "str.h"
#include "table.h"

static int key_equals(Table *table, uint32_t position, Str *key) {
    Object *candidate = table->entries[position].key;
    if (candidate == (Object *)key) return 1;
    if (is_any_str(candidate)) return str_equal((Str *)candidate, key);
    return table_mixed_keys_equal(table, position, (Object *)key);
}

int64_t table_find_str(Table *table, Str *key) {
    Probe probe = table_probe(table, str_hash(key));
    int64_t position;
    while ((position = table_candidate(table, &probe)) >= 0) {
        int equal = key_equals(table, (uint32_t)position, key);
        if (equal == TABLE_MISSING) return table_find_str(table, key);
        if (equal) return equal > 0 ? position : TABLE_ERROR;
    }
    return TABLE_MISSING;
}
