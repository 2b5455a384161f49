/* pystd._struct: numbers as bytes. The bytes of the other order are reversed. */

#include "bytes.h"
#include "errors.h"
#include "tagged.h"

/* IEEE 754 binary16, rounded to nearest, ties to even; infinite when it is too large. */
static uint16_t half_from(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint16_t sign = (uint16_t)(bits >> 48 & 0x8000);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 1024) return sign | (uint16_t)(fraction ? 0x7e00 : 0x7c00);
    if (exponent < -25) return sign;
    /* The first bits: 10 of the fraction, fewer where the result is subnormal. */
    int dropped = exponent < -14 ? 42 - 14 - exponent : 42;
    fraction |= UINT64_C(1) << 52;
    uint64_t kept = fraction >> dropped, rest = fraction & ((UINT64_C(1) << dropped) - 1);
    uint64_t half = UINT64_C(1) << (dropped - 1);
    if (rest > half || (rest == half && (kept & 1))) kept++;
    if (exponent >= -14) kept += (uint64_t)(exponent + 14) << 10;
    return kept >= 0x7c00 ? sign | 0x7c00 : sign | (uint16_t)kept;
}

static double half_to(uint16_t half) {
    uint64_t sign = (uint64_t)(half & 0x8000) << 48, bits;
    uint32_t exponent = half >> 10 & 31, fraction = half & 0x3ff;
    double value;
    if (!exponent) {
        value = (double)fraction / 16777216.0;
        return sign ? -value : value;
    }
    bits = sign | (uint64_t)(exponent == 31 ? 0x7ff : exponent + 1008) << 52 | (uint64_t)fraction << 42;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool is_infinite(double value) { return value - value != 0; }

/* Little-endian; size is 2, 4 or 8. Empty where the number is too large for them. */
Bytes *native__pystd___struct__float_bytes(double value, Tagged size) {
    char data[8];
    int64_t count = tagged_value(size);
    if (count == 8) {
        memcpy(data, &value, sizeof value);
    } else if (count == 4) {
        float single = (float)value;
        if (is_infinite(single) && !is_infinite(value)) return bytes_empty();
        memcpy(data, &single, sizeof single);
    } else {
        uint16_t half = half_from(value);
        if ((half & 0x7fff) == 0x7c00 && !is_infinite(value)) return bytes_empty();
        memcpy(data, &half, sizeof half);
    }
    return bytes_new(data, count);
}

/* Little-endian; size is 2, 4 or 8. */
double native__pystd___struct__bytes_float(Bytes *bytes) {
    double value = 0;
    if (bytes->var.size == 8) {
        memcpy(&value, bytes->data, sizeof value);
    } else if (bytes->var.size == 4) {
        float single;
        memcpy(&single, bytes->data, sizeof single);
        value = (double)single;
    } else {
        uint16_t half;
        memcpy(&half, bytes->data, sizeof half);
        value = half_to(half);
    }
    return value;
}

/* Little-endian, of `size` bytes from `start` on; an OverflowError beyond 63 bits. */
Tagged native__pystd___struct__bytes_int(Bytes *bytes, Tagged start, Tagged size, char is_signed,
                                         char is_big) {
    const uint8_t *data = (const uint8_t *)bytes->data + tagged_value(start);
    int64_t count = tagged_value(size);
    uint64_t value = 0;
    for (int64_t i = 0; i < count; i++) value = value << 8 | data[is_big ? i : count - 1 - i];
    if (!is_signed) return value > TAGGED_MAX ? tagged_overflow() : tagged_from((int64_t)value);
    int shift = (int)(64 - 8 * count);
    return tagged_checked((int64_t)(value << shift) >> shift);
}

/* The first `size` bytes of an int, least significant first or last. */
Bytes *native__pystd___struct__int_bytes(Tagged value, Tagged size, char is_big) {
    int64_t count = tagged_value(size), number = tagged_value(value);
    Bytes *bytes = bytes_reserve(count);
    for (int64_t i = 0; i < count; i++, number >>= 8)
        bytes->data[is_big ? count - 1 - i : i] = (char)number;
    return bytes;
}
