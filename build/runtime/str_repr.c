/* repr of text. */

#include "builder.h"
#include "str_slots.h"
#include "unicode_table.h"
#include "utf8.h"

/* Single quotes, unless the text has some and no double ones. */
static char quote_for(const Str *text) {
    bool single = false;
    for (int64_t i = 0; i < text->var.size; i++) {
        if (text->data[i] == '"') return '\'';
        single |= text->data[i] == '\'';
    }
    return single ? '"' : '\'';
}

static void add_hex(Builder *repr, char kind, uint32_t value, int digits) {
    builder_add_char(repr, '\\');
    builder_add_char(repr, kind);
    while (digits--) builder_add_char(repr, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

static void add_escaped(Builder *repr, uint32_t code_point, char quote) {
    switch (code_point) {
    case '\t': builder_add_c(repr, "\\t"); return;
    case '\n': builder_add_c(repr, "\\n"); return;
    case '\r': builder_add_c(repr, "\\r"); return;
    case '\\': builder_add_c(repr, "\\\\"); return;
    default: break;
    }
    if (code_point == (uint8_t)quote) builder_add_char(repr, '\\');
    if (code_point < ' ' || code_point == 0x7f)
        add_hex(repr, 'x', code_point, 2);
    else if (code_point < 0x7f || unicode_is(&unicode_printable, code_point))
        builder_add_code_point(repr, code_point);
    else if (code_point < 0x100)
        add_hex(repr, 'x', code_point, 2);
    else if (code_point < 0x10000)
        add_hex(repr, 'u', code_point, 4);
    else
        add_hex(repr, 'U', code_point, 8);
}

Object *str_repr(Object *self) {
    const Str *text = (Str *)self;
    char quote = quote_for(text);
    Builder repr = builder_new();
    builder_add_char(&repr, quote);
    const char *place = text->data, *end = text->data + text->var.size;
    while (place < end) add_escaped(&repr, utf8_next(&place), quote);
    builder_add_char(&repr, quote);
    return (Object *)builder_finish(&repr);
}
