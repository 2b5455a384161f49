/* Decimal digits of all scripts, as int() and float() read them. */

#include "number_text.h"

#include "builder.h"
#include "unicode_table.h"
#include "utf8.h"

/* Digits come in runs from 0 to 9. */
static char plain(uint32_t code_point) {
    if (code_point < 0x80) return (char)code_point;
    if (unicode_is_space(code_point)) return ' ';
    int64_t place = unicode_place(&unicode_decimal, code_point);
    return place < 0 ? '?' : (char)('0' + place % 10);
}

Str *number_text(Str *text) {
    if (text->length == text->var.size) {
        INCREF(text);
        return text;
    }
    Builder builder = builder_new();
    for (const char *at = text->data; at < text->data + text->var.size;)
        builder_add_char(&builder, plain(utf8_next(&at)));
    return builder_finish(&builder);
}
