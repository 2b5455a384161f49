/* bytearray: storage and what mypyc names. */

#include "bytearray.h"

#include "errors.h"
#include "generic.h"
#include "int.h"
#include "list.h"
#include "memory.h"
#include "str.h"
#include "tagged.h"

static uint32_t gap_in_front(const ByteArray *array) {
    return (uint32_t)(array->data - array->block);
}

/* Room for `size` bytes in all; the first `kept` ones stay. */
static void reserve(ByteArray *array, uint32_t size, uint32_t kept) {
    if (gap_in_front(array) + size <= array->capacity) return;
    if (size <= array->capacity / 2) {
        /* The gap is large enough to pay for the move. */
        memmove(array->block, array->data, kept);
    } else {
        if (size > MEMORY_LIMIT / 2) out_of_memory();
        char *block = mixer2_alloc(size + size / 2);
        if (kept) memcpy(block, array->data, kept);
        mixer2_free(array->block);
        array->block = block;
        array->capacity = (uint32_t)mixer2_capacity(block);
    }
    array->data = array->block;
}

char *bytearray_splice(ByteArray *array, uint32_t start, uint32_t size, uint32_t added) {
    uint32_t old = (uint32_t)array->var.size, rest = old - start - size;
    if (start == 0 && added <= size) {
        array->data += size - added;
        array->var.size = rest + added;
        return array->data;
    }
    reserve(array, start + added + rest > old ? start + added + rest : old, old);
    memmove(array->data + start + added, array->data + start + size, rest);
    array->var.size = start + added + rest;
    return array->data + start;
}

ByteArray *bytearray_new(Span data) {
    ByteArray *array = (ByteArray *)instance_new(&PyByteArray_Type);
    bytearray_extend(array, data);
    return array;
}

void bytearray_extend(ByteArray *array, Span data) {
    if (!data.size) return;
    bool own = data.data >= array->data && data.data < array->data + array->var.size;
    uint32_t offset = own ? (uint32_t)(data.data - array->data) : 0;
    char *end = bytearray_splice(array, (uint32_t)array->var.size, 0, data.size);
    memcpy(end, own ? array->data + offset : data.data, data.size);
}

bool byte_from(Object *item, char *byte) {
    int64_t value;
    if (!int_from_index(item, &value)) return false;
    if (value < 0 || value > 255) {
        raise_standard_error(&Exc_ValueError_Type, "byte must be in range(0, 256)");
        return false;
    }
    *byte = (char)value;
    return true;
}

static bool extend_from_iterable(ByteArray *array, Object *iterable) {
    Object *list = PySequence_List(iterable);
    if (!list) return false;
    bool good = true;
    /* As CPython does: nothing is added when one item is wrong. */
    ByteArray *added = bytearray_new((Span){0});
    for (int64_t i = 0; good && i < list_size(list); i++) {
        char byte;
        good = byte_from(list_item(list, i), &byte);
        if (good) bytearray_extend(added, (Span){&byte, 1});
    }
    if (good) bytearray_extend(array, (Span){added->data, (uint32_t)added->var.size});
    DECREF(added);
    DECREF(list);
    return good;
}

bool bytearray_extend_from(ByteArray *array, Object *source) {
    Span data;
    if (!bytes_like(source, &data)) return extend_from_iterable(array, source);
    bytearray_extend(array, data);
    return true;
}

/* array += bytes or a bytearray */
Object *bytearray_add_in_place(ByteArray *array, Object *other) {
    Span data;
    if (!bytes_like(other, &data)) return NULL;
    bytearray_extend(array, data);
    INCREF(array);
    return (Object *)array;
}

Bytes *bytes_of_bytearray(ByteArray *array) {
    Span data;
    return bytes_like((Object *)array, &data) ? bytes_new(data.data, data.size) : NULL;
}

Tagged bytearray_size(ByteArray *array) { return tagged_from(array->var.size); }

ByteArray *CPyByteArray_New(void) { return bytearray_new((Span){0}); }

char PyByteArray_Check(Object *object) { return is_bytearray(object); }

/* As many zero bytes. */
static ByteArray *zeros(int64_t count) {
    if (count < 0) {
        raise_standard_error(&Exc_ValueError_Type, "negative count");
        return NULL;
    }
    if (count > (int64_t)(MEMORY_LIMIT / 4)) {
        raise_standard_error(&Exc_MemoryError_Type, NULL);
        return NULL;
    }
    if (!memory_for((uint64_t)count + (uint64_t)count / 2)) return NULL;
    ByteArray *array = CPyByteArray_New();
    memset(bytearray_splice(array, 0, 0, (uint32_t)count), 0, (size_t)count);
    return array;
}

ByteArray *PyByteArray_FromObject(Object *source) {
    if (is_int(source)) return zeros(int_value(source));
    if (source->type == &PyUnicode_Type) {
        raise_standard_error(&Exc_TypeError_Type, "string argument without an encoding");
        return NULL;
    }
    if (!is_bytes(source) && !is_bytearray(source) && !source->type->iterate) {
        raise_formatted(&Exc_TypeError_Type, "cannot convert '%T' object to bytearray", source);
        return NULL;
    }
    ByteArray *array = CPyByteArray_New();
    if (bytearray_extend_from(array, source)) return array;
    DECREF(array);
    return NULL;
}

/* bytearray(bytes[start:end]); TAGGED_ERROR: no bound. */
ByteArray *CPyByteArray_FromBytesSlice(Bytes *bytes, Tagged start, Tagged end) {
    int64_t from = start == TAGGED_ERROR ? 0 : tagged_value(start);
    int64_t to = end == TAGGED_ERROR ? bytes->var.size : tagged_value(end);
    clip_bounds(&from, &to, bytes->var.size);
    uint32_t size = from < to ? (uint32_t)(to - from) : 0;
    return bytearray_new((Span){bytes->data + (size ? from : 0), size});
}
