/* list: storage and the operations that mypyc names. Slices are in list_slice.c, sorting in
   list_sort.c, the slots of the type in list_type.c, methods called by name in list_methods.c. */

#include "list.h"

#include "errors.h"
#include "generic.h"
#include "memory.h"
#include "none.h"
#include "slots.h"
#include "str.h"
#include "tagged.h"
#include "tuple.h"

List *list_with_capacity(int64_t capacity) {
    List *list = mixer2_alloc(sizeof(List));
    list->var = (VarObject){{1, &PyList_Type}, 0};
    list->items = capacity > 0 ? mixer2_alloc(slots_size(capacity)) : NULL;
    list->capacity = capacity > 0 ? (uint32_t)capacity : 0;
    return list;
}

Object *PyList_New(Py_ssize_t size) {
    List *list = list_with_capacity(size);
    for (Slot *item = list->items, *end = item + (uint32_t)size; item != end; item++) item->object = NULL;
    list->var.size = size;
    return (Object *)list;
}

Object *list_from_slots(const Slot *items, int64_t count) {
    List *list = list_with_capacity(count);
    slots_copy(list->items, items, count);
    list->var.size = count;
    return (Object *)list;
}

bool list_has_room(const List *list, int64_t extra) {
    int64_t needed = list->var.size + extra;
    if (needed <= list->capacity) return memory_left();
    return memory_left() && memory_for((uint64_t)(needed + needed / 2 + 3) * sizeof(Slot));
}

void list_reserve(List *list, int64_t extra) {
    int64_t needed = list->var.size + extra;
    if (needed <= list->capacity) return;
    int64_t capacity = needed + needed / 2 + 3;
    list->items = mixer2_realloc(list->items, slots_size(capacity));
    list->capacity = (uint32_t)capacity;
}

void list_append_stolen(List *list, Object *item) {
    if (list->var.size == list->capacity) list_reserve(list, 1);
    list->items[list->var.size++].object = item;
}

int PyList_Append(Object *object, Object *item) {
    List *list = (List *)object;
    bool has_room = list->var.size < list->capacity && !memory_is_short;
    if (!has_room && !list_has_room(list, 1)) return -1;
    INCREF(item);
    if (!has_room) list_reserve(list, 1);
    list->items[list->var.size++].object = item;
    return 0;
}

Object *CPyList_Build(Py_ssize_t count, Object *const *items) {
    List *list = list_with_capacity(count);
    for (int64_t i = 0; i < count; i++) list->items[i].object = items[i];
    list->var.size = count;
    return (Object *)list;
}

char PyList_Check(Object *object) {
    return object_is(object, &PyList_Type);
}

Py_ssize_t PyList_Size(Object *list) {
    return list_size(list);
}

/* The slot at an index that may count from the end, or NULL with IndexError. */
static Slot *slot_at(Object *object, int64_t index, const char *message) {
    List *list = (List *)object;
    index = index_from_front(index, list->var.size);
    if (index >= 0) return &list->items[index];
    raise_standard_error(&Exc_IndexError_Type, message);
    return NULL;
}

Object *CPyList_GetItemInt64Borrow(Object *list, int64_t index) {
    Slot *slot = slot_at(list, index, "list index out of range");
    return slot ? slot->object : NULL;
}

Object *CPyList_GetItemInt64(Object *list, int64_t index) {
    Object *item = CPyList_GetItemInt64Borrow(list, index);
    if (item) INCREF(item);
    return item;
}

Object *CPyList_GetItem(Object *list, Tagged index) {
    return CPyList_GetItemInt64(list, tagged_value(index));
}

Object *CPyList_GetItemShort(Object *list, Tagged index) {
    return CPyList_GetItemInt64(list, tagged_value(index));
}

Object *CPyList_GetItemBorrow(Object *list, Tagged index) {
    return CPyList_GetItemInt64Borrow(list, tagged_value(index));
}

Object *CPyList_GetItemShortBorrow(Object *list, Tagged index) {
    return CPyList_GetItemInt64Borrow(list, tagged_value(index));
}

/* Takes over the reference to item, also on error: the caller has given it away. */
char CPyList_SetItemInt64(Object *list, int64_t index, Object *item) {
    Slot *slot = slot_at(list, index, "list assignment index out of range");
    if (!slot) {
        DECREF(item);
        return false;
    }
    Object *old = slot->object;
    slot->object = item;
    DECREF(old);
    return true;
}

char CPyList_SetItem(Object *list, Tagged index, Object *item) {
    return CPyList_SetItemInt64(list, tagged_value(index), item);
}

void CPyList_SetItemUnsafe(Object *list, Py_ssize_t index, Object *item) {
    ((List *)list)->items[index].object = item;
}

static void move_slots(List *list, int64_t to, int64_t from) {
    memmove(list->items + to, list->items + from, (size_t)(list->var.size - from) * sizeof(Slot));
}

Object *CPyList_Pop(Object *object, Tagged index) {
    List *list = (List *)object;
    if (list->var.size == 0) {
        raise_standard_error(&Exc_IndexError_Type, "pop from empty list");
        return NULL;
    }
    Slot *slot = slot_at(object, tagged_value(index), "pop index out of range");
    if (!slot) return NULL;
    Object *item = slot->object;
    int64_t position = slot - list->items;
    move_slots(list, position, position + 1);
    list->var.size--;
    return item;
}

Object *CPyList_PopLast(Object *object) {
    List *list = (List *)object;
    if (list->var.size == 0) {
        raise_standard_error(&Exc_IndexError_Type, "pop from empty list");
        return NULL;
    }
    return list->items[--list->var.size].object;
}

