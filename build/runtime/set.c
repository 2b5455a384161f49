/* set and frozenset: items in and out. Algebra is in set_algebra.c, the slots of the types in
   set_type.c, methods called by name in set_methods.c. */

#include "set.h"

#include "errors.h"
#include "generic.h"
#include "memory.h"

Object *set_new(void) {
    return instance_new(&PySet_Type);
}

char PySet_Check(Object *object) {
    return object_is(object, &PySet_Type);
}

char PyFrozenSet_Check(Object *object) {
    return object_is(object, &PyFrozenSet_Type);
}

Py_ssize_t PySet_Size(Object *set) {
    return ((Table *)set)->var.size;
}

static int add_hashed(Table *table, Object *item, uint32_t hash) {
    int64_t position = table_find(table, item, hash);
    if (position == TABLE_ERROR) return -1;
    if (position >= 0) return 0;
    if (!table_has_room(table)) return -1;
    table_add(table, item, hash, NULL);
    return 1;
}

int set_add(Object *set, Object *item) {
    uint32_t hash;
    return table_hash(item, &hash) ? add_hashed((Table *)set, item, hash) : -1;
}

int PySet_Add(Object *set, Object *item) {
    return set_add(set, item) < 0 ? -1 : 0;
}

static bool update_from_table(Table *table, const Table *source) {
    int64_t size = source->var.size;
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(source, &position));) {
        Object *key = entry->key;
        INCREF(key);
        int added = add_hashed(table, key, entry->hash);
        DECREF(key);
        if (added < 0) return false;
        if (source->var.size == size || source == table) continue;
        raise_standard_error(&Exc_RuntimeError_Type, "Set changed size during iteration");
        return false;
    }
    return true;
}

bool set_update(Object *set, Object *iterable) {
    if (is_any_set(iterable)) return update_from_table((Table *)set, (Table *)iterable);
    Object *iterator = PyObject_GetIter(iterable);
    if (!iterator) return false;
    bool going = true;
    Object *item;
    while (going && (item = PyIter_Next(iterator))) {
        going = set_add(set, item) >= 0;
        DECREF(item);
    }
    DECREF(iterator);
    return going && !error_pending();
}

int _PySet_Update(Object *set, Object *iterable) {
    return set_update(set, iterable) ? 0 : -1;
}

Object *set_from(const Type *type, Object *iterable) {
    Object *set = instance_new(type);
    if (!iterable || set_update(set, iterable)) return set;
    DECREF(set);
    return NULL;
}

Object *PySet_New(Object *iterable) {
    return set_from(&PySet_Type, iterable);
}

Object *PyFrozenSet_New(Object *iterable) {
    if (iterable && iterable->type == &PyFrozenSet_Type) {
        INCREF(iterable);
        return iterable;
    }
    return set_from(&PyFrozenSet_Type, iterable);
}

static int64_t find(Object *set, Object *item, uint32_t *hash) {
    return table_hash(item, hash) ? table_find((Table *)set, item, *hash) : TABLE_ERROR;
}

int PySet_Contains(Object *set, Object *item) {
    uint32_t hash;
    int64_t position = find(set, item, &hash);
    return position == TABLE_ERROR ? -1 : position >= 0;
}

int PySet_Discard(Object *set, Object *item) {
    uint32_t hash;
    int64_t position = find(set, item, &hash);
    if (position < 0) return position == TABLE_ERROR ? -1 : 0;
    Entry entry = table_take((Table *)set, (uint32_t)position);
    DECREF(entry.key);
    return 1;
}

char CPySet_Remove(Object *set, Object *item) {
    int found = PySet_Discard(set, item);
    if (found == 0) raise_with_argument(&Exc_KeyError_Type, item);
    return found == 1;
}

/* The newest item: an arbitrary one by the language, and the cheapest. */
Object *PySet_Pop(Object *set) {
    Table *table = (Table *)set;
    if (table->var.size == 0) {
        raise_key_error_text("pop from an empty set");
        return NULL;
    }
    return table_take(table, table->used - 1).key;
}

int PySet_Clear(Object *set) {
    table_clear((Table *)set);
    return 0;
}
