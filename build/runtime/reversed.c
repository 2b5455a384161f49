/* reversed(object), and iter(function, sentinel). */

#include "arguments.h"
#include "dict_iterator.h"
#include "errors.h"
#include "generic.h"
#include "int.h"
#include "iterator_tools.h"
#include "iterators.h"
#include "list.h"
#include "memory.h"
#include "none.h"
#include "range.h"
#include "tuple.h"

/* Of anything that has a length and items by position. */
static Object *reversed_next(Object *self) {
    SequenceIterator *iterator = (SequenceIterator *)self;
    if (!iterator->sequence) return NULL;
    if (iterator->index < 0) return sequence_iterator_end(iterator);
    Object *index = int_new(iterator->index--);
    Object *item = PyObject_GetItem(iterator->sequence, index);
    DECREF(index);
    bool over = !item && (error_clear_if(&Exc_IndexError_Type) ||
                          error_clear_if(&Exc_StopIteration_Type));
    return over ? sequence_iterator_end(iterator) : item;
}

Object *object_reversed(Object *object) {
    const Type *type = object->type;
    if (type == &PyList_Type) {
        return sequence_iterator_new(&ListReverseIterator_Type, object, list_size(object) - 1);
    }
    if (type == &PyTuple_Type) {
        return sequence_iterator_new(&TupleReverseIterator_Type, object, tuple_size(object) - 1);
    }
    if (type == &PyRange_Type) return range_iterate_reversed(object);
    if (type == &PyDict_Type) return dict_reverse_iterator_new(object);
    if (!type->get_item || !type->length) {
        raise_formatted(&Exc_TypeError_Type, "'%T' object is not reversible", object);
        return NULL;
    }
    Py_ssize_t size = PyObject_Size(object);
    return size < 0 ? NULL : sequence_iterator_new(&PyReversed_Type, object, size - 1);
}

static Object *reversed_create(const Type *type, Object *const *args, int64_t count,
                               Tuple *names) {
    (void)type;
    return arguments_unpack("reversed", count, names, 1, 1) ? object_reversed(args[0]) : NULL;
}

static const uint16_t reversed_references[] = {offsetof(SequenceIterator, sequence), 0};

Type PyReversed_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "reversed",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(SequenceIterator),
    .references = reversed_references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .contains = object_contains_by_iteration,
    .iterate = iterator_self,
    .next = reversed_next,
    .create = reversed_create,
};

typedef struct CallIterator {
    Object head;
    Object *function; /* NULL: exhausted */
    Object *sentinel;
} CallIterator;

Object *call_iterator_new(Object *function, Object *sentinel) {
    CallIterator *iterator = (CallIterator *)instance_new(&PyCallIter_Type);
    INCREF(function);
    INCREF(sentinel);
    iterator->function = function;
    iterator->sentinel = sentinel;
    return (Object *)iterator;
}

static Object *call_iterator_next(Object *self) {
    CallIterator *iterator = (CallIterator *)self;
    if (!iterator->function) return NULL;
    Object *item = PyObject_Vectorcall(iterator->function, NULL, 0, NULL);
    if (!item) return NULL;
    int over = PyObject_RichCompareBool(iterator->sentinel, item, Py_EQ);
    if (over == 0) return item;
    DECREF(item);
    if (over > 0) {
        Object *function = iterator->function;
        iterator->function = NULL;
        DECREF(function);
    }
    return NULL;
}

static const uint16_t call_iterator_references[] = {offsetof(CallIterator, function),
                                                    offsetof(CallIterator, sentinel), 0};

Type PyCallIter_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "callable_iterator",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(CallIterator),
    .references = call_iterator_references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .contains = object_contains_by_iteration,
    .iterate = iterator_self,
    .next = call_iterator_next,
};
