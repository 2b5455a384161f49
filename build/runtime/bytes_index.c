/* Indexing and slicing of bytes. */

#include "bytes_index.h"

#include "errors.h"
#include "search.h"
#include "tagged.h"

Tagged CPyBytes_GetItemUnsafe(Bytes *bytes, int64_t index) {
    return tagged_from((uint8_t)bytes->data[index]);
}

Tagged CPyBytes_GetItem(Bytes *bytes, Tagged index) {
    int64_t place = tagged_value(index);
    if (place < 0) place += bytes->var.size;
    if (place >= 0 && place < bytes->var.size) return CPyBytes_GetItemUnsafe(bytes, place);
    raise_standard_error(&Exc_IndexError_Type, "index out of range");
    return TAGGED_ERROR;
}

int64_t CPyBytes_AdjustIndex(Bytes *bytes, int64_t index) {
    return index < 0 ? index + bytes->var.size : index;
}

char CPyBytes_RangeCheck(Bytes *bytes, int64_t index) {
    return index >= 0 && index < bytes->var.size;
}

Bytes *bytes_slice(Bytes *bytes, uint32_t start, uint32_t end) {
    if (start == 0 && end == bytes->var.size) {
        INCREF(bytes);
        return bytes;
    }
    return bytes_new(bytes->data + start, end - start);
}

Bytes *CPyBytes_GetSlice(Bytes *bytes, Tagged start, Tagged end) {
    int64_t from = tagged_value(start), to = tagged_value(end);
    clip_bounds(&from, &to, bytes->var.size);
    return from < to ? bytes_slice(bytes, (uint32_t)from, (uint32_t)to) : bytes_empty();
}

Tagged CPyBytes_Ord(Bytes *bytes) {
    if (bytes->var.size == 1) return CPyBytes_GetItemUnsafe(bytes, 0);
    raise_formatted(&Exc_TypeError_Type,
                    "ord() expected a character, but string of length %d found",
                    bytes->var.size);
    return TAGGED_ERROR;
}
