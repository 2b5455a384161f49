/* tuple: methods called by name. */

#include "int.h"
#include "methods.h"
#include "tuple.h"

/* The first from `start` on: -1 not there, -2 error. */
static int64_t find(Object *tuple, Object *wanted, int64_t start, int64_t stop) {
    for (int64_t i = start; i < stop && i < tuple_size(tuple); i++) {
        int equal = PyObject_RichCompareBool(tuple_item(tuple, i), wanted, Py_EQ);
        if (equal) return equal > 0 ? i : -2;
    }
    return -1;
}

METHOD(tuple, count) {
    EXPECT("tuple.count", 1, 1);
    int64_t found = 0, next = 0;
    while ((next = find(self, args[0], next, INT64_MAX)) >= 0) {
        found++;
        next++;
    }
    return next == -2 ? NULL : int_new(found);
}

METHOD(tuple, index) {
    int64_t start = 0, stop = INT64_MAX, size = tuple_size(self);
    EXPECT("tuple.index", 1, 3);
    if (count > 1 && !int_from_index(args[1], &start)) return NULL;
    if (count > 2 && !int_from_index(args[2], &stop)) return NULL;
    if (start < 0) start += size;
    if (stop < 0) stop += size;
    int64_t index = find(self, args[0], start < 0 ? 0 : start, stop);
    if (index == -1) {
        raise_standard_error(&Exc_ValueError_Type, "tuple.index(x): x not in tuple");
    }
    return index < 0 ? NULL : int_new(index);
}
