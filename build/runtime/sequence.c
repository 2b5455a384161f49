/* What list and tuple have in common. */

#include "sequence.h"

#include "generic.h"
#include "int.h"

/* Item `index` of both, held: 1 equal, 0 not, -1 error. */
static int items_equal(Object *left, Object *right) {
    INCREF(left);
    INCREF(right);
    int equal = PyObject_RichCompareBool(left, right, Py_EQ);
    DECREF(left);
    DECREF(right);
    return equal;
}

static Object *compare_sizes(int64_t left, int64_t right, int operator) {
    switch (operator) {
        case Py_LT: return bool_object(left < right);
        case Py_LE: return bool_object(left <= right);
        case Py_EQ: return bool_object(left == right);
        case Py_NE: return bool_object(left != right);
        case Py_GT: return bool_object(left > right);
        default: return bool_object(left >= right);
    }
}

Object *sequence_compare(Object *left, Object *right, int operator, ItemsOf items_of) {
    bool by_equality = operator == Py_EQ || operator == Py_NE;
    if (by_equality && items_of(left).size != items_of(right).size) {
        return bool_object(operator == Py_NE);
    }
    int64_t i = 0;
    for (;; i++) {
        Items a = items_of(left), b = items_of(right);
        if (i >= a.size || i >= b.size) return compare_sizes(a.size, b.size, operator);
        int equal = items_equal(a.slots[i].object, b.slots[i].object);
        if (equal < 0) return NULL;
        if (!equal) break;
    }
    if (by_equality) return bool_object(operator == Py_NE);
    Items a = items_of(left), b = items_of(right);
    if (i >= a.size || i >= b.size) return compare_sizes(a.size, b.size, operator);
    return PyObject_RichCompare(a.slots[i].object, b.slots[i].object, operator);
}

int sequence_contains(Object *sequence, Object *item, ItemsOf items_of) {
    for (int64_t i = 0; i < items_of(sequence).size; i++) {
        Object *candidate = items_of(sequence).slots[i].object;
        INCREF(candidate);
        int equal = PyObject_RichCompareBool(candidate, item, Py_EQ);
        DECREF(candidate);
        if (equal) return equal;
    }
    return 0;
}

static ReprFrame *innermost;

bool repr_enter(ReprFrame *frame, const Object *container) {
    for (ReprFrame *other = innermost; other; other = other->outer) {
        if (other->container == container) return false;
    }
    *frame = (ReprFrame){container, innermost};
    innermost = frame;
    return true;
}

void repr_leave(ReprFrame *frame) {
    innermost = frame->outer;
}

bool builder_add_repr(Builder *builder, Object *object) {
    Object *text = PyObject_Repr(object);
    if (!text) return false;
    builder_add_str(builder, (Str *)text);
    DECREF(text);
    return true;
}

static bool add_items(Builder *builder, Object *sequence, ItemsOf items_of) {
    for (int64_t i = 0; i < items_of(sequence).size; i++) {
        if (i) builder_add_c(builder, ", ");
        Object *item = items_of(sequence).slots[i].object;
        INCREF(item);
        bool added = builder_add_repr(builder, item);
        DECREF(item);
        if (!added) return false;
    }
    return true;
}

Object *sequence_repr(Object *sequence, ItemsOf items_of, const char *open, const char *close,
                      const char *recursive) {
    ReprFrame frame;
    if (!repr_enter(&frame, sequence)) return (Object *)str_from_c(recursive);
    Builder builder = builder_new();
    builder_add_c(&builder, open);
    bool done = add_items(&builder, sequence, items_of);
    repr_leave(&frame);
    if (!done) {
        builder_abandon(&builder);
        return NULL;
    }
    builder_add_c(&builder, close);
    return (Object *)builder_finish(&builder);
}
