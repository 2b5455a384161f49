/* list: a growing array of slots, 8 bytes apart (object.h says why). A slot is NULL only between
   PyList_New(n) and the filling of its n items. */

#ifndef MIXER2_LIST_H
#define MIXER2_LIST_H

#include "arguments.h"
#include "object.h"
#include "slice.h"

extern Type PyList_Type;

static inline int64_t list_size(const Object *list) { return ((const List *)list)->var.size; }

/* Borrowed; the index must be in range. */
static inline Object *list_item(const Object *list, int64_t index) {
    return ((const List *)list)->items[index].object;
}

/* Room for `capacity` items; the size is 0. */
List *list_with_capacity(int64_t capacity);
/* A list of `count` items, each a new reference. */
Object *list_from_slots(const Slot *items, int64_t count);
/* Makes room for at least `extra` more items. */
/* Room for `extra` more; false with MemoryError when there is no memory for them. */
bool list_has_room(const List *list, int64_t extra);
void list_reserve(List *list, int64_t extra);
/* Takes over the reference to item. */
void list_append_stolen(List *list, Object *item);
/* Appends what an iterable yields; false on error. */
bool list_extend(List *list, Object *iterable);
/* None, or NULL with MemoryError. */
Object *list_extend_list(List *list, List *other);
/* Replaces items[start, stop) by `count` new references; start <= stop must be in range. */
void list_splice(List *list, int64_t start, int64_t stop, const Slot *items, int64_t count);
/* Stable; key NULL: the items themselves. False on error, the list is then a permutation. */
bool list_sort(List *list, Object *key, bool reverse);

/* list.sort(key=..., reverse=...); false on error. */
bool list_sort_by_call(List *list, const Signature *signature, Object *const *args, int64_t count,
                       Tuple *names);
/* As list.index(item, start, stop): -1 not there, -2 error. */
int64_t list_index_between(List *list, Object *item, int64_t start, int64_t stop);
/* Sets the ValueError of list.index. */
void list_raise_missing(Object *item);
/* list[slice] = iterable, and del list[slice]; -1 on error. */
int list_assign_slice(Object *list, Object *slice, Object *iterable);
int list_delete_slice(Object *list, Object *slice);
Object *list_get_selection(const Slot *items, Selection selection);
Object *list_concatenate(Object *left, Object *right);
Object *list_repeat(Object *list, int64_t times);

Object *PyList_New(Py_ssize_t size);
int PyList_Append(Object *list, Object *item);
char PyList_Check(Object *object);
Py_ssize_t PyList_Size(Object *list);
int PyList_Sort(Object *list);
int PyList_Reverse(Object *list);
Object *PyList_AsTuple(Object *list);
Object *PyList_GetSlice(Object *list, Py_ssize_t start, Py_ssize_t stop);
Object *PySequence_List(Object *iterable);
Object *CPyList_Build(Py_ssize_t count, Object *const *items);
Object *CPyList_GetItem(Object *list, Tagged index);
Object *CPyList_GetItemShort(Object *list, Tagged index);
Object *CPyList_GetItemInt64(Object *list, int64_t index);
Object *CPyList_GetItemBorrow(Object *list, Tagged index);
Object *CPyList_GetItemShortBorrow(Object *list, Tagged index);
Object *CPyList_GetItemInt64Borrow(Object *list, int64_t index);
char CPyList_SetItem(Object *list, Tagged index, Object *item);
char CPyList_SetItemInt64(Object *list, int64_t index, Object *item);
void CPyList_SetItemUnsafe(Object *list, Py_ssize_t index, Object *item);
Object *CPyList_Extend(Object *list, Object *iterable);
Object *CPyList_PopLast(Object *list);
Object *CPyList_Pop(Object *list, Tagged index);
Tagged CPyList_Count(Object *list, Object *item);
int CPyList_Insert(Object *list, Tagged index, Object *item);
int CPyList_Remove(Object *list, Object *item);
Tagged CPyList_Index(Object *list, Object *item);
char CPyList_Clear(Object *list);
Object *CPyList_Copy(Object *list);
Object *CPyList_GetSlice(Object *list, Tagged start, Tagged stop);
Object *CPySequence_InPlaceMultiply(Object *sequence, Tagged times);
Object *CPySequence_Sort(Object *iterable);

#endif
