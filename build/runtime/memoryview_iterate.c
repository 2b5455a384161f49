/* Iterating over a memoryview: ints. */

#include "generic.h"
#include "int.h"
#include "memoryview.h"
#include "none.h"

typedef struct MemoryViewIterator {
    Object head;
    Object *view;
    uint32_t index;
} MemoryViewIterator;

static Object *next(Object *self) {
    MemoryViewIterator *iterator = (MemoryViewIterator *)self;
    const MemoryView *view = memoryview_in_use(iterator->view);
    if (!view || iterator->index >= view->var.size) return NULL;
    return int_new(memoryview_byte(view, iterator->index++));
}

static const uint16_t references[] = {offsetof(MemoryViewIterator, view), 0};

static Type MemoryViewIterator_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "memory_iterator",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(MemoryViewIterator),
    .references = references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .contains = object_contains_by_iteration,
    .iterate = iterator_self,
    .next = next,
};

Object *memoryview_iterate(Object *self) {
    if (!memoryview_in_use(self)) return NULL;
    MemoryViewIterator *iterator = (MemoryViewIterator *)instance_new(&MemoryViewIterator_Type);
    INCREF(self);
    iterator->view = self;
    return (Object *)iterator;
}