int CPyList_Insert(Object *object, Tagged index, Object *item) {
    List *list = (List *)object;
    int64_t position = tagged_value(index);
    if (position < 0) position += list->var.size;
    if (position < 0) position = 0;
    if (position > list->var.size) position = list->var.size;
    if (!list_has_room(list, 1)) return -1;
    list_reserve(list, 1);
    move_slots(list, position + 1, position);
    INCREF(item);
    list->items[position].object = item;
    list->var.size++;
    return 0;
}

/* The comparison may change the list. */
static int64_t find(List *list, Object *wanted, int64_t start, int64_t stop) {
    for (int64_t i = start; i < stop && i < list->var.size; i++) {
        Object *item = list->items[i].object;
        INCREF(item);
        int equal = PyObject_RichCompareBool(item, wanted, Py_EQ);
        DECREF(item);
        if (equal) return equal > 0 ? i : -2;
    }
    return -1;
}

int64_t list_index_between(List *list, Object *item, int64_t start, int64_t stop) {
    if (start < 0) start += list->var.size;
    if (stop < 0) stop += list->var.size;
    return find(list, item, start < 0 ? 0 : start, stop);
}

void list_raise_missing(Object *item) {
    Object *repr = PyObject_Repr(item);
    if (!repr) return;
    raise_formatted(&Exc_ValueError_Type, "%S is not in list", repr);
    DECREF(repr);
}

Tagged CPyList_Index(Object *list, Object *item) {
    int64_t position = find((List *)list, item, 0, INT64_MAX);
    if (position == -1) list_raise_missing(item);
    return position < 0 ? TAGGED_ERROR : tagged_from(position);
}

int CPyList_Remove(Object *object, Object *item) {
    List *list = (List *)object;
    int64_t position = find(list, item, 0, INT64_MAX);
    if (position == -1) raise_standard_error(&Exc_ValueError_Type, "list.remove(x): x not in list");
    if (position < 0) return -1;
    Object *removed = list->items[position].object;
    move_slots(list, position, position + 1);
    list->var.size--;
    DECREF(removed);
    return 0;
}

Tagged CPyList_Count(Object *object, Object *wanted) {
    List *list = (List *)object;
    int64_t count = 0;
    for (int64_t i = 0; i < list->var.size; i++) {
        Object *item = list->items[i].object;
        INCREF(item);
        int equal = PyObject_RichCompareBool(item, wanted, Py_EQ);
        DECREF(item);
        if (equal < 0) return TAGGED_ERROR;
        count += equal;
    }
    return tagged_from(count);
}

int PyList_Reverse(Object *object) {
    List *list = (List *)object;
    for (int64_t low = 0, high = list->var.size - 1; low < high; low++, high--) {
        Slot slot = list->items[low];
        list->items[low] = list->items[high];
        list->items[high] = slot;
    }
    return 0;
}

/* The storage is detached first: what an item's end runs may look at the list. */
char CPyList_Clear(Object *object) {
    List *list = (List *)object;
    Slot *items = list->items;
    Slot *item = items + (uint32_t)list->var.size;
    list->items = NULL;
    list->var.size = 0;
    list->capacity = 0;
    while (item != items) XDECREF((--item)->object);
    mixer2_free(items);
    return true;
}

static void append_slots(List *list, const Object *source, const Slot *items, int64_t count) {
    list_reserve(list, count);
    if (source == (Object *)list) items = list->items; /* it may have moved */
    slots_copy(list->items + list->var.size, items, count);
    list->var.size += count;
}

/* Where the other is a list for sure: the rest needs the iterators of all types. */
Object *list_extend_list(List *list, List *other) {
    if (!list_has_room(list, list_size((Object *)other))) return NULL;
    append_slots(list, (Object *)other, other->items, list_size((Object *)other));
    return none_new_reference();
}

/* list += another */
Object *list_add_in_place(List *list, List *other) {
    Object *none = list_extend_list(list, other);
    if (!none) return NULL;
    INCREF(list);
    return (Object *)list;
}

bool list_extend(List *list, Object *iterable) {
    if (iterable->type == &PyList_Type) {
        if (!list_has_room(list, list_size(iterable))) return false;
        append_slots(list, iterable, ((List *)iterable)->items, list_size(iterable));
        return true;
    }
    if (iterable->type == &PyTuple_Type) {
        if (!list_has_room(list, tuple_size(iterable))) return false;
        append_slots(list, iterable, ((Tuple *)iterable)->items, tuple_size(iterable));
        return true;
    }
    Object *iterator = PyObject_GetIter(iterable);
    if (!iterator) return false;
    Object *item;
    while ((item = PyIter_Next(iterator))) {
        list_append_stolen(list, item);
        if (!list_has_room(list, 1)) break;
    }
    DECREF(iterator);
    return !error_pending();
}

Object *CPyList_Extend(Object *list, Object *iterable) {
    return list_extend((List *)list, iterable) ? none_new_reference() : NULL;
}

Object *PySequence_List(Object *iterable) {
    List *list = list_with_capacity(0);
    if (list_extend(list, iterable)) return (Object *)list;
    DECREF(list);
    return NULL;
}

Object *PyList_AsTuple(Object *list) {
    return tuple_from_slots(((List *)list)->items, list_size(list));
}

/* Whether an item is this text, where none can be an object with an __eq__ of the program. */
int list_contains_str(List *list, Str *text) {
    for (int64_t i = 0; i < list->var.size; i++) {
        Object *item = list->items[i].object;
        if (item == (Object *)text || (is_any_str(item) && str_equal((Str *)item, text))) return 1;
    }
    return 0;
}
