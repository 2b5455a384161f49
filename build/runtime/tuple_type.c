/* tuple: the slots of the type. */

#include "arguments.h"
#include "create.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "iterators.h"
#include "none.h"
#include "sequence.h"
#include "slice.h"
#include "tuple.h"

static Items items_of(const Object *tuple) {
    return (Items){((const Tuple *)tuple)->items, tuple_size(tuple)};
}

static void tuple_dealloc(Object *self) {
    for (int64_t i = tuple_size(self); i > 0; i--) XDECREF(tuple_item(self, i - 1));
    mixer2_free(self);
}

static Object *tuple_repr(Object *self) {
    return sequence_repr(self, items_of, "(", tuple_size(self) == 1 ? ",)" : ")", "(...)");
}

static Object *tuple_compare(Object *left, Object *right, int operator) {
    if (!PyTuple_Check(right)) return not_implemented();
    return sequence_compare(left, right, operator, items_of);
}

/* The 64-bit xxHash mix that CPython uses, so that hash(tuple) agrees where the items' hashes do. */
static int64_t tuple_hash(Object *self) {
    const uint64_t prime_1 = UINT64_C(11400714785074694791);
    const uint64_t prime_2 = UINT64_C(14029467366897019727);
    const uint64_t prime_5 = UINT64_C(2870177450012600261);
    uint64_t hash = prime_5;
    for (int64_t i = 0; i < tuple_size(self); i++) {
        int64_t item = PyObject_Hash(tuple_item(self, i));
        if (item == -1) return -1;
        hash += (uint64_t)item * prime_2;
        hash = (hash << 31 | hash >> 33) * prime_1;
    }
    hash += (uint64_t)tuple_size(self) ^ (prime_5 ^ UINT64_C(3527539));
    return hash == UINT64_MAX ? 1546275796 : (int64_t)hash;
}

static int tuple_truth(Object *self) {
    return tuple_size(self) != 0;
}

static int tuple_contains(Object *self, Object *item) {
    return sequence_contains(self, item, items_of);
}

static Object *get_selection(Object *self, Selection selection) {
    int64_t size = tuple_size(self);
    if (selection.step == 1) {
        return PyTuple_GetSlice(self, selection.start, selection.start + selection.count);
    }
    if (selection.count == 0 || size == 0) return CPyTuple_LoadEmptyTupleConstant();
    Object *result = PyTuple_New(selection.count);
    for (int64_t i = 0; i < selection.count; i++) {
        Object *item = CPySequenceTuple_GetItemUnsafe(self, selection.start + i * selection.step);
        CPySequenceTuple_SetItemUnsafe(result, i, item);
    }
    return result;
}

static Object *tuple_get_item(Object *self, Object *key) {
    Selection selection;
    if (is_slice(key)) {
        return slice_select(key, tuple_size(self), &selection) ? get_selection(self, selection)
                                                               : NULL;
    }
    int64_t index;
    if (int_from_index(key, &index)) return tuple_get_index(self, index);
    if (error_clear_if(&Exc_TypeError_Type)) {
        raise_formatted(&Exc_TypeError_Type, "tuple indices must be integers or slices, not %T",
                        key);
    }
    return NULL;
}

static Object *tuple_iterate(Object *self) {
    return sequence_iterator_new(&TupleIterator_Type, self, 0);
}

static Object *tuple_binary(Object *left, Object *right, int operator) {
    bool left_is_tuple = PyTuple_Check(left);
    switch (operator & ~BINARY_IN_PLACE) {
        case BINARY_ADD:
            if (left_is_tuple && PyTuple_Check(right)) return tuple_concatenate(left, right);
            break;
        case BINARY_MULTIPLY:
            if (left_is_tuple && PyLong_Check(right)) return tuple_repeat(left, int_value(right));
            if (PyLong_Check(left)) return tuple_repeat(right, int_value(left));
            break;
        default:
            break;
    }
    return not_implemented();
}

CREATE(tuple) {
    (void)type;
    if (!arguments_check("tuple", count, names, 0, 1)) return NULL;
    return count ? PySequence_Tuple(args[0]) : CPyTuple_LoadEmptyTupleConstant();
}

Type PyTuple_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "tuple",
    .base = &PyBaseObject_Type,
    .dealloc = tuple_dealloc,
    .repr = tuple_repr,
    .str = tuple_repr,
    .hash = tuple_hash,
    .compare = tuple_compare,
    .truth = tuple_truth,
    .length = PyTuple_Size,
    .contains = tuple_contains,
    .get_item = tuple_get_item,
    .iterate = tuple_iterate,
    .binary = tuple_binary,
    .create = tuple_create,
    .flags = TYPE_IS_SEQUENCE | TYPE_CONCATENATES | TYPE_IS_TUPLE,
};
