/* dict: methods called by name. */

#include "dict.h"
#include "memory.h"
#include "methods.h"
#include "tuple.h"

METHOD(dict, get) {
    EXPECT("dict.get", 1, 2);
    return CPyDict_Get(self, args[0], count == 2 ? args[1] : NONE);
}

METHOD(dict, setdefault) {
    EXPECT("dict.setdefault", 1, 2);
    return CPyDict_SetDefault(self, args[0], count == 2 ? args[1] : NONE);
}

METHOD(dict, pop) {
    Object *value;
    EXPECT("dict.pop", 1, 2);
    if (!dict_take(self, args[0], &value)) return NULL;
    if (value) return value;
    if (count == 2) {
        INCREF(args[1]);
        return args[1];
    }
    raise_with_argument(&Exc_KeyError_Type, args[0]);
    return NULL;
}

METHOD(dict, popitem) {
    Table *table = (Table *)self;
    EXPECT("dict.popitem", 0, 0);
    if (table->var.size == 0) {
        raise_key_error_text("popitem(): dictionary is empty");
        return NULL;
    }
    Entry entry = table_take(table, table->used - 1);
    return tuple_pair_stolen(entry.key, entry.value);
}

METHOD(dict, keys) {
    EXPECT("dict.keys", 0, 0);
    return CPyDict_KeysView(self);
}

METHOD(dict, values) {
    EXPECT("dict.values", 0, 0);
    return CPyDict_ValuesView(self);
}

METHOD(dict, items) {
    EXPECT("dict.items", 0, 0);
    return CPyDict_ItemsView(self);
}

METHOD(dict, update) {
    return none_if(dict_update_from_call(self, "dict.update", args, count, names));
}

METHOD(dict, clear) {
    EXPECT("dict.clear", 0, 0);
    CPyDict_Clear(self);
    return none_new_reference();
}

METHOD(dict, copy) {
    EXPECT("dict.copy", 0, 0);
    return PyDict_Copy(self);
}

/* dict.fromkeys(iterable[, value]): a class method, self is the type or a dict. */
METHOD(dict, fromkeys) {

    EXPECT("dict.fromkeys", 1, 2);
    Object *dict = PyDict_New();
    Object *iterator = PyObject_GetIter(args[0]);
    bool going = iterator != NULL;
    Object *key;
    while (going && (key = PyIter_Next(iterator))) {
        going = PyDict_SetItem(dict, key, count == 2 ? args[1] : NONE) == 0;
        DECREF(key);
    }
    XDECREF(iterator);
    if (going && !error_pending()) return dict;
    DECREF(dict);
    return NULL;
}
