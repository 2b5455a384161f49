/* Joining bytes end to end. */

#include "bytes.h"
#include "errors.h"
#include "memory.h"
#include "tagged.h"

Bytes *CPyBytes_Concat(Bytes *left, Bytes *right) {
    if (!left->var.size || !right->var.size) {
        Bytes *whole = left->var.size ? left : right;
        INCREF(whole);
        return whole;
    }
    if (!memory_for(sizeof(Bytes) + (uint64_t)(left->var.size + right->var.size))) return NULL;
    Bytes *bytes = bytes_reserve(left->var.size + right->var.size);
    memcpy(bytes->data, left->data, (size_t)left->var.size);
    memcpy(bytes->data + left->var.size, right->data, (size_t)right->var.size);
    return bytes;
}

Bytes *CPyBytes_Build(Py_ssize_t count, Bytes *const *parts) {
    int64_t size = 0;
    for (int64_t i = 0; i < count; i++) size += parts[i]->var.size;
    if (!memory_for(sizeof(Bytes) + (uint64_t)size)) return NULL;
    Bytes *bytes = bytes_reserve(size);
    char *end = bytes->data;
    for (int64_t i = 0; i < count; i++) {
        memcpy(end, parts[i]->data, (size_t)parts[i]->var.size);
        end += parts[i]->var.size;
    }
    return bytes;
}

Bytes *CPyBytes_Multiply(Bytes *bytes, Tagged count) {
    int64_t times = tagged_value(count), size = bytes->var.size;
    if (times <= 0 || !size) return bytes_empty();
    if (times == 1) {
        INCREF(bytes);
        return bytes;
    }
    if (times > MEMORY_LIMIT / 2 / size) {
        raise_standard_error(&Exc_MemoryError_Type, NULL);
        return NULL;
    }
    if (!memory_for(sizeof(Bytes) + (uint64_t)(times * size))) return NULL;
    Bytes *repeated = bytes_reserve(times * size);
    for (char *end = repeated->data; times--; end += size)
        memcpy(end, bytes->data, (size_t)size);
    return repeated;
}
