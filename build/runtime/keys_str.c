/* dict and set: items whose keys are known to be str. dict.c and set.c do the same for any key.

   The compiler calls these in place of mypyc's primitives where the static type says so. */

#include "dict.h"
#include "errors.h"
#include "str.h"

Object *dict_get_item_str(Object *dict, Str *key) {
    int64_t position = table_find_str((Table *)dict, key);
    if (position == TABLE_MISSING) raise_key_error_str(key);
    return table_value((Table *)dict, position, NULL);
}

Object *dict_get_str(Object *dict, Str *key, Object *fallback) {
    return table_value((Table *)dict, table_find_str((Table *)dict, key), fallback);
}

int dict_set_item_str(Object *dict, Str *key, Object *value) {
    Table *table = (Table *)dict;
    int64_t position = table_find_str(table, key);
    if (position == TABLE_ERROR) return -1;
    if (position >= 0) {
        table_replace_value(table, (uint32_t)position, value);
    } else if (table->used < table->capacity && !table->index && !memory_is_short) {
        table_append(table, (Object *)key, key->hash, value);
    } else {
        if (!table_has_room(table)) return -1;
        table_add(table, (Object *)key, key->hash, value);
    }
    return 0;
}

int dict_put_str(Object *dict, Str *key, Object *value) {
    Table *table = (Table *)dict;
    bool has_room = table->used < table->capacity && !table->index && !memory_is_short;
    if (has_room && table_find_str(table, key) == TABLE_MISSING) {
        table->entries[table->used++] = (Entry){key->hash, (Object *)key, value};
        table->var.size++;
        return 0;
    }
    int status = dict_set_item_str(dict, key, value);
    DECREF(key);
    DECREF(value);
    return status;
}

int dict_delete_item_str(Object *dict, Str *key) {
    int64_t position = table_find_str((Table *)dict, key);
    if (position < 0) {
        if (position == TABLE_MISSING) raise_key_error_str(key);
        return -1;
    }
    Entry entry = table_take((Table *)dict, (uint32_t)position);
    DECREF(entry.key);
    DECREF(entry.value);
    return 0;
}

/* As CPyDict_Build. */
Object *dict_build_str(Py_ssize_t pairs, Object *const *items) {
    Object *dict = PyDict_New();
    for (int64_t i = 0; i < pairs; i++) {
        if (dict_set_item_str(dict, (Str *)items[2 * i], items[2 * i + 1]) < 0) {
            DECREF(dict);
            return NULL;
        }
    }
    return dict;
}

Object *dict_pop_str(Object *dict, Str *key, Object *fallback) {
    return table_pop((Table *)dict, table_find_str((Table *)dict, key), fallback);
}

/* Of a dict, too. */
int set_contains_str(Object *set, Str *item) {
    int64_t position = table_find_str((Table *)set, item);
    return position == TABLE_ERROR ? -1 : position >= 0;
}

int set_add_str(Object *set, Str *item) {
    int64_t position = table_find_str((Table *)set, item);
    if (position == TABLE_MISSING) {
        if (!table_has_room((Table *)set)) return -1;
        table_add((Table *)set, (Object *)item, str_hash(item), NULL);
    }
    return position == TABLE_ERROR ? -1 : 0;
}
