/* repr of bytes. */

#include "bytes.h"
#include "bytes_repr.h"
#include "bytes_slots.h"

char bytes_quote(Span data) {
    bool single = false;
    for (uint32_t i = 0; i < data.size; i++) {
        if (data.data[i] == '"') return '\'';
        single |= data.data[i] == '\'';
    }
    return single ? '"' : '\'';
}

static void add_byte(Builder *repr, uint8_t byte, char escaped) {
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
    if (byte == '\\' || byte == (uint8_t)escaped) builder_add_char(repr, '\\');
    builder_add_char(repr, (char)byte);
}

void add_bytes_repr(Builder *repr, Span data, char quote, char escaped) {
    builder_add_char(repr, 'b');
    builder_add_char(repr, quote);
    for (uint32_t i = 0; i < data.size; i++) add_byte(repr, data.data[i], escaped);
    builder_add_char(repr, quote);
}

Object *bytes_repr(Object *self) {
    Span data = bytes_span((const Bytes *)self);
    char quote = bytes_quote(data);
    Builder repr = builder_new();
    add_bytes_repr(&repr, data, quote, quote);
    return (Object *)builder_finish(&repr);
}
