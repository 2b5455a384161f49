/* UTF-8, with CPython's error handlers. */

#include "codec.h"
#include "utf8.h"

bool utf8_validate(const char *data, uint32_t size, uint32_t *length) {
    uint32_t count = 0, position = 0;
    while (position < size) {
        uint32_t ascii = ascii_prefix(data + position, size - position);
        count += ascii;
        position += ascii;
        if (position == size) break;
        uint32_t code_point, width;
        if (utf8_read(data + position, size - position, &code_point, &width) != UTF8_GOOD)
            return false;
        count++;
        position += width;
    }
    *length = count;
    return true;
}

static void add_escaped(Builder *text, const char *data, uint32_t size) {
    for (uint32_t i = 0; i < size; i++) builder_add_code_point(text, 0xdc00u + (uint8_t)data[i]);
}

Str *decode_utf8_escaped(const char *data, uint32_t size) {
    Builder text = builder_new();
    for (uint32_t position = 0; position < size;) {
        uint32_t code_point, width;
        if (utf8_read(data + position, size - position, &code_point, &width) == UTF8_GOOD)
            builder_add(&text, data + position, width);
        else
            add_escaped(&text, data + position, width);
        position += width;
    }
    return builder_finish(&text);
}

