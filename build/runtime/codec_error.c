/* UnicodeDecodeError and UnicodeEncodeError: their arguments are the codec's, their text is made of
   them when somebody asks. */

#include "codec.h"
#include "errors.h"
#include "exception_text.h"
#include "int.h"
#include "str_index.h"
#include "tuple.h"
#include "utf8.h"

enum { ENCODING, SUBJECT, START, END, REASON, ARGUMENTS };

static void raise_codec_error(const Type *type, const char *encoding, Object *subject,
                              uint32_t start, uint32_t end, const char *reason) {
    Object *arguments[ARGUMENTS] = {
        (Object *)str_from_c(encoding), subject, int_new(start), int_new(end),
        (Object *)str_from_c(reason),
    };
    INCREF(subject);
    raise_stolen(exception_from_codec(type, arguments, ARGUMENTS));
    for (int i = 0; i < ARGUMENTS; i++) DECREF(arguments[i]);
}

void raise_decode_error(const char *encoding, Bytes *data, uint32_t start, uint32_t end,
                        const char *reason) {
    raise_codec_error(&Exc_UnicodeDecodeError_Type, encoding, (Object *)data, start, end, reason);
}

void raise_encode_error(const char *encoding, Str *text, uint32_t start, uint32_t end,
                        const char *reason) {
    raise_codec_error(&Exc_UnicodeEncodeError_Type, encoding, (Object *)text, start, end, reason);
}

/* Whether the arguments are what the codecs give; a program may raise the type with any. */
static bool is_from_codec(const Tuple *arguments, const Type *subject) {
    if (!arguments || arguments->var.size != ARGUMENTS) return false;
    const Slot *items = arguments->items;
    return is_str(items[ENCODING].object) && items[SUBJECT].object->type == subject &&
           is_int(items[START].object) && is_int(items[END].object) && is_str(items[REASON].object);
}

static void add_hex(Builder *text, uint32_t value, int digits) {
    while (digits--) builder_add_char(text, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

/* " in position 3: reason" or "s in position 3-4: reason" */
static Object *finish(Builder *text, const Slot *items, bool single) {
    int64_t start = int_value(items[START].object), end = int_value(items[END].object);
    builder_add_c(text, single ? " in position " : "s in position ");
    builder_add_int(text, start);
    if (!single) {
        builder_add_char(text, '-');
        builder_add_int(text, end - 1);
    }
    builder_add_c(text, ": ");
    builder_add_str(text, (Str *)items[REASON].object);
    return (Object *)builder_finish(text);
}

static Builder start_text(const Slot *items, const char *action) {
    Builder text = builder_new();
    builder_add_char(&text, '\'');
    builder_add_str(&text, (Str *)items[ENCODING].object);
    builder_add_c(&text, action);
    return text;
}

static bool is_single(const Slot *items, int64_t size) {
    int64_t start = int_value(items[START].object);
    return start >= 0 && start < size && int_value(items[END].object) == start + 1;
}

Object *unicode_decode_error_str(Object *self) {
    const Tuple *arguments = ((Exception *)self)->args;
    if (!is_from_codec(arguments, &PyBytes_Type)) return exception_str(self);
    const Slot *items = arguments->items;
    const Bytes *data = (Bytes *)items[SUBJECT].object;
    bool single = is_single(items, data->var.size);
    Builder text = start_text(items, "' codec can't decode byte");
    if (single) {
        builder_add_c(&text, " 0x");
        add_hex(&text, (uint8_t)data->data[int_value(items[START].object)], 2);
    }
    return finish(&text, items, single);
}

Object *unicode_encode_error_str(Object *self) {
    const Tuple *arguments = ((Exception *)self)->args;
    if (!is_from_codec(arguments, &PyUnicode_Type)) return exception_str(self);
    const Slot *items = arguments->items;
    const Str *subject = (Str *)items[SUBJECT].object;
    bool single = is_single(items, subject->length);
    Builder text = start_text(items, "' codec can't encode character");
    if (single) {
        const char *place = subject->data + str_offset(subject, int_value(items[START].object));
        uint32_t code_point = utf8_next(&place);
        int digits = code_point < 0x100 ? 2 : code_point < 0x10000 ? 4 : 8;
        builder_add_c(&text, digits == 2 ? " '\\x" : digits == 4 ? " '\\u" : " '\\U");
        add_hex(&text, code_point, digits);
        builder_add_char(&text, '\'');
    }
    return finish(&text, items, single);
}
