/* range objects and their iterators. */

#include "range.h"

#include "arguments.h"
#include "builder.h"
#include "create.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "memory.h"
#include "none.h"
#include "slice.h"
#include "slots.h"
#include "tuple.h"

/* Differences of 63-bit numbers fit into 64 bits without a sign. */
static int64_t count_steps(int64_t start, int64_t stop, int64_t step) {
    bool forward = step > 0;
    if (forward ? start >= stop : start <= stop) return 0;
    uint64_t distance = forward ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
    return (int64_t)((distance - 1) / int_magnitude(step) + 1);
}

Object *range_new(int64_t start, int64_t stop, int64_t step) {
    Range *range = (Range *)instance_new(&PyRange_Type);
    range->start = start;
    range->stop = stop;
    range->step = step;
    range->size = count_steps(start, stop, step);
    return (Object *)range;
}

char PyRange_Check(Object *object) {
    return is_range(object);
}

static int64_t item_at(const Range *range, int64_t index) {
    return range->start + index * range->step;
}

typedef struct RangeIterator {
    Object head;
    int64_t next;
    int64_t step;
    int64_t remaining;
} RangeIterator;

static Object *iterator_new(int64_t next, int64_t step, int64_t count) {
    RangeIterator *iterator = (RangeIterator *)instance_new(&RangeIterator_Type);
    iterator->next = next;
    iterator->step = step;
    iterator->remaining = count;
    return (Object *)iterator;
}

static Object *range_iterate(Object *self) {
    const Range *range = (Range *)self;
    return iterator_new(range->start, range->step, range->size);
}

Object *range_iterate_reversed(Object *self) {
    const Range *range = (Range *)self;
    return iterator_new(item_at(range, range->size - 1), -range->step, range->size);
}

static Object *iterator_next(Object *self) {
    RangeIterator *iterator = (RangeIterator *)self;
    if (iterator->remaining == 0) return NULL;
    iterator->remaining--;
    int64_t value = iterator->next;
    iterator->next = (int64_t)((uint64_t)value + (uint64_t)iterator->step);
    return int_new(value);
}

static Object *range_repr(Object *self) {
    const Range *range = (Range *)self;
    Builder builder = builder_new();
    builder_add_c(&builder, "range(");
    builder_add_int(&builder, range->start);
    builder_add_c(&builder, ", ");
    builder_add_int(&builder, range->stop);
    if (range->step != 1) {
        builder_add_c(&builder, ", ");
        builder_add_int(&builder, range->step);
    }
    builder_add_char(&builder, ')');
    return (Object *)builder_finish(&builder);
}

/* Equal as sequences. */
static Object *range_compare(Object *left, Object *right, int operator) {
    bool by_equality = operator == Py_EQ || operator == Py_NE;
    if (!by_equality || !is_range(right)) return not_implemented();
    const Range *a = (Range *)left, *b = (Range *)right;
    bool equal = a->size == b->size && (a->size == 0 || a->start == b->start) &&
                 (a->size <= 1 || a->step == b->step);
    return bool_object(equal == (operator == Py_EQ));
}

static int64_t range_hash(Object *self) {
    const Range *range = (Range *)self;
    Object *parts[] = {
        int_new(range->size),
        range->size ? int_new(range->start) : none_new_reference(),
        range->size > 1 ? int_new(range->step) : none_new_reference(),
    };
    Object *tuple = tuple_from_array(parts, 3);
    int64_t hash = PyObject_Hash(tuple);
    DECREF(tuple);
    for (int i = 0; i < 3; i++) DECREF(parts[i]);
    return hash;
}

static int range_truth(Object *self) {
    return ((Range *)self)->size != 0;
}

static int64_t range_length(Object *self) {
    return ((Range *)self)->size;
}

/* The index of a number, or -1. */
static int64_t index_of(const Range *range, int64_t number) {
    bool forward = range->step > 0;
    if (range->size == 0 || (forward ? number < range->start : number > range->start)) return -1;
    uint64_t distance = forward ? (uint64_t)number - (uint64_t)range->start
                                : (uint64_t)range->start - (uint64_t)number;
    uint64_t step = int_magnitude(range->step), index = distance / step;
    return distance % step == 0 && index < (uint64_t)range->size ? (int64_t)index : -1;
}

static int range_contains(Object *self, Object *item) {
    if (!is_int(item)) return object_contains_by_iteration(self, item);
    return index_of((Range *)self, int_value(item)) >= 0;
}

static Object *get_selection(const Range *range, Object *slice) {
    Selection selection;
    if (!slice_select(slice, range->size, &selection)) return NULL;
    int64_t start = item_at(range, selection.start), step = range->step * selection.step;
    return range_new(start, item_at(range, selection.stop), step);
}

static Object *range_get_item(Object *self, Object *key) {
    const Range *range = (Range *)self;
    if (is_slice(key)) return get_selection(range, key);
    int64_t index;
    if (!int_from_index(key, &index)) {
        if (error_clear_if(&Exc_TypeError_Type)) {
            raise_formatted(&Exc_TypeError_Type,
                            "range indices must be integers or slices, not %T", key);
        }
        return NULL;
    }
    index = index_from_front(index, range->size);
    if (index >= 0) return int_new(item_at(range, index));
    raise_standard_error(&Exc_IndexError_Type, "range object index out of range");
    return NULL;
}

CREATE(range) {
    (void)type;
    int64_t bounds[3] = {0, 0, 1};
    if (!arguments_check("range", count, names, 1, 3)) return NULL;
    for (int64_t i = 0; i < count; i++) {
        if (!int_from_index(args[i], &bounds[count == 1 ? 1 : i])) return NULL;
    }
    if (bounds[2] != 0) return range_new(bounds[0], bounds[1], bounds[2]);
    raise_standard_error(&Exc_ValueError_Type, "range() arg 3 must not be zero");
    return NULL;
}

Object *property__range__start(Object *self) {
    return int_new(((Range *)self)->start);
}

Object *property__range__stop(Object *self) {
    return int_new(((Range *)self)->stop);
}

Object *property__range__step(Object *self) {
    return int_new(((Range *)self)->step);
}

Object *method__range__index(Object *self, Object *const *args, int64_t count, Tuple *names) {
    if (!arguments_check("range.index", count, names, 1, 1)) return NULL;
    int64_t index = is_int(args[0]) ? index_of((Range *)self, int_value(args[0])) : -1;
    if (index >= 0) return int_new(index);
    Object *repr = PyObject_Repr(args[0]);
    if (!repr) return NULL;
    raise_formatted(&Exc_ValueError_Type, "%S is not in range", repr);
    DECREF(repr);
    return NULL;
}

Object *method__range__count(Object *self, Object *const *args, int64_t count, Tuple *names) {
    if (!arguments_check("range.count", count, names, 1, 1)) return NULL;
    int found = PySequence_Contains(self, args[0]);
    return found < 0 ? NULL : int_new(found);
}

Type PyRange_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "range",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(Range),
    .dealloc = leaf_dealloc,
    .repr = range_repr,
    .str = range_repr,
    .hash = range_hash,
    .compare = range_compare,
    .truth = range_truth,
    .length = range_length,
    .contains = range_contains,
    .get_item = range_get_item,
    .iterate = range_iterate,
    .create = range_create,
    .flags = TYPE_IS_SEQUENCE,
};

Type RangeIterator_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "range_iterator",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(RangeIterator),
    .dealloc = leaf_dealloc,
    .hash = object_identity_hash,
    .contains = object_contains_by_iteration,
    .iterate = iterator_self,
    .next = iterator_next,
};
