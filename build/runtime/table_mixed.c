/* Keys of different types that meet in one table, as 1 and True may. */

#include "table.h"

int table_mixed_keys_equal(Table *table, uint32_t position, Object *key) {
    return table_key_equals(table, position, key);
}

int table_mixed_keys_equal__otherwise(Table *table, uint32_t position, Object *key) {
    (void)table, (void)position, (void)key;
    return 0;
}
