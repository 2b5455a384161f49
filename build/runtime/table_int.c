/* Finding keys that are known to be int. */

#include "generic.h"
#include "int.h"
#include "str.h"
#include "table.h"

static int key_equals(Table *table, uint32_t position, int64_t key) {
    Object *candidate = table->entries[position].key;
    if (candidate->type == &PyLong_Type) return int_value(candidate) == key;
    if (is_str(candidate)) return 0;
    Object *boxed = int_new(key);
    int equal = table_mixed_keys_equal(table, position, boxed);
    DECREF(boxed);
    return equal;
}

int64_t table_find_int(Table *table, int64_t key) {
    Probe probe = table_probe(table, table_fold_hash(int_hash_value(key)));
    int64_t position;
    while ((position = table_candidate(table, &probe)) >= 0) {
        int equal = key_equals(table, (uint32_t)position, key);
        if (equal == TABLE_MISSING) return table_find_int(table, key);
        if (equal) return equal > 0 ? position : TABLE_ERROR;
    }
    return TABLE_MISSING;
}
