/* pystd._bytes: what library modules do with bytes, without the built-in types' ways to do it, which
   take anything and so bring much along. */

#include "bytearray.h"
#include "errors.h"
#include "int.h"
#include "list.h"
#include "str.h"
#include "tagged.h"

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

/* Of ints from 0 to 255. */
Bytes *native__pystd___bytes__from_ints(Object *list) {
    const List *ints = (const List *)list;
    Bytes *bytes = bytes_reserve(ints->var.size);
    for (int64_t i = 0; i < ints->var.size; i++)
        bytes->data[i] = (char)int_value(ints->items[i].object);
    return bytes;
}

/* -1 unless the text is 1 to 18 ASCII digits. */
Tagged native__pystd___bytes__decimal(Str *text) {
    int64_t size = text->var.size, value = 0;
    if (!size || size > 18) return tagged_from(-1);
    for (int64_t i = 0; i < size; i++) {
        uint32_t digit = (uint32_t)(uint8_t)text->data[i] - '0';
        if (digit > 9) return tagged_from(-1);
        value = 10 * value + digit;
    }
    return tagged_from(value);
}
