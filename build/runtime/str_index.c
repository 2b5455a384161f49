/* Indexing and slicing of text by code points. ASCII text is indexed directly, other text is
   walked through from its start. */

#include "str_index.h"

#include "errors.h"
#include "tagged.h"
#include "utf8.h"

uint32_t str_offset(const Str *text, int64_t index) {
    if (str_is_ascii(text)) return (uint32_t)index;
    if (index == text->length) return (uint32_t)text->var.size;
    return utf8_offset(text->data, (uint32_t)index);
}

uint32_t str_code_point(const Str *text, int64_t index) {
    if (str_is_ascii(text)) return (uint8_t)text->data[index];
    const char *position = text->data + utf8_offset(text->data, (uint32_t)index);
    return utf8_next(&position);
}

Tagged str_character(Str *text, int64_t index) {
    if (index < 0) index += text->length;
    if (index >= 0 && index < text->length) return tagged_from(str_code_point(text, index));
    raise_standard_error(&Exc_IndexError_Type, "string index out of range");
    return TAGGED_ERROR;
}

Str *str_of_character(Tagged character) {
    return str_from_code_point((uint32_t)tagged_value(character));
}

Str *CPyStr_GetItemUnsafe(Str *text, Py_ssize_t index) {
    Tagged character = str_character(text, index);
    return character == TAGGED_ERROR ? NULL : str_of_character(character);
}

Str *CPyStr_GetItem(Str *text, Tagged index) {
    return CPyStr_GetItemUnsafe(text, tagged_value(index));
}

int64_t CPyStr_AdjustIndex(Str *text, int64_t index) {
    return index < 0 ? index + text->length : index;
}

char CPyStr_RangeCheck(Str *text, int64_t index) { return index >= 0 && index < text->length; }

Tagged CPyStr_GetItemUnsafeAsInt(Str *text, int64_t index) {
    return tagged_from(str_code_point(text, index));
}

/* `size` bytes from `start` on, of so many code points. */
static inline Str *part(Str *text, uint32_t start, uint32_t size, uint32_t length) {
    if (size == text->var.size) {
        INCREF(text);
        return text;
    }
    Str *slice = str_reserve_here(size, length);
    memcpy(slice->data, text->data + start, size);
    return slice;
}

Str *str_slice_bytes(Str *text, uint32_t start, uint32_t end) {
    uint32_t size = end - start;
    if (!size) return str_empty();
    return part(text, start, size, str_is_ascii(text) ? size : utf8_count(text->data + start, size));
}

Str *PyUnicode_Substring(Str *text, Py_ssize_t start, Py_ssize_t end) {
    if (end > text->length) end = text->length;
    if (start >= end) return str_empty();
    uint32_t from = str_offset(text, start);
    uint32_t to = end == text->length ? (uint32_t)text->var.size
                  : str_is_ascii(text)
                      ? (uint32_t)end
                      : from + utf8_offset(text->data + from, (uint32_t)(end - start));
    return str_slice_bytes(text, from, to);
}

static int64_t from_front(int64_t index, int64_t length) {
    if (index >= 0) return index;
    index += length;
    return index < 0 ? 0 : index;
}

Str *CPyStr_GetSlice(Str *text, Tagged start, Tagged end) {
    int64_t from = from_front(tagged_value(start), text->length);
    int64_t to = from_front(tagged_value(end), text->length);
    if (!str_is_ascii(text)) return PyUnicode_Substring(text, from, to);
    if (to > text->length) to = text->length;
    if (from >= to) return str_empty();
    uint32_t size = (uint32_t)(to - from);
    return part(text, (uint32_t)from, size, size);
}

Tagged CPyStr_Ord(Str *text) {
    if (text->length == 1) return tagged_from(str_code_point(text, 0));
    raise_formatted(&Exc_TypeError_Type,
                    "ord() expected a character, but string of length %d found",
                    (int64_t)text->length);
    return TAGGED_ERROR;
}

Str *builtin_chr(Tagged code_point) {
    int64_t value = tagged_value(code_point);
    if (value >= 0 && value < CODE_POINT_LIMIT) return str_from_code_point((uint32_t)value);
    raise_standard_error(&Exc_ValueError_Type, "chr() arg not in range(0x110000)");
    return NULL;
}
