/* Text at the border to the host. */

#include "host_text.h"

#include "codec.h"
#include "host_buffer.h"
#include "utf8.h"
#include "word.h"

/* U+DC80 to U+DCFF stand for the bytes 80 to ff that were not UTF-8: ed b2 80 to ed b3 bf. */
static bool is_escaped_byte(const char *place) {
    return (uint8_t)place[0] == 0xed && ((uint8_t)place[1] & 0xfe) == 0xb2;
}

static uint32_t count_escaped_bytes(const Str *text) {
    uint32_t count = 0;
    if (str_is_ascii(text)) return 0;
    for (int64_t i = 0; i < text->var.size; i++) count += is_escaped_byte(text->data + i);
    return count;
}

/* Other lone surrogates keep their three bytes, as with surrogatepass: what goes to the host is never
   refused here. */
HostText host_text(Str *text) {
    uint32_t escaped = count_escaped_bytes(text), size = (uint32_t)text->var.size;
    if (!escaped) return (HostText){.data = text->data, .size = size};
    char *data = mixer2_alloc(size), *end = data;
    for (const char *place = text->data; place < text->data + size;) {
        bool is_escaped = is_escaped_byte(place);
        /* The low bits of the second byte and those of the third are the byte. */
        *end++ = is_escaped ? (char)((uint8_t)place[1] << 6 | (place[2] & 0x3f)) : *place;
        place += is_escaped ? 3 : 1;
    }
    return (HostText){.data = data, .size = (uint32_t)(end - data), .owned = data};
}

/* Copies at least one byte, and says whether all are ASCII: what most text is. The ends of words overlap. */
__attribute__((noinline)) static bool copy_ascii(char *to, const char *from, uint32_t size) {
    uint64_t bits;
    if (size >= 8) {
        char *last = to + size - 8;
        const uint64_t end = *(const Word *)(from + size - 8);
        for (bits = end; to < last; to += 8, from += 8) {
            uint64_t word = *(const Word *)from;
            bits |= word;
            *(Word *)to = word;
        }
        *(Word *)last = end;
    } else if (size >= 4) {
        uint32_t start = *(const HalfWord *)from, end = *(const HalfWord *)(from + size - 4);
        *(HalfWord *)to = start;
        *(HalfWord *)(to + size - 4) = end;
        bits = start | end;
    } else {
        char start = from[0], middle = from[size / 2], end = from[size - 1];
        to[0] = start;
        to[size / 2] = middle;
        to[size - 1] = end;
        bits = (uint8_t)(start | middle | end);
    }
    return !(bits & HIGH_BITS);
}

Str *str_from_host(const char *data, uint32_t size) {
    if (!size) return str_empty();
    Str *text = str_reserve_here(size, size);
    if (copy_ascii(text->data, data, size)) return text;
    if (utf8_validate(data, size, &text->length)) return text;
    mixer2_free(text);
    return decode_utf8_escaped(data, size);
}

Str *str_adopt(void *data, uint32_t size) {
    if (!size) {
        host_buffer_discard();
        return str_empty();
    }
    Str *text = host_buffer_take(data, size);
    if (!text) return NULL;
    uint32_t length = size;
    /* Onto itself. */
    if (!copy_ascii(data, data, size) && !utf8_validate(data, size, &length)) {
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
