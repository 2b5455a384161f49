/* tuple: storage and the operations that mypyc names. The slots of the type are in tuple_type.c. */

#include "tuple.h"

#include "errors.h"
#include "generic.h"
#include "list.h"
#include "none.h"
#include "slots.h"
#include "tagged.h"

Tuple tuple_empty = {.var = {.head = STATIC_HEAD(&PyTuple_Type), .size = 0}};

Object *CPyTuple_LoadEmptyTupleConstant(void) {
    INCREF(&tuple_empty);
    return (Object *)&tuple_empty;
}

/* The items are not set. */
static Tuple *allocate(int64_t size) {
    size_t bytes = sizeof(Tuple) + slots_size(size);
    Tuple *tuple = mixer2_alloc(bytes);
    tuple->var.head = (Object){1, &PyTuple_Type};
    tuple->var.size = size;
    return tuple;
}

Object *PyTuple_New(Py_ssize_t size) {
    Tuple *tuple = allocate(size);
    memset(tuple->items, 0, slots_size(size));
    return (Object *)tuple;
}

Object *tuple_from_array(Object *const *items, int64_t count) {
    if (count == 0) return CPyTuple_LoadEmptyTupleConstant();
    Tuple *tuple = allocate(count);
    for (int64_t i = 0; i < count; i++) {
        INCREF(items[i]);
        tuple->items[i].object = items[i];
    }
    return (Object *)tuple;
}

Object *PyTuple_Pack(Py_ssize_t count, Object *const *items) {
    return tuple_from_array(items, count);
}

Object *tuple_from_slots(const Slot *items, int64_t count) {
    if (count == 0) return CPyTuple_LoadEmptyTupleConstant();
    Tuple *tuple = allocate(count);
    slots_copy(tuple->items, items, count);
    return (Object *)tuple;
}

Object *tuple_pair_stolen(Object *first, Object *second) {
    Tuple *tuple = allocate(2);
    tuple->items[0].object = first;
    tuple->items[1].object = second;
    return (Object *)tuple;
}

char PyTuple_Check(Object *object) {
    return object_is(object, &PyTuple_Type);
}

Py_ssize_t PyTuple_Size(Object *tuple) {
    return tuple_size(tuple);
}

Object *tuple_get_index(Object *tuple, int64_t index) {
    int64_t position = index_from_front(index, tuple_size(tuple));
    if (position < 0) {
        raise_standard_error(&Exc_IndexError_Type, "tuple index out of range");
        return NULL;
    }
    return CPySequenceTuple_GetItemUnsafe(tuple, position);
}

Object *CPySequenceTuple_GetItem(Object *tuple, Tagged index) {
    return tuple_get_index(tuple, tagged_value(index));
}

Object *CPySequenceTuple_GetItemUnsafe(Object *tuple, Py_ssize_t index) {
    Object *item = tuple_item(tuple, index);
    INCREF(item);
    return item;
}

void CPySequenceTuple_SetItemUnsafe(Object *tuple, Py_ssize_t index, Object *item) {
    ((Tuple *)tuple)->items[index].object = item;
}

/* Both bounds count from the front and are clipped to the tuple. */
Object *PyTuple_GetSlice(Object *tuple, Py_ssize_t start, Py_ssize_t stop) {
    int64_t size = tuple_size(tuple);
    if (start < 0) start = 0;
    if (stop > size) stop = size;
    if (start == 0 && stop == size) {
        INCREF(tuple);
        return tuple;
    }
    if (start >= stop) return CPyTuple_LoadEmptyTupleConstant();
    return tuple_from_slots(((Tuple *)tuple)->items + start, stop - start);
}

Object *CPySequenceTuple_GetSlice(Object *tuple, Tagged start, Tagged stop) {
    int64_t size = tuple_size(tuple);
    int64_t from = tagged_value(start), to = tagged_value(stop);
    if (from < 0) from += size;
    if (to < 0) to += size;
    return PyTuple_GetSlice(tuple, from, to);
}

Object *PySequence_Tuple(Object *iterable) {
    if (iterable->type == &PyTuple_Type) {
        INCREF(iterable);
        return iterable;
    }
    Object *list = PySequence_List(iterable);
    if (!list) return NULL;
    Object *tuple = PyList_AsTuple(list);
    DECREF(list);
    return tuple;
}

Object *tuple_concatenate(Object *left, Object *right) {
    int64_t first = tuple_size(left), second = tuple_size(right);
    if (first == 0 || second == 0) {
        Object *only = first ? left : right;
        INCREF(only);
        return only;
    }
    Tuple *tuple = allocate(first + second);
    slots_copy(tuple->items, ((Tuple *)left)->items, first);
    slots_copy(tuple->items + first, ((Tuple *)right)->items, second);
    return (Object *)tuple;
}

Object *tuple_repeat(Object *object, int64_t times) {
    int64_t size = tuple_size(object);
    if (size == 0 || times <= 0) return CPyTuple_LoadEmptyTupleConstant();
    if (times > (int64_t)MEMORY_LIMIT / size) out_of_memory();
    Tuple *tuple = allocate(size * times);
    for (int64_t i = 0; i < times; i++) {
        slots_copy(tuple->items + i * size, ((Tuple *)object)->items, size);
    }
    return (Object *)tuple;
}
