/* Bytes to text. */

#include "codec.h"
#include "errors.h"
#include "utf8.h"

#define REPLACEMENT_CHARACTER 0xfffdu

static void add_backslashed(Builder *text, uint8_t byte) {
    builder_add_c(text, "\\x");
    builder_add_char(text, "0123456789abcdef"[byte >> 4]);
    builder_add_char(text, "0123456789abcdef"[byte & 15]);
}

/* Writes what the handler makes of `size` undecodable bytes; false: it gives up. */
static bool handle(Builder *text, const char *data, uint32_t size, ErrorHandler errors) {
    switch (errors) {
    case ERRORS_IGNORE: return true;
    case ERRORS_REPLACE: builder_add_code_point(text, REPLACEMENT_CHARACTER); return true;
    case ERRORS_SURROGATEESCAPE:
        for (uint32_t i = 0; i < size; i++)
            builder_add_code_point(text, 0xdc00u + (uint8_t)data[i]);
        return true;
    case ERRORS_BACKSLASHREPLACE:
        for (uint32_t i = 0; i < size; i++) add_backslashed(text, (uint8_t)data[i]);
        return true;
    default: return false;
    }
}

static Str *decode_faulty_utf8(Bytes *data, ErrorHandler errors) {
    uint32_t size = (uint32_t)data->var.size;
    Builder text = builder_new();
    for (uint32_t at = 0; at < size;) {
        const char *place = data->data + at;
        uint32_t code_point, width;
        Utf8Fault fault = utf8_read(place, size - at, &code_point, &width);
        if (fault == UTF8_GOOD) {
            builder_add(&text, place, width);
        } else if (errors == ERRORS_SURROGATEPASS && utf8_at_surrogate(place, size - at)) {
            width = 3;
            builder_add(&text, place, width);
        } else if (!handle(&text, place, width, errors)) {
            builder_abandon(&text);
            raise_decode_error("utf-8", data, at, at + width, utf8_fault_reason(fault));
            return NULL;
        }
        at += width;
    }
    return builder_finish(&text);
}

Str *decode_utf8(Bytes *data, ErrorHandler errors) {
    uint32_t length;
    if (!utf8_validate(data->data, (uint32_t)data->var.size, &length))
        return decode_faulty_utf8(data, errors);
    Str *text = str_new_ascii(data->data, data->var.size);
    if (length) text->length = length;
    return text;
}

Str *decode_ascii(Bytes *data, ErrorHandler errors) {
    uint32_t size = (uint32_t)data->var.size;
    uint32_t at = ascii_prefix(data->data, size);
    if (at == size) return str_new_ascii(data->data, size);
    Builder text = builder_new();
    builder_add(&text, data->data, at);
    for (; at < size; at++) {
        char byte = data->data[at];
        if (!(byte & 0x80)) {
            builder_add_char(&text, byte);
        } else if (!handle(&text, data->data + at, 1, errors)) {
            builder_abandon(&text);
            raise_decode_error("ascii", data, at, at + 1, "ordinal not in range(128)");
            return NULL;
        }
    }
    return builder_finish(&text);
}

Str *decode_latin1(Bytes *data) {
    int64_t size = data->var.size, wide = 0;
    for (int64_t i = 0; i < size; i++) wide += (data->data[i] & 0x80) != 0;
    if (!wide) return str_new_ascii(data->data, size);
    Str *text = str_reserve(size + wide, size);
    char *end = text->data;
    for (int64_t i = 0; i < size; i++) end += utf8_write(end, (uint8_t)data->data[i]);
    return text;
}

Str *CPy_DecodeLatin1(Bytes *data) { return decode_latin1(data); }
