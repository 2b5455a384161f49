/* bytearray: bytes that change. The data is a block of its own, so that it can grow; what is deleted at
   the front leaves a gap there, so that a parser can eat its input without moving the rest. */

#ifndef MIXER2_BYTEARRAY_H
#define MIXER2_BYTEARRAY_H

#include "bytes.h"

typedef struct ByteArray {
    VarObject var;
    char *data;  /* within block */
    char *block; /* NULL: nothing allocated */
    uint32_t capacity;
} ByteArray;

extern Type PyByteArray_Type;

/* By a flag, so that asking does not pull in the type. */
static inline bool is_bytearray(const Object *object) {
    return (object->type->flags & TYPE_IS_BYTEARRAY) != 0;
}

/* The data of bytes, bytearray and memoryview; false for any other object. It moves when a bytearray
   grows. */
static inline bool bytes_like(const Object *object, Span *data) {
    if (is_bytes(object))
        *data = bytes_span((const Bytes *)object);
    else if (object->type->flags & (TYPE_IS_BYTEARRAY | TYPE_IS_VIEW))
        *data = (Span){((const ByteArray *)object)->data,
                       (uint32_t)((const ByteArray *)object)->var.size};
    else
        return false;
    return true;
}

ByteArray *bytearray_new(Span data);

/* bytearray(source); NULL with an error. */
ByteArray *PyByteArray_FromObject(Object *source);

/* Replaces `size` bytes at `start` by room for `added` ones, whose address is the answer. */
char *bytearray_splice(ByteArray *array, uint32_t start, uint32_t size, uint32_t added);

/* Appends; `data` may be the array's own. */
void bytearray_extend(ByteArray *array, Span data);

/* Appends what an iterable of ints or a bytes-like object holds; false with an error. */
bool bytearray_extend_from(ByteArray *array, Object *source);

/* The byte that an int stands for; false with an error. */
bool byte_from(Object *item, char *byte);

#endif
