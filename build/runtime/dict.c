/* dict: reading and writing items. Building one from others is in dict_update.c, iteration in
   dict_iterator.c, views in dict_view.c, the slots of the type in dict_type.c. */

#include "dict.h"

#include "errors.h"
#include "generic.h"
#include "list.h"
#include "memory.h"
#include "none.h"
#include "set.h"

Object *PyDict_New(void) {
    return instance_new(&PyDict_Type);
}

char PyDict_Check(Object *object) {
    return object_is(object, &PyDict_Type);
}

Py_ssize_t PyDict_Size(Object *dict) {
    return ((Table *)dict)->var.size;
}

bool dict_get(Object *dict, Object *key, Object **value) {
    Table *table = (Table *)dict;
    uint32_t hash;
    *value = NULL;
    if (!table_hash(key, &hash)) return false;
    int64_t position = table_find(table, key, hash);
    if (position >= 0) *value = table->entries[position].value;
    return position != TABLE_ERROR;
}

Object *CPyDict_GetItem(Object *dict, Object *key) {
    Object *value;
    if (!dict_get(dict, key, &value)) return NULL;
    if (value) {
        INCREF(value);
    } else {
        raise_with_argument(&Exc_KeyError_Type, key);
    }
    return value;
}

Object *CPyDict_Get(Object *dict, Object *key, Object *fallback) {
    Object *value;
    if (!dict_get(dict, key, &value)) return NULL;
    if (!value) value = fallback;
    INCREF(value);
    return value;
}

Object *CPyDict_GetWithNone(Object *dict, Object *key) {
    return CPyDict_Get(dict, key, NONE);
}

int PyDict_Contains(Object *dict, Object *key) {
    Object *value;
    if (!dict_get(dict, key, &value)) return -1;
    return value != NULL;
}

int PyDict_SetItem(Object *dict, Object *key, Object *value) {
    Table *table = (Table *)dict;
    uint32_t hash;
    if (!table_hash(key, &hash)) return -1;
    int64_t position = table_find(table, key, hash);
    if (position == TABLE_ERROR) return -1;
    if (position >= 0) {
        table_replace_value(table, (uint32_t)position, value);
    } else {
        if (!table_has_room(table)) return -1;
        table_add(table, key, hash, value);
    }
    return 0;
}

int CPyDict_SetItem(Object *dict, Object *key, Object *value) {
    return PyDict_SetItem(dict, key, value);
}

Object *table_pop(Table *table, int64_t position, Object *otherwise) {
    if (position < 0) return table_value(table, position, otherwise);
    Entry entry = table_take(table, (uint32_t)position);
    DECREF(entry.key);
    return entry.value;
}

bool dict_take(Object *dict, Object *key, Object **value) {
    Table *table = (Table *)dict;
    uint32_t hash;
    *value = NULL;
    if (!table_hash(key, &hash)) return false;
    int64_t position = table_find(table, key, hash);
    if (position < 0) return position != TABLE_ERROR;
    Entry entry = table_take(table, (uint32_t)position);
    *value = entry.value;
    DECREF(entry.key);
    return true;
}

int PyDict_DelItem(Object *dict, Object *key) {
    Object *value;
    if (!dict_take(dict, key, &value)) return -1;
    if (!value) {
        raise_with_argument(&Exc_KeyError_Type, key);
        return -1;
    }
    DECREF(value);
    return 0;
}

Object *CPyDict_SetDefault(Object *dict, Object *key, Object *value) {
    Table *table = (Table *)dict;
    uint32_t hash;
    if (!table_hash(key, &hash)) return NULL;
    int64_t position = table_find(table, key, hash);
    if (position == TABLE_ERROR) return NULL;
    if (position >= 0) {
        value = table->entries[position].value;
    } else {
        if (!table_has_room(table)) return NULL;
        table_add(table, key, hash, value);
    }
    INCREF(value);
    return value;
}

Object *CPyDict_SetDefaultWithNone(Object *dict, Object *key) {
    return CPyDict_SetDefault(dict, key, NONE);
}

/* kind: 1 list, 2 dict, 3 set. */
Object *CPyDict_SetDefaultWithEmptyDatatype(Object *dict, Object *key, int kind) {
    Object *value;
    if (!dict_get(dict, key, &value)) return NULL;
    if (value) {
        INCREF(value);
        return value;
    }
    value = kind == 1 ? PyList_New(0) : kind == 2 ? PyDict_New() : set_new();
    if (PyDict_SetItem(dict, key, value) == 0) return value;
    DECREF(value);
    return NULL;
}

char CPyDict_Clear(Object *dict) {
    table_clear((Table *)dict);
    return true;
}

char CPyDict_CheckSize(Object *dict, Py_ssize_t size) {
    if (PyDict_Size(dict) == size) return true;
    raise_standard_error(&Exc_RuntimeError_Type, "dictionary changed size during iteration");
    return false;
}
