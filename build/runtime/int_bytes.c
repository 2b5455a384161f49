/* int: to and from bytes. */

#include "int_bytes.h"

#include "bytes.h"
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

/* The byte that weighs 256**place. */
static uint8_t byte_at(const Bytes *bytes, bool little, int64_t place) {
    return (uint8_t)bytes->data[little ? place : bytes->var.size - 1 - place];
}

bool int_from_bytes(const Bytes *bytes, bool little, bool is_signed, int64_t *value) {
    int64_t size = bytes->var.size;
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

Tagged int_from_little_endian(const Bytes *bytes) {
    int64_t value;
    if (bytes->var.size == 8) {
        __builtin_memcpy(&value, bytes->data, sizeof value);
        if (value >= 0 && tagged_fits(value)) return tagged_from(value);
    }
    return int_from_bytes(bytes, true, false, &value) ? tagged_from(value) : TAGGED_ERROR;
}

Tagged int_from_big_endian(const Bytes *bytes) {
    int64_t value;
    return int_from_bytes(bytes, false, false, &value) ? tagged_from(value) : TAGGED_ERROR;
}
