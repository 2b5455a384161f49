/* int: to and from bytes. */

#include "int_bytes.h"

#include "errors.h"
#include "int.h"
#include "str.h"

static bool is_word(const Str *text, const char *word) {
    size_t size = strlen(word);
    return (size_t)text->var.size == size && memcmp(text->data, word, size) == 0;
}

bool int_byte_order(const Str *order, bool *little) {
    *little = is_word(order, "little");
    if (*little || is_word(order, "big")) return true;
    raise_standard_error(&Exc_ValueError_Type, "byteorder must be either 'little' or 'big'");
    return false;
}

static Bytes *raise_overflow(const char *message) {
    raise_standard_error(&Exc_OverflowError_Type, message);
    return NULL;
}

/* Whether the value has a two's complement in so many bytes. */
static bool fits(int64_t value, int64_t length, bool is_signed) {
    if (length >= 8) return true;
    int64_t rest = value >> (8 * length - is_signed * (length > 0));
    return rest == 0 || (is_signed && rest == -1);
}

Bytes *int_to_bytes(int64_t value, int64_t length, bool little, bool is_signed) {
    if (length < 0) {
        raise_standard_error(&Exc_ValueError_Type, "length argument must be non-negative");
        return NULL;
    }
    if (value < 0 && !is_signed) return raise_overflow("can't convert negative int to unsigned");
    if (!fits(value, length, is_signed)) return raise_overflow("int too big to convert");
    Bytes *bytes = bytes_reserve(length);
    for (int64_t i = 0; i < length; i++) {
        bytes->data[little ? i : length - 1 - i] = (char)(value >> (i < 8 ? 8 * i : 63));
    }
    return bytes;
}

Bytes *CPyTagged_ToBytes(Tagged value, Py_ssize_t length, Object *order, char is_signed) {
    bool little;
    if (!int_byte_order((Str *)order, &little)) return NULL;
    return int_to_bytes(tagged_value(value), length, little, is_signed);
}

Bytes *CPyTagged_ToBigEndianBytes(Tagged value, Py_ssize_t length, char is_signed) {
    return int_to_bytes(tagged_value(value), length, false, is_signed);
}

Bytes *CPyTagged_ToLittleEndianBytes(Tagged value, Py_ssize_t length, char is_signed) {
    if (length == 8 && (value >= 0 || is_signed)) {
        int64_t number = tagged_value(value);
        return bytes_new((const char *)&number, sizeof number);
    }
    return int_to_bytes(tagged_value(value), length, true, is_signed);
}

Bytes *bytes_add_little_endian(Bytes *left, Tagged value, Py_ssize_t length, char is_signed) {
    int64_t number = tagged_value(value), size = left->var.size;
    if (length != sizeof number || (number < 0 && !is_signed)) {
        Bytes *right = int_to_bytes(number, length, true, is_signed);
        if (!right) return NULL;
        Bytes *whole = CPyBytes_Concat(left, right);
        DECREF(right);
        return whole;
    }
    if (!memory_for(sizeof(Bytes) + (uint64_t)size + sizeof number)) return NULL;
    Bytes *whole = bytes_reserve(size + (int64_t)sizeof number);
    memcpy(whole->data, left->data, (size_t)size);
    __builtin_memcpy(whole->data + size, &number, sizeof number);
    return whole;
}

Bytes *bytes_of_little_endian_pair(Tagged left, Py_ssize_t left_length, char left_is_signed, Tagged right,
                                   Py_ssize_t right_length, char right_is_signed) {
    if (left_length == 8 && right_length == 8 && left >= 0 && right >= 0) {
        int64_t numbers[] = {tagged_value(left), tagged_value(right)};
        Bytes *pair = bytes_reserve(sizeof numbers);
        __builtin_memcpy(pair->data, numbers, sizeof numbers);
        return pair;
    }
    Bytes *bytes = CPyTagged_ToLittleEndianBytes(left, left_length, left_is_signed);
    if (!bytes) return NULL;
    Bytes *whole = bytes_add_little_endian(bytes, right, right_length, right_is_signed);
    DECREF(bytes);
    return whole;
}

/* The byte that weighs 256**place. */
static uint8_t byte_at(Span bytes, bool little, int64_t place) {
    return (uint8_t)bytes.data[little ? place : bytes.size - 1 - place];
}

bool int_from_bytes(Span bytes, bool little, bool is_signed, int64_t *value) {
    int64_t size = bytes.size;
    bool negative = is_signed && size && byte_at(bytes, little, size - 1) & 0x80;
    uint8_t filler = negative ? 0xff : 0;
    uint64_t bits = negative ? UINT64_MAX : 0;
    bool exact = true;
    for (int64_t place = size - 1; place >= 0; place--) {
        uint8_t byte = byte_at(bytes, little, place);
        if (place >= 8) {
            exact = exact && byte == filler;
        } else {
            bits = bits << 8 | byte;
        }
    }
    *value = (int64_t)bits;
    exact = exact && (*value < 0) == negative && tagged_fits(*value);
    if (!exact) tagged_overflow();
    return exact;
}

static Tagged from_little_endian(Span bytes) {
    int64_t value;
    if (bytes.size == sizeof value) {
        __builtin_memcpy(&value, bytes.data, sizeof value);
        if (value >= 0 && tagged_fits(value)) return tagged_from(value);
    }
    return int_from_bytes(bytes, true, false, &value) ? tagged_from(value) : TAGGED_ERROR;
}

static Tagged from_big_endian(Span bytes) {
    int64_t value;
    return int_from_bytes(bytes, false, false, &value) ? tagged_from(value) : TAGGED_ERROR;
}

/* bytes[start:end] */
static Span part(const Bytes *bytes, Tagged start, Tagged end) {
    int64_t from = tagged_value(start), to = tagged_value(end);
    clip_bounds(&from, &to, bytes->var.size);
    if (from >= to) return (Span){bytes->data, 0};
    return (Span){bytes->data + from, (uint32_t)(to - from)};
}

Tagged int_from_little_endian(const Bytes *bytes) { return from_little_endian(bytes_span(bytes)); }

Tagged int_from_big_endian(const Bytes *bytes) { return from_big_endian(bytes_span(bytes)); }

Tagged int_from_little_endian_part(const Bytes *bytes, Tagged start, Tagged end) {
    int64_t from = tagged_value(start), to = tagged_value(end), value;
    if (to > bytes->var.size) to = bytes->var.size;
    if (from >= 0 && to - from == sizeof value) {
        __builtin_memcpy(&value, bytes->data + from, sizeof value);
        if (value >= 0 && tagged_fits(value)) return tagged_from(value);
    }
    return from_little_endian(part(bytes, start, end));
}

Tagged int_from_big_endian_part(const Bytes *bytes, Tagged start, Tagged end) {
    return from_big_endian(part(bytes, start, end));
}
