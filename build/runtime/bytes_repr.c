/* repr of bytes. */

#include "builder.h"
#include "bytes.h"
#include "bytes_slots.h"

/* Single quotes, unless there are some and no double ones. */
static char quote_for(const Bytes *bytes) {
    bool single = false;
    for (int64_t i = 0; i < bytes->var.size; i++) {
        if (bytes->data[i] == '"') return '\'';
        single |= bytes->data[i] == '\'';
    }
    return single ? '"' : '\'';
}

static void add_byte(Builder *repr, uint8_t byte, char quote) {
    switch (byte) {
    case '\t': builder_add_c(repr, "\\t"); return;
    case '\n': builder_add_c(repr, "\\n"); return;
    case '\r': builder_add_c(repr, "\\r"); return;
    default: break;
    }
    if (byte < ' ' || byte > '~') {
        builder_add_c(repr, "\\x");
        builder_add_char(repr, "0123456789abcdef"[byte >> 4]);
        builder_add_char(repr, "0123456789abcdef"[byte & 15]);
        return;
    }
    if (byte == '\\' || byte == (uint8_t)quote) builder_add_char(repr, '\\');
    builder_add_char(repr, (char)byte);
}

Object *bytes_repr(Object *self) {
    const Bytes *bytes = (Bytes *)self;
    char quote = quote_for(bytes);
    Builder repr = builder_new();
    builder_add_char(&repr, 'b');
    builder_add_char(&repr, quote);
    for (int64_t i = 0; i < bytes->var.size; i++) add_byte(&repr, (uint8_t)bytes->data[i], quote);
    builder_add_char(&repr, quote);
    return (Object *)builder_finish(&repr);
}
