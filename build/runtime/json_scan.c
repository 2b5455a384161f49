/* pal.json_scan for compiled plugins. */

#include "builder.h"
#include "utf8.h"

#define ESCAPE_SIZE 6 /* of a backslash, u, and four digits */

static uint32_t hexadecimal(const char *digits) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t digit = (uint8_t)digits[i];
        value = value << 4 | (digit <= '9' ? digit - '0' : (digit & 15) + 9);
    }
    return value;
}

/* What a letter behind a backslash stands for. */
static char unescaped(char letter) {
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    for (int i = 0; letters[i]; i++)
        if (letters[i] == letter) return meanings[i];
    return letter;
}

/* A string's text; the escapes in it are known to be right. */
Str *native__pal__json_scan___unescape(Str *text) {
    Builder result = builder_new();
    const char *place = text->data, *end = place + text->var.size;
    while (place < end) {
        const char *start = place;
        while (place < end && *place != '\\') place++;
        builder_add(&result, start, (uint32_t)(place - start));
        if (place == end) break;
        if (place[1] != 'u') {
            builder_add_char(&result, unescaped(place[1]));
            place += 2;
            continue;
        }
        uint32_t code = hexadecimal(place + 2);
        place += ESCAPE_SIZE;
        if (code - 0xd800u < 0x400u && end - place >= ESCAPE_SIZE && place[0] == '\\' &&
            place[1] == 'u') {
            uint32_t low = hexadecimal(place + 2) - 0xdc00u;
            if (low < 0x400u) {
                code = 0x10000 + ((code - 0xd800u) << 10) + low;
                place += ESCAPE_SIZE;
            }
        }
        builder_add_code_point(&result, code);
    }
    return builder_finish(&result);
}
