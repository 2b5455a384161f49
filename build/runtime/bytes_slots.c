/* The slots of PyBytes_Type: bytes as an object of any type. */

#include "bytes_slots.h"

#include "bytearray.h"
#include "bytes.h"
#include "bytes_index.h"
#include "compare.h"
#include "errors.h"
#include "memory.h"
#include "search.h"
#include "slice.h"
#include "tagged.h"

int64_t bytes_hash_slot(Object *self) { return bytes_hash((Bytes *)self); }

Object *bytes_compare_slot(Object *left, Object *right, int operator) {
    if (!is_bytes(left) || !is_bytes(right)) return not_implemented();
    if (operator == Py_EQ || operator == Py_NE)
        return compare_result(!bytes_equal((Bytes *)left, (Bytes *)right), operator);
    return compare_result(bytes_order((Bytes *)left, (Bytes *)right), operator);
}

int bytes_truth_slot(Object *self) { return ((Bytes *)self)->var.size != 0; }

int64_t bytes_length_slot(Object *self) { return ((Bytes *)self)->var.size; }

static int contains_byte(const Bytes *bytes, int64_t value) {
    if (value < 0 || value > 255) {
        raise_standard_error(&Exc_ValueError_Type, "byte must be in range(0, 256)");
        return -1;
    }
    char byte = (char)value;
    return search_forward(bytes_span(bytes), (Span){&byte, 1}) != NOT_FOUND;
}

int bytes_contains_slot(Object *self, Object *item) {
    const Bytes *bytes = (Bytes *)self;
    Span wanted;
    if (bytes_like(item, &wanted)) return search_forward(bytes_span(bytes), wanted) != NOT_FOUND;
    if (is_int(item)) return contains_byte(bytes, int_value(item));
    raise_formatted(&Exc_TypeError_Type, "a bytes-like object is required, not '%T'", item);
    return -1;
}

/* bytes[start:stop:step] */
static Object *pick(Bytes *bytes, Object *slice) {
    Selection selection;
    if (!slice_select(slice, bytes->var.size, &selection)) return NULL;
    if (selection.step == 1)
        return (Object *)bytes_slice(bytes, (uint32_t)selection.start,
                                     (uint32_t)(selection.start + selection.count));
    Bytes *picked = bytes_reserve(selection.count);
    for (int64_t i = 0; i < selection.count; i++)
        picked->data[i] = bytes->data[selection.start + i * selection.step];
    return (Object *)picked;
}

Object *bytes_get_item_slot(Object *self, Object *key) {
    if (is_slice(key)) return pick((Bytes *)self, key);
    if (!is_int(key)) {
        raise_formatted(&Exc_TypeError_Type, "byte indices must be integers or slices, not %T",
                        key);
        return NULL;
    }
    Tagged byte = CPyBytes_GetItem((Bytes *)self, tagged_from(int_value(key)));
    return byte == TAGGED_ERROR ? NULL : int_new(tagged_value(byte));
}

/* Bytes times a number, on either side. */
static Object *multiply(Object *left, Object *right) {
    Object *bytes = is_bytes(left) ? left : right;
    Object *count = is_bytes(left) ? right : left;
    if (!is_int(count)) return not_implemented();
    return (Object *)CPyBytes_Multiply((Bytes *)bytes, tagged_from(int_value(count)));
}

/* With the data of another bytes-like object. */
static Object *concatenate(const Bytes *bytes, Span added) {
    if (!memory_for(sizeof(Bytes) + (uint64_t)bytes->var.size + added.size)) return NULL;
    Bytes *sum = bytes_reserve(bytes->var.size + added.size);
    memcpy(sum->data, bytes->data, (size_t)bytes->var.size);
    memcpy(sum->data + bytes->var.size, added.data, added.size);
    return (Object *)sum;
}

Object *bytes_binary_slot(Object *left, Object *right, int operator) {
    operator &= ~BINARY_IN_PLACE;
    if (operator == BINARY_MULTIPLY) return multiply(left, right);
    if (operator != BINARY_ADD || !is_bytes(left)) return not_implemented();
    if (is_bytes(right)) return (Object *)CPyBytes_Concat((Bytes *)left, (Bytes *)right);
    Span added;
    return bytes_like(right, &added) ? concatenate((Bytes *)left, added) : not_implemented();
}
