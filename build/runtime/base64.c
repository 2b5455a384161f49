/* pystd._base64: RFC 4648, section 4, as CPython's binascii reads and writes it. */

#include "builder.h"
#include "bytes.h"
#include "tagged.h"

#define PAD '='
#define NO_DIGIT 64

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* The digits for 62 and 63. */
typedef struct Last {
    char plus;
    char slash;
} Last;

static Last last_digits(Tagged plus, Tagged slash) {
    return (Last){(char)tagged_value(plus), (char)tagged_value(slash)};
}

static char digit(uint32_t value, Last last) {
    return value < 62 ? alphabet[value] : value == 62 ? last.plus : last.slash;
}

/* Digits of the standard alphabet are always read, as CPython does. */
static uint32_t value_of(uint8_t c, Last last) {
    if ((char)c == last.plus) return 62;
    if ((char)c == last.slash) return 63;
    if (c - 'A' < 26u) return c - 'A';
    if (c - 'a' < 26u) return c - 'a' + 26;
    if (c - '0' < 10u) return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : NO_DIGIT;
}

Bytes *native__pystd___base64__encode(Bytes *data, Tagged plus, Tagged slash) {
    Last last = last_digits(plus, slash);
    uint32_t size = (uint32_t)data->var.size;
    Bytes *result = bytes_reserve(((int64_t)size + 2) / 3 * 4);
    const uint8_t *at = (const uint8_t *)data->data, *end = at + size;
    char *to = result->data;
    for (; end - at >= 3; at += 3) {
        uint32_t bits = (uint32_t)(at[0] << 16 | at[1] << 8 | at[2]);
        *to++ = digit(bits >> 18, last);
        *to++ = digit(bits >> 12 & 63, last);
        *to++ = digit(bits >> 6 & 63, last);
        *to++ = digit(bits & 63, last);
    }
    if (at < end) {
        uint32_t bits = (uint32_t)(at[0] << 16 | (end - at == 2 ? at[1] << 8 : 0));
        *to++ = digit(bits >> 18, last);
        *to++ = digit(bits >> 12 & 63, last);
        *to++ = end - at == 2 ? digit(bits >> 6 & 63, last) : PAD;
        *to++ = PAD;
    }
    return result;
}

/* What is wrong with the data, or NULL: then *size bytes are in `to`. "" is for a count of digits that
   no data has, of which *size tells. */
static const char *decode(const uint8_t *at, const uint8_t *end, Last last, bool strict, char *to,
                          uint32_t *size) {
    char *start = to;
    uint32_t bits = 0, held = 0, pads = 0;
    bool has_pad = false;
    if (strict && at < end && *at == PAD) return "Leading padding not allowed";
    for (; at < end; at++) {
        if (*at == PAD) {
            has_pad = true;
            if (held >= 2 && held + ++pads >= 4) {
                if (strict && at + 1 < end) return "Excess data after padding";
                held = 0;
                break;
            }
            continue;
        }
        uint32_t value = value_of(*at, last);
        if (value == NO_DIGIT) {
            if (strict) return "Only base64 data is allowed";
            continue;
        }
        if (strict && has_pad) return "Discontinuous padding not allowed";
        pads = 0;
        bits = bits << 6 | value;
        held = (held + 1) % 4;
        if (held != 1) *to++ = (char)(bits >> (held ? 8 - 2 * held : 0));
    }
    *size = (uint32_t)(to - start);
    return !held ? NULL : held == 1 ? "" : "Incorrect padding";
}

Object *native__pystd___base64__decode(Bytes *data, Tagged plus, Tagged slash, char strict) {
    uint32_t size = (uint32_t)data->var.size, decoded;
    Bytes *result = bytes_reserve((int64_t)size / 4 * 3 + 3);
    const uint8_t *at = (const uint8_t *)data->data;
    const char *problem = decode(at, at + size, last_digits(plus, slash), strict, result->data,
                                 &decoded);
    Object *answer = problem && *problem
                         ? (Object *)str_from_c(problem)
                         : (Object *)bytes_new(result->data, decoded);
    DECREF(result);
    if (!problem || *problem) return answer;
    DECREF(answer);
    Builder text = builder_new();
    builder_add_c(&text, "Invalid base64-encoded string: number of data characters (");
    builder_add_int(&text, (int64_t)decoded / 3 * 4 + 1);
    builder_add_c(&text, ") cannot be 1 more than a multiple of 4");
    return (Object *)builder_finish(&text);
}
