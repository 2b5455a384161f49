/* Iterating over text: one code point at a time. */

#include "generic.h"
#include "none.h"
#include "str_slots.h"
#include "str.h"
#include "utf8.h"

typedef struct StrIterator {
    Object head;
    Str *text;
    uint32_t offset; /* bytes */
} StrIterator;

static Object *next(Object *self) {
    StrIterator *iterator = (StrIterator *)self;
    if (iterator->offset >= iterator->text->var.size) return NULL;
    const char *start = iterator->text->data + iterator->offset;
    uint32_t width = utf8_width(*start);
    iterator->offset += width;
    Str *text = str_reserve(width, 1);
    memcpy(text->data, start, width);
    return (Object *)text;
}

static const uint16_t references[] = {offsetof(StrIterator, text), 0};

static Type StrIterator_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "str_iterator",
    .base = &PyBaseObject_Type,
    .instance_size = sizeof(StrIterator),
    .references = references,
    .dealloc = instance_dealloc,
    .hash = object_identity_hash,
    .iterate = iterator_self,
    .next = next,
};

Object *str_iterate_slot(Object *self) {
    StrIterator *iterator = (StrIterator *)instance_new(&StrIterator_Type);
    INCREF(self);
    iterator->text = (Str *)self;
    return (Object *)iterator;
}
