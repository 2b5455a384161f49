/* Iterators over list and tuple, in both directions. */

#include "generic.h"
#include "iterators.h"
#include "list.h"
#include "memory.h"
#include "none.h"
#include "tuple.h"

static const uint16_t sequence_references[] = {offsetof(SequenceIterator, sequence), 0};

Object *sequence_iterator_new(const Type *type, Object *sequence, int64_t index) {
    SequenceIterator *iterator = (SequenceIterator *)instance_new(type);
    INCREF(sequence);
    iterator->sequence = sequence;
    iterator->index = index;
    return (Object *)iterator;
}

Object *sequence_iterator_end(SequenceIterator *iterator) {
    Object *sequence = iterator->sequence;
    iterator->sequence = NULL;
    DECREF(sequence);
    return NULL;
}

static Object *list_next(Object *self) {
    SequenceIterator *iterator = (SequenceIterator *)self;
    if (!iterator->sequence) return NULL;
    if (iterator->index >= list_size(iterator->sequence)) return sequence_iterator_end(iterator);
    Object *item = list_item(iterator->sequence, iterator->index++);
    INCREF(item);
    return item;
}

/* The list may have become shorter: then this is the end. */
static Object *list_next_reversed(Object *self) {
    SequenceIterator *iterator = (SequenceIterator *)self;
    if (!iterator->sequence) return NULL;
    if (iterator->index < 0 || iterator->index >= list_size(iterator->sequence)) {
        return sequence_iterator_end(iterator);
    }
    Object *item = list_item(iterator->sequence, iterator->index--);
    INCREF(item);
    return item;
}

static Object *tuple_next(Object *self) {
    SequenceIterator *iterator = (SequenceIterator *)self;
    if (!iterator->sequence) return NULL;
    if (iterator->index >= tuple_size(iterator->sequence)) return sequence_iterator_end(iterator);
    return CPySequenceTuple_GetItemUnsafe(iterator->sequence, iterator->index++);
}

static Object *tuple_next_reversed(Object *self) {
    SequenceIterator *iterator = (SequenceIterator *)self;
    if (!iterator->sequence) return NULL;
    if (iterator->index < 0) return sequence_iterator_end(iterator);
    return CPySequenceTuple_GetItemUnsafe(iterator->sequence, iterator->index--);
}

#define SEQUENCE_ITERATOR(symbol, name_, next_)      \
    Type symbol = {                                  \
        .head = STATIC_HEAD(&PyType_Type),           \
        .name = name_,                               \
        .base = &PyBaseObject_Type,                  \
        .instance_size = sizeof(SequenceIterator),   \
        .references = sequence_references,           \
        .dealloc = instance_dealloc,                 \
        .hash = object_identity_hash,                \
        .contains = object_contains_by_iteration,    \
        .iterate = iterator_self,                    \
        .next = next_,                               \
    };

SEQUENCE_ITERATOR(ListIterator_Type, "list_iterator", list_next)
SEQUENCE_ITERATOR(ListReverseIterator_Type, "list_reverseiterator", list_next_reversed)
SEQUENCE_ITERATOR(TupleIterator_Type, "tuple_iterator", tuple_next)
SEQUENCE_ITERATOR(TupleReverseIterator_Type, "reversed", tuple_next_reversed)
