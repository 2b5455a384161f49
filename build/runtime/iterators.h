/* Iterators over the built-in containers. */

#ifndef MIXER2_ITERATORS_H
#define MIXER2_ITERATORS_H

#include "object.h"

/* Over what has items by position. */
typedef struct SequenceIterator {
    Object head;
    Object *sequence; /* NULL: exhausted */
    int64_t index;    /* of the next item */
} SequenceIterator;

extern Type ListIterator_Type;
extern Type ListReverseIterator_Type;
extern Type TupleIterator_Type;
extern Type TupleReverseIterator_Type;

Object *sequence_iterator_new(const Type *type, Object *sequence, int64_t index);
/* Lets the sequence go; NULL. */
Object *sequence_iterator_end(SequenceIterator *iterator);

#endif
