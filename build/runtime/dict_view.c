/* dict: keys(), values() and items(), as lists and as views. A view shows the dict as it is. */

#include "dict_iterator.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "list.h"
#include "memory.h"
#include "none.h"
#include "sequence.h"
#include "set.h"
#include "set_algebra.h"
#include "tuple.h"

static Object *list_of(Object *dict, Object *(*item_of)(const Entry *)) {
    const Table *table = (Table *)dict;
    List *list = list_with_capacity(table->var.size);
    uint32_t position = 0;
    for (Entry *entry; (entry = table_next(table, &position));) {
        list_append_stolen(list, item_of(entry));
    }
    return (Object *)list;
}

static Object *key_of(const Entry *entry) {
    INCREF(entry->key);
    return entry->key;
}

static Object *value_of(const Entry *entry) {
    INCREF(entry->value);
    return entry->value;
}

static Object *pair_of(const Entry *entry) {
    INCREF(entry->key);
    INCREF(entry->value);
    return tuple_pair_stolen(entry->key, entry->value);
}

Object *CPyDict_Keys(Object *dict) {
    return list_of(dict, key_of);
}

Object *CPyDict_Values(Object *dict) {
    return list_of(dict, value_of);
}

Object *CPyDict_Items(Object *dict) {
    return list_of(dict, pair_of);
}

typedef struct DictView {
    Object head;
    Object *dict;
} DictView;

static Object *dict_of(const Object *view) {
    return ((const DictView *)view)->dict;
}

static Object *view_new(const Type *type, Object *dict) {
    DictView *view = (DictView *)instance_new(type);
    INCREF(dict);
    view->dict = dict;
    return (Object *)view;
}

Object *CPyDict_KeysView(Object *dict) {
    return view_new(&PyDictKeys_Type, dict);
}

Object *CPyDict_ValuesView(Object *dict) {
    return view_new(&PyDictValues_Type, dict);
}

Object *CPyDict_ItemsView(Object *dict) {
    return view_new(&PyDictItems_Type, dict);
}

static int view_truth(Object *self) {
    return PyDict_Size(dict_of(self)) != 0;
}

static int64_t view_length(Object *self) {
    return PyDict_Size(dict_of(self));
}

/* dict_keys([...]) */
static Object *view_repr(Object *self, Object *list) {
    Builder builder = builder_new();
    builder_add_c(&builder, self->type->name);
    builder_add_char(&builder, '(');
    bool added = builder_add_repr(&builder, list);
    DECREF(list);
    if (!added) {
        builder_abandon(&builder);
        return NULL;
    }
    builder_add_char(&builder, ')');
    return (Object *)builder_finish(&builder);
}

static Object *keys_repr(Object *self) {
    return view_repr(self, CPyDict_Keys(dict_of(self)));
}

static Object *values_repr(Object *self) {
    return view_repr(self, CPyDict_Values(dict_of(self)));
}

static Object *items_repr(Object *self) {
    return view_repr(self, CPyDict_Items(dict_of(self)));
}

static int keys_contains(Object *self, Object *key) {
    return PyDict_Contains(dict_of(self), key);
}

static int items_contains(Object *self, Object *pair) {
    if (!PyTuple_Check(pair) || tuple_size(pair) != 2) return 0;
    Object *value;
    if (!dict_get(dict_of(self), tuple_item(pair, 0), &value)) return -1;
    if (!value) return 0;
    INCREF(value);
    int equal = PyObject_RichCompareBool(value, tuple_item(pair, 1), Py_EQ);
    DECREF(value);
    return equal;
}

static Object *keys_iterate(Object *self) {
    return dict_iterator_new(&DictKeyIterator_Type, dict_of(self));
}

static Object *values_iterate(Object *self) {
    return dict_iterator_new(&DictValueIterator_Type, dict_of(self));
}

static Object *items_iterate(Object *self) {
    return dict_iterator_new(&DictItemIterator_Type, dict_of(self));
}

static bool is_set_like(const Object *object) {
    return is_any_set(object) || object->type == &PyDictKeys_Type ||
           object->type == &PyDictItems_Type;
}

/* keys() and items() compare and combine as sets do. */
static Object *view_compare(Object *self, Object *other, int operator) {
    if (!is_set_like(other)) return not_implemented();
    Object *left = PySet_New(self), *right = left ? PySet_New(other) : NULL;
    Object *result = right ? set_compare(left, right, operator) : NULL;
    XDECREF(left);
    XDECREF(right);
    return result;
}

static Object *view_binary(Object *left, Object *right, int operator) {
    Object *result = PySet_New(left);
    if (!result) return NULL;
    Object *other = PySet_New(right);
    Object *combined = other ? set_binary(result, other, operator & ~BINARY_IN_PLACE) : NULL;
    DECREF(result);
    XDECREF(other);
    return combined;
}

static const uint16_t view_references[] = {offsetof(DictView, dict), 0};

#define DICT_VIEW(symbol, name_, prefix, ...)   \
    Type symbol = {                             \
        .head = STATIC_HEAD(&PyType_Type),      \
        .name = name_,                          \
        .base = &PyBaseObject_Type,             \
        .instance_size = sizeof(DictView),      \
        .references = view_references,          \
        .dealloc = instance_dealloc,            \
        .repr = prefix##_repr,                  \
        .str = prefix##_repr,                   \
        .truth = view_truth,                    \
        .length = view_length,                  \
        .iterate = prefix##_iterate,            \
        __VA_ARGS__                             \
    };

DICT_VIEW(PyDictKeys_Type, "dict_keys", keys, .contains = keys_contains, .compare = view_compare,
          .binary = view_binary)
DICT_VIEW(PyDictValues_Type, "dict_values", values, .contains = object_contains_by_iteration,
          .hash = object_identity_hash)
DICT_VIEW(PyDictItems_Type, "dict_items", items, .contains = items_contains,
          .compare = view_compare, .binary = view_binary)
