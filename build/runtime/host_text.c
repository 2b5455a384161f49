/* Text at the border to the host. */

#include "host_text.h"

#include "codec.h"
#include "host_buffer.h"
#include "utf8.h"

/* The three-byte form of U+D800 to U+DFFF starts with 0xed and a byte from 0xa0 on. */
static bool has_surrogates(const Str *text) {
    if (str_is_ascii(text)) return false;
    for (int64_t i = 0; i < text->var.size; i++)
        if ((uint8_t)text->data[i] == 0xed && (uint8_t)text->data[i + 1] >= 0xa0) return true;
    return false;
}

HostText host_text(Str *text) {
    if (!has_surrogates(text))
        return (HostText){.data = text->data, .size = (uint32_t)text->var.size};
    Bytes *raw = encode_utf8(text, ERRORS_SURROGATEESCAPE);
    if (!raw) return (HostText){0};
    return (HostText){.data = raw->data, .size = (uint32_t)raw->var.size, .owned = raw};
}

void host_text_release(HostText *text) { XDECREF(text->owned); }

Str *str_from_host(const char *data, uint32_t size) {
    uint32_t length;
    if (!utf8_validate(data, size, &length)) return decode_utf8_escaped(data, size);
    Str *text = str_new_ascii(data, size);
    if (size) text->length = length;
    return text;
}

Str *str_adopt(void *data, uint32_t size) {
    if (!size) {
        host_buffer_discard();
        return str_empty();
    }
    Str *text = host_buffer_take(data, size);
    if (!text) return NULL;
    uint32_t length;
    if (!utf8_validate(data, size, &length)) {
        Str *decoded = decode_utf8_escaped(data, size);
        mixer2_free(text);
        return decoded;
    }
    text->var.head = (Object){1, &PyUnicode_Type};
    text->var.size = size;
    text->hash = 0;
    text->length = length;
    text->data[size] = 0;
    return text;
}
