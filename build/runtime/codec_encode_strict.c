/* Text to UTF-8, where a surrogate is an error, or is passed as it is. */

#include "codec.h"
#include "utf8.h"

uint32_t run_of_surrogates(const char *place, const char *end) {
    uint32_t run = 0;
    while (place < end && is_surrogate(utf8_next(&place))) run++;
    return run;
}

bool has_surrogates(const Str *text) {
    if (str_is_ascii(text)) return false;
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end)
        if (is_surrogate(utf8_next(&place))) return true;
    return false;
}

Bytes *PyUnicode_AsUTF8String(Str *text) {
    if (!has_surrogates(text)) return encode_utf8_surrogatepass(text);
    const char *place = text->data;
    uint32_t index = 0;
    for (const char *next = place; !is_surrogate(utf8_next(&next)); place = next) index++;
    uint32_t end = index + run_of_surrogates(place, text->data + text->var.size);
    raise_encode_error("utf-8", text, index, end, "surrogates not allowed");
    return NULL;
}

Bytes *encode_utf8_surrogatepass(Str *text) { return bytes_new(text->data, text->var.size); }
