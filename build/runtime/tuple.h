/* tuple: a fixed array of slots in the object itself. */

#ifndef MIXER2_TUPLE_H
#define MIXER2_TUPLE_H

#include "object.h"

extern Type PyTuple_Type;
extern Tuple tuple_empty;

static inline int64_t tuple_size(const Object *tuple) { return ((const Tuple *)tuple)->var.size; }

/* Borrowed; the index must be in range. */
static inline Object *tuple_item(const Object *tuple, int64_t index) {
    return ((const Tuple *)tuple)->items[index].object;
}

/* `count` items, each a new reference. */
Object *tuple_from_array(Object *const *items, int64_t count);
Object *tuple_from_slots(const Slot *items, int64_t count);
/* Takes over both references. */
Object *tuple_pair_stolen(Object *first, Object *second);

/* The item at an index that may count from the end; NULL with IndexError. */
Object *tuple_get_index(Object *tuple, int64_t index);
Object *tuple_concatenate(Object *left, Object *right);
Object *tuple_repeat(Object *tuple, int64_t times);

Object *PyTuple_New(Py_ssize_t size);
Object *PyTuple_Pack(Py_ssize_t count, Object *const *items);
char PyTuple_Check(Object *object);
Py_ssize_t PyTuple_Size(Object *tuple);
Object *PyTuple_GetSlice(Object *tuple, Py_ssize_t start, Py_ssize_t stop);
Object *PySequence_Tuple(Object *iterable);
Object *CPyTuple_LoadEmptyTupleConstant(void);
Object *CPySequenceTuple_GetItem(Object *tuple, Tagged index);
Object *CPySequenceTuple_GetItemUnsafe(Object *tuple, Py_ssize_t index);
void CPySequenceTuple_SetItemUnsafe(Object *tuple, Py_ssize_t index, Object *item);
Object *CPySequenceTuple_GetSlice(Object *tuple, Tagged start, Tagged stop);

#endif
