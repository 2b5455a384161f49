/* list: slices, read, assigned and deleted; concatenation and repetition. */

#include "errors.h"
#include "generic.h"
#include "list.h"
#include "memory.h"
#include "slice.h"
#include "slots.h"
#include "tagged.h"

/* Both bounds count from the front and are clipped to the list. */
Object *PyList_GetSlice(Object *list, Py_ssize_t start, Py_ssize_t stop) {
    int64_t size = list_size(list);
    if (start < 0) start = 0;
    if (stop > size) stop = size;
    if (start >= stop) return PyList_New(0);
    return list_from_slots(((List *)list)->items + start, stop - start);
}

Object *CPyList_GetSlice(Object *list, Tagged start, Tagged stop) {
    int64_t size = list_size(list);
    int64_t from = tagged_value(start), to = tagged_value(stop);
    if (from < 0) from += size;
    if (to < 0) to += size;
    return PyList_GetSlice(list, from, to);
}

Object *CPyList_Copy(Object *list) {
    return list_from_slots(((List *)list)->items, list_size(list));
}

/* New references to the selected items. */
static void select_slots(Slot *to, const Slot *items, Selection selection) {
    for (int64_t i = 0; i < selection.count; i++) {
        to[i] = items[selection.start + i * selection.step];
        INCREF(to[i].object);
    }
}

Object *list_get_selection(const Slot *items, Selection selection) {
    List *list = list_with_capacity(selection.count);
    select_slots(list->items, items, selection);
    list->var.size = selection.count;
    return (Object *)list;
}

void list_splice(List *list, int64_t start, int64_t stop, const Slot *items, int64_t count) {
    int64_t removed = stop - start, tail = list->var.size - stop;
    Slot *old = removed ? mixer2_alloc(slots_size(removed)) : NULL;
    if (removed) memcpy(old, list->items + start, slots_size(removed));
    if (count > removed) list_reserve(list, count - removed);
    if (tail) memmove(list->items + start + count, list->items + stop, slots_size(tail));
    slots_copy(list->items + start, items, count);
    list->var.size += count - removed;
    for (int64_t i = 0; i < removed; i++) DECREF(old[i].object);
    mixer2_free(old);
}

static bool replace_selected(List *list, Selection selection, Object *values) {
    if (list_size(values) != selection.count) {
        raise_formatted(&Exc_ValueError_Type,
                        "attempt to assign sequence of size %d to extended slice of size %d",
                        list_size(values), selection.count);
        return false;
    }
    for (int64_t i = 0; i < selection.count; i++) {
        Slot *slot = &list->items[selection.start + i * selection.step];
        Object *old = slot->object;
        slot->object = list_item(values, i);
        INCREF(slot->object);
        DECREF(old);
    }
    return true;
}

static Object *values_for(Object *iterable, bool extended) {
    Object *values = PySequence_List(iterable);
    if (!values && error_clear_if(&Exc_TypeError_Type)) {
        raise_standard_error(&Exc_TypeError_Type,
                             extended ? "must assign iterable to extended slice"
                                      : "can only assign an iterable");
    }
    return values;
}

int list_assign_slice(Object *object, Object *slice, Object *iterable) {
    List *list = (List *)object;
    Selection selection;
    if (!slice_select(slice, list->var.size, &selection)) return -1;
    bool extended = selection.step != 1;
    Object *values = values_for(iterable, extended);
    /* Once more: the iteration may have changed the list. */
    bool done = values && slice_select(slice, list->var.size, &selection);
    if (done && extended) {
        done = replace_selected(list, selection, values);
    } else if (done) {
        list_splice(list, selection.start, selection.start + selection.count,
                    ((List *)values)->items, list_size(values));
    }
    XDECREF(values);
    return done ? 0 : -1;
}

/* The other way round is the same set of items. */
static Selection ascending(Selection selection) {
    if (selection.step > 0) return selection;
    int64_t last = selection.start + (selection.count - 1) * selection.step;
    return (Selection){last, selection.start + 1, -selection.step, selection.count};
}

int list_delete_slice(Object *object, Object *slice) {
    List *list = (List *)object;
    Selection selection;
    if (!slice_select(slice, list->var.size, &selection)) return -1;
    if (selection.count == 0) return 0;
    selection = ascending(selection);
    /* One pass keeps the order; removed items move behind the others. */
    Slot *removed = mixer2_alloc(slots_size(selection.count));
    int64_t kept = selection.start, taken = 0;
    for (int64_t i = selection.start; i < list->var.size; i++) {
        bool selected = taken < selection.count &&
                        i == selection.start + taken * selection.step;
        if (selected) {
            removed[taken++] = list->items[i];
        } else {
            list->items[kept++] = list->items[i];
        }
    }
    list->var.size = kept;
    for (int64_t i = 0; i < taken; i++) DECREF(removed[i].object);
    mixer2_free(removed);
    return 0;
}

Object *list_concatenate(Object *left, Object *right) {
    int64_t first = list_size(left), second = list_size(right);
    if (!memory_for((uint64_t)(first + second) * sizeof(Slot))) return NULL;
    List *list = list_with_capacity(first + second);
    slots_copy(list->items, ((List *)left)->items, first);
    slots_copy(list->items + first, ((List *)right)->items, second);
    list->var.size = first + second;
    return (Object *)list;
}

Object *list_repeat(Object *object, int64_t times) {
    int64_t size = times > 0 ? list_size(object) : 0;
    if (size && times > (int64_t)MEMORY_LIMIT / size) times = (int64_t)MEMORY_LIMIT / size;
    if (!memory_for((uint64_t)(size * times) * sizeof(Slot))) return NULL;
    List *list = list_with_capacity(size * times);
    for (int64_t i = 0; size && i < times; i++) {
        slots_copy(list->items + i * size, ((List *)object)->items, size);
    }
    list->var.size = size ? size * times : 0;
    return (Object *)list;
}
