/* bytes: hexadecimal text, called by name. */

#include "bytes_find.h"
#include "hex_digit.h"
#include "int.h"
#include "method_arguments.h"
#include "utf8.h"

static char *add_hex(char *end, uint8_t byte) {
    end[0] = "0123456789abcdef"[byte >> 4];
    end[1] = "0123456789abcdef"[byte & 15];
    return end + 2;
}

/* Groups of so many bytes, counted from the end, or from the start if negative. 0: no groups. */
static bool group_ends(int64_t size, int64_t index, int64_t group) {
    if (!group || !index) return false;
    return group > 0 ? (size - index) % group == 0 : index % -group == 0;
}

static Object *to_hex(const Bytes *bytes, char separator, int64_t group) {
    int64_t size = bytes->var.size, gaps = 0;
    for (int64_t i = 0; i < size; i++) gaps += group_ends(size, i, group);
    Str *text = str_reserve(2 * size + gaps, 2 * size + gaps);
    char *end = text->data;
    for (int64_t i = 0; i < size; i++) {
        if (group_ends(size, i, group)) *end++ = separator;
        end = add_hex(end, (uint8_t)bytes->data[i]);
    }
    return (Object *)text;
}

/* False with an error. */
static bool separator_from(Object *argument, char *separator) {
    int64_t length = PyObject_Size(argument);
    if (length < 0) return false;
    if (length != 1) {
        raise_standard_error(&Exc_ValueError_Type, "sep must be length 1.");
        return false;
    }
    if (!is_str(argument) && !is_bytes(argument)) {
        raise_standard_error(&Exc_TypeError_Type, "sep must be str or bytes.");
        return false;
    }
    *separator = ((Bytes *)argument)->data[0];
    if (!(*separator & 0x80)) return true;
    raise_standard_error(&Exc_ValueError_Type, "sep must be ASCII.");
    return false;
}

METHOD(bytes, hex) {
    static const Signature signature = {"bytes.hex", 0, 2, {"sep", "bytes_per_sep", NULL}};
    Object *values[2];
    char separator = 0;
    int64_t group = 1;
    if (!arguments_bind(&signature, args, count, names, values)) return NULL;
    if (!values[0]) return to_hex((Bytes *)self, 0, 0);
    if (!separator_from(values[0], &separator)) return NULL;
    if (values[1] && !int_from_index(values[1], &group)) return NULL;
    return to_hex((Bytes *)self, separator, group);
}

static void raise_not_hex(int64_t position) {
    raise_formatted(&Exc_ValueError_Type,
                    "non-hexadecimal number found in fromhex() arg at position %d", position);
}

static Object *from_hex(const Str *text) {
    if (!str_is_ascii(text)) {
        raise_not_hex(ascii_prefix(text->data, (uint32_t)text->var.size));
        return NULL;
    }
    Bytes *bytes = bytes_reserve(text->var.size / 2);
    int64_t size = 0, at = 0;
    for (;;) {
        while (at < text->var.size && byte_is_space(text->data[at])) at++;
        if (at == text->var.size) break;
        int high = hex_digit_value(text->data[at]);
        int low = high < 0 ? -1 : hex_digit_value(text->data[++at]);
        if (low < 0) {
            raise_not_hex(at);
            DECREF(bytes);
            return NULL;
        }
        bytes->data[size++] = (char)(high << 4 | low);
        at++;
    }
    Object *exact = (Object *)bytes_new(bytes->data, size);
    DECREF(bytes);
    return exact;
}

/* A class method. */
METHOD(bytes, fromhex) {
    EXPECT("bytes.fromhex", 1, 1);
    Str *text = str_parameter(args[0], "fromhex() argument");
    return text ? from_hex(text) : NULL;
}
