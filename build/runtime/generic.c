/* Truth, size, equality and hashes as the language's operators want them. */

#include "generic.h"

#include "errors.h"
#include "int.h"

int PyObject_Not(Object *object) {
    int truth = PyObject_IsTrue(object);
    return truth < 0 ? -1 : !truth;
}

int PyObject_RichCompareBool(Object *left, Object *right, int operator) {
    if (left == right && operator == Py_EQ) return 1;
    if (left == right && operator == Py_NE) return 0;
    Object *result = PyObject_RichCompare(left, right, operator);
    if (!result) return -1;
    int truth = result->type == &PyBool_Type ? (int)int_value(result) : PyObject_IsTrue(result);
    DECREF(result);
    return truth;
}

int PyObject_DelItem(Object *container, Object *key) {
    return PyObject_SetItem(container, key, NULL);
}

/* Hashes are 64 bits wide, ints 63: the highest bit is folded away. */
Tagged CPyObject_Hash(Object *object) {
    int64_t hash = PyObject_Hash(object);
    return hash == -1 ? TAGGED_ERROR : tagged_from(hash);
}

Tagged CPyObject_Size(Object *object) {
    Py_ssize_t size = PyObject_Size(object);
    return size < 0 ? TAGGED_ERROR : tagged_from(size);
}

Tagged CPyTagged_Id(Object *object) {
    return tagged_from((int64_t)(uintptr_t)object);
}
