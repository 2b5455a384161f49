/* Operators on sequences that mypyc names: + and * on lists and tuples, and matching. */

#include "errors.h"
#include "generic.h"
#include "int.h"
#include "list.h"
#include "slice.h"
#include "tuple.h"

Object *PySequence_Concat(Object *left, Object *right) {
    return PyList_Check(left) ? list_concatenate(left, right) : tuple_concatenate(left, right);
}

Object *PySequence_InPlaceConcat(Object *list, Object *iterable) {
    if (!list_extend((List *)list, iterable)) return NULL;
    INCREF(list);
    return list;
}

Object *CPySequence_Multiply(Object *sequence, Tagged times) {
    int64_t count = tagged_value(times);
    return PyList_Check(sequence) ? list_repeat(sequence, count) : tuple_repeat(sequence, count);
}

Object *CPySequence_RMultiply(Tagged times, Object *sequence) {
    return CPySequence_Multiply(sequence, times);
}

Object *CPySequence_InPlaceMultiply(Object *list, Tagged times) {
    Object *repeated = list_repeat(list, tagged_value(times));
    List *target = (List *)list, *source = (List *)repeated;
    List swapped = *target;
    target->var.size = source->var.size;
    target->items = source->items;
    target->capacity = source->capacity;
    source->var.size = swapped.var.size;
    source->items = swapped.items;
    source->capacity = swapped.capacity;
    DECREF(repeated);
    INCREF(list);
    return list;
}

int CPySequence_Check(Object *object) {
    return (object->type->flags & TYPE_IS_SEQUENCE) != 0;
}

int CPyMapping_Check(Object *object) {
    return (object->type->flags & TYPE_IS_MAPPING) != 0;
}

/* For `match`: never fails, an error is no key. */
int PyMapping_HasKey(Object *mapping, Object *key) {
    Object *value = PyObject_GetItem(mapping, key);
    if (!value) {
        error_clear();
        return 0;
    }
    DECREF(value);
    return 1;
}

Object *PySequence_GetItem(Object *sequence, Py_ssize_t index) {
    Object *boxed = int_new(index);
    Object *item = PyObject_GetItem(sequence, boxed);
    DECREF(boxed);
    return item;
}

static Object *get_slice(Object *sequence, Object *start, Object *stop) {
    Object *slice = PySlice_New(start, stop, NULL);
    Object *part = PyObject_GetItem(sequence, slice);
    DECREF(slice);
    return part;
}

/* What `*rest` of a sequence pattern captures: a list, of whatever sequence. */
Object *PySequence_GetSlice(Object *sequence, Py_ssize_t start, Py_ssize_t stop) {
    Object *low = int_new(start), *high = int_new(stop);
    Object *part = get_slice(sequence, low, high);
    DECREF(low);
    DECREF(high);
    if (!part || PyList_Check(part)) return part;
    Object *list = PySequence_List(part);
    DECREF(part);
    return list;
}

/* TAGGED_ERROR stands for a bound that is not given. */
Object *CPyObject_GetSlice(Object *sequence, Tagged start, Tagged stop) {
    Object *low = start == TAGGED_ERROR ? NULL : int_new(tagged_value(start));
    Object *high = stop == TAGGED_ERROR ? NULL : int_new(tagged_value(stop));
    Object *part = get_slice(sequence, low, high);
    XDECREF(low);
    XDECREF(high);
    return part;
}

/* sequence: a list or a tuple. */
int CPySequence_CheckUnpackCount(Object *sequence, Py_ssize_t expected) {
    int64_t actual = ((VarObject *)sequence)->size;
    if (actual == expected) return 0;
    if (actual < expected) {
        raise_formatted(&Exc_ValueError_Type, "not enough values to unpack (expected %d, got %d)",
                        expected, actual);
    } else {
        raise_formatted(&Exc_ValueError_Type, "too many values to unpack (expected %d)", expected);
    }
    return -1;
}
