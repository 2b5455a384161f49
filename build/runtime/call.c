/* Calls that mypyc words in other ways than PyObject_Vectorcall. */

#include "attribute.h"
#include "dict.h"
#include "errors.h"
#include "generic.h"
#include "memory.h"
#include "slots.h"
#include "str.h"
#include "tuple.h"

/* args[0] is self; a method of the type is called without making a bound method of it. */
Object *PyObject_VectorcallMethod(Object *name, Object *const *args, uint64_t count,
                                  Tuple *names) {
    int64_t positional = (int64_t)(count & ~(UINT64_C(1) << 63)) - 1;
    Object *self = args[0];
    if (self->type != &PyType_Type) {
        const Attribute *attribute = type_find_attribute(self->type, (Str *)name);
        if (attribute && attribute->kind == &attribute_method) {
            return ((BoundFunction)attribute->target)(self, args + 1, positional, names);
        }
    }
    Object *callee = PyObject_GetAttr(self, name);
    if (!callee) return NULL;
    Object *result = PyObject_Vectorcall(callee, args + 1, (uint64_t)positional, names);
    DECREF(callee);
    return result;
}

static int64_t count_until_null(Object *const *items) {
    int64_t count = 0;
    while (items[count]) count++;
    return count;
}

/* items: callee, arguments, NULL. */
Object *PyObject_CallFunctionObjArgs(Object *const *items) {
    return PyObject_Vectorcall(items[0], items + 1, (uint64_t)count_until_null(items + 1), NULL);
}

/* items: object, name of the method, arguments, NULL. */
Object *CPyObject_CallMethodObjArgs(Object *const *items) {
    int64_t count = count_until_null(items + 2);
    Object **args = mixer2_alloc(array_size(count + 1, sizeof *args));
    args[0] = items[0];
    for (int64_t i = 0; i < count; i++) args[i + 1] = items[i + 2];
    Object *result = PyObject_VectorcallMethod(items[1], args, (uint64_t)count + 1, NULL);
    mixer2_free(args);
    return result;
}

/* The keys of a dict, and its values in `values`; all new references. NULL with TypeError when a
   key is no str. */
static Tuple *spread_keywords(const Table *keywords, Object **values) {
    Tuple *names = (Tuple *)PyTuple_New(keywords->var.size);
    uint32_t position = 0;
    for (int64_t i = 0; i < names->var.size; i++) {
        const Entry *entry = table_next(keywords, &position);
        INCREF(entry->key);
        INCREF(entry->value);
        names->items[i].object = entry->key;
        values[i] = entry->value;
    }
    for (int64_t i = 0; i < names->var.size; i++) {
        if (is_str(names->items[i].object)) continue;
        raise_standard_error(&Exc_TypeError_Type, "keywords must be strings");
        for (int64_t j = 0; j < names->var.size; j++) DECREF(values[j]);
        DECREF(names);
        return NULL;
    }
    return names;
}

static Object *call_with_keywords(Object *callee, Object **args, int64_t positional,
                                  const Table *keywords) {
    Tuple *names = spread_keywords(keywords, args + positional);
    if (!names) return NULL;
    Object *result = PyObject_Vectorcall(callee, args, (uint64_t)positional, names);
    for (int64_t i = 0; i < names->var.size; i++) DECREF(args[positional + i]);
    DECREF(names);
    return result;
}

/* callee(*args, **keywords); keywords may be NULL. */
Object *PyObject_Call(Object *callee, Object *args_tuple, Object *keywords) {
    int64_t positional = tuple_size(args_tuple);
    int64_t named = keywords ? PyDict_Size(keywords) : 0;
    Object **args = mixer2_alloc(array_size(positional + named + 1, sizeof *args));
    for (int64_t i = 0; i < positional; i++) args[i] = tuple_item(args_tuple, i);
    Object *result = named
        ? call_with_keywords(callee, args, positional, (Table *)keywords)
        : PyObject_Vectorcall(callee, args, (uint64_t)positional, NULL);
    mixer2_free(args);
    return result;
}

Object *PyObject_CallObject(Object *callee, Object *args_tuple) {
    return args_tuple ? PyObject_Call(callee, args_tuple, NULL)
                      : PyObject_Vectorcall(callee, NULL, 0, NULL);
}
