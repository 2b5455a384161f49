/* dict: made from, or extended by, others. */

#include "dict.h"
#include "errors.h"
#include "generic.h"
#include "list.h"
#include "memory.h"

Object *CPyDict_Build(Py_ssize_t pairs, Object *const *items) {
    Object *dict = PyDict_New();
    if (pairs > TABLE_SCANNED / 2) table_reserve((Table *)dict, pairs);
    for (int64_t i = 0; i < pairs; i++) {
        if (PyDict_SetItem(dict, items[2 * i], items[2 * i + 1]) < 0) {
            DECREF(dict);
            return NULL;
        }
    }
    return dict;
}

Object *PyDict_Copy(Object *dict) {
    Object *copy = PyDict_New();
    table_copy((Table *)copy, (Table *)dict);
    return copy;
}

Object *CPyDict_Copy(Object *dict) {
    return PyDict_Copy(dict);
}

static bool set_item(Table *table, const Entry *entry) {
    int64_t position = table_find(table, entry->key, entry->hash);
    if (position == TABLE_ERROR) return false;
    if (position < 0) {
        table_add(table, entry->key, entry->hash, entry->value);
        return true;
    }
    Object *old = table->entries[position].value;
    INCREF(entry->value);
    table->entries[position].value = entry->value;
    DECREF(old);
    return true;
}

bool dict_update(Object *dict, Object *other) {
    const Table *source = (Table *)other;
    if (dict == other) return true;
    int64_t size = source->var.size;
    uint32_t position = 0;
    for (Entry *next; (next = table_next(source, &position));) {
        Entry entry = *next;
        INCREF(entry.key);
        INCREF(entry.value);
        bool done = set_item((Table *)dict, &entry);
        DECREF(entry.key);
        DECREF(entry.value);
        if (!done) return false;
        if (source->var.size != size) {
            raise_standard_error(&Exc_RuntimeError_Type, "dict mutated during update");
            return false;
        }
    }
    return true;
}

static bool add_pair(Object *dict, Object *pair, int64_t number) {
    Object *items = PySequence_List(pair);
    if (!items) {
        if (error_clear_if(&Exc_TypeError_Type)) {
            raise_formatted(&Exc_TypeError_Type,
                            "cannot convert dictionary update sequence element #%d to a sequence",
                            number);
        }
        return false;
    }
    bool done = false;
    if (list_size(items) != 2) {
        raise_formatted(&Exc_ValueError_Type,
                        "dictionary update sequence element #%d has length %d; 2 is required",
                        number, list_size(items));
    } else {
        done = PyDict_SetItem(dict, list_item(items, 0), list_item(items, 1)) == 0;
    }
    DECREF(items);
    return done;
}

static bool add_pairs(Object *dict, Object *iterable) {
    Object *iterator = PyObject_GetIter(iterable);
    if (!iterator) return false;
    bool going = true;
    int64_t number = 0;
    Object *pair;
    while (going && (pair = PyIter_Next(iterator))) {
        going = add_pair(dict, pair, number++);
        DECREF(pair);
    }
    DECREF(iterator);
    return going && !error_pending();
}

bool dict_update_from_any(Object *dict, Object *source) {
    return is_dict(source) ? dict_update(dict, source) : add_pairs(dict, source);
}

int CPyDict_Update(Object *dict, Object *source) {
    return dict_update(dict, source) ? 0 : -1;
}

int CPyDict_UpdateFromAny(Object *dict, Object *source) {
    return dict_update_from_any(dict, source) ? 0 : -1;
}

int CPyDict_UpdateInDisplay(Object *dict, Object *source) {
    if (is_dict(source)) return CPyDict_Update(dict, source);
    raise_formatted(&Exc_TypeError_Type, "'%T' object is not a mapping", source);
    return -1;
}

/* The keywords of a call, from its next `**`. */
int keywords_update(Object *keywords, Object *source) {
    Object *names = is_dict(source) ? CPyDict_KeysView(source) : NULL;
    Object *iterator = names ? PyObject_GetIter(names) : NULL;
    XDECREF(names);
    bool collide = false;
    for (Object *name; iterator && !collide && (name = PyIter_Next(iterator));) {
        collide = PySequence_Contains(keywords, name) > 0;
        if (collide) {
            raise_formatted(&Exc_TypeError_Type, "got multiple values for keyword argument '%S'", name);
        }
        DECREF(name);
    }
    XDECREF(iterator);
    return collide || error_pending() ? -1 : CPyDict_UpdateInDisplay(keywords, source);
}

Object *CPyDict_FromAny(Object *source) {
    Object *dict = PyDict_New();
    if (dict_update_from_any(dict, source)) return dict;
    DECREF(dict);
    return NULL;
}
