/* bytes.translate(table) */

#include "bytes.h"
#include "errors.h"
#include "none.h"

Bytes *CPyBytes_Translate(Bytes *bytes, Object *table) {
    if (table == NONE) {
        INCREF(bytes);
        return bytes;
    }
    if (!is_bytes(table)) {
        raise_formatted(&Exc_TypeError_Type, "a bytes-like object is required, not '%T'", table);
        return NULL;
    }
    if (((Bytes *)table)->var.size != 256) {
        raise_standard_error(&Exc_ValueError_Type,
                             "translation table must be 256 characters long");
        return NULL;
    }
    Bytes *result = bytes_reserve(bytes->var.size);
    for (int64_t i = 0; i < bytes->var.size; i++)
        result->data[i] = ((Bytes *)table)->data[(uint8_t)bytes->data[i]];
    return result;
}
