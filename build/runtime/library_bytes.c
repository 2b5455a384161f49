/* pystd._bytes: what library modules do with bytes, without the built-in types' ways to do it, which
   take anything and so bring much along. */

#include "bytearray.h"
#include "errors.h"
#include "str.h"

/* A new reference. */
Bytes *native__pystd___bytes__of(Object *data) {
    Span span;
    if (is_bytes(data)) {
        INCREF(data);
        return (Bytes *)data;
    }
    if (bytes_like(data, &span)) return bytes_new(span.data, span.size);
    raise_formatted(&Exc_TypeError_Type, "a bytes-like object is required, not '%T'", data);
    return NULL;
}

Str *native__pystd___bytes__hex(Bytes *data) {
    Str *digits = str_reserve(2 * data->var.size, 2 * data->var.size);
    char *to = digits->data;
    for (int64_t i = 0; i < data->var.size; i++) {
        *to++ = "0123456789abcdef"[(uint8_t)data->data[i] >> 4];
        *to++ = "0123456789abcdef"[data->data[i] & 15];
    }
    return digits;
}
