/* Bytes to text, where what cannot be decoded is an error. */

#include "codec.h"
#include "errors.h"
#include "host_text.h"
#include "utf8.h"

const char *utf8_fault_reason(Utf8Fault fault) {
    switch (fault) {
    case UTF8_BAD_START: return "invalid start byte";
    case UTF8_BAD_CONTINUATION: return "invalid continuation byte";
    default: return "unexpected end of data";
    }
}

bool utf8_at_surrogate(const char *data, uint32_t size) {
    return size >= 3 && (uint8_t)data[0] == 0xed && (uint8_t)data[1] >= 0xa0 &&
           utf8_is_continuation(data[1]) && utf8_is_continuation(data[2]);
}

/* Text has the same bytes, surrogates included. */
static Str *decode(Bytes *data, bool surrogates) {
    uint32_t size = (uint32_t)data->var.size, length = 0;
    for (uint32_t at = 0; at < size;) {
        uint32_t code_point, width, ascii = ascii_prefix(data->data + at, size - at);
        at += ascii;
        length += ascii;
        if (at == size) break;
        Utf8Fault fault = utf8_read(data->data + at, size - at, &code_point, &width);
        if (fault != UTF8_GOOD) {
            if (!surrogates || !utf8_at_surrogate(data->data + at, size - at)) {
                raise_decode_error("utf-8", data, at, at + width, utf8_fault_reason(fault));
                return NULL;
            }
            width = 3;
        }
        at += width;
        length++;
    }
    Str *text = str_new_ascii(data->data, size);
    if (size) text->length = length;
    return text;
}

Str *CPy_DecodeUTF8(Bytes *data) { return decode(data, false); }

Str *decode_utf8_surrogatepass(Bytes *data) { return decode(data, true); }

Str *decode_utf8_surrogateescape(Bytes *data) {
    return str_from_host(data->data, (uint32_t)data->var.size);
}

Str *CPy_DecodeASCII(Bytes *data) {
    uint32_t size = (uint32_t)data->var.size;
    uint32_t at = ascii_prefix(data->data, size);
    if (at == size) return str_new_ascii(data->data, size);
    raise_decode_error("ascii", data, at, at + 1, "ordinal not in range(128)");
    return NULL;
}
