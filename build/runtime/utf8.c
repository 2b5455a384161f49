/* UTF-8: reading, writing, counting. */

#include "utf8.h"
#include "word.h"

uint32_t utf8_next(const char **position) {
    const uint8_t *byte = (const uint8_t *)*position;
    uint32_t width = utf8_width((char)byte[0]);
    *position += width;
    switch (width) {
    case 1: return byte[0];
    case 2: return (byte[0] & 0x1fu) << 6 | (byte[1] & 0x3fu);
    case 3: return (byte[0] & 0x0fu) << 12 | (byte[1] & 0x3fu) << 6 | (byte[2] & 0x3fu);
    default:
        return (byte[0] & 0x07u) << 18 | (byte[1] & 0x3fu) << 12 | (byte[2] & 0x3fu) << 6 |
               (byte[3] & 0x3fu);
    }
}

uint32_t utf8_previous(const char **position) {
    const char *start = *position - 1;
    while (utf8_is_continuation(*start)) start--;
    *position = start;
    return utf8_next(&start);
}

uint32_t utf8_write(char *to, uint32_t code_point) {
    if (code_point < 0x80) {
        to[0] = (char)code_point;
        return 1;
    }
    uint32_t width = utf8_width_of(code_point);
    for (uint32_t i = width - 1; i; i--, code_point >>= 6) to[i] = (char)(0x80 | (code_point & 0x3f));
    to[0] = (char)((0xf00u >> width) | code_point);
    return width;
}

uint32_t utf8_count(const char *text, uint32_t size) {
    uint32_t continuations = 0, i = 0;
    for (; i + 8 <= size; i += 8) {
        uint64_t word = *(const Word *)(text + i);
        /* Per byte: bit 7 set and bit 6 clear. */
        if (word & HIGH_BITS)
            continuations += (uint32_t)__builtin_popcountll(word & ~(word << 1) & HIGH_BITS);
    }
    for (; i < size; i++) continuations += utf8_is_continuation(text[i]);
    return size - continuations;
}

uint32_t utf8_offset(const char *text, uint32_t index) {
    const char *position = text;
    while (index--) position += utf8_width(*position);
    return (uint32_t)(position - text);
}

uint32_t ascii_prefix(const char *data, uint32_t size) {
    uint32_t i = 0;
    while (i + 8 <= size && !(*(const Word *)(data + i) & HIGH_BITS)) i += 8;
    while (i < size && !(data[i] & 0x80)) i++;
    return i;
}

/* The range of the second byte, which excludes overlong forms, surrogates and what is beyond
   U+10FFFF (Unicode, table 3-7). */
static bool second_byte_fits(uint8_t lead, uint8_t second) {
    switch (lead) {
    case 0xe0: return second >= 0xa0;
    case 0xed: return second < 0xa0;
    case 0xf0: return second >= 0x90;
    case 0xf4: return second < 0x90;
    default: return true;
    }
}

Utf8Fault utf8_read(const char *data, uint32_t size, uint32_t *code_point, uint32_t *width) {
    uint8_t lead = (uint8_t)data[0];
    *width = 1;
    if (lead < 0x80) {
        *code_point = lead;
        return UTF8_GOOD;
    }
    if (lead < 0xc2 || lead > 0xf4) return UTF8_BAD_START;
    uint32_t expected = utf8_width(data[0]);
    for (uint32_t i = 1; i < expected; i++) {
        *width = i;
        if (i == size) return UTF8_CUT_OFF;
        bool fits = utf8_is_continuation(data[i]) &&
                    (i > 1 || second_byte_fits(lead, (uint8_t)data[1]));
        if (!fits) return UTF8_BAD_CONTINUATION;
    }
    *width = expected;
    *code_point = utf8_next(&data);
    return UTF8_GOOD;
}
