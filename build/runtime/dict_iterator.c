/* dict: iteration, by mypyc's steps and by iterator objects. */

#include "dict_iterator.h"

#include "errors.h"
#include "generic.h"
#include "memory.h"
#include "none.h"
#include "tagged.h"
#include "tuple.h"

/* mypyc loops over the dict itself. */
Object *CPyDict_GetKeysIter(Object *dict) {
    INCREF(dict);
    return dict;
}

Object *CPyDict_GetValuesIter(Object *dict) {
    INCREF(dict);
    return dict;
}

Object *CPyDict_GetItemsIter(Object *dict) {
    INCREF(dict);
    return dict;
}

static Entry *entry_at(Object *dict, Tagged *offset) {
    uint32_t position = (uint32_t)tagged_value(*offset);
    Entry *entry = table_next((Table *)dict, &position);
    *offset = entry ? tagged_from(position) : 0;
    return entry;
}

static DictStep step_to(Object *item, Tagged offset) {
    char more = item != NULL;
    if (!item) item = NONE;
    INCREF(item);
    return (DictStep){more, offset, item};
}

DictStep CPyDict_NextKey(Object *dict, Tagged offset) {
    const Entry *entry = entry_at(dict, &offset);
    return step_to(entry ? entry->key : NULL, offset);
}

DictStep CPyDict_NextValue(Object *dict, Tagged offset) {
    const Entry *entry = entry_at(dict, &offset);
    return step_to(entry ? entry->value : NULL, offset);
}

DictPairStep CPyDict_NextItem(Object *dict, Tagged offset) {
    const Entry *entry = entry_at(dict, &offset);
    Object *key = entry ? entry->key : NONE, *value = entry ? entry->value : NONE;
    INCREF(key);
    INCREF(value);
    return (DictPairStep){entry != NULL, offset, key, value};
}

Object *dict_iterator_new(const Type *type, Object *dict) {
    TableIterator *iterator = (TableIterator *)instance_new(type);
    INCREF(dict);
    iterator->table = (Table *)dict;
    iterator->size = iterator->remaining = PyDict_Size(dict);
    return (Object *)iterator;
}

static Entry *end(TableIterator *iterator) {
    Table *table = iterator->table;
    iterator->table = NULL;
    DECREF(table);
    return NULL;
}

Entry *table_iterator_step(TableIterator *iterator, const char *size_complaint) {
    const Table *table = iterator->table;
    if (!table) return NULL;
    if (table->var.size != iterator->size) {
        iterator->size = -1; /* stays wrong */
        raise_standard_error(&Exc_RuntimeError_Type, size_complaint);
        return NULL;
    }
    Entry *entry = table_next(table, &iterator->position);
    if (!entry) return end(iterator);
    if (iterator->remaining-- > 0) return entry;
    raise_standard_error(&Exc_RuntimeError_Type, "dictionary keys changed during iteration");
    return end(iterator);
}

static Entry *step(Object *self) {
    return table_iterator_step((TableIterator *)self, "dictionary changed size during iteration");
}

static Object *keys_next(Object *self) {
    const Entry *entry = step(self);
    if (!entry) return NULL;
    INCREF(entry->key);
    return entry->key;
}

static Object *values_next(Object *self) {
    const Entry *entry = step(self);
    if (!entry) return NULL;
    INCREF(entry->value);
    return entry->value;
}

static Object *items_next(Object *self) {
    const Entry *entry = step(self);
    if (!entry) return NULL;
    INCREF(entry->key);
    INCREF(entry->value);
    return tuple_pair_stolen(entry->key, entry->value);
}

/* Backwards: `position` counts the entries that are still to be looked at. */
static Entry *step_back(Object *self) {
    TableIterator *iterator = (TableIterator *)self;
    const Table *table = iterator->table;
    if (!table) return NULL;
    if (table->var.size != iterator->size) {
        iterator->size = -1;
        raise_standard_error(&Exc_RuntimeError_Type, "dictionary changed size during iteration");
        return NULL;
    }
    if (iterator->position > table->used) iterator->position = table->used;
    while (iterator->position > 0) {
        Entry *entry = &table->entries[--iterator->position];
        if (entry->key) return entry;
    }
    return end(iterator);
}

static Object *keys_next_reversed(Object *self) {
    const Entry *entry = step_back(self);
    if (!entry) return NULL;
    INCREF(entry->key);
    return entry->key;
}

Object *dict_reverse_iterator_new(Object *dict) {
    Object *iterator = dict_iterator_new(&DictReverseKeyIterator_Type, dict);
    ((TableIterator *)iterator)->position = ((Table *)dict)->used;
    return iterator;
}

static const uint16_t table_references[] = {offsetof(TableIterator, table), 0};

#define DICT_ITERATOR(symbol, name_, next_)         \
    Type symbol = {                                 \
        .head = STATIC_HEAD(&PyType_Type),          \
        .name = name_,                              \
        .base = &PyBaseObject_Type,                 \
        .instance_size = sizeof(TableIterator),     \
        .references = table_references,             \
        .dealloc = instance_dealloc,                \
        .hash = object_identity_hash,               \
        .contains = object_contains_by_iteration,   \
        .iterate = iterator_self,                   \
        .next = next_,                              \
    };

DICT_ITERATOR(DictKeyIterator_Type, "dict_keyiterator", keys_next)
DICT_ITERATOR(DictValueIterator_Type, "dict_valueiterator", values_next)
DICT_ITERATOR(DictItemIterator_Type, "dict_itemiterator", items_next)
DICT_ITERATOR(DictReverseKeyIterator_Type, "dict_reversekeyiterator", keys_next_reversed)
