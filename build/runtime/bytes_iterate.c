/* Iterating over bytes: ints. */

#include "bytes.h"
#include "bytes_slots.h"
#include "generic.h"
#include "int.h"
#include "none.h"

typedef struct BytesIterator {
    Object head;
    Bytes *bytes;
    uint32_t index;
} BytesIterator;

static Object *next(Object *self) {
    BytesIterator *iterator = (BytesIterator *)self;
    if (iterator->index >= iterator->bytes->var.size) return NULL;
    return int_new((uint8_t)iterator->bytes->data[iterator->index++]);
}

static const uint16_t references[] = {offsetof(BytesIterator, bytes), 0};

static Type BytesIterator_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "bytes_iterator",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(BytesIterator),
    .references = references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .iterate = iterator_self,
    .next = next,
};

Object *bytes_iterate_slot(Object *self) {
    BytesIterator *iterator = (BytesIterator *)instance_new(&BytesIterator_Type);
    INCREF(self);
    iterator->bytes = (Bytes *)self;
    return (Object *)iterator;
}
