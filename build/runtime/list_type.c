/* list: the slots of the type. */

#include "arguments.h"
#include "create.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "iterators.h"
#include "list.h"
#include "none.h"
#include "sequence.h"

static Items items_of(const Object *list) {
    return (Items){((const List *)list)->items, list_size(list)};
}

static void list_dealloc(Object *self) {
    List *list = (List *)self;
    Slot *item = list->items + (uint32_t)list->var.size;
    while (item != list->items) XDECREF((--item)->object);
    mixer2_free(list->items);
    mixer2_free(list);
}

static Object *list_repr(Object *self) {
    return sequence_repr(self, items_of, "[", "]", "[...]");
}

static Object *list_compare(Object *left, Object *right, int operator) {
    if (!PyList_Check(right)) return not_implemented();
    return sequence_compare(left, right, operator, items_of);
}

static int list_truth(Object *self) {
    return list_size(self) != 0;
}

static int list_contains(Object *self, Object *item) {
    return sequence_contains(self, item, items_of);
}

static bool index_of(Object *key, int64_t *index) {
    if (int_from_index(key, index)) return true;
    if (error_clear_if(&Exc_TypeError_Type)) {
        raise_formatted(&Exc_TypeError_Type, "list indices must be integers or slices, not %T",
                        key);
    }
    return false;
}

static Object *list_get_item(Object *self, Object *key) {
    int64_t index;
    Selection selection;
    if (is_slice(key)) {
        if (!slice_select(key, list_size(self), &selection)) return NULL;
        return list_get_selection(((List *)self)->items, selection);
    }
    return index_of(key, &index) ? CPyList_GetItemInt64(self, index) : NULL;
}

static int list_delete_item(Object *self, int64_t index) {
    index = index_from_front(index, list_size(self));
    if (index < 0) {
        raise_standard_error(&Exc_IndexError_Type, "list assignment index out of range");
        return -1;
    }
    list_splice((List *)self, index, index + 1, NULL, 0);
    return 0;
}

static int list_set_item(Object *self, Object *key, Object *value) {
    if (is_slice(key)) {
        return value ? list_assign_slice(self, key, value) : list_delete_slice(self, key);
    }
    int64_t index;
    if (!index_of(key, &index)) return -1;
    if (!value) return list_delete_item(self, index);
    INCREF(value);
    return CPyList_SetItemInt64(self, index, value) ? 0 : -1;
}

static Object *list_iterate(Object *self) {
    return sequence_iterator_new(&ListIterator_Type, self, 0);
}

static Object *add(Object *left, Object *right, bool in_place) {
    if (!PyList_Check(left)) return not_implemented();
    if (in_place) {
        if (!list_extend((List *)left, right)) return NULL;
        INCREF(left);
        return left;
    }
    return PyList_Check(right) ? list_concatenate(left, right) : not_implemented();
}

static Object *multiply(Object *left, Object *right, bool in_place) {
    bool reflected = !PyList_Check(left);
    Object *list = reflected ? right : left, *factor = reflected ? left : right;
    if (!PyLong_Check(factor)) return not_implemented();
    int64_t times = int_value(factor);
    if (!in_place || reflected) return list_repeat(list, times);
    return CPySequence_InPlaceMultiply(left, tagged_from(times));
}

static Object *list_binary(Object *left, Object *right, int operator) {
    bool in_place = operator & BINARY_IN_PLACE;
    switch (operator & ~BINARY_IN_PLACE) {
        case BINARY_ADD: return add(left, right, in_place);
        case BINARY_MULTIPLY: return multiply(left, right, in_place);
        default: return not_implemented();
    }
}

CREATE(list) {
    (void)type;
    if (!arguments_check("list", count, names, 0, 1)) return NULL;
    return count ? PySequence_List(args[0]) : PyList_New(0);
}

Type PyList_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "list",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(List),
    .dealloc = list_dealloc,
    .repr = list_repr,
    .str = list_repr,
    .compare = list_compare,
    .truth = list_truth,
    .length = PyList_Size,
    .contains = list_contains,
    .get_item = list_get_item,
    .set_item = list_set_item,
    .iterate = list_iterate,
    .binary = list_binary,
    .create = list_create,
    .flags = TYPE_IS_SEQUENCE | TYPE_CONCATENATES | TYPE_IS_LIST,
};
