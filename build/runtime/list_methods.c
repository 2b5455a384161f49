/* list: methods called by name. */

#include "int.h"
#include "list.h"
#include "memory.h"
#include "methods.h"

METHOD(list, append) {
    EXPECT("list.append", 1, 1);
    return none_if(PyList_Append(self, args[0]) == 0);
}

METHOD(list, extend) {
    EXPECT("list.extend", 1, 1);
    return CPyList_Extend(self, args[0]);
}

METHOD(list, insert) {
    int64_t index;
    EXPECT("list.insert", 2, 2);
    if (!int_from_index(args[0], &index)) return NULL;
    return none_if(CPyList_Insert(self, tagged_from(index), args[1]) == 0);
}

METHOD(list, pop) {
    int64_t index = -1;
    EXPECT("list.pop", 0, 1);
    if (count && !int_from_index(args[0], &index)) return NULL;
    return CPyList_Pop(self, tagged_from(index));
}

METHOD(list, remove) {
    EXPECT("list.remove", 1, 1);
    return none_if(CPyList_Remove(self, args[0]) == 0);
}

METHOD(list, clear) {
    EXPECT("list.clear", 0, 0);
    CPyList_Clear(self);
    return none_new_reference();
}

METHOD(list, copy) {
    EXPECT("list.copy", 0, 0);
    return CPyList_Copy(self);
}

METHOD(list, count) {
    EXPECT("list.count", 1, 1);
    Tagged found = CPyList_Count(self, args[0]);
    return found == TAGGED_ERROR ? NULL : int_new(tagged_value(found));
}

METHOD(list, index) {
    int64_t start = 0, stop = INT64_MAX;
    EXPECT("list.index", 1, 3);
    if (count > 1 && !int_from_index(args[1], &start)) return NULL;
    if (count > 2 && !int_from_index(args[2], &stop)) return NULL;
    int64_t index = list_index_between((List *)self, args[0], start, stop);
    if (index >= 0) return int_new(index);
    if (index == -1) list_raise_missing(args[0]);
    return NULL;
}

METHOD(list, reverse) {
    EXPECT("list.reverse", 0, 0);
    PyList_Reverse(self);
    return none_new_reference();
}

static const Signature sort_signature = {"list.sort", 0, 0, {"key", "reverse", NULL}};

bool list_sort_by_call(List *list, const Signature *signature, Object *const *args, int64_t count,
                       Tuple *names) {
    Object *values[2];
    if (!arguments_bind(signature, args, count, names, values)) return false;
    Object *key = values[0] == NONE ? NULL : values[0];
    int reverse = values[1] ? PyObject_IsTrue(values[1]) : 0;
    return reverse >= 0 && list_sort(list, key, reverse);
}

METHOD(list, sort) {
    return none_if(list_sort_by_call((List *)self, &sort_signature, args, count, names));
}
