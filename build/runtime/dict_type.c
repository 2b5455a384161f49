/* dict: the slots of the type. */

#include "arguments.h"
#include "create.h"
#include "dict_iterator.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "none.h"
#include "sequence.h"

static bool add_entries(Builder *builder, const Table *table) {
    uint32_t position = 0;
    const char *separator = "";
    for (Entry *next; (next = table_next(table, &position)); separator = ", ") {
        Entry entry = *next;
        INCREF(entry.key);
        INCREF(entry.value);
        builder_add_c(builder, separator);
        bool added = builder_add_repr(builder, entry.key);
        builder_add_c(builder, ": ");
        added = added && builder_add_repr(builder, entry.value);
        DECREF(entry.key);
        DECREF(entry.value);
        if (!added) return false;
    }
    return true;
}

static Object *dict_repr(Object *self) {
    ReprFrame frame;
    if (!repr_enter(&frame, self)) return (Object *)str_from_c("{...}");
    Builder builder = builder_new();
    builder_add_char(&builder, '{');
    bool done = add_entries(&builder, (Table *)self);
    repr_leave(&frame);
    if (!done) {
        builder_abandon(&builder);
        return NULL;
    }
    builder_add_char(&builder, '}');
    return (Object *)builder_finish(&builder);
}

int dict_equal(Object *left, Object *right) {
    const Table *table = (Table *)left;
    if (table->var.size != PyDict_Size(right)) return 0;
    uint32_t position = 0;
    int equal = 1;
    for (Entry *next; equal == 1 && (next = table_next(table, &position));) {
        Entry entry = *next;
        int64_t other = table_find((Table *)right, entry.key, entry.hash);
        if (other < 0) return other == TABLE_ERROR ? -1 : 0;
        Object *value = ((Table *)right)->entries[other].value;
        INCREF(entry.value);
        INCREF(value);
        equal = PyObject_RichCompareBool(entry.value, value, Py_EQ);
        DECREF(entry.value);
        DECREF(value);
    }
    return equal;
}

static Object *dict_compare(Object *left, Object *right, int operator) {
    if ((operator != Py_EQ && operator != Py_NE) || !PyDict_Check(right)) return not_implemented();
    int equal = dict_equal(left, right);
    return equal < 0 ? NULL : bool_object(equal == (operator == Py_EQ));
}

static int dict_truth(Object *self) {
    return PyDict_Size(self) != 0;
}

static int dict_set_item(Object *self, Object *key, Object *value) {
    return value ? PyDict_SetItem(self, key, value) : PyDict_DelItem(self, key);
}

static Object *dict_iterate(Object *self) {
    return dict_iterator_new(&DictKeyIterator_Type, self);
}

/* Only | and |=. */
static Object *dict_binary(Object *left, Object *right, int operator) {
    if ((operator & ~BINARY_IN_PLACE) != BINARY_OR || !PyDict_Check(left)) {
        return not_implemented();
    }
    if (operator & BINARY_IN_PLACE) {
        if (!dict_update_from_any(left, right)) return NULL;
        INCREF(left);
        return left;
    }
    if (!PyDict_Check(right)) return not_implemented();
    Object *dict = PyDict_Copy(left);
    if (dict_update(dict, right)) return dict;
    DECREF(dict);
    return NULL;
}

bool dict_update_from_call(Object *dict, const char *function, Object *const *args, int64_t count,
                           Tuple *names) {
    if (!arguments_check(function, count, NULL, 0, 1)) return false;
    if (count && !dict_update_from_any(dict, args[0])) return false;
    for (int64_t i = 0; i < keyword_count(names); i++) {
        if (PyDict_SetItem(dict, (Object *)keyword_name(names, i), args[count + i]) < 0) {
            return false;
        }
    }
    return true;
}

CREATE(dict) {
    (void)type;
    Object *dict = PyDict_New();
    if (dict_update_from_call(dict, "dict", args, count, names)) return dict;
    DECREF(dict);
    return NULL;
}

Type PyDict_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "dict",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(Table),
    .dealloc = table_dealloc,
    .repr = dict_repr,
    .str = dict_repr,
    .compare = dict_compare,
    .truth = dict_truth,
    .length = PyDict_Size,
    .contains = PyDict_Contains,
    .get_item = CPyDict_GetItem,
    .set_item = dict_set_item,
    .iterate = dict_iterate,
    .binary = dict_binary,
    .create = dict_create,
    .flags = TYPE_IS_MAPPING | TYPE_IS_TABLE,
};
