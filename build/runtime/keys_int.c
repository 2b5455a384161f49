/* dict and set: items whose keys are known to be int. dict.c and set.c do the same for any key.

   The compiler calls these in place of mypyc's primitives where the static type says so. */

#include "dict.h"
#include "errors.h"
#include "int.h"

Object *dict_get_item_int(Object *dict, Tagged key) {
    int64_t position = table_find_int((Table *)dict, tagged_value(key));
    if (position == TABLE_MISSING) raise_key_error_int(key);
    return table_value((Table *)dict, position, NULL);
}

Object *dict_get_int(Object *dict, Tagged key, Object *fallback) {
    return table_value((Table *)dict, table_find_int((Table *)dict, tagged_value(key)), fallback);
}

static void add(Table *table, Tagged key, Object *value) {
    Object *boxed = int_new(tagged_value(key));
    table_add(table, boxed, table_fold_hash(int_hash_value(tagged_value(key))), value);
    DECREF(boxed);
}

int dict_set_item_int(Object *dict, Tagged key, Object *value) {
    Table *table = (Table *)dict;
    int64_t position = table_find_int(table, tagged_value(key));
    if (position >= 0) table_replace_value(table, (uint32_t)position, value);
    if (position == TABLE_MISSING) {
        if (!table_has_room(table)) return -1;
        add(table, key, value);
    }
    return position == TABLE_ERROR ? -1 : 0;
}

int dict_delete_item_int(Object *dict, Tagged key) {
    int64_t position = table_find_int((Table *)dict, tagged_value(key));
    if (position < 0) {
        if (position == TABLE_MISSING) raise_key_error_int(key);
        return -1;
    }
    Entry entry = table_take((Table *)dict, (uint32_t)position);
    DECREF(entry.key);
    DECREF(entry.value);
    return 0;
}

Object *dict_pop_int(Object *dict, Tagged key, Object *fallback) {
    return table_pop((Table *)dict, table_find_int((Table *)dict, tagged_value(key)), fallback);
}

/* Of a dict, too. */
int set_contains_int(Object *set, Tagged item) {
    int64_t position = table_find_int((Table *)set, tagged_value(item));
    return position == TABLE_ERROR ? -1 : position >= 0;
}

int set_add_int(Object *set, Tagged item) {
    int64_t position = table_find_int((Table *)set, tagged_value(item));
    if (position == TABLE_MISSING) add((Table *)set, item, NULL);
    return position == TABLE_ERROR ? -1 : 0;
}
