/* Iterating over a bytearray: ints, also of what is appended meanwhile. */

#include "bytearray.h"
#include "generic.h"
#include "int.h"
#include "none.h"

typedef struct ByteArrayIterator {
    Object head;
    ByteArray *array;
    uint32_t index;
} ByteArrayIterator;

static Object *next(Object *self) {
    ByteArrayIterator *iterator = (ByteArrayIterator *)self;
    if (iterator->index >= iterator->array->var.size) return NULL;
    return int_new((uint8_t)iterator->array->data[iterator->index++]);
}

static const uint16_t references[] = {offsetof(ByteArrayIterator, array), 0};

static Type ByteArrayIterator_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "bytearray_iterator",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(ByteArrayIterator),
    .references = references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .iterate = iterator_self,
    .next = next,
};

Object *bytearray_iterate(Object *self) {
    ByteArrayIterator *iterator = (ByteArrayIterator *)instance_new(&ByteArrayIterator_Type);
    INCREF(self);
    iterator->array = (ByteArray *)self;
    return (Object *)iterator;
}
