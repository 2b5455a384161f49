/* Bytes: making, comparing, hashing. */

#include "bytes.h"

#include "bytes_slots.h"
#include "generic.h"
#include "none.h"
#include "str.h"

Bytes bytes_empty_ = {.var = {.head = STATIC_HEAD(&PyBytes_Type), .size = 0}, .data = {0}};

Bytes *bytes_empty(void) {
    INCREF(BYTES_EMPTY);
    return BYTES_EMPTY;
}

Bytes *bytes_reserve(int64_t size) {
    if ((uint64_t)size > MEMORY_LIMIT - sizeof(Bytes) - 1) out_of_memory();
    Bytes *bytes = mixer2_alloc(sizeof(Bytes) + (size_t)size + 1);
    bytes->var.head.refcount = 1;
    bytes->var.head.type = &PyBytes_Type;
    bytes->var.size = size;
    bytes->hash = 0;
    bytes->data[size] = 0;
    return bytes;
}

Bytes *bytes_new(const char *data, int64_t size) {
    if (!size) return bytes_empty();
    Bytes *bytes = bytes_reserve(size);
    memcpy(bytes->data, data, (size_t)size);
    return bytes;
}

bool bytes_equal(const Bytes *left, const Bytes *right) {
    if (left == right) return true;
    return left->var.size == right->var.size &&
           memcmp(left->data, right->data, (size_t)left->var.size) == 0;
}

int bytes_order(const Bytes *left, const Bytes *right) {
    int64_t common = left->var.size < right->var.size ? left->var.size : right->var.size;
    int order = memcmp(left->data, right->data, (size_t)common);
    if (order) return order;
    return (left->var.size > right->var.size) - (left->var.size < right->var.size);
}

int CPyBytes_Compare(Bytes *left, Bytes *right) { return bytes_equal(left, right); }

uint32_t bytes_hash_compute(Bytes *self) {
    return self->hash = hash_of_bytes(self->data, (uint32_t)self->var.size);
}

char PyBytes_Check(Object *object) { return is_bytes(object); }

Type PyBytes_Type = {
    .head = STATIC_HEAD(&PyType_Type),
    .name = "bytes",
    .base = &PyBaseObject_Type,
    .dealloc = leaf_dealloc,
    .repr = bytes_repr,
    .str = bytes_repr,
    .hash = bytes_hash_slot,
    .compare = bytes_compare_slot,
    .truth = bytes_truth_slot,
    .length = bytes_length_slot,
    .contains = bytes_contains_slot,
    .get_item = bytes_get_item_slot,
    .iterate = bytes_iterate_slot,
    .binary = bytes_binary_slot,
    .create = bytes_create_slot,
    .flags = TYPE_CONCATENATES,
};
