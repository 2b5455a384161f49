/* Text to bytes. */

#include "codec.h"
#include "errors.h"
#include "utf8.h"

static bool is_escaped_byte(uint32_t code_point) {
    return code_point >= 0xdc80 && code_point <= 0xdcff;
}

static void add_escape(Builder *data, uint32_t code_point) {
    int digits = code_point < 0x100 ? 2 : code_point < 0x10000 ? 4 : 8;
    builder_add_char(data, '\\');
    builder_add_char(data, digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    while (digits--) builder_add_char(data, "0123456789abcdef"[code_point >> (4 * digits) & 15]);
}

/* Writes what the handler makes of a code point that has no bytes; false: it gives up. */
static bool handle(Builder *data, uint32_t code_point, ErrorHandler errors) {
    switch (errors) {
    case ERRORS_IGNORE: return true;
    case ERRORS_REPLACE: builder_add_char(data, '?'); return true;
    case ERRORS_BACKSLASHREPLACE: add_escape(data, code_point); return true;
    case ERRORS_SURROGATEESCAPE:
        if (!is_escaped_byte(code_point)) return false;
        builder_add_char(data, (char)code_point);
        return true;
    default: return false;
    }
}

/* The builder holds bytes; only their place in memory is that of a Str. */
static Bytes *finish(Builder *data) {
    Bytes *bytes = bytes_new(data->text->data, data->size);
    builder_abandon(data);
    return bytes;
}

typedef struct Charset {
    const char *name;
    const char *reason;
    uint32_t limit; /* code points below are one byte */
} Charset;

static const Charset ascii = {"ascii", "ordinal not in range(128)", 0x80};
static const Charset latin1 = {"latin-1", "ordinal not in range(256)", 0x100};

/* How many code points from `place` on the charset lacks: an error names them together. */
static uint32_t run_of_unencodable(const char *place, const char *end, uint32_t limit) {
    uint32_t run = 0;
    while (place < end && utf8_next(&place) >= limit) run++;
    return run;
}

static Bytes *encode_charset(Str *text, const Charset *charset, ErrorHandler errors) {
    Builder data = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    for (uint32_t index = 0; place < end; index++) {
        const char *start = place;
        uint32_t code_point = utf8_next(&place);
        if (code_point < charset->limit) {
            builder_add_char(&data, (char)code_point);
        } else if (!handle(&data, code_point, errors)) {
            builder_abandon(&data);
            uint32_t run = run_of_unencodable(start, end, charset->limit);
            raise_encode_error(charset->name, text, index, index + run, charset->reason);
            return NULL;
        }
    }
    return finish(&data);
}

Bytes *encode_ascii(Str *text, ErrorHandler errors) {
    if (str_is_ascii(text)) return bytes_new(text->data, text->var.size);
    return encode_charset(text, &ascii, errors);
}

Bytes *encode_latin1(Str *text, ErrorHandler errors) {
    if (str_is_ascii(text)) return bytes_new(text->data, text->var.size);
    return encode_charset(text, &latin1, errors);
}

Bytes *encode_utf8(Str *text, ErrorHandler errors) {
    if (errors == ERRORS_SURROGATEPASS || !has_surrogates(text))
        return bytes_new(text->data, text->var.size);
    Builder data = builder_new();
    const char *place = text->data, *end = text->data + text->var.size;
    for (uint32_t index = 0; place < end; index++) {
        const char *start = place;
        uint32_t code_point = utf8_next(&place);
        if (!is_surrogate(code_point)) {
            builder_add(&data, start, (uint32_t)(place - start));
        } else if (!handle(&data, code_point, errors)) {
            builder_abandon(&data);
            uint32_t run = run_of_surrogates(start, end);
            raise_encode_error("utf-8", text, index, index + run, "surrogates not allowed");
            return NULL;
        }
    }
    return finish(&data);
}

Bytes *PyUnicode_AsASCIIString(Str *text) { return encode_ascii(text, ERRORS_STRICT); }

Bytes *PyUnicode_AsLatin1String(Str *text) { return encode_latin1(text, ERRORS_STRICT); }
