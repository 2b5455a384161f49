/* What is built on the gates of iteration. */

#include "errors.h"
#include "generic.h"

/* Leaves a StopIteration pending: `yield from` wants its value. */
Object *CPyIter_Next(Object *iterator) {
    if (!iterator->type->next) return PyIter_Next(iterator); /* which raises TypeError */
    return iterator->type->next(iterator);
}

Object *iterator_self(Object *iterator) {
    INCREF(iterator);
    return iterator;
}

int object_contains_by_iteration(Object *iterable, Object *item) {
    Object *iterator = PyObject_GetIter(iterable);
    if (!iterator) return -1;
    int found = 0;
    Object *candidate;
    while (!found && (candidate = PyIter_Next(iterator))) {
        found = PyObject_RichCompareBool(candidate, item, Py_EQ);
        DECREF(candidate);
    }
    DECREF(iterator);
    return error_pending() ? -1 : found;
}
